"""Inventories: the files of one year and one retention term of a department."""

from odoo import api, fields, models
from odoo.addons.pcu_registry.paper_lists import Column
from odoo.exceptions import UserError

from .pcu_classification import RETENTION_KINDS

DRAFT, HANDED_OVER = "draft", "handed_over"
STATES = [(DRAFT, "Draft"), (HANDED_OVER, "Handed over")]


class PcuInventory(models.Model):
    """One inventory (Order 217/1996, Annex 2): one year, one retention term.

    Made from closed files; goes to the archive with hand-over minutes and is not
    changed from then on.
    """

    _name = "pcu.inventory"
    _description = "Inventory"
    _inherit = ["pcu.archive.print", "pcu.archive.guarded"]
    _order = "year desc, department_id, retention_kind desc, retention_years"

    company_id = fields.Many2one(readonly=True)
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        index=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    retention_kind = fields.Selection(
        RETENTION_KINDS, string="Kept for", required=True, readonly=True
    )
    retention_years = fields.Integer(readonly=True, aggregator=None)
    retention_label = fields.Char(
        string="Retention term", compute="_compute_retention_label"
    )
    state = fields.Selection(STATES, default=DRAFT, required=True, readonly=True)
    file_ids = fields.One2many(
        comodel_name="pcu.file", inverse_name="inventory_id", string="Files"
    )
    file_count = fields.Integer(string="Files listed", compute="_compute_counts")
    sheet_count = fields.Integer(string="Sheets", compute="_compute_counts")
    handover_id = fields.Many2one(
        comodel_name="pcu.archive.handover",
        string="Minutes of the hand-over",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('state', '=', 'draft'), ('company_id', '=', company_id)]",
    )

    _term_uniq = models.UniqueIndex(
        "(company_id, COALESCE(department_id, 0), year, retention_kind, "
        "retention_years) WHERE state = 'draft'",
        "A draft of this inventory exists already.",
    )

    @api.depends("retention_kind", "retention_years")
    @api.depends_context("lang")
    def _compute_retention_label(self):
        codes = self.env["pcu.classification"]
        for inventory in self:
            inventory.retention_label = codes._describe_term(
                inventory.retention_kind,
                inventory.retention_years,
                self.env._("an event"),
            )

    @api.depends("file_ids.sheet_count")
    def _compute_counts(self):
        counts = {
            inventory: (count, sheets)
            for inventory, count, sheets in self.env["pcu.file"]._read_group(
                [("inventory_id", "in", self.ids)],
                ["inventory_id"],
                ["__count", "sheet_count:sum"],
            )
        }
        for inventory in self:
            inventory.file_count, inventory.sheet_count = counts.get(inventory, (0, 0))

    @api.depends("year", "department_id.code", "retention_label")
    def _compute_display_name(self):
        for inventory in self:
            inventory.display_name = self.env._(
                "Inventory %(year)s %(department)s – %(term)s",
                year=inventory.year,
                department=inventory.department_id.code or "",
                term=inventory.retention_label,
            )

    def _explain_guard(self):
        return self.env._(
            "An inventory lists the files as they are; it changes only by closing "
            "files into it, and not after the hand-over."
        )

    def _check_change(self, vals):
        if vals.keys() - {"handover_id"} or any(i.state != DRAFT for i in self):
            self._refuse_by_hand()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        if any(inventory.state != DRAFT for inventory in self):
            raise UserError(
                self.env._("An inventory that was handed over stays in the archive.")
            )

    @api.model
    def _get_draft(self, company, department, year, kind, years):
        """Return the draft inventory of a year and term; make it when missing."""
        values = {
            "company_id": company.id,
            "department_id": department.id,
            "year": year,
            "retention_kind": kind,
            "retention_years": years,
        }
        domain = [(name, "=", value) for name, value in values.items()]
        return self.search([*domain, ("state", "=", DRAFT)]) or self.create(values)

    def _prepare_forms(self):
        """Give the legal form: one inventory to a sheet."""
        return [inventory._prepare_inventory_form() for inventory in self]

    def _prepare_inventory_form(self):
        files = self.file_ids.sorted(lambda f: (f.sort_key or "", f.volume))
        rows = [
            (
                str(number),
                file.code,
                f"{file.name} (vol. {file.volume})",
                self._extremes(file),
                str(file.sheet_count),
                file.note or "",
            )
            for number, file in enumerate(files, 1)
        ]
        return self._form(
            self.env._("INVENTORY for the year %(year)s", year=self.year),
            subtitle=self.env._(
                "of the documents kept for: %(term)s", term=self.retention_label
            ),
            annex=self.env._("Annex 2"),
            facts=((self.env._("Department"), self.department_id.name or "–"),),
            columns=(
                Column(self.env._("No."), 0.6, number=True),
                Column(self.env._("Code by the file plan"), 1.7),
                Column(self.env._("Content in brief"), 4),
                Column(self.env._("Extreme dates"), 1.8),
                Column(self.env._("Sheets"), 1.1, number=True),
                Column(self.env._("Remarks"), 1.5),
            ),
            rows=tuple(rows),
            closing=(
                self.env._(
                    "This inventory, made out today, lists: files – %(files)s, "
                    "sheets – %(sheets)s.",
                    files=len(rows),
                    sheets=sum(files.mapped("sheet_count")),
                ),
            ),
            signatures=(
                (self.env._("Handed over by"), ""),
                (self.env._("Taken over by"), ""),
            ),
        )
