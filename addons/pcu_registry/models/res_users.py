"""Which registers a user keeps, reads, and is shut out of."""

from odoo import api, fields, models
from odoo.tools import ormcache


class ResUsers(models.Model):
    _inherit = "res.users"

    pcu_kept_register_ids = fields.Many2many(
        comodel_name="pcu.register",
        compute="_compute_pcu_register_ids",
        string="Kept registers",
        help="Registers in which the user's departments register.",
    )
    pcu_read_register_ids = fields.Many2many(
        comodel_name="pcu.register",
        compute="_compute_pcu_register_ids",
        string="Read registers",
        help="Registers that the user's departments read.",
    )
    pcu_closed_register_ids = fields.Many2many(
        comodel_name="pcu.register",
        compute="_compute_pcu_register_ids",
        string="Closed registers",
        help="Restricted registers of other departments.",
    )

    @api.depends("pcu_visible_department_ids")
    def _compute_pcu_register_ids(self):
        registers = self.env["pcu.register"]
        for user in self:
            kept, read, closed = self._pcu_register_ids_of(user._origin.id or 0)
            user.pcu_kept_register_ids = registers.browse(kept)
            user.pcu_read_register_ids = registers.browse(read)
            user.pcu_closed_register_ids = registers.browse(closed)

    @ormcache("user_id")
    def _pcu_register_ids_of(self, user_id):
        """Give the ids of the kept, the read and the closed registers of a user.

        Record rules ask this for every request, hence the cache; a register or a
        department that changes clears it.
        """
        # sudo: which registers someone sees can't depend on who asks
        departments = self.sudo().browse(user_id).pcu_visible_department_ids
        registers = self.env["pcu.register"].sudo().with_context(active_test=False)
        kept, read, closed = [], [], []
        for register in registers.search(
            [
                "|",
                "|",
                "|",
                ("restricted", "=", True),
                ("department_id", "!=", False),
                ("registrar_department_ids", "!=", False),
                ("reader_department_ids", "!=", False),
            ]
        ):
            if departments & (
                register.department_id | register.registrar_department_ids
            ):
                kept.append(register.id)
            elif departments & register.reader_department_ids:
                read.append(register.id)
            elif register.restricted:
                closed.append(register.id)
        return tuple(kept), tuple(read), tuple(closed)
