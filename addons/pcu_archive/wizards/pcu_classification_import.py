"""Import the legal form of the file plan, with a preview."""

import base64

from odoo import Command, api, fields, models
from odoo.addons.pcu_base.romania import counted
from odoo.exceptions import UserError

from .. import plan_form, retention


class PcuClassificationImport(models.TransientModel):
    """Read an XLSX or CSV file into a draft plan; nothing is written before the end."""

    _name = "pcu.classification.import"
    _description = "Import a file plan"

    plan_id = fields.Many2one(
        comodel_name="pcu.classification.plan",
        string="File plan",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    content = fields.Binary(string="File of the plan", attachment=False)
    filename = fields.Char()
    line_ids = fields.One2many(
        comodel_name="pcu.classification.import.line",
        inverse_name="import_id",
        string="Rows",
        readonly=True,
    )
    good_count = fields.Integer(string="Codes", compute="_compute_counts")
    bad_count = fields.Integer(string="Rows with a problem", compute="_compute_counts")

    @api.depends("line_ids.problem")
    def _compute_counts(self):
        for wizard in self:
            bad = len(wizard.line_ids.filtered("problem"))
            wizard.bad_count = bad
            wizard.good_count = len(wizard.line_ids) - bad

    def action_preview(self):
        """Read the file and show what each row would become."""
        self.ensure_one()
        if not self.content:
            raise UserError(self.env._("Choose the file with the plan first."))
        lines = self._read(base64.b64decode(self.content), self.filename or "")
        problems = self._get_problems()
        known = set(self.plan_id.classification_ids.mapped("code"))
        commands = [Command.clear()]
        for line in lines:
            problem = line.problem or ("known" if line.code in known else "")
            commands.append(
                Command.create(
                    {
                        "row": line.row,
                        "code": line.code,
                        "direction_name": line.direction_name,
                        "service_name": line.service_name,
                        "name": line.name,
                        "term": line.term,
                        "note": line.note,
                        "problem": problem and problems[problem],
                    }
                )
            )
        self.line_ids = commands
        return self._reopen()

    def action_import(self):
        """Write the codes into the plan, once no row has a problem."""
        self.ensure_one()
        if not self.line_ids:
            return self.action_preview()
        if self.bad_count:
            raise UserError(
                self.env._(
                    "One row has a problem, shown beside it. Correct the file and "
                    "read it again; nothing was imported."
                )
                if self.bad_count == 1
                else self.env._(
                    "%(count)s rows have a problem, shown beside them. Correct the "
                    "file and read it again; nothing was imported.",
                    count=counted(self.bad_count, self.env.lang),
                )
            )
        self.env["pcu.classification"].create(
            [line._prepare_values() for line in self.line_ids]
        )
        self.env["pcu.journal"]._log(
            self.plan_id, "plan_imported", codes=len(self.line_ids)
        )
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _read(self, content, filename):
        """Read the form; what is wrong with the whole file is said in words."""
        texts = {
            "type": self.env._("it is neither an XLSX workbook nor a CSV table"),
            "damaged": self.env._("it is damaged"),
            "empty": self.env._("it holds no codes"),
            "long": self.env._("it is longer than any file plan"),
            "headings": self.env._(
                "no row has the headings of the legal form: Direcția, Serviciile, "
                "Denumirea dosarului, Termenul de păstrare, Observații"
            ),
        }
        try:
            return plan_form.read(content, filename)
        except plan_form.FormError as exc:
            raise UserError(
                self.env._(
                    "The file can't be read: %(reason)s.", reason=texts[str(exc)]
                )
            ) from exc

    @api.model
    def _get_problems(self):
        codes = self.env["pcu.classification"]._get_code_problems()
        return {
            "direction": self.env._(
                "The direction must begin with a roman numeral, as “I. …”."
            ),
            "service": self.env._(
                "The service must begin with a capital letter, as “A. …”."
            ),
            "place": self.env._("No direction and service stand above this row."),
            "twice": self.env._("This code stands in the file already."),
            "known": self.env._("This code is in the plan already."),
            "name": self.env._("The content of the file is missing."),
            "term": self.env._(
                "The term must be “Permanent”, “10 ani” or “5 ani de la …”."
            ),
            **{f"code_{key}": text for key, text in codes.items()},
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a file plan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class PcuClassificationImportLine(models.TransientModel):
    """One row of the form, as it would be imported."""

    _name = "pcu.classification.import.line"
    _description = "Row of an imported file plan"
    _order = "row"

    import_id = fields.Many2one(
        comodel_name="pcu.classification.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    row = fields.Integer()
    code = fields.Char()
    direction_name = fields.Char(string="Direction")
    service_name = fields.Char(string="Service")
    name = fields.Char(string="Content of the file")
    term = fields.Char(string="Retention term")
    note = fields.Char(string="Remarks")
    problem = fields.Char()

    def _prepare_values(self):
        """Turn a row without a problem into a code of the plan."""
        self.ensure_one()
        term = retention.parse(self.term)
        return {
            "plan_id": self.import_id.plan_id.id,
            "code": self.code,
            "direction_name": self.direction_name,
            "service_name": self.service_name,
            "name": self.name,
            "retention_kind": term.kind,
            "retention_years": term.years,
            "retention_event": term.event or False,
            "commission_review": term.review,
            "note": self.note,
        }
