"""The register of entries and exits of archival units."""

from odoo import api, fields, models
from odoo.addons.pcu_registry.paper_lists import Column
from odoo.exceptions import UserError

KINDS = [
    ("in", "Taken over"),
    ("destroyed", "Destroyed"),
    ("transferred", "Handed to the National Archives"),
]


class PcuArchiveMovement(models.Model):
    """One row: files came into the archive or left it, with the paper that says so.

    Written by the acts themselves; nobody adds, changes or removes a row.
    """

    _name = "pcu.archive.movement"
    _description = "Entry or exit of archival units"
    _inherit = ["pcu.archive.print"]
    _order = "company_id, number desc"
    _rec_name = "reference"

    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", required=True, readonly=True
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    reference = fields.Char(string="By which paper", required=True, readonly=True)
    department_id = fields.Many2one(
        comodel_name="pcu.department", readonly=True, ondelete="restrict"
    )
    first_date = fields.Date(readonly=True)
    last_date = fields.Date(readonly=True)
    file_count = fields.Integer(string="Files", readonly=True)
    sheet_count = fields.Integer(string="Sheets", readonly=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, number)",
        "Somebody else wrote into the register of the archive at the same moment. "
        "Please try again.",
    )

    def write(self, vals):
        if self:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "The register of entries and exits is written by hand-overs, "
                "destructions and transfers; its rows stay."
            )
        )

    @api.model
    def _add(self, kind, files, day, reference, department=None):
        """Write a row for files that came or left.

        :param kind: "in", "destroyed" or "transferred"
        """
        company = files.company_id
        company.ensure_one()
        # sudo: the row follows from an act whose right was checked
        self_sudo = self.sudo()
        last = self_sudo.search(
            [("company_id", "=", company.id)], order="number desc", limit=1
        )
        return self_sudo.create(
            {
                "company_id": company.id,
                "number": last.number + 1,
                "date": day,
                "kind": kind,
                "reference": reference,
                "department_id": department and department.id,
                "first_date": min(
                    filter(None, files.mapped("first_date")), default=None
                ),
                "last_date": max(filter(None, files.mapped("last_date")), default=None),
                "file_count": len(files),
                "sheet_count": sum(files.mapped("sheet_count")),
            }
        )

    def _get_print_name(self):
        return self.env._("Register of entries and exits of archival units")

    def _prepare_forms(self):
        """Give the whole register of the institution, whichever row was asked."""
        rows = self.search([("company_id", "=", self.company_id.id)], order="number")
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        total = sum(
            row.file_count if row.kind == "in" else -row.file_count for row in rows
        )
        return [
            self._form(
                self.env._("REGISTER OF ENTRIES AND EXITS OF ARCHIVAL UNITS"),
                annex=self.env._("Annex 4"),
                wide=True,
                columns=(
                    Column(self.env._("No."), 0.5, number=True),
                    Column(self.env._("Date"), 1),
                    Column(self.env._("Movement"), 1.6),
                    Column(self.env._("By which paper"), 2.5),
                    Column(self.env._("Department"), 2.5),
                    Column(self.env._("Extreme dates"), 1.8),
                    Column(self.env._("Files"), 0.8, number=True),
                    Column(self.env._("Sheets"), 1.0, number=True),
                ),
                rows=tuple(
                    (
                        str(row.number),
                        self._day(row.date),
                        kinds[row.kind],
                        row.reference,
                        row.department_id.name or "–",
                        self._extremes(row),
                        str(row.file_count),
                        str(row.sheet_count),
                    )
                    for row in rows
                ),
                closing=(self.env._("Files in the archive: %(count)s.", count=total),),
            )
        ]
