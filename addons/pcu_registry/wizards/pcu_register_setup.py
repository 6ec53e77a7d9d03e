"""Offer the usual registers to a new institution."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.pcu_register import REGISTER_KINDS
from ..register_set import READY_REGISTERS


class PcuRegisterSetup(models.TransientModel):
    """Create the chosen registers of the ready-made set, open for this year."""

    _name = "pcu.register.setup"
    _description = "Ready-made registers"

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        default=lambda self: self.env.company,
    )
    line_ids = fields.One2many(
        comodel_name="pcu.register.setup.line",
        inverse_name="setup_id",
        string="Registers",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("company_id")
    def _compute_line_ids(self):
        registers = self.env["pcu.register"].with_context(active_test=False)
        for setup in self:
            having = set(
                registers.search([("company_id", "=", setup.company_id.id)]).mapped(
                    "code"
                )
            )
            setup.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "code": ready.code,
                        "kind": ready.kind,
                        "name": ready.name,
                        "public": ready.public,
                        "number_format": ready.number_format,
                    }
                )
                for ready in READY_REGISTERS
                if ready.code not in having
            ]

    def action_confirm(self):
        self.ensure_one()
        chosen = self.line_ids.filtered("chosen")
        if not chosen:
            raise UserError(
                self.env._("Choose at least one register, or press “Discard”.")
            )
        registers = self.env["pcu.register"].create(
            [
                {
                    "company_id": self.company_id.id,
                    **{
                        name: line[name]
                        for name in ("code", "kind", "name", "public", "number_format")
                    },
                }
                for line in chosen
            ]
        )
        self.env["pcu.journal"]._log(registers, "register_created")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_registry.pcu_register_action"
        )


class PcuRegisterSetupLine(models.TransientModel):
    """One register that can be created; its texts can still be changed."""

    _name = "pcu.register.setup.line"
    _description = "Ready-made register"

    setup_id = fields.Many2one(
        comodel_name="pcu.register.setup", required=True, index=True, ondelete="cascade"
    )
    chosen = fields.Boolean(string="Create", default=True)
    code = fields.Char(required=True)
    name = fields.Char(required=True)
    kind = fields.Selection(REGISTER_KINDS, required=True)
    number_format = fields.Char(required=True)
    public = fields.Boolean()
