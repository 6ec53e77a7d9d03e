"""Printed registers: asked for on a screen, drawn in the background.

The drawing is ``register_print.py``. Rows are read by a cursor that stays on the server
and with the rights of whoever asked; progress is committed meanwhile, so that the
screen shows it and a killed process shows too.
"""

import io
import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from odoo import api, fields, models, modules
from odoo.addons.pcu_base.romania import in_romanian
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import register_print
from ..printing import Pages
from ..sql_stream import stream

_logger = logging.getLogger(__name__)

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
STATES = [
    (QUEUED, "Waiting"),
    (RUNNING, "Being printed"),
    (DONE, "Ready"),
    (FAILED, "Failed"),
]
KEPT_DAYS = 30
MAX_ATTEMPTS = 3
PROGRESS_ROWS = 2000


class PcuRegisterPrintout(models.Model):
    """One print of a register: who asked for which part of it, and the file.

    The file holds what the one who asked may read and is theirs alone (the auditor
    reads everything anyway). It goes away after a month; the journal keeps who took
    what. ``queued`` and ``running`` are moved by the background job.
    """

    _name = "pcu.register.printout"
    _description = "Printed register"
    _order = "id desc"

    # What was asked for
    register_id = fields.Many2one(
        comodel_name="pcu.register", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="register_id.company_id", store=True, index=True, string="Institution"
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    date_from = fields.Date(string="From day", readonly=True)
    date_to = fields.Date(string="To day", readonly=True)
    for_binding = fields.Boolean(
        string="With opening and closing statement", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    # How far it is
    state = fields.Selection(STATES, default=QUEUED, required=True, readonly=True)
    attempts = fields.Integer(readonly=True)
    row_total = fields.Integer(string="Entries to print", readonly=True)
    row_count = fields.Integer(string="Entries printed", readonly=True)
    progress = fields.Float(string="Progress (%)", compute="_compute_progress")
    error = fields.Char(readonly=True)
    # What came out
    page_count = fields.Integer(string="Pages", readonly=True)
    finished_at = fields.Datetime(string="Finished on", readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="File", readonly=True
    )

    _queue_idx = models.Index("(id) WHERE state IN ('queued', 'running')")

    # ------------------------------------------------------------------ computes

    @api.depends("register_id.code", "year", "date_from", "date_to")
    def _compute_display_name(self):
        for record in self:
            days = [record.date_from, record.date_to]
            if days[0] == days[1]:
                days.pop()  # one day, or the whole year
            period = "–".join(_day(day) or "…" for day in days)
            record.display_name = (
                f"{record.register_id.code} {period if any(days) else record.year}"
            )

    @api.depends("row_count", "row_total", "state")
    def _compute_progress(self):
        for record in self:
            record.progress = (
                100
                if record.state == DONE
                else 100 * record.row_count / (record.row_total or 1)
            )

    # ------------------------------------------------------------------ actions

    def action_download(self):
        self.ensure_one()
        self.check_access("read")
        if self.state != DONE:
            raise UserError(
                self.env._("The register is still being printed; look again shortly.")
            )
        self.env["pcu.journal"]._log(
            self, "register_print_taken", pages=self.page_count, rows=self.row_count
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=1",
            "target": "download",
        }

    def action_refresh(self):
        """Show how far the print is."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_retry(self):
        """Ask again for what failed."""
        self.check_access("read")
        # sudo: nobody writes a printout; the right to it is the right to try again
        self.sudo().filtered(lambda record: record.state == FAILED).write(
            {"state": QUEUED, "attempts": 0, "error": False}
        )
        self._wake()

    # ------------------------------------------------------------------ business

    @api.model
    def _ask(self, values):
        """Put a print into the queue for the current user."""
        self.env["pcu.register.entry"].check_access("read")
        if values.get("for_binding") and not self._is_whole_book():
            raise AccessError(
                self.env._(
                    "The register is bound by the registry. Print your part of it "
                    "without the opening and closing statement."
                )
            )
        # sudo: printouts are made by this method alone
        record_sudo = self.sudo().create({**values, "user_id": self.env.uid})
        self.env["pcu.journal"]._log(
            record_sudo, "register_print_asked", binding=record_sudo.for_binding
        )
        self._wake()
        return record_sudo.with_env(self.env)

    @api.model
    def _wake(self):
        # sudo: scheduled jobs are the system's
        self.env.ref("pcu_registry.ir_cron_print_registers").sudo()._trigger()

    @api.model
    def _cron_print(self):
        """Print what waits, one after the other; what a dead process left, again."""
        self.search([("state", "=", RUNNING)]).write({"state": QUEUED})
        queue = self.search([("state", "=", QUEUED)], order="id")
        in_turn(self.env, queue, lambda record: record._print_or_tell())

    def _print_or_tell(self):
        """Print; what goes wrong is told on the record and logged."""
        self.ensure_one()
        self.write({"state": RUNNING, "attempts": self.attempts + 1})
        self.env["ir.cron"]._commit_progress()
        if self.attempts > MAX_ATTEMPTS:
            self.write({"state": FAILED, "error": self._describe_failure()})
            return
        try:
            self._print()
        except Exception:
            _logger.exception("Printing of %s failed", self.display_name)
            if not modules.module.current_test:
                self.env.cr.rollback()
            self.write({"state": FAILED, "error": self._describe_failure()})

    def _describe_failure(self):
        # The scheduler speaks no language.
        return in_romanian(self).env._(
            "The register couldn't be printed. Try again; if it fails again, tell the "
            "administrator: the log says why."
        )

    def _print(self):
        """Draw the file as the one who asked may see the register."""
        self.ensure_one()
        out = io.BytesIO()
        with self._reading() as env:
            pages, total = self.with_env(env)._draw(out, self._tell_progress)
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.display_name}.pdf".replace("/", "-"),
                "raw": out.getvalue(),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "state": DONE,
                "attachment_id": attachment.id,
                "page_count": pages,
                "row_count": total.rows,
                "row_total": total.rows,
                "finished_at": fields.Datetime.now(),
                "error": False,
            }
        )
        self._tell_ready()

    def _tell_ready(self):
        """Show a message to who asked, on whatever screen they are."""
        localized = self.with_context(lang=self.user_id.lang)
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success",
                "message": localized.env._(
                    "The print of %(register)s is ready: Register › Printed registers.",
                    register=self.display_name,
                ),
            },
        )

    @contextmanager
    def _reading(self):
        """Give the requester's environment on a cursor of its own.

        Progress is committed on the job's cursor while rows are still read on this
        one. In a test both are the test's cursor.
        """
        user = self.user_id
        context = {
            "lang": user.lang, "tz": user.tz,
            "allowed_company_ids": self.company_id.ids,
        }  # fmt: skip
        if modules.module.current_test:
            self.env.flush_all()
            yield api.Environment(self.env.cr, user.id, context)
            return
        with self.env.registry.cursor() as cr:
            yield api.Environment(cr, user.id, context)

    def _tell_progress(self, rows, total):
        if rows - self.row_count >= PROGRESS_ROWS or (total and not self.row_total):
            self.write({"row_count": rows, "row_total": total})
            self.env["ir.cron"]._commit_progress()

    def _draw(self, out, tell):
        """Draw; called in the requester's environment."""
        self.check_access("read")
        year = self.env["pcu.register.year"].search(
            [("register_id", "=", self.register_id.id), ("year", "=", self.year)]
        )
        entries = self.env["pcu.register.entry"]
        domain = self._get_domain()
        whole = self._is_whole_book()
        # sudo: counted only
        total = (entries.sudo() if whole else entries).search_count(domain)
        tell(0, total)
        pages = Pages(
            out,
            entries._get_fonts(),
            self.env._("page %(page)s of"),
            title=self.display_name,
            landscape=True,
        )
        if self.for_binding:
            pages.flow(year._get_opening_statement())
        book = register_print.Register(pages, self._get_texts())
        prepare = partial(self._prepare_row, self._get_resolutions())
        rows = map(prepare, self._iter_rows(domain))
        totals = book.draw(rows, lambda count: tell(count, total))
        if self.for_binding:
            pages.flow(year._get_closing_statement())
        return pages.save(), totals

    def _is_whole_book(self):
        """Tell whether rows the requester can't read are shown as taken numbers.

        The registry and the auditor print the book, where a number left out would look
        like a gap; others print what is theirs.
        """
        return self.env.user.has_groups(
            "pcu_base.group_registry_operator,pcu_base.group_auditor"
        )

    def _get_domain(self):
        domain = Domain("register_id", "=", self.register_id.id)
        domain &= Domain("year", "=", self.year) & Domain("number", "!=", False)
        if self.date_from:
            domain &= Domain("registration_date", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("registration_date", "<=", self.date_to)
        return domain

    def _iter_rows(self, domain):
        """Stream what the requester may see, in the order of the numbers."""
        self.env.flush_all()
        entries = self.env["pcu.register.entry"]
        readable = entries._search(domain)
        # sudo: of a row that can't be read only number and date are shown
        book = entries.sudo() if self._is_whole_book() else entries
        query = book._search(domain, order="number, id")
        joined = {
            field: query.left_join(query.table, field, table, "id", field)
            for field, table in (
                ("sender_id", "res_partner"),
                ("recipient_id", "res_partner"),
                ("department_id", "pcu_department"),
                ("connected_to_id", "pcu_register_entry"),
            )
        }
        columns = [
            *((query.table, name) for name in (
                "number", "registration_date", "external_number", "external_date",
                "page_count", "annex_count")),
            (joined["sender_id"], "name"),
            (query.table, "summary"),
            (joined["department_id"], "name"),
            *((query.table, name) for name in ("sent_date", "resolution")),
            (joined["recipient_id"], "name"),
            (joined["connected_to_id"], "reference"),
            *((query.table, name) for name in (
                "file_code", "direction", "state", "annulment_reason")),
        ]  # fmt: skip
        select = query.select(
            SQL(
                "%s IN %s",
                SQL.identifier(query.table, "id"),
                readable.subselect(),
            ),
            *(SQL.identifier(*column) for column in columns),
            SQL(
                "(SELECT array_agg(c.id ORDER BY c.id) FROM pcu_register_correction c"
                " WHERE c.entry_id = %s)",
                SQL.identifier(query.table, "id"),
            ),
        )
        return stream(self.env.cr, select)

    def _prepare_row(self, resolutions, row):
        """Turn a row of the table into texts of the 14 legal columns."""
        (readable, number, day, external_number, external_date, sheets, annexes,
         sender, summary, department, sent, resolution, recipient, connected, code,
         direction, state, reason, corrections) = row  # fmt: skip
        annulled = state == "annulled"
        if not readable:
            texts = [""] * 14
            texts[0], texts[1] = str(number), _day(day)
            texts[7] = self.env._("(confidential)")
            return register_print.Row(tuple(texts), direction, annulled=annulled)
        solved = resolutions.get(resolution, "")
        if annulled:
            solved = self.env._("ANNULLED: %(reason)s", reason=reason or "")
        if corrections:
            summary = f"{summary or ''} [{self._get_corrected_text(corrections)}]"
        return register_print.Row(
            (
                str(number), _day(day), external_number or "", _day(external_date),
                str(sheets or ""), str(annexes or ""), sender or "", summary or "",
                department or "", _day(sent), solved, recipient or "",
                connected or "", code or "",
            ),
            direction, sheets or 0, annexes or 0, annulled,
        )  # fmt: skip

    def _get_corrected_text(self, correction_ids):
        """Return what stood there before, as a struck-out text stays readable."""
        # sudo: who may read the row may read what was corrected in it
        corrections = self.env["pcu.register.correction"].sudo().browse(correction_ids)
        return "; ".join(corrections._to_text())

    def _get_resolutions(self):
        field = self.env["pcu.register.entry"]._fields["resolution"]
        return dict(field._description_selection(self.env))

    def _get_texts(self):
        """Gather what the pages say, in the requester's language."""
        field = self.env["pcu.register.entry"]._fields["direction"]
        return register_print.Texts(
            institution=self.company_id.name,
            title=self.env._(
                "REGISTER OF INCOMING AND OUTGOING DOCUMENTS – %(register)s",
                register=self.register_id.display_name,
            ),
            period=self._describe_period(),
            columns=self._get_columns(),
            on_page=self.env._(
                "This page: %(rows)s entries (%(directions)s), %(sheets)s sheets, "
                "%(annexes)s annexes"
            ),
            so_far=self.env._(
                "From the beginning: %(rows)s entries (%(directions)s), %(sheets)s "
                "sheets, %(annexes)s annexes"
            ),
            directions={
                code: name.lower()
                for code, name in field._description_selection(self.env)
            },
        )

    def _describe_period(self):
        if not self.date_from and not self.date_to:
            return self.env._("Year %(year)s", year=self.year)
        if self.date_from == self.date_to:
            return self.env._("Day of %(day)s", day=_day(self.date_from))
        return self.env._(
            "Year %(year)s, %(first)s – %(last)s",
            year=self.year,
            first=_day(self.date_from) or f"01.01.{self.year}",
            last=_day(self.date_to) or f"31.12.{self.year}",
        )

    def _get_columns(self):
        """Name the 14 columns (Instructions on archive work, Order 217/1996)."""
        return (
            self.env._("Registration number"),
            self.env._("Date of registration"),
            self.env._("Number given to the document by its issuer"),
            self.env._("Date given to the document by its issuer"),
            self.env._("No. of sheets"),
            self.env._("No. of annexes"),
            self.env._("Issuer"),
            self.env._("Content of the document, in short"),
            self.env._("Department it was routed to"),
            self.env._("Date of dispatch"),
            self.env._("Way of solving"),
            self.env._("Recipient"),
            self.env._("Registration number it is connected to"),
            self.env._("Code of the file in the file plan"),
        )

    # ------------------------------------------------------------------ collection

    @api.autovacuum
    def _gc_printouts(self):
        """Let files with personal data go after a month."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit)]).unlink()


def _day(day):
    return f"{day:%d.%m.%Y}" if day else ""
