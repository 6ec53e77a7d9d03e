"""Send the chosen outgoing entries: a list for the post, or at once otherwise."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from ..models.pcu_dispatch import POSTAL, SERVICES


class PcuDispatchMake(models.TransientModel):
    """Put letters on a list for post or courier; record any other way at once."""

    _name = "pcu.dispatch.make"
    _description = "Send outgoing documents"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    service = fields.Selection(SERVICES, required=True, default="registered_post")
    is_postal = fields.Boolean(compute="_compute_is_postal")
    list_id = fields.Many2one(
        comodel_name="pcu.dispatch.list",
        string="Add to the list",
        domain="[('state', '=', 'draft'), ('company_id', '=', company_id)]",
        help="Leave empty for a new list.",
    )
    sent_date = fields.Date(required=True, default=lambda _self: local_day())
    note = fields.Char(
        string="Remark", help="E.g. the identifier of the message, or who picked it up."
    )

    @api.depends("entry_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.entry_ids[:1].company_id or self.env.company

    @api.depends("service")
    def _compute_is_postal(self):
        for wizard in self:
            wizard.is_postal = wizard.service in POSTAL

    def action_confirm(self):
        self.entry_ids._check_dispatchable()
        values = [
            {
                "entry_id": entry.id,
                "recipient_id": entry.recipient_id.id,
                "service": self.service,
            }
            for entry in self.entry_ids.sorted("id")
        ]
        if not self.is_postal:
            dispatches = self.env["pcu.dispatch"].create(values)
            self._check_day()
            dispatches._send(self.sent_date, self.note)
            return {"type": "ir.actions.act_window_close"}
        record = self.list_id or self.list_id.create({"company_id": self.company_id.id})
        self.env["pcu.dispatch"].create(
            [{**vals, "list_id": record.id} for vals in values]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_registry.pcu_dispatch_list_action"
        )
        return {
            **action,
            "res_id": record.id,
            "views": [(False, "form")],
            "view_mode": "form",
        }

    def _check_day(self):
        """Refuse a day on which the document did not exist yet, or has yet to come."""
        for entry in self.entry_ids:
            if not (entry.registration_date <= self.sent_date <= local_day()):
                raise UserError(
                    self.env._(
                        "%(entry)s can't have been sent on that day: not before it was "
                        "registered, and not in the future.",
                        entry=entry.display_name,
                    )
                )
