"""Registers: the books of an institution."""

from datetime import date

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError, ValidationError

from .. import numbering

REGISTER_KINDS = [
    ("general", "General"),
    ("petitions", "Petitions"),
    ("law544", "Public information (Law 544)"),
    ("decisions", "Decisions"),
    ("contracts", "Contracts"),
    ("internal", "Internal"),
    ("other", "Other"),
]


class PcuRegister(models.Model):
    """A book in which documents get their number.

    An institution keeps one general register or several side by side; each has its
    own numbers, which start again on 1 January (Instructions on archive work,
    Order 217/1996 art. 9).
    """

    _name = "pcu.register"
    _description = "Register"
    _order = "company_id, code"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=False)
    code = fields.Char(
        required=True, help="Short mark of the register, usable in its number format."
    )
    kind = fields.Selection(REGISTER_KINDS, default="general", required=True)
    number_format = fields.Char(
        default=numbering.DEFAULT_FORMAT,
        required=True,
        help="How a number is written: {number} (or {number:06d} for leading zeros), "
        "{date}, {year} and {code} are filled in.",
    )
    number_example = fields.Char(compute="_compute_number_example")
    public = fields.Boolean(
        help="The register may be shown to the public, without personal data."
    )
    active = fields.Boolean(default=True)

    # To whom it belongs
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        check_company=True,
        help="The department that keeps this register; empty for the whole registry.",
    )
    year_ids = fields.One2many(
        comodel_name="pcu.register.year", inverse_name="register_id", string="Years"
    )

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another register of the institution has this code. Choose a different code.",
    )

    @api.depends("name", "code")
    def _compute_display_name(self):
        self.fetch(["name", "code"])  # a list names it, and needs nothing else
        for register in self:
            register.display_name = (
                f"{register.code} – {register.name}"
                if register.code
                else register.name or ""
            )

    @api.depends("number_format", "code")
    def _compute_number_example(self):
        today = local_day()
        for register in self:
            number_format = register.number_format
            register.number_example = not numbering.check_format(
                number_format
            ) and numbering.format_reference(number_format, 123, today, register.code)

    @api.constrains("number_format")
    def _check_number_format(self):
        for register in self:
            wrong = numbering.check_format(register.number_format)
            if wrong == "number":
                raise ValidationError(
                    self.env._(
                        "The number format of register “%(register)s” must contain "
                        "{number} exactly once, for example {number}/{date}.",
                        register=register.name,
                    )
                )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "“%(part)s” in the number format of register “%(register)s” "
                        "is not known. Use {number}, {date}, {year} or {code}.",
                        part=wrong,
                        register=register.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Open the current year together with the register."""
        registers = super().create(vals_list)
        day = local_day()
        for register in registers:
            register._year_for(day)
        return registers

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["pcu.register.entry"].sudo()
        if used.search_count([("register_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A register that has entries can't be deleted. Archive it instead."
                )
            )

    def _year_for(self, day: date):
        """Return the open year of this register for a day; open it when missing.

        Two writers may open the same year at once: ``ON CONFLICT`` makes one of them
        wait, and if the other wins, PostgreSQL reports a serialization failure that
        Odoo retries with a fresh snapshot.
        """
        self.ensure_one()
        years = self.env["pcu.register.year"]
        year_id = years._open_year_id(self.id, day.year)
        if not year_id:
            year_id = years._open_year(self, day.year)
        return years.browse(year_id)
