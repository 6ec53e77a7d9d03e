"""Registers whose incoming documents go to the mayor or the secretary first."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

HEAD, SECRETARY = "head", "secretary"
OFFICES = [
    (HEAD, "The head of the institution"),
    (SECRETARY, "The secretary general"),
]
#: Who holds an office stands with the institution.
HOLDERS = {HEAD: "pcu_head_id", SECRETARY: "pcu_secretary_id"}


class PcuRegister(models.Model):
    _inherit = "pcu.register"  # pylint: disable=consider-merging-classes-inherited

    # An office, not a person: elections change nothing here.
    resolution_office = fields.Selection(
        selection=OFFICES,
        string="Incoming go first for the resolution of",
        help="Each incoming document is laid before them as soon as it is registered; "
        "it goes to a department by their resolution only. Leave empty where the "
        "registry routes the documents itself.",
    )
    resolution_first_id = fields.Many2one(
        comodel_name="res.users",
        string="Holder of the office",
        compute="_compute_resolution_first_id",
    )

    @api.depends(
        "resolution_office",
        *(f"company_id.{name}" for name in HOLDERS.values()),
    )
    def _compute_resolution_first_id(self):
        """Say before whom documents are laid; nobody who couldn't open them."""
        for register in self:
            # sudo: who leads the institution and what roles they have is no secret
            user_sudo = self.env["res.users"].sudo()
            if office := register.resolution_office:
                user_sudo = register.sudo().company_id[HOLDERS[office]]
            able = user_sudo.active and user_sudo.has_group("pcu_base.group_approver")
            register.resolution_first_id = able and user_sudo.id

    @api.constrains("resolution_office")
    def _check_resolution_office(self):
        for register in self:
            if register.resolution_office and not register.resolution_first_id:
                raise ValidationError(
                    self.env._(
                        "Nobody could open what is laid before them. Name the head or "
                        "the secretary general in the institution's settings, and give "
                        "them the role “%(role)s”; then choose again.",
                        # sudo: the name of a role
                        role=self.env.ref("pcu_base.group_approver").sudo().name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "resolution_office" in vals:
            self.env["pcu.journal"]._log(
                self, "register_resolution_set", office=vals["resolution_office"]
            )
        return result
