"""The acts of the registry, in the journal's words."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

ENTRY = "pcu.register.entry"


class PcuJournal(models.Model):
    _inherit = "pcu.journal"

    def _get_later_names(self):
        """Give entries the numbers that they got after they were registered."""
        rows = self.filtered(lambda row: row.model == ENTRY)
        # sudo: who reads the journal may know the number, and nothing else of the entry
        entries_sudo = self.env[ENTRY].sudo().search_fetch(
            [("id", "in", rows.mapped("res_id")), ("reference", "!=", False)],
            ["reference"],
            order="id",
        )  # fmt: skip
        return super()._get_later_names() | {
            (ENTRY, entry.id): entry.reference for entry in entries_sudo
        }

    @api.model
    def _find_later_names(self, value):
        # sudo: as above
        entries_sudo = self.env[ENTRY].sudo().search(
            [("reference", "=like", f"{escape_psql(value)}%")], limit=1000, order="id"
        )  # fmt: skip
        return super()._find_later_names(value) | (
            Domain("model", "=", ENTRY) & Domain("res_id", "in", entries_sudo.ids)
        )

    @api.model
    def _get_action_labels(self):
        """Name the acts on the way of an entry through the house."""
        return super()._get_action_labels() | {
            "entry_registered": self.env._("Document registered"),
            "entry_routed": self.env._("Document routed"),
            "resolution_asked": self.env._("Laid before for resolution"),
            "resolution_given": self.env._("Resolution given"),
            "resolution_sent_back": self.env._("Sent back without resolution"),
            "entry_returned": self.env._("Document returned"),
            "entry_solved": self.env._("Document solved"),
            "entry_annulled": self.env._("Document annulled"),
            "entry_corrected": self.env._("Entry corrected"),
            "entry_connected": self.env._("Entry connected"),
            "list_handed_over": self.env._("Hand-over list handed over"),
            "list_cancelled": self.env._("Hand-over list cancelled"),
            "list_sent": self.env._("Dispatch list sent"),
            "document_received": self.env._("Document received on a list"),
            "document_refused": self.env._("Document refused on a list"),
            "document_sent": self.env._("Document sent"),
            "document_delivered": self.env._("Document delivered"),
            "document_came_back": self.env._("Letter came back"),
            "register_created": self.env._("Register created"),
            "register_resolution_set": self.env._("Resolution before routing set"),
            "emergency_sheet_printed": self.env._("Emergency sheet printed"),
            "range_set_aside": self.env._("Numbers set aside"),
            "register_year_closed": self.env._("Register year closed"),
            "register_year_reopened": self.env._("Register year opened again"),
            "register_continuity_broken": self.env._("Row of numbers broken"),
        }
