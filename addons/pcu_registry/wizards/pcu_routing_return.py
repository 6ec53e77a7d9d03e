"""Ask why a document is returned."""

from odoo import fields, models


class PcuRoutingReturn(models.TransientModel):
    """Return the chosen legs to who sent them."""

    _name = "pcu.routing.return"
    _description = "Return routed documents"

    routing_ids = fields.Many2many(
        comodel_name="pcu.routing",
        required=True,
        default=lambda self: self._default_routing_ids(),
    )
    reason = fields.Char(required=True)

    def _default_routing_ids(self):
        if self.env.context.get("active_model") == "pcu.register.entry":
            entries = self.env["pcu.register.entry"].browse(
                self.env.context.get("active_ids")
            )
            return entries.routing_ids.filtered(lambda leg: leg.state == "sent")
        return self.env["pcu.routing"].browse(self.env.context.get("active_ids"))

    def action_confirm(self):
        self.routing_ids.action_return(self.reason)
        # The document may be out of sight now: back to the list.
        return self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_registry.pcu_routing_action"
        )
