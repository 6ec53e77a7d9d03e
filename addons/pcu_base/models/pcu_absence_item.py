"""What an absence moved, one row each, so that only this is given back."""

from odoo import api, fields, models

ITEM_STATES = [
    ("moved", "With the substitute"),
    ("returned", "Given back"),
    ("kept", "Finished or sent on meanwhile"),
    ("left", "Not moved: the substitute can't see it"),
]


class PcuAbsenceItem(models.Model):
    """One piece of work that went to the substitute; written by the absence only."""

    _name = "pcu.absence.item"
    _description = "Work moved by an absence"
    _order = "id"
    _rec_name = "res_label"

    absence_id = fields.Many2one(
        comodel_name="pcu.absence", required=True, index=True, ondelete="cascade"
    )
    model = fields.Char(required=True, readonly=True)
    model_label = fields.Char(string="Kind", compute="_compute_labels")
    res_id = fields.Many2oneReference(
        string="Record", model_field="model", required=True, readonly=True,
        aggregator=None,
    )  # fmt: skip
    res_label = fields.Char(string="Work", compute="_compute_labels")
    state = fields.Selection(ITEM_STATES, default="moved", required=True, readonly=True)

    @api.depends("model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_labels(self):
        """Name the work to those who may read it."""
        for model, items in self.grouped("model").items():
            known = self.env.get(model)
            records = known if known is None else known.browse(items.mapped("res_id"))
            seen = set()
            if records is not None:
                seen = set(records.exists()._filtered_access("read")._ids)
            # sudo: the name of a kind of record is no secret.
            kind = self.env["ir.model"].sudo()._get(model).name or model
            for item in items:
                item.model_label = kind
                item.res_label = (
                    records.browse(item.res_id).display_name
                    if item.res_id in seen
                    else self.env._("not yours to see")
                )

    def action_open(self):
        """Open the piece of work itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
