"""Import of an old register: the file, its columns, a dry run, the lines."""

import base64
import os

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.pcu_base import file_store
from odoo.exceptions import UserError

from .. import register_lines, tables

MAPPING, CHECKING, CHECKED, IMPORTING, DONE, FAILED = (
    "mapping", "checking", "checked", "importing", "done", "failed",
)  # fmt: skip
STATES = [
    (MAPPING, "Columns"),
    (CHECKING, "Being checked"),
    (CHECKED, "Checked"),
    (IMPORTING, "Being imported"),
    (DONE, "Imported"),
    (FAILED, "Stopped"),
]
# Written by the work itself; whoever named a file here could read and delete it.
PROGRAM_FIELDS = {
    "attachment_id",
    "sha256",
    "lines_attachment_id",
    "lines_place",
    "preview",
    "state",
    "problem",
    "rows_total",
    "rows_done",
    "taken_count",
    "refused_count",
    "year_bounds",
}
PREVIEW_ROWS = 10
REQUIRED = ("number", "registration_date", "summary")


class PcuIntakeImport(models.Model):
    """The import of one file of an old register.

    The clerk says what each column is; a dry run reads every line and reports the ones
    that would be refused; the import then takes the others with their original numbers.
    Both work in the background, and after a stop they go on where they were.
    """

    _name = "pcu.intake.import"
    _description = "Import of an old register"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File", required=True, readonly=True)
    content = fields.Binary(
        string="Choose the file", compute="_compute_content", inverse="_inverse_content"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)
    lines_attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Lines laid out",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The lines of the file while it is worked on, so that work that was "
        "stopped goes on at its line without reading a workbook from its beginning.",
    )
    lines_place = fields.Integer(
        string="Place of the next line", readonly=True, aggregator=None
    )
    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["pcu.register.entry"]._default_register_id(),
    )
    company_id = fields.Many2one(
        related="register_id.company_id", store=True, index=True, string="Institution"
    )
    treat_as_solved = fields.Boolean(
        default=True,
        help="Old entries are finished business. Without it those that have no "
        "resolution and no date of sending appear as work to be routed.",
    )

    # The columns
    column_ids = fields.One2many(
        comodel_name="pcu.intake.import.column",
        inverse_name="import_id",
        string="Columns",
    )
    preview = fields.Json(readonly=True)
    preview_html = fields.Html(compute="_compute_preview_html", sanitize=False)

    # How far it is
    state = fields.Selection(STATES, default=MAPPING, required=True, readonly=True)
    problem = fields.Char(readonly=True)
    rows_total = fields.Integer(string="Lines", readonly=True, aggregator=None)
    rows_done = fields.Integer(string="Lines read", readonly=True, aggregator=None)
    progress = fields.Float(compute="_compute_progress")
    taken_count = fields.Integer(string="Good lines", readonly=True, aggregator=None)
    refused_count = fields.Integer(
        string="Refused lines", readonly=True, aggregator=None
    )
    year_bounds = fields.Json(
        readonly=True, help="The first and the last number of each year in the file."
    )
    summary = fields.Char(string="Numbers in the file", compute="_compute_summary")
    refusal_ids = fields.One2many(
        comodel_name="pcu.intake.import.refusal", inverse_name="import_id"
    )
    refusals_csv = fields.Binary(compute="_compute_refusals_csv")

    # ------------------------------------------------------------------ computes

    def _compute_content(self):
        for record in self:
            record.content = False

    def _inverse_content(self):
        """Keep the uploaded file as it is and read its first rows."""
        for record in self.filtered("content"):
            if record.state != MAPPING:
                raise UserError(
                    self.env._(
                        "The file of this import can't be changed any more. Begin a "
                        "new import."
                    )
                )
            # sudo: the file goes with the import, which the caller may write
            old_sudo = record.sudo().attachment_id
            record.sudo().attachment_id = old_sudo.create(
                {
                    "name": record.name,
                    "raw": base64.b64decode(record.content),
                    "mimetype": "application/octet-stream",
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
            (old_sudo | record.sudo().lines_attachment_id).unlink()
            record._read_head()

    @api.depends("preview")
    def _compute_preview_html(self):
        for record in self:
            head, *rows = record.preview or [[]]
            record.preview_html = record.preview and Markup(
                '<table class="table table-sm table-striped"><thead><tr>%s</tr></thead>'
                "<tbody>%s</tbody></table>"
            ) % (
                Markup().join(Markup("<th>%s</th>") % cell for cell in head),
                Markup().join(
                    Markup("<tr>%s</tr>")
                    % Markup().join(Markup("<td>%s</td>") % cell for cell in row)
                    for row in rows
                ),
            )

    @api.depends("rows_done", "rows_total", "state")
    def _compute_progress(self):
        for record in self:
            if record.state in (CHECKED, DONE):
                record.progress = 100
            else:
                record.progress = 100 * record.rows_done / (record.rows_total or 1)

    @api.depends("year_bounds")
    def _compute_summary(self):
        for record in self:
            record.summary = "; ".join(
                f"{year}: {first}–{last}"
                for year, (first, last) in sorted((record.year_bounds or {}).items())
            )

    @api.depends("refusal_ids")
    def _compute_refusals_csv(self):
        """Write the refused lines as they came, each with its reason."""
        for record in self:
            head = [column.title or "" for column in record.column_ids]
            rows = [[self.env._("Line"), self.env._("Why it was refused"), *head]]
            rows += [
                [str(refusal.line), refusal.reason_text, *(refusal.cells or [])]
                for refusal in record.refusal_ids
            ]
            record.refusals_csv = base64.b64encode(tables.write_csv(rows))

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_program_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_program_fields(vals)
        fixed = vals.keys() & {"register_id", "treat_as_solved", "column_ids"}
        if fixed and any(record.state != MAPPING for record in self):
            raise UserError(
                self.env._(
                    "The columns are fixed once the check has begun. Go back to the "
                    "columns to change them."
                )
            )
        return super().write(vals)

    def _refuse_program_fields(self, vals):
        """Keep files and progress from whoever writes past the screen."""
        if not self.env.su and vals.keys() & PROGRAM_FIELDS:
            raise UserError(
                self.env._(
                    "The file and the progress of an import come from its actions: "
                    "choose a file, check it, import it. They can't be written "
                    "directly."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(record.state in (IMPORTING, DONE) for record in self):
            raise UserError(
                self.env._(
                    "An import that has brought in entries stays, so that everybody "
                    "sees where they came from."
                )
            )

    # ------------------------------------------------------------------ actions

    def action_read_columns(self):
        """Save the chosen file; the columns are read when it is created."""
        return True

    def action_check(self):
        """Begin the dry run: every line is read, nothing is written."""
        self.ensure_one()
        self.check_access("write")
        self._check_columns()
        # sudo: progress is written by the program only
        self.sudo().refusal_ids.unlink()
        self.sudo()._begin(CHECKING)

    def action_import(self):
        """Begin to bring in the good lines."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in (CHECKED, FAILED):
            raise UserError(self.env._("Check the file first, then import it."))
        if not self.taken_count:
            raise UserError(
                self.env._("No line of the file can be imported. See the report.")
            )
        if self.state == FAILED:
            # Goes on where it stopped. sudo: the state is the program's to write
            self.sudo().write({"state": IMPORTING, "problem": False})
            self._wake()
            return
        self._open_years()
        self.env["pcu.journal"]._log(
            self, "import_begun", file=self.name, sha256=self.sha256
        )
        self.sudo().refusal_ids.unlink()
        self.sudo()._begin(IMPORTING)

    def action_back(self):
        """Go back to the columns."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in (CHECKING, CHECKED):
            raise UserError(
                self.env._(
                    "Lines have been imported: the columns can't change any more."
                )
            )
        self.sudo().write({"state": MAPPING, "rows_done": 0})

    def action_download_refusals(self):
        self.ensure_one()
        name = self.env._("refused-lines.csv")
        place = f"/web/content/{self._name}/{self.id}/refusals_csv/{name}"
        return {
            "type": "ir.actions.act_url",
            "url": f"{place}?download=1",
            "target": "download",
        }

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %(file)s", file=self.name),
            "res_model": "pcu.register.entry",
            "view_mode": "list,form",
            "domain": [("import_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ business

    def _begin(self, state):
        self.write(
            {
                "state": state,
                "problem": False,
                "rows_done": 0,
                "lines_place": 0,
                "taken_count": 0,
                "refused_count": 0,
            }
        )
        self._wake()

    def _wake(self):
        # sudo: whoever may import may wake the job that does it
        self.env.ref("pcu_intake.ir_cron_import").sudo()._trigger()

    def _path(self, name="attachment_id"):
        attachment_sudo = self.sudo()[name]
        return attachment_sudo._full_path(attachment_sudo.store_fname)

    def _read_head(self):
        """Read titles and first rows, and say what each column probably is."""
        self.ensure_one()
        rows = []
        try:
            for row in tables.read_rows(self._path()):
                if row or rows:
                    rows.append([tables.as_text(cell) for cell in row])
                if len(rows) > PREVIEW_ROWS:
                    break
        except tables.TableError as exc:
            raise UserError(self._describe_table_error(str(exc))) from exc
        if len(rows) < 2:
            raise UserError(
                self.env._(
                    "The file has no lines under its titles. The first row must hold "
                    "the titles of the columns, the lines follow."
                )
            )
        known = self._get_remembered_targets()
        titles = rows[0]
        # sudo: what the file says is the program's to write
        record_sudo = self.sudo()
        record_sudo.column_ids.unlink()
        record_sudo.write(
            {
                "preview": rows,
                "sha256": file_store.sha256_of(self._path()),
                "name": os.path.basename(self.name),
                "column_ids": [
                    fields.Command.create(values)
                    for values in self._prepare_columns(titles, rows[1:], known)
                ],
            }
        )

    @api.model
    def _prepare_columns(self, titles, samples, known):
        taken, columns = set(), []
        width = max(len(row) for row in (titles, *samples))
        for place in range(width):
            title = titles[place] if place < len(titles) else ""
            target = known.get(title) or register_lines.guess_target(title)
            if target in taken:
                target = False
            taken.add(target)
            texts = (row[place] for row in samples if place < len(row))
            sample = next(filter(None, texts), "")
            columns.append(
                {"place": place, "title": title, "sample": sample, "target": target}
            )
        return columns

    def _get_remembered_targets(self):
        """Return what the columns were in the last import of this register."""
        last = self.search(
            [
                ("register_id", "=", self.register_id.id),
                ("id", "!=", self.id),
                ("state", "!=", MAPPING),
            ],
            limit=1,
        )
        return {
            column.title: column.target
            for column in last.column_ids
            if column.title and column.target
        }

    def _check_columns(self):
        """Say which column is missing or chosen twice."""
        if not self.attachment_id:
            raise UserError(self.env._("Choose a file first."))
        if self.state != MAPPING:
            raise UserError(self.env._("This file has been checked already."))
        labels = self.column_ids._get_target_labels()
        targets = [target for target in self.column_ids.mapped("target") if target]
        twice = sorted({target for target in targets if targets.count(target) > 1})
        if twice:
            raise UserError(
                self.env._(
                    "Two columns are “%(column)s”. Choose it for one of them only.",
                    column=labels[twice[0]],
                )
            )
        needed = [name for name in REQUIRED if name not in targets]
        if "registration_date" in needed and self._has_dates_with_numbers():
            needed.remove("registration_date")
        if needed:
            raise UserError(
                self.env._(
                    "Say which column holds: %(columns)s. Without it the lines can't "
                    "be imported.",
                    columns=", ".join(labels[name] for name in needed),
                )
            )

    def _has_dates_with_numbers(self):
        """Tell whether the numbers are written as number/date."""
        column = self.column_ids.filtered(lambda c: c.target == "number")
        return "/" in (column.sample or "")

    def _describe_table_error(self, code):
        texts = {
            tables.EMPTY: self.env._("The file is empty."),
            tables.PASSWORD: self.env._(
                "The file is locked with a password or was written by an Excel older "
                "than 2007. Save it as XLSX without a password, or as CSV."
            ),
            tables.TOO_BIG: self.env._(
                "The file unpacks to more than 2 GB. Split it by years."
            ),
            tables.UNKNOWN_TYPE: self.env._(
                "This isn't a table. Choose a CSV, XLSX or ODS file."
            ),
        }
        return texts.get(code) or self.env._(
            "The file is damaged and can't be read to its end. Open it in a "
            "spreadsheet program, save it again, and choose the new file."
        )
