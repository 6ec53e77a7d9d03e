"""Registering an entry and giving it its number.

Kept apart from the entry's fields because this is the path every writer waits on: it
makes one UPDATE, one journal row and, after the commit, one statement.
"""

import logging

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.service.model import retrying

from .. import numbering, year_lock
from .pcu_register_entry import DRAFT, WAITING

_logger = logging.getLogger(__name__)

_PENDING = "pcu_registry.number"


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    def init(self):
        numbering.install_functions(self.env.cr)
        numbering.install_triggers(self.env.cr, self._table)
        year_lock.install(self.env.cr, self._table)
        return super().init()

    # ------------------------------------------------------------------ actions

    def action_register(self):
        """Register from a button; the client then reads the number."""
        if wrong := self.filtered(lambda entry: entry.state != DRAFT):
            raise UserError(
                self.env._(
                    "%(entry)s is already registered.", entry=wrong[0].display_name
                )
            )
        self._do_register()
        return True

    # ------------------------------------------------------------------ business

    def _do_register(self):
        """Ask for a number: the rows wait, and get it right after the commit.

        Entries that are registered already are left alone, so a repeated call does no
        harm. In a test's single transaction the number is there on return.
        """
        drafts = self.filtered(lambda entry: entry.state == DRAFT)
        if not drafts:
            return self
        drafts.check_access("write")
        drafts._check_registrable()
        given = drafts.filtered(lambda entry: any(entry._get_given_values().values()))
        for entries in [*(drafts - given).grouped("register_id").values(), *given]:
            entries._programmatic().with_context(tracking_disable=True).write(
                self._prepare_waiting_values(
                    entries.register_id, entries[:1]._get_given_values()
                )
            )
        drafts._log_registered()
        return self

    @api.model
    def _register_new(self, vals_list):
        """Create and register at once: the row is written once, not twice.

        Idempotent on ``origin_key``: what a caller has registered under a key is
        returned, not made again.
        """
        keys = [vals["origin_key"] for vals in vals_list if vals.get("origin_key")]
        known = {
            entry.origin_key: entry
            for entry in self.sudo().search(
                [("origin_key", "in", keys), ("state", "!=", DRAFT)]
            )
        } if keys else {}  # fmt: skip
        new_vals = []
        for vals in vals_list:
            if vals.get("origin_key") in known:
                continue
            register = self.env["pcu.register"].browse(
                vals.get("register_id") or self._default_register_id().id
            )
            new_vals.append(
                {
                    **vals,
                    "register_id": register.id,
                    **self._prepare_waiting_values(register, vals),
                }
            )
        created = self._programmatic().create(new_vals).with_env(self.env)
        if created:
            created._check_registrable()
            created._log_registered()
        fresh = iter(created)
        return self.browse(
            (known.get(vals.get("origin_key")) or next(fresh)).id for vals in vals_list
        )

    def _check_registrable(self):
        """Say what is missing or wrong before a number is asked for."""
        self._check_complete()

    def _check_complete(self):
        for entry in self:
            missing = []
            if not (entry.summary or "").strip():
                missing.append(self.env._("the summary of the content"))
            if entry.direction == "incoming" and not entry.sender_id:
                missing.append(
                    self.env._("the issuer (choose “anonymous” if it isn't known)")
                )
            if entry.direction == "outgoing" and not entry.recipient_id:
                missing.append(self.env._("the recipient"))
            if missing:
                raise UserError(
                    self.env._(
                        "Fill in before registering: %(missing)s.",
                        missing=", ".join(missing),
                    )
                )

    @api.model
    def _get_given_fields(self):
        """Name the fields that decide about a number other than the next one."""
        return []

    def _get_given_values(self):
        """Return the values of those fields, as one would write them."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_given_fields()
        }

    @api.model
    def _prepare_waiting_values(self, register, values=None):
        """Say what registering writes into a row.

        :param values: the row's values; those of ``_get_given_fields`` matter
        """
        now = fields.Datetime.now()
        day = local_day(now)
        return {
            "state": WAITING,
            "registered_at": now,
            "registration_date": day,
            "year": day.year,
            "register_year_id": register._year_for(day).id,
        }

    def _log_registered(self):
        self.env["pcu.journal"]._log(self, "entry_registered")
        self._number_after_commit()

    # ------------------------------------------------------------------ numbering

    def _number_after_commit(self):
        """Number right after the commit; at once in a test's single transaction."""
        if modules.module.current_test:
            self._number_waiting(self.register_year_id.ids)
            return
        postcommit = self.env.cr.postcommit
        if _PENDING not in postcommit.data:
            postcommit.data[_PENDING] = {}
            postcommit.add(self.env["pcu.register.entry"]._number_pending)
        pending = postcommit.data[_PENDING]
        for year, entries in self.grouped("register_year_id").items():
            pending.setdefault(year.id, []).extend(entries.ids)

    @api.model
    def _number_pending(self):
        """Run in postcommit: what was asked for is safe, nothing here may fail it."""
        cr = self.env.cr
        pending = cr.postcommit.data.get(_PENDING, {})
        try:
            if numbering.is_idle(cr.connection):
                # The connection that has just committed serves at once; another
                # one from the pool costs four round trips more.
                self._run_after_numbered(self._number_on(cr, pending)[1])
            else:
                self._number_waiting(pending)
        except Exception:
            # The entry is committed and waits; the minute sweep numbers it.
            _logger.exception("Numbering of register years %s put off", list(pending))

    @api.model
    def _number_waiting(self, year_ids):
        """Number every committed waiting row of these years; return the numbered.

        :return: list of ``(entry id, number)``
        """
        if modules.module.current_test:
            self.env.flush_all()
            numbered = self._number_each(self.env.cr, dict.fromkeys(year_ids))
            self.browse(entry_id for entry_id, _number in numbered)._took_number()
            return numbered
        with self.env.registry.cursor() as cr:
            numbered, of_programs = self._number_on(cr, dict.fromkeys(year_ids))
        self._run_after_numbered(of_programs)
        return numbered

    @api.model
    def _number_on(self, cr, entry_ids_by_year):
        """Number, and return what was numbered and which of it programs wait for."""
        with numbering.short_transactions(cr.connection):
            numbered = self._number_each(cr, entry_ids_by_year)
            ids = [entry_id for entry_id, _number in numbered]
            extended = (
                type(self)._after_numbered is not PcuRegisterEntry._after_numbered
            )
            waited_for = extended and ids
            return numbered, (
                numbering.registered_by_programs(cr, ids) if waited_for else []
            )

    @api.model
    def _number_each(self, cr, entry_ids_by_year):
        numbered = []
        for year_id, entry_ids in sorted(entry_ids_by_year.items()):
            numbered += numbering.number_waiting(cr, year_id, entry_ids)
        return numbered

    @api.model
    def _run_after_numbered(self, entry_ids):
        """Give newly numbered entries to the hook, in a transaction of its own."""
        if not entry_ids:
            return
        try:
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                entries = env["pcu.register.entry"].browse(entry_ids)
                retrying(entries._after_numbered, env)
        except Exception:
            # Safe to lose: whoever extends the hook also finds its work by sweeping.
            _logger.exception("After-number hook failed for entries %s", entry_ids)

    def _took_number(self):
        """Show in a test's one transaction what the kernel wrote under the ORM."""
        self.invalidate_recordset(["number", "reference", "state", "display_name"])
        self.register_year_id.invalidate_recordset(["last_number"])
        entries = self.sudo().with_context(pcu_registry=None)
        if of_programs := entries.filtered("origin_key"):
            of_programs._after_numbered()

    def _after_numbered(self):
        """Extend: called after entries got their number, in an own transaction.

        Only for what a program registered under an ``origin_key``: a clerk's own
        entries at the counter pay for no second transaction. Safe to lose (the process
        may die before it) and safe to repeat: whoever extends it must find what is left
        to do from the rows alone.
        """

    @api.model
    def _cron_number_waiting(self):
        """Number what a dead process left waiting; every minute."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT DISTINCT register_year_id FROM pcu_register_entry"
            " WHERE state = 'waiting'"
        )
        year_ids = [year_id for (year_id,) in self.env.cr.fetchall()]
        if year_ids:
            self._number_waiting(year_ids)
