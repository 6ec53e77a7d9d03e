"""What hand-over and dispatch lists have in common: number, year, print."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from .pcu_register_entry import PROGRAM


class PcuPaperList(models.AbstractModel):
    """A numbered list of documents that is printed and signed.

    A draft can be changed; with its number it says what left the hand, and stays.
    """

    _name = "pcu.paper.list"
    _description = "Numbered list of documents"

    _open_fields = frozenset({"note"})
    """What can still be written once the list has its number."""

    name = fields.Char(string="Number", readonly=True, copy=False)
    list_date = fields.Date(string="Date", readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    note = fields.Char()

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            for vals in vals_list:
                # Nobody hands over in another one's name.
                vals.pop("from_user_id", None)
                if vals.keys() & {"name", "list_date"} or vals.get(
                    "state", "draft"
                ) != ("draft"):
                    self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            if vals.keys() & {"name", "list_date", "state", "from_user_id"}:
                self._refuse_by_hand()
            if vals.keys() - self._open_fields and any(
                record.state != "draft" for record in self
            ):
                raise UserError(
                    self.env._(
                        "%(list)s has its number and was signed for; it stays as it "
                        "is. Make a new list for what is missing.",
                        list=self[:1].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        if any(record.name for record in self):
            raise UserError(self.env._("A list with a number is never deleted."))

    def _refuse_by_hand(self):
        raise UserError(
            self.env._("Number, date and state of a list come from its buttons.")
        )

    # ------------------------------------------------------------------ actions

    def action_print(self):
        """Open the list as PDF, ready to be signed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/list/{self._name}/{self.id}",
            "target": "new",
        }

    # ------------------------------------------------------------------ business

    def _programmatic(self):
        return self.with_context(pcu_registry=PROGRAM)

    def _take_number(self):
        """Give the list its number of the year and its day."""
        self.ensure_one()
        day = local_day()
        number = self._get_sequence().next_by_id(sequence_date=day)
        self._programmatic().write({"name": number, "list_date": day})

    def _get_sequence(self):
        """Return the institution's sequence of these lists, made at first use."""
        # sudo: who makes a list doesn't keep sequences
        sequences = self.env["ir.sequence"].sudo()
        found = sequences.search(
            [("code", "=", self._name), ("company_id", "=", self.company_id.id)],
            limit=1,
        )
        return found or sequences.create(
            {
                "name": f"{self._description} – {self.company_id.name}",
                "code": self._name,
                "company_id": self.company_id.id,
                "suffix": "/%(range_year)s",
                "implementation": "no_gap",
                "use_date_range": True,
            }
        )
