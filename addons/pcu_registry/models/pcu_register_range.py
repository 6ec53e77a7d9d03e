"""Ranges: blocks of numbers set aside for a department, a subject or an outage."""

from odoo import api, fields, models, modules
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import numbering, year_lock
from .pcu_register_entry import PROGRAM

PURPOSES = [
    ("department", "Department"),
    ("subject", "Subject"),
    ("outage", "Outage (emergency sheet)"),
]
RANGE_STATES = [
    ("draft", "Draft"),
    ("waiting", "Waiting for its numbers"),
    ("open", "Set aside"),
]
KERNEL_FIELDS = {"state", "first_number", "last_number", "next_line", "mark"}
EXPLAINED_WITH = {"name", "holder_id", "deputy_id", "explanation"}
"""What may still be said of a range whose numbers are set aside."""


class PcuRegisterRange(models.Model):
    """A block of numbers of one register year, with a holder and a deputy.

    A clerk describes it and sets it aside: like an entry, the range is committed first
    and takes its numbers off the year's counter right after, in one step. From then on
    the holder and the deputy register from it. Numbers nobody used are listed with
    their explanation when the year is closed.
    """

    _name = "pcu.register.range"
    _description = "Number range"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Subject", required=True, help="What the numbers are set aside for."
    )
    purpose = fields.Selection(PURPOSES, default="subject", required=True)
    state = fields.Selection(RANGE_STATES, default="draft", readonly=True, copy=False)

    # The numbers
    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["pcu.register.entry"]._default_register_id(),
    )
    register_year_id = fields.Many2one(
        comodel_name="pcu.register.year",
        compute="_compute_register_year_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('register_id', '=', register_id), ('state', '=', 'open')]",
    )
    year = fields.Integer(related="register_year_id.year", aggregator=None)
    size = fields.Integer(
        string="How many numbers", default=25, required=True, aggregator=None
    )
    first_number = fields.Integer(readonly=True, copy=False, aggregator=None)
    last_number = fields.Integer(readonly=True, copy=False, aggregator=None)
    next_line = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    mark = fields.Char(
        string="Sheet",
        readonly=True,
        copy=False,
        help="The emergency sheet's mark; sheet and line are the emergency number.",
    )

    # To whom it belongs
    department_id = fields.Many2one(
        comodel_name="pcu.department", check_company=True, ondelete="restrict"
    )
    holder_id = fields.Many2one(
        comodel_name="res.users", required=True, default=lambda self: self.env.user
    )
    deputy_id = fields.Many2one(comodel_name="res.users")
    company_id = fields.Many2one(
        related="register_id.company_id", store=True, index=True, string="Institution"
    )

    # What became of it
    entry_ids = fields.One2many(
        comodel_name="pcu.register.entry", inverse_name="range_id", string="Entries"
    )
    used_count = fields.Integer(string="Used", compute="_compute_used")
    unused_text = fields.Char(string="Unused numbers", compute="_compute_used")
    explanation = fields.Text(
        string="Why numbers stay unused",
        help="Stands beside the unused numbers when the year is closed.",
    )

    _size_sane = models.Constraint(
        "CHECK(size BETWEEN 1 AND 5000)", "A range has between 1 and 5000 numbers."
    )
    _numbers_with_state = models.Constraint(
        "CHECK((first_number IS NOT NULL AND last_number IS NOT NULL)"
        " = (state = 'open'))",
        "A range has its numbers if and only if it is set aside.",
    )
    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")

    def init(self):
        numbering.install_functions(self.env.cr)
        numbering.install_triggers(self.env.cr, self._table)
        year_lock.install(self.env.cr, self._table)

    # ------------------------------------------------------------------ computes

    @api.depends("name", "first_number", "last_number", "year")
    def _compute_display_name(self):
        for record in self:
            record.display_name = (
                f"{record.first_number}–{record.last_number}/{record.year} "
                f"{record.name}"
                if record.first_number
                else record.name or ""
            )

    @api.depends("register_id")
    def _compute_register_year_id(self):
        day = local_day()
        for record in self:
            if record.register_year_id.register_id != record.register_id:
                record.register_year_id = record.register_id.year_ids.filtered(
                    lambda year: year.year == day.year
                )

    def _compute_used(self):
        used = self._get_used_numbers()
        for record in self:
            record.used_count = len(used.get(record.id, ()))
            record.unused_text = ", ".join(
                numbering.run_text(first, last)
                for first, last in record._get_unused_runs(used)
            )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.keys() & KERNEL_FIELDS:
                self._refuse_numbers()
        return super().create(vals_list)

    def write(self, vals):
        if self.env.context.get("pcu_registry") is PROGRAM:
            return super().write(vals)
        free = vals.keys() <= EXPLAINED_WITH
        if not free and any(record.state != "draft" for record in self):
            self._refuse_numbers()
        if vals.keys() & KERNEL_FIELDS:
            self._refuse_numbers()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_set_aside(self):
        if any(record.state != "draft" for record in self):
            self._refuse_numbers()

    def _sql_error_to_message(self, exc):
        """Say in the words of an entry what the lock of its year refused."""
        if exc.diag.constraint_name in year_lock.CONSTRAINTS:
            return self.env["pcu.register.entry"]._sql_error_to_message(exc)
        return super()._sql_error_to_message(exc)

    def _refuse_numbers(self):
        raise UserError(
            self.env._(
                "Numbers that are set aside stay as they are. If they aren't needed, "
                "say under “Why numbers stay unused” what became of them."
            )
        )

    # ------------------------------------------------------------------ actions

    def action_set_aside(self):
        """Set the numbers aside from a button; the client then reads them."""
        self.check_access("write")
        if any(record.state != "draft" for record in self):
            raise UserError(self.env._("These numbers are set aside already."))
        entries = self.env["pcu.register.entry"]
        entries._check_may_register(self.register_id.ids)
        for record in self:
            record._check_year(local_day())
        self.with_context(pcu_registry=PROGRAM).write({"state": "waiting"})
        self.env["pcu.journal"]._log(self, "range_set_aside")
        self._number_after_commit()
        return True

    def action_new_entry(self):
        """Open a new entry that takes its number from this range."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("From the range %(range)s", range=self.display_name),
            "res_model": "pcu.register.entry",
            "view_mode": "form",
            "context": {
                "default_register_id": self.register_id.id,
                "default_range_id": self.id,
            },
        }

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "pcu.register.entry",
            "view_mode": "list,form",
            "domain": [("range_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ numbering

    def _number_after_commit(self):
        """Take the numbers right after the commit; at once in a test."""
        if modules.module.current_test:
            self._number_waiting(self.ids)
        else:
            ids = self.ids
            model = self.env["pcu.register.range"]
            self.env.cr.postcommit.add(lambda: model._number_waiting(ids))

    @api.model
    def _number_waiting(self, range_ids):
        """Take the numbers of committed ranges off their years, in one step each."""
        if modules.module.current_test:
            self.env.flush_all()
            numbering.set_aside(self.env.cr, range_ids)
            self.browse(range_ids).invalidate_recordset()
            self.env["pcu.register.year"].invalidate_model(["last_number"])
            return
        with (
            self.env.registry.cursor() as cr,
            numbering.short_transactions(cr.connection),
        ):
            numbering.set_aside(cr, range_ids)

    @api.model
    def _cron_number_waiting(self):
        """Set aside what a dead process left waiting; every minute."""
        if waiting := self.sudo().search([("state", "=", "waiting")]):
            self._number_waiting(waiting.ids)

    # ------------------------------------------------------------------ business

    def _check_year(self, day):
        """Refuse a year that is over or closed."""
        self.ensure_one()
        year = self.register_year_id
        if year.state == "closed" or year.year < day.year:
            raise UserError(
                self.env._(
                    "%(year)s is over or closed: its numbers aren't given out any "
                    "more. Use the register year of %(current)s.",
                    year=year.display_name,
                    current=day.year,
                )
            )

    def _check_usable(self, register):
        """Let the holder and the deputy register, in this register and year only.

        :raise UserError: and say what to do instead
        """
        self.ensure_one()
        if self.state != "open":
            raise UserError(
                self.env._(
                    "The range “%(range)s” isn't set aside yet.", range=self.name
                )
            )
        if self.register_id != register:
            raise UserError(
                self.env._(
                    "The range %(range)s belongs to the register “%(register)s”. "
                    "Choose that register or another range.",
                    range=self.display_name,
                    register=self.register_id.display_name,
                )
            )
        if self.register_year_id.state == "closed":
            raise UserError(
                self.env._(
                    "%(year)s is closed: nothing more can be registered in it. Take "
                    "the next number of the register instead.",
                    year=self.register_year_id.display_name,
                )
            )
        self._check_holder()

    def _check_holder(self):
        user = self.env.user
        if self.env.su or user in (self.holder_id, self.deputy_id):
            return
        # After an outage whoever is at the desk enters the sheet.
        if self.purpose == "outage" and self.register_id.may_register:
            return
        raise UserError(
            self.env._(
                "The range %(range)s is set aside for %(holder)s. Only the holder and "
                "the deputy register from it; the registry can name another deputy.",
                range=self.display_name,
                holder=", ".join((self.holder_id | self.deputy_id).mapped("name")),
            )
        )

    def _check_moment(self, occurred_at):
        """Return when the document was registered: now, or as the paper says.

        :raise UserError: when that isn't in the range's year or isn't known
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if self.purpose != "outage":
            if local_day(now).year != self.year:
                raise UserError(
                    self.env._(
                        "The range %(range)s belongs to %(year)s, and that year's "
                        "registering ended on 31 December. Register the document with "
                        "the next number of this year; write the day it came in into "
                        "“Received on”.",
                        range=self.display_name,
                        year=self.year,
                    )
                )
            return now
        moment = fields.Datetime.to_datetime(occurred_at)
        if not moment or moment > now:
            raise UserError(
                self.env._(
                    "Fill in when the line was written on the emergency sheet; it "
                    "can't be later than now."
                )
            )
        if local_day(moment).year != self.year:
            raise UserError(
                self.env._(
                    "The emergency sheet %(range)s belongs to %(year)s; the line was "
                    "written on %(day)s. Use a sheet of that year.",
                    range=self.display_name,
                    year=self.year,
                    day=f"{local_day(moment):%d.%m.%Y}",
                )
            )
        return moment

    def _take_line(self, line=None):
        """Take the next free line, or the given one of a sheet; return it.

        The row is updated, so that of two who take a line at once one starts anew.

        :raise UserError: when the range is used up or has no such line
        """
        self.ensure_one()
        self.flush_recordset()
        if line and self._is_taken(line):
            raise UserError(
                self.env._(
                    "Line %(line)s of %(range)s has been entered already. Look at the "
                    "sheet again; each line is entered once.",
                    line=line,
                    range=self.display_name,
                )
            )
        taken = self.env.execute_query(
            SQL(
                "UPDATE pcu_register_range SET next_line = GREATEST(next_line,"
                " coalesce(%(line)s, next_line) + 1)"
                " WHERE id = %(id)s AND coalesce(%(line)s, next_line)"
                " BETWEEN 1 AND size RETURNING coalesce(%(line)s, next_line - 1)",
                line=line or None,
                id=self.id,
            )
        )
        self.invalidate_recordset(["next_line", "used_count", "unused_text"])
        if not taken:
            raise UserError(
                self.env._(
                    "The range %(range)s is used up or has no line %(line)s: its lines "
                    "go from 1 to %(size)s. Set another range aside, or take the next "
                    "number of the register.",
                    range=self.display_name,
                    line=line or self.next_line,
                    size=self.size,
                )
            )
        return taken[0][0]

    def _is_taken(self, line):
        # sudo: a line is taken even by an entry that one may not read
        entries = self.env["pcu.register.entry"].sudo()
        return bool(
            entries.search_count(
                [
                    ("range_id", "=", self.id),
                    ("range_line", "=", line),
                    ("state", "!=", "draft"),
                ],
                limit=1,
            )
        )

    def _get_used_numbers(self):
        """Return the numbers of each range that stand in the register, by range id.

        Asked of the table itself: who may not read an entry still may not take its
        number for free.
        """
        self.env["pcu.register.entry"].flush_model(["range_id", "number"])
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT range_id, array_agg(number) FROM pcu_register_entry"
                    " WHERE range_id = ANY(%s) AND number IS NOT NULL"
                    " GROUP BY range_id",
                    self.ids,
                )
            )
        )

    def _get_unused_runs(self, used):
        self.ensure_one()
        if not self.first_number:
            return []
        return list(
            numbering.unused_runs(
                self.first_number, self.last_number, used.get(self.id, ())
            )
        )
