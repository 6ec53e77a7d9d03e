"""Daily closings: what was registered on a day, sealed and chained to the day before.

One chain a register, because a register is a book of its own with numbers of its own.
Every calendar day has its closing, also one without entries, so that a missing one
shows. The file is ``closing.py``; checking it without the suite is
``static/tools/verify_closing.py``.
"""

import base64
import json
import logging
from datetime import date, datetime, time, timedelta
from itertools import chain, zip_longest
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import LOCAL_ZONE, local_day
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import closing, numbering
from ..sql_stream import stream

_logger = logging.getLogger(__name__)


class PcuRegisterClosing(models.Model):
    """The closing of one day of one register.

    Made by the nightly job, or by the operator with a button; never changed, which the
    database itself enforces. An entry or a document stands in exactly one closing: that
    of the day on which it came into the register, or the next one when it was typed in
    for a day already closed (an imported register, an outage).
    """

    _name = "pcu.register.closing"
    _description = "Daily closing"
    _order = "day desc, register_id"
    _rec_names_search = ["register_id.name", "register_id.code"]

    register_id = fields.Many2one(
        comodel_name="pcu.register", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        readonly=True,
        index=True,
    )
    day = fields.Date(required=True, readonly=True, index=True)
    sequence = fields.Integer(
        string="Closing no.", required=True, readonly=True, aggregator=None
    )
    # What is in it
    entry_count = fields.Integer(string="Entries", readonly=True)
    document_count = fields.Integer(string="Documents", readonly=True)
    annulment_count = fields.Integer(
        string="Annulled later",
        readonly=True,
        help="Entries of earlier closings that were annulled on this day.",
    )
    entry_ids = fields.One2many(
        comodel_name="pcu.register.entry", inverse_name="closing_id", string="Positions"
    )
    # The chain
    previous_digest = fields.Char(
        string="Digest of the day before", required=True, readonly=True
    )
    digest = fields.Char(string="SHA-256 of the file", required=True, readonly=True)
    document_id = fields.Many2one(
        comodel_name="pcu.document",
        string="File of the closing",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    content = fields.Binary(string="File", compute="_compute_content")
    content_name = fields.Char(compute="_compute_content_name")

    _register_day_uniq = models.Constraint(
        "UNIQUE(register_id, day)", "This day of the register is already closed."
    )
    _register_sequence_uniq = models.Constraint(
        "UNIQUE(register_id, sequence)", "This day of the register is already closed."
    )

    def init(self):
        numbering.install_functions(self.env.cr)
        self.env.cr.execute(closing.TRIGGERS[self._table])

    # ------------------------------------------------------------------ computes

    @api.depends("register_id.code", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.register_id.code} {record.day:%d.%m.%Y}"

    def _compute_content(self):
        for record in self:
            record.content = base64.b64encode(record._read_file())

    def _compute_content_name(self):
        for record in self:
            record.content_name = closing.file_name(record.register_id.code, record.day)

    # ------------------------------------------------------------------ CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closing(self):
        raise UserError(self.env._("The closing of a day is never deleted."))

    def write(self, vals):
        if self:
            raise UserError(self.env._("The closing of a day is never changed."))
        return super().write(vals)

    # ------------------------------------------------------------------ actions

    def action_download(self):
        """Give the file to whoever may read the closing."""
        self.ensure_one()
        self.env["pcu.journal"]._log(self, "closing_exported")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content"
            "?filename_field=content_name&download=1",
            "target": "download",
        }

    def action_verify(self):
        """Check these closings and say what was found."""
        faults = [fault for register in self.register_id
                  for fault in self._check_chain(register)]  # fmt: skip
        changed = sum(record._count_changed() for record in self)
        if faults:
            message = "\n".join(faults[:20])
        elif changed:
            message = self.env._(
                "The files and their chain are unbroken. Corrected since then: "
                "%(entries)s; the journal says by whom and why.",
                entries=self.env["pcu.register.year"]._say_entries(changed),
            )
        else:
            message = self.env._(
                "The files and their chain are unbroken, and the register still says "
                "what was closed."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if faults else "warning" if changed else "success",
                "sticky": bool(faults or changed),
                "message": message,
            },
        }

    def action_close_days(self):
        """Close, on demand, all days of all registers that are over."""
        self._check_may_close()
        registers = self.env["pcu.register"].with_context(active_test=False)
        closed = self.browse()
        for register in registers.search(
            [("company_id", "in", self.env.companies.ids)]
        ):
            for day in self._get_open_days(register):
                closed |= self._close_day(register, day)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Days closed: %(count)s.", count=len(closed))
                if closed
                else self.env._("All days that are over are closed already."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_may_close(self):
        user = self.env.user
        if not self.env.su and not user.has_groups(
            "pcu_base.group_registry_operator,pcu_base.group_admin"
        ):
            raise AccessError(
                self.env._(
                    "Days are closed by the registry or the administrator. Ask them, "
                    "or wait for the night: it happens by itself."
                )
            )

    # ------------------------------------------------------------------ closing

    @api.model
    def _get_last(self, register):
        # sudo: the chain goes on whoever closes the day
        return self.sudo().search(
            [("register_id", "=", register.id)], order="sequence desc", limit=1
        )

    @api.model
    def _get_open_days(self, register):
        """Return the days that are over and not closed, oldest first."""
        yesterday = local_day() - timedelta(1)
        if last := self._get_last(register):
            first = last.day + timedelta(1)
        elif began := self._get_first_day(register):
            first = min(began, yesterday)
        else:
            return []
        return [first + timedelta(n) for n in range((yesterday - first).days + 1)]

    @api.model
    def _get_first_day(self, register):
        """Return the day on which the register's first entry was typed in.

        Not the day of its first entry: an imported register would begin years ago.
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT (min(create_date) AT TIME ZONE 'UTC' AT TIME ZONE %s)::date"
                " FROM pcu_register_entry"
                " WHERE register_id = %s AND closing_id IS NULL AND number IS NOT NULL",
                LOCAL_ZONE.key,
                register.id,
            )
        )[0][0]

    @api.model
    def _close_day(self, register, day: date):
        """Close a day of a register.

        :raise UserError: when the day isn't over, is closed, comes before an open one,
            or has entries that wait for their number
        """
        last = self._get_last(register)
        self._check_closable(register, day, last)
        values = {
            "register_id": register.id,
            "company_id": register.company_id.id,
            "day": day,
            "sequence": last.sequence + 1,
            "previous_digest": last.digest or closing.GENESIS,
        }
        name = closing.file_name(register.code, day)
        # sudo: nobody writes closings but this method
        record_sudo = self.sudo()._create_with_file(values, name, register, day)
        record_sudo._take_rows(register, day)
        self.env["pcu.journal"]._log(
            record_sudo, "day_closed", digest=record_sudo.digest
        )
        return record_sudo.with_env(self.env)

    def _check_closable(self, register, day, last):
        entries = self.env["pcu.register.entry"]
        values = {"register": register.code, "day": f"{day:%d.%m.%Y}"}
        if day >= local_day():
            raise UserError(
                self.env._(
                    "%(day)s isn't over; %(register)s is closed for it after midnight.",
                    **values,
                )
            )
        if last and day <= last.day:
            raise UserError(
                self.env._("%(day)s is already closed in %(register)s.", **values)
            )
        if last and day > last.day + timedelta(1):
            raise UserError(
                self.env._(
                    "Close the days of %(register)s in their order; the next one is "
                    "%(next)s.",
                    next=f"{last.day + timedelta(1):%d.%m.%Y}",
                    **values,
                )
            )
        # sudo: what waits is asked, not read
        if entries.sudo().search_count(
            [
                ("register_id", "=", register.id),
                ("state", "=", "waiting"),
                ("registration_date", "<=", day),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "%(register)s has entries of %(day)s that still wait for their "
                    "number. Try again in a minute.",
                    **values,
                )
            )

    def _create_with_file(self, values, name, register, day):
        """Write the file, keep it as a document, make the row; called as sudo."""
        self.env.flush_all()
        documents = self.env["pcu.document"]
        path = documents._new_partial()
        header = {
            "file": name,
            "institution": register.company_id.name,
            "cui": register.company_id.pcu_cui or "",
            "register": register.code,
            "day": day,
            "sequence": values["sequence"],
            "previous": values["previous_digest"],
        }
        with open(path, "wb") as out:
            counts = closing.write_file(out, header, self._iter_records(register, day))
        vals = {
            "name": name,
            "kind": "issued",
            "company_id": register.company_id.id,
            "res_model": self._name,
            "declared_type": "text/plain",
        }
        document = documents._ingest([(path, vals)], keep_on_rollback=False)
        record = self.create(
            {
                **values,
                "digest": document.sha256,
                "document_id": document.id,
                "entry_count": counts["entry"],
                "document_count": counts["document"],
                "annulment_count": counts["annulment"],
            }
        )
        document.res_id = record.id
        return record

    @api.model
    def _iter_records(self, register, day):
        """Give the lines of a day: entries, documents, annulments of closed entries."""
        cr = self.env.cr
        began, ended = self._get_bounds(day)
        entries = SQL(
            closing.ENTRIES,
            which=SQL(
                "e.register_id = %s AND e.closing_id IS NULL AND e.number IS NOT NULL"
                " AND e.registration_date <= %s",
                register.id,
                day,
            ),
        )
        documents = SQL(
            closing.DOCUMENTS,
            which=SQL(
                "d.closing_id IS NULL AND d.received_at < %s AND e.register_id = %s"
                " AND e.number IS NOT NULL AND e.registration_date <= %s",
                ended,
                register.id,
                day,
            ),
        )
        annulments = SQL(
            closing.ANNULMENTS,
            which=SQL(
                "e.register_id = %s AND e.closing_id IS NOT NULL"
                " AND e.annulled_at >= %s AND e.annulled_at < %s",
                register.id,
                began,
                ended,
            ),
        )
        return chain(
            map(closing.entry_record, stream(cr, entries)),
            map(closing.document_record, stream(cr, documents)),
            map(closing.annulment_record, stream(cr, annulments)),
        )

    @api.model
    def _get_bounds(self, day):
        """Return the first moment of a Romanian day and of the next one, in UTC."""
        return [
            datetime.combine(each, time(), LOCAL_ZONE)
            .astimezone(ZoneInfo("UTC"))
            .replace(tzinfo=None)
            for each in (day, day + timedelta(1))
        ]

    def _take_rows(self, register, day):
        """Mark what the file holds; the same conditions, the same snapshot."""
        values = {
            "closing": self.id,
            "register": register.id,
            "day": day,
            "ended": self._get_bounds(day)[1],
        }
        # Documents first: they are told by entries that are still open, too.
        self.env.execute_query(SQL(closing.TAKE_DOCUMENTS, **values))
        self.env.execute_query(SQL(closing.TAKE_ENTRIES, **values))
        self.env["pcu.register.entry"].invalidate_model(["closing_id"])
        self.env["pcu.document"].invalidate_model(["closing_id"])

    # ------------------------------------------------------------------ checking

    def _read_file(self):
        """Give the bytes of the file to whoever may read the closing."""
        self.check_access("read")
        # sudo: the right to the closing is the right to its file
        return self.sudo().document_id._read()

    @api.model
    def _check_chain(self, register):
        """Return in words what is wrong with the closings of a register, or nothing."""
        faults, previous, expected = [], closing.GENESIS, None
        # sudo: the chain is one, whoever asks; only what is wrong is told
        for record in self.sudo().search(
            [("register_id", "=", register.id)], order="sequence"
        ):
            if expected and record.day != expected:
                faults.append(
                    self.env._(
                        "%(closing)s: the day before it is missing.",
                        closing=record.display_name,
                    )
                )
            if not record.document_id._is_intact():
                faults.append(
                    self.env._(
                        "%(closing)s: the stored file isn't the one that was made.",
                        closing=record.display_name,
                    )
                )
            if (
                record.digest != record.document_id.sha256
                or record.previous_digest != previous
            ):
                faults.append(
                    self.env._(
                        "%(closing)s: it doesn't follow the closing of the day before.",
                        closing=record.display_name,
                    )
                )
            previous, expected = record.digest, record.day + timedelta(1)
        return faults

    def _count_changed(self):
        """Count the entries that say something else than when they were closed."""
        self.ensure_one()
        self.env.flush_all()
        rows = stream(
            self.env.cr,
            SQL(closing.ENTRIES, which=SQL("e.closing_id = %s", self.id)),
        )
        lines = map(json.loads, self._read_file().splitlines())
        then = [line["content"] for line in lines if line["type"] == "entry"]
        # Both in the order of the file, for a reply has the number of another entry.
        now = [closing.entry_record(row)["content"] for row in rows]
        return sum(a != b for a, b in zip_longest(then, now))

    # ------------------------------------------------------------------ cron

    @api.model
    def _cron_close_days(self):
        """Close every day that is over, in each register; what can't wait, waits."""
        # A register in the archive has days of before that no other act closes.
        registers = self.env["pcu.register"].with_context(active_test=False)
        todo = [
            (register, day)
            for register in registers.search([], order="id")
            for day in self._get_open_days(register)
        ]
        stuck = self.env["pcu.register"]

        def close(one):
            nonlocal stuck
            register, day = one
            if register in stuck:
                return
            try:
                self._close_day(register, day)
            except UserError as exc:
                # The next run tries again; the register's year can't be closed.
                _logger.warning("Day not closed: %s", exc)
                stuck |= register

        in_turn(self.env, todo, close)
