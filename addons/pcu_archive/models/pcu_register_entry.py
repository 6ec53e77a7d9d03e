"""Entries get a code of the file plan and go into a file when they are solved."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from .pcu_classification_plan import IN_FORCE
from .pcu_file import CLOSED, OPEN


class PcuRegisterEntry(models.Model):
    """Column 14 of the register: the code of the file.

    People can't solve a document without a code once the institution has a file plan
    in force; the code of the first document of the matter, or the default of the
    department, fills in by itself. What a program ends (a withdrawal from a platform)
    is never stopped by a missing code; it shows under *Solved without a code*.
    """

    _inherit = "pcu.register.entry"

    classification_id = fields.Many2one(
        comodel_name="pcu.classification",
        string="Code of the file plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('plan_state', '=', 'in_force'), ('company_id', '=', company_id)]",
    )
    file_id = fields.Many2one(
        comodel_name="pcu.file",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    # The text of column 14, which also holds what older registers brought with them.
    file_code = fields.Char(
        compute="_compute_file_code",
        store=True,
        precompute=True,  # registering costs no further statement
        readonly=False,
        copy=False,
    )

    @api.depends("classification_id")
    def _compute_file_code(self):
        for entry in self:
            entry.file_code = entry.classification_id.code or entry.file_code

    def write(self, vals):
        if "file_id" in vals and not self.env.su:
            raise UserError(
                self.env._("A document goes into a file by being solved with a code.")
            )
        result = super().write(vals)
        if vals.get("classification_id"):
            # sudo: the file follows the code, whoever may correct the code
            self.sudo().filtered("file_id")._put_into_files()
        return result

    # ------------------------------------------------------------------ actions

    @api.private
    def action_solve(self, *args, **kwargs):
        """Solve, with a code of the file plan; then lay the document into its file."""
        self._check_may_handle()
        # sudo: who holds the entry solves it without the right to edit the register
        self.sudo()._fill_classification()
        result = super().action_solve(*args, **kwargs)
        self.sudo()._put_into_files()
        return result

    # ------------------------------------------------------------------ business

    def _takes_documents(self):
        return super()._takes_documents() and self._lies_in_open_file()

    def _lies_in_open_file(self):
        """Return whether the file can still grow: not in the archive, not gone."""
        # sudo: the state of the file doesn't depend on who asks
        return self.sudo().file_id.state in (False, OPEN, CLOSED)

    def _set_classification(self, classification):
        """Give entries a code, as whoever handles them chooses it."""
        self._check_may_handle()
        # sudo: the holder chooses the code without the right to edit the register
        self.sudo().write({"classification_id": classification.id})

    def _fill_classification(self):
        """Give each entry without a code its default; refuse when there is none."""
        for company, entries in self.grouped("company_id").items():
            missing = entries.filtered(lambda e: e._needs_code())
            plan = self.env["pcu.classification.plan"]._get_in_force(company)
            if not (missing and plan):
                continue
            defaults = plan._get_default_codes()
            for entry in missing:
                if code := entry._find_code(defaults):
                    entry.classification_id = code
                elif self.env.uid != SUPERUSER_ID:
                    entry._refuse_without_code()

    def _needs_code(self):
        return not self.classification_id and self.state != "annulled"

    def _propose_classification(self):
        """Return the code under which the entry would go if nobody chose another."""
        self.ensure_one()
        plan = self.env["pcu.classification.plan"]._get_in_force(self.company_id)
        return self.classification_id or self._find_code(plan._get_default_codes())

    def _find_code(self, defaults):
        """Return the code of the first document of the matter, or the default one."""
        code = self.connected_to_id.classification_id
        if code.plan_state == IN_FORCE:
            return code
        return self._find_default_code(defaults)

    def _find_default_code(self, defaults):
        """Return the default code of the department or of the nearest one above."""
        department = self.department_id
        while department and department not in defaults:
            department = department.parent_id
        return defaults.get(department, self.env["pcu.classification"])

    def _refuse_without_code(self):
        raise UserError(
            self.env._(
                "%(entry)s needs a code of the file plan before it is solved. Choose "
                "it in “Code of the file plan”, or ask the archivist to give "
                "%(department)s a default code.",
                entry=self.display_name,
                department=self.department_id.name or self.env._("the department"),
            )
        )

    def _put_into_files(self):
        """Lay solved entries into the open file of their code, department and year."""
        year = local_day().year
        todo = self.filtered(
            lambda e: (
                e.state == "solved"
                and e.classification_id
                and e.file_id.classification_id != e.classification_id
            )
        )
        for (code, department), entries in todo.grouped(
            lambda e: (e.classification_id, e.department_id)
        ).items():
            entries._check_file_open()
            entries.file_id = self.env["pcu.file"]._get_open(code, department, year)

    def _check_file_open(self):
        closed = self.filtered(lambda e: e.file_id and e.file_id.state != OPEN)
        if closed:
            raise UserError(
                self.env._(
                    "%(entry)s lies in the file %(file)s, which is closed. Open that "
                    "file again before you change the code.",
                    entry=closed[0].display_name,
                    file=closed[0].file_id.display_name,
                )
            )
