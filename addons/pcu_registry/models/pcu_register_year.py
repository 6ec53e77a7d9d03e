"""Years of a register: open, counted, closed, checked."""

from datetime import date

from odoo import api, fields, models, modules, tools
from odoo.addons.pcu_base.romania import counted, local_day
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import numbering, year_lock
from .pcu_register_entry import PROGRAM

YEAR_STATES = [("open", "Open"), ("closed", "Closed")]


class PcuRegisterYear(models.Model):
    """One year of a register, with the counter of its numbers.

    Opened before 1 January (cron in December), closed after 31 December by the
    administrator. While it is open the numbering kernel moves ``last_number``; nothing
    moves it back.
    """

    _name = "pcu.register.year"
    _description = "Register year"
    _order = "year desc, register_id"
    _rec_names_search = ["register_id.name", "register_id.code"]

    register_id = fields.Many2one(
        comodel_name="pcu.register", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="register_id.company_id", store=True, index=True, string="Institution"
    )
    year = fields.Integer(
        required=True, aggregator=None, default=lambda _self: local_day().year
    )
    state = fields.Selection(YEAR_STATES, default="open", required=True, readonly=True)
    opening_number = fields.Integer(
        default=1,
        required=True,
        aggregator=None,
        help="The first number of the year; higher than 1 when the year was begun on "
        "paper or in another program.",
    )
    last_number = fields.Integer(readonly=True, aggregator=None)
    entry_count = fields.Integer(compute="_compute_entry_count")
    is_over = fields.Boolean(compute="_compute_is_over")

    # What the last continuity check found
    check_ids = fields.One2many(
        comodel_name="pcu.register.check",
        inverse_name="register_year_id",
        string="Continuity checks",
    )
    checked_at = fields.Datetime(string="Last check", compute="_compute_last_check")
    check_note = fields.Text(
        string="Result of the last check", compute="_compute_last_check"
    )

    _register_year_uniq = models.Constraint(
        "UNIQUE(register_id, year)", "This year of the register exists already."
    )
    # Always unique, for the id is: it makes closing a change of a key (year_lock.py).
    _state_key = models.UniqueIndex("(id, state)")
    _opening_number_positive = models.Constraint(
        "CHECK(opening_number > 0)", "The first number of a year is at least 1."
    )

    def init(self):
        numbering.install_functions(self.env.cr)
        numbering.install_triggers(self.env.cr, self._table)
        year_lock.install(self.env.cr, self._table)

    @api.depends("register_id.code", "year")
    def _compute_display_name(self):
        for record in self:
            code = record.register_id.code
            record.display_name = code and f"{code} {record.year or ''}"

    @api.depends("year")
    def _compute_is_over(self):
        """Only a year that has passed can be closed."""
        this_year = local_day().year
        for record in self:
            record.is_over = record.year < this_year

    @api.depends("check_ids")
    def _compute_last_check(self):
        latest = self.env["pcu.register.check"]._read_group(
            [("register_year_id", "in", self.ids)], ["register_year_id"], ["id:max"]
        )
        checks = {
            year: self.env["pcu.register.check"].browse(check_id)
            for year, check_id in latest
        }
        for record in self:
            check = checks.get(record, self.env["pcu.register.check"])
            record.checked_at = check.checked_at
            record.check_note = check.note

    def _compute_entry_count(self):
        # Counted in SQL: an administrator sees how many, not which.
        counts = dict(
            self.env.execute_query(
                SQL(
                    "SELECT register_year_id, count(*) FROM pcu_register_entry"
                    " WHERE register_year_id = ANY(%s) AND number IS NOT NULL"
                    " AND answers_id IS NULL GROUP BY register_year_id",
                    self.ids,
                )
            )
        )
        for record in self:
            record.entry_count = counts.get(record.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "open") != "open":
                self._refuse_by_hand()
            vals["last_number"] = vals.get("opening_number", 1) - 1
        years = super().create(vals_list)
        self.env.registry.clear_cache()
        return years

    def write(self, vals):
        by_hand = self.env.context.get("pcu_registry") is not PROGRAM
        if by_hand and vals.keys() & {"state", "last_number"}:
            self._refuse_by_hand()
        if "opening_number" in vals:
            self._check_unused()
            vals = dict(vals, last_number=vals["opening_number"] - 1)
        result = super().write(vals)
        if "state" in vals:
            self.env.registry.clear_cache()
        return result

    def _refuse_by_hand(self):
        raise UserError(
            self.env._(
                "A year is closed and opened again by its buttons, and its last number "
                "moves by registering. They can't be written directly."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        if any(year.last_number >= year.opening_number for year in self):
            raise UserError(
                self.env._(
                    "Numbers have already been given in this year. Its first number "
                    "can't be changed and the year can't be deleted."
                )
            )

    # ------------------------------------------------------------------ actions

    def action_close(self):
        """Close the year: nothing more is registered in it.

        The row of numbers is checked once more; the statement tells what was found.
        """
        for record in self:
            record._check_closable()
            record._lock_and_check_again()
        self.env["pcu.journal"]._log(self, "register_year_closed")
        self.with_context(pcu_registry=PROGRAM).write({"state": "closed"})
        return self._tell_closed()

    def _lock_and_check_again(self):
        """Wait for whoever registers in this year, then see what they have left.

        Our own snapshot is older than the wait, so what they committed meanwhile is
        only seen by a new one.
        """
        self.env.execute_query(
            SQL("SELECT id FROM pcu_register_year WHERE id = %s FOR UPDATE", self.id)
        )
        if not modules.module.current_test:  # a test has its one transaction
            with self.env.registry.cursor() as cr:
                self.with_env(self.env(cr=cr))._check_closable()

    def _tell_closed(self):
        """Keep a last check, tell it, and say what is done with a closed year."""
        checks = self.env["pcu.register.check"]
        for record in self:
            checks |= record._keep_check(record._check_continuity())
        broken = any(checks.mapped("broken"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._(
                    "Closed: %(years)s", years=", ".join(self.mapped("display_name"))
                ),
                "message": "\n".join(
                    [
                        *checks.mapped("note"),
                        self.env._(
                            "The registry prints it for binding, with the closing "
                            "statement: Registry › Register › Print a register."
                        ),
                    ]
                ),
                "type": "danger" if broken else "success",
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_closable(self):
        """Say what still stands against closing the year; other aspects add theirs.

        :return: True
        :raise UserError: and say what to do first
        """
        self.ensure_one()
        if not self.is_over:
            raise UserError(
                self.env._(
                    "The year %(year)s isn't over; a register is closed after "
                    "31 December.",
                    year=self.year,
                )
            )
        if self._count_waiting():
            raise UserError(
                self.env._(
                    "Some entries of %(year)s still wait for their number. "
                    "Try again in a minute.",
                    year=self.display_name,
                )
            )
        return True

    def action_reopen(self):
        """Open a closed year again; the journal keeps who did it."""
        self.env["pcu.journal"]._log(self, "register_year_reopened")
        self.with_context(pcu_registry=PROGRAM).write({"state": "open"})

    def action_check_continuity(self):
        """Check now and tell the result in words."""
        self.ensure_one()
        findings = self._check_continuity()
        self._keep_check(findings)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Continuity of %(year)s", year=self.display_name),
                "message": self.check_note,
                "type": "danger" if findings else "success",
                "sticky": bool(findings),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------------ business

    @api.model
    def _say_entries(self, count):
        if count == 1:
            return self.env._("one entry")
        return self.env._("%(count)s entries", count=counted(count, self.env.lang))

    @api.model
    def _say_days(self, count):
        if count == 1:
            return self.env._("one day")
        return self.env._("%(count)s days", count=counted(count, self.env.lang))

    @api.model
    @tools.ormcache("register_id", "year")
    def _open_year_id(self, register_id, year):
        """Return the id of an open year or False; cached, cleared when one closes."""
        found = self.sudo().search(
            [("register_id", "=", register_id), ("year", "=", year)]
        )
        if found.state == "closed":
            raise UserError(
                self.env._(
                    "%(year)s is closed: nothing more can be registered in it. "
                    "Ask the administrator to open it again if that must be.",
                    year=found.display_name,
                )
            )
        return found.id

    @api.model
    def _open_year(self, register, year):
        """Insert the year if nobody has; return its id."""
        register.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO pcu_register_year (register_id, company_id, year, state,"
                " opening_number, last_number, create_uid, create_date, write_uid,"
                " write_date) VALUES (%(register)s, %(company)s, %(year)s, 'open',"
                " 1, 0, %(uid)s, now() at time zone 'UTC', %(uid)s,"
                " now() at time zone 'UTC')"
                " ON CONFLICT (register_id, year) DO NOTHING RETURNING id",
                register=register.id,
                company=register.company_id.id,
                year=year,
                uid=self.env.uid,
            )
        )
        self.env.registry.clear_cache()
        register.invalidate_recordset(["year_ids"])
        return rows[0][0] if rows else self._open_year_id(register.id, year)

    def _count_waiting(self):
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM pcu_register_entry"
                " WHERE register_year_id = ANY(%s) AND state = 'waiting'",
                self.ids,
            )
        )[0][0]

    def _check_continuity(self):
        """Return what breaks the row of numbers, in order; empty when all is well.

        A reply has no number of its own; the unused numbers of a range are there,
        they are explained when the year is closed.

        :return: list of ``{"kind": "gap"|"duplicate"|"beyond", "first": n, "last": n}``
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH own AS (
                    SELECT number FROM pcu_register_entry
                     WHERE register_year_id = %(year)s AND number IS NOT NULL
                       AND answers_id IS NULL
                ), numbers AS (
                    SELECT number, count(*) AS times FROM (
                        SELECT number FROM own
                        UNION ALL
                        SELECT n FROM pcu_register_range g
                         CROSS JOIN generate_series(g.first_number, g.last_number) n
                         WHERE g.register_year_id = %(year)s
                           AND NOT EXISTS (SELECT 1 FROM own WHERE own.number = n)
                    ) given GROUP BY number
                ), bounds AS (
                    SELECT number, times,
                           lag(number, 1, %(opening)s - 1)
                           OVER (ORDER BY number) AS before FROM numbers
                    UNION ALL
                    SELECT last_number + 1, 1, GREATEST(opening_number - 1,
                           coalesce((SELECT max(number) FROM numbers), 0))
                      FROM pcu_register_year WHERE id = %(year)s
                )
                SELECT 'gap', before + 1, number - 1 FROM bounds
                 WHERE number > before + 1
                UNION ALL
                SELECT 'duplicate', number, number FROM bounds WHERE times > 1
                UNION ALL
                SELECT 'beyond', number, number FROM numbers
                 WHERE number < %(opening)s OR number > (
                       SELECT last_number FROM pcu_register_year WHERE id = %(year)s)
                ORDER BY 2, 1
                """,
                year=self.id,
                opening=self.opening_number,
            )
        )
        return [
            {"kind": kind, "first": first, "last": last} for kind, first, last in rows
        ]

    def _keep_check(self, findings):
        """Keep a result as a row; return it."""
        self.ensure_one()
        # sudo: a check also runs for an auditor, who writes nothing himself
        checks_sudo = self.env["pcu.register.check"].sudo()
        return checks_sudo.create(
            {
                "register_year_id": self.id,
                "last_number": self.last_number,
                "broken": bool(findings),
                "note": self._describe_findings(findings),
            }
        )

    def _describe_findings(self, findings):
        """Say the findings in words that a clerk can act on."""
        if not findings:
            return self._describe_row()
        texts = {
            "gap": self.env._("missing"),
            "duplicate": self.env._("given twice"),
            "beyond": self.env._("outside the counter"),
        }
        parts = [
            f"{numbering.run_text(found['first'], found['last'])} "
            f"{texts[found['kind']]}"
            for found in findings[:50]
        ]
        if len(findings) > 50:
            parts.append("…")
        return self.env._(
            "The row of numbers is broken: %(findings)s. Tell the administrator; "
            "nothing has been changed.",
            findings=", ".join(parts),
        )

    def _describe_row(self):
        """Say what an unbroken row of numbers holds."""
        if self.last_number < self.opening_number:
            return self.env._("No number has been given yet.")
        return self.env._(
            "No gap and no duplicate: %(first)s to %(last)s are all there.",
            first=self.opening_number,
            last=self.last_number,
        )

    # ------------------------------------------------------------------ cron

    @api.model
    def _cron_open_next_year(self, day: date | None = None):
        """Open next year's rows in December, before anybody needs them."""
        day = day or local_day()
        if day.month != 12:
            return
        for register in self.env["pcu.register"].search([("active", "=", True)]):
            register._year_for(date(day.year + 1, 1, 1))

    @api.model
    def _cron_check_continuity(self):
        """Check all registers every night; what is found goes to the journal."""
        self.env["pcu.register.inspection"]._inspect_all()
