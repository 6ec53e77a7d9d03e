"""The institution: what kind of authority it is and who leads it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .. import virus_scanner

#: What the town hall's administrator writes besides the suite's own fields. Currency,
#: parent, users and the rest of Odoo's settings stay with the system's administrator.
INSTITUTION_FIELDS = {
    "name", "logo", "street", "street2", "zip", "city", "state_id", "country_id",
    "phone", "email", "website",
}  # fmt: skip


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_uat_kind = fields.Selection(
        selection=[
            ("commune", "Commune"),
            ("town", "Town"),
            ("municipality", "Municipality"),
            ("sector", "Sector of Bucharest"),
            ("county", "County"),
            ("other", "Other institution"),
        ],
        string="Kind of authority",
    )
    pcu_cui = fields.Char(string="Fiscal code (CUI)")
    pcu_siruta = fields.Char(
        string="SIRUTA code", help="The code of the locality in the national register."
    )
    pcu_head_id = fields.Many2one(
        comodel_name="res.users", string="Head of the institution"
    )
    pcu_secretary_id = fields.Many2one(
        comodel_name="res.users",
        string="Secretary general",
        help="Hears of what stays late after the head of the department was told.",
    )
    pcu_virus_scanner = fields.Char(
        string="Virus scanner (clamd)",
        groups="base.group_system",
        help="Where clamd listens: /run/clamav/clamd.ctl or 127.0.0.1:3310. Files from "
        "outside wait until it has looked at them. Empty: they aren't looked at here.",
    )
    pcu_is_copy = fields.Boolean(
        string="Copy of the database",
        compute="_compute_pcu_is_copy",
        help="This database is a copy of the real one: nothing leaves it.",
    )
    pcu_head_title = fields.Char(string="Title of the head", default="Primar")

    def _compute_display_name(self):
        """Fetch the name only: each form names its institution, which is wide."""
        self.fetch(["name"])
        return super()._compute_display_name()

    def _compute_pcu_is_copy(self):
        """One answer for all: it is the database that was copied."""
        self.pcu_is_copy = self.env["pcu.database"]._is_copy()

    def write(self, vals):
        """Let the town hall's administrator fill in the institution, and only that."""
        if self.env.su or self.env.user.has_group("base.group_erp_manager"):
            return super().write(vals)
        self.check_access("write")
        self._check_pcu_fields(vals)
        # sudo: name and address are written on the institution's own contact as well
        return super(ResCompany, self.sudo()).write(vals)

    def _check_pcu_fields(self, names):
        for name in names:
            field = self._fields[name]
            ours = name.startswith("pcu_") or name in INSTITUTION_FIELDS
            if not (ours and self._has_field_access(field, "write")):
                raise AccessError(
                    self.env._(
                        "“%(field)s” is set by the system's administrator.",
                        field=field._description_string(self.env),
                    )
                )

    @api.model
    def action_pcu_open_institution(self):
        """Open the institution in which the user works."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Institution"),
            "res_model": "res.company",
            "res_id": self.env.company.id,
            "view_mode": "form",
        }

    def action_pcu_confirm_database(self):
        """Make this database the real one; see ``pcu.database``."""
        self.env["pcu.database"]._confirm()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.constrains("pcu_cui")
    def _check_pcu_cui(self):
        for company in self.filtered("pcu_cui"):
            self.env["res.partner"]._pcu_check_cui(company.pcu_cui)

    @api.constrains("pcu_virus_scanner")
    def _check_pcu_virus_scanner(self):
        for company in self.filtered("pcu_virus_scanner"):
            try:
                virus_scanner.parse_address(company.pcu_virus_scanner)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(address)s” is no address of a virus scanner. Write the "
                        "path of its socket, like /run/clamav/clamd.ctl, or host and "
                        "port, like 127.0.0.1:3310.",
                        address=company.pcu_virus_scanner,
                    )
                ) from error

    @api.constrains("pcu_siruta")
    def _check_pcu_siruta(self):
        for company in self.filtered("pcu_siruta"):
            if not (company.pcu_siruta.isascii() and company.pcu_siruta.isdigit()):
                raise ValidationError(
                    self.env._(
                        "The SIRUTA code %(code)s must hold digits only. "
                        "Copy it from the national register of localities.",
                        code=company.pcu_siruta,
                    )
                )
