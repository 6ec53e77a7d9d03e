"""Make hand-over lists from the chosen entries."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PcuHandoverMake(models.TransientModel):
    """Put the chosen entries on one list for each department.

    Without a department they go where they were routed; with one, what isn't routed
    there yet is routed first.
    """

    _name = "pcu.handover.make"
    _description = "Make hand-over lists"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        domain="[('company_id', '=', company_id)]",
        help="Leave empty to make one list for each department to which the documents "
        "were routed.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('pcu_department_ids', 'in', department_id)]",
    )
    text = fields.Char(string="Resolution")
    hand_over = fields.Boolean(
        string="Hand over at once",
        default=True,
        help="Give the lists their numbers now; otherwise they can still be changed.",
    )

    @api.depends("entry_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.entry_ids[:1].company_id or self.env.company

    def action_confirm(self):
        if self.department_id:
            self._route_first()
        nowhere = self.entry_ids.filtered(lambda entry: not entry.department_id)
        if nowhere:
            raise UserError(
                self.env._(
                    "Not routed yet: %(entries)s. Choose a department here, or route "
                    "them first.",
                    entries=", ".join(nowhere.mapped("display_name")[:10]),
                )
            )
        handovers = self.env["pcu.handover"]
        for department, entries in self.entry_ids.grouped("department_id").items():
            holders = entries.holder_id
            handovers |= handovers.create(
                {
                    "company_id": department.company_id.id,
                    "department_id": department.id,
                    "user_id": self.user_id.id
                    or (holders.id if self._is_held_by_one(entries) else False),
                    "line_ids": [
                        (0, 0, {"entry_id": entry.id}) for entry in entries.sorted("id")
                    ],
                }
            )
        if self.hand_over:
            handovers.action_hand_over()
        return self._open(handovers)

    def _is_held_by_one(self, entries):
        return len(entries.holder_id) == 1 and all(e.holder_id for e in entries)

    def _route_first(self):
        elsewhere = self.entry_ids.filtered(
            lambda entry: (
                entry.department_id != self.department_id
                or (self.user_id and entry.holder_id != self.user_id)
            )
        )
        if elsewhere:
            elsewhere.action_route(self.department_id, self.user_id, self.text)
            # In the cache the entries still lie where they were.
            elsewhere.invalidate_recordset(["department_id", "holder_id"])

    def _open(self, handovers):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_registry.pcu_handover_action"
        )
        if len(handovers) == 1:
            return {
                **action,
                "res_id": handovers.id,
                "views": [(False, "form")],
                "view_mode": "form",
            }
        return {**action, "domain": [("id", "in", handovers.ids)], "context": {}}
