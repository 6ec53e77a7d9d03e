"""Ask why a document is returned."""

from odoo import api, fields, models

from ..models.pcu_routing import INFO


class PcuRoutingReturn(models.TransientModel):
    """Return the chosen legs to who sent them."""

    _name = "pcu.routing.return"
    _description = "Return routed documents"

    routing_ids = fields.Many2many(
        comodel_name="pcu.routing",
        required=True,
        default=lambda self: self._default_routing_ids(),
    )
    usual_reason = fields.Selection(
        [
            ("not_competent", "Not within our competence"),
            ("wrong_person", "Belongs to another colleague"),
            ("incomplete", "Documents are missing"),
            ("connect", "Belongs to an earlier document"),
        ],
        help="Choosing one writes it into the reason, where it can be completed.",
    )
    reason = fields.Char(
        compute="_compute_reason", store=True, readonly=False, required=True
    )

    def _default_routing_ids(self):
        if self.env.context.get("active_model") == "pcu.register.entry":
            entries = self.env["pcu.register.entry"].browse(
                self.env.context.get("active_ids")
            )
            legs = self.env["pcu.routing"].union(*(e._get_my_legs() for e in entries))
            return legs.filtered(lambda leg: leg.kind != INFO)
        return self.env["pcu.routing"].browse(self.env.context.get("active_ids"))

    @api.depends("usual_reason")
    def _compute_reason(self):
        texts = dict(self._fields["usual_reason"]._description_selection(self.env))
        for wizard in self:
            wizard.reason = texts.get(wizard.usual_reason, wizard.reason)

    def action_confirm(self):
        self.routing_ids.action_return(self.reason)
        # The document may be out of sight now: back to the list.
        return self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_registry.pcu_routing_action"
        )
