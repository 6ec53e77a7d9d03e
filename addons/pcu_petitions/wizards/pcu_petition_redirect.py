"""Send a petition on to the authority that can solve it."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day


class PcuPetitionRedirect(models.TransientModel):
    """The dialog of sending on."""

    _name = "pcu.petition.redirect"
    _description = "Send a petition on"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    due_date = fields.Date(related="request_id.redirect_due_date")
    is_late = fields.Boolean(compute="_compute_is_late")
    authority_id = fields.Many2one(
        comodel_name="res.partner",
        string="Competent authority",
        required=True,
        domain="[('pcu_party_kind', '=', 'authority')]",
    )
    contact = fields.Char(
        related="authority_id.pcu_contact_line", help="The petitioner reads this."
    )
    delivery_channel = fields.Selection(
        selection=lambda self: self._selection_delivery_channel(),
        required=True,
        default="email",
    )
    note = fields.Char(
        string="Word to the petitioner", help="Why this authority is competent."
    )

    @api.model
    def _selection_delivery_channel(self):
        """Offer the register's ways of sending."""
        field = self.env["pcu.register.entry"]._fields["delivery_channel"]
        return field._description_selection(self.env)

    @api.depends("due_date")
    def _compute_is_late(self):
        """Sent on late is still sent on; the clerk sees it and the report counts it."""
        today = local_day()
        for wizard in self:
            wizard.is_late = bool(wizard.due_date and wizard.due_date < today)

    def action_confirm(self):
        """Send it on."""
        self.ensure_one()
        self.request_id._redirect(self.authority_id, self.delivery_channel, self.note)
        return {"type": "ir.actions.act_window_close"}
