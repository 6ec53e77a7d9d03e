"""Ask before whom the chosen entries are laid for a resolution."""

from odoo import api, fields, models


class PcuResolutionAsk(models.TransientModel):
    """Lay the chosen entries on the desk of the mayor or the secretary general."""

    _name = "pcu.resolution.ask"
    _description = "Lay before for resolution"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    giver_ids = fields.Many2many(comodel_name="res.users", compute="_compute_giver_ids")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Resolution of",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', giver_ids)]",
        help="While they are absent, the substitute gets it.",
    )
    note = fields.Char(
        string="Remark", help="What they should know, shown beside the document."
    )

    @api.depends("entry_ids")
    def _compute_giver_ids(self):
        """Offer those who give resolutions in the entries' institution."""
        for wizard in self:
            wizard.giver_ids = wizard._get_company_sudo()._pcu_get_resolution_givers()

    @api.depends("entry_ids")
    def _compute_user_id(self):
        """Offer the head of the institution first."""
        for wizard in self:
            wizard.user_id = wizard.user_id or wizard._get_company_sudo().pcu_head_id

    def _get_company_sudo(self):
        # sudo: who leads the institution is no secret
        return (self.entry_ids.company_id[:1] or self.env.company).sudo()

    def action_confirm(self):
        self.entry_ids.action_ask_resolution(self.user_id, self.note)
        return {"type": "ir.actions.act_window_close"}
