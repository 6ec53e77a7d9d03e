"""Compare two versions of a draft."""

from odoo import api, fields, models

from .. import text_diff


class PcuDraftCompare(models.TransientModel):
    """The dialog that shows what was added and what was removed."""

    _name = "pcu.draft.compare"
    _description = "Compare versions"

    draft_id = fields.Many2one(
        comodel_name="pcu.draft", required=True, ondelete="cascade"
    )
    old_id = fields.Many2one(
        comodel_name="pcu.draft.version",
        string="From",
        required=True,
        domain="[('draft_id', '=', draft_id)]",
    )
    new_id = fields.Many2one(
        comodel_name="pcu.draft.version",
        string="To",
        required=True,
        domain="[('draft_id', '=', draft_id)]",
    )
    difference = fields.Html(compute="_compute_difference", sanitize=False)

    @api.depends("old_id", "new_id")
    def _compute_difference(self):
        """Mark what changed from one version to the other."""
        for wizard in self:
            old, new = wizard.old_id, wizard.new_id
            wizard.difference = text_diff.compare(
                old._get_text() if old else "", new._get_text() if new else ""
            )
