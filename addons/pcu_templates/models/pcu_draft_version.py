"""The versions of a draft: who wrote what and when, and what changed."""

from odoo import api, fields, models
from odoo.tools import html2plaintext

from .. import text_diff


class PcuDraftVersion(models.Model):
    """The text of a draft as somebody saved it; never changed, never deleted."""

    _name = "pcu.draft.version"
    _description = "Version of a draft"
    _order = "draft_id, number desc"
    _rec_name = "number"

    draft_id = fields.Many2one(
        comodel_name="pcu.draft", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Version", required=True, aggregator=None)
    user_id = fields.Many2one(comodel_name="res.users", string="By", required=True)
    create_date = fields.Datetime(string="Saved at")
    title = fields.Char(string="Printed title")
    subject = fields.Char(string="Printed subject")
    body = fields.Html(sanitize=False)  # was cleaned when the draft was written
    changed_count = fields.Integer(
        string="Lines changed", compute="_compute_changed_count", aggregator=None
    )

    _number_uniq = models.UniqueIndex(
        "(draft_id, number)", "This version of the draft exists already."
    )

    @api.depends("number")
    def _compute_display_name(self):
        """Name a version by its number and its author."""
        for version in self:
            version.display_name = self.env._(
                "Version %(number)s – %(user)s",
                number=version.number,
                user=version.user_id.name,
            )

    @api.depends("body", "title", "subject")
    def _compute_changed_count(self):
        """Count the lines in which a version differs from the one before."""
        for version in self:
            before = version._get_previous()
            version.changed_count = (
                text_diff.count_changes(before._get_text(), version._get_text())
                if before
                else 0
            )

    def _get_previous(self):
        """Return the version before this one."""
        return self.draft_id.version_ids.filtered(lambda v: v.number == self.number - 1)

    def _get_text(self):
        """Return the text as lines, as a person compares it."""
        parts = (self.title, self.subject, html2plaintext(self.body or ""))
        return "\n".join(part for part in parts if part)

    def action_compare(self):
        """Open what changed since the version before."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_templates.pcu_draft_compare_action"
        )
        return action | {
            "context": {
                "default_draft_id": self.draft_id.id,
                "default_old_id": (self._get_previous() or self).id,
                "default_new_id": self.id,
            }
        }
