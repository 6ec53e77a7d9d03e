"""How a platform goes: health in words, one incident per cause, the breaker."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day, local_time
from odoo.tools import SQL

from .. import exchange_states as es
from .. import problems, retry_ladder
from ..adapters.base import ExchangeError
from .pcu_platform import RUNNING, STOPPED, UNREACHABLE

#: The one incident that is open: why, what exactly, since when.
INCIDENT = ("incident_code", "incident_detail", "incident_at")
#: To-dos that are done when the platform works again, and those that a person ends.
UNTIL_IT_WORKS = "mail.mail_activity_data_warning"
UNTIL_DONE = "mail.mail_activity_data_todo"


class PcuPlatform(models.Model):
    """Health and faults of the platform as a whole."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"

    # In words
    health = fields.Selection(
        selection=[
            ("good", "All well"),
            ("busy", "Working"),
            ("attention", "Needs attention"),
            ("bad", "Not working"),
        ],
        compute="_compute_health",
    )
    health_text = fields.Char(compute="_compute_health", string="In short")
    incoming_count = fields.Integer(compute="_compute_counts", string="To register")
    registered_count = fields.Integer(
        compute="_compute_registered_count", string="Registered"
    )
    stuck_count = fields.Integer(compute="_compute_counts", string="Need a person")
    owed_count = fields.Integer(compute="_compute_counts", string="Answers to send")
    oldest_waiting_at = fields.Datetime(
        compute="_compute_counts", string="Oldest unregistered"
    )

    # ------------------------------------------------------------------
    # Health
    # ------------------------------------------------------------------

    def _compute_counts(self):
        """Count what waits, in two queries for all platforms together."""
        rows = self.env["pcu.exchange.item"]._read_group(
            [
                ("platform_id", "in", self.ids),
                ("state", "in", [*es.INTAKE, *es.STUCK]),
            ],
            ["platform_id", "state"],
            ["__count", "first_seen_at:min"],
        )
        effects = self.env["pcu.exchange.effect"]._read_group(
            [
                ("platform_id", "in", self.ids),
                ("state", "in", [*es.EFFECT_OPEN, *es.STUCK]),
            ],
            ["platform_id", "state"],
            ["__count"],
        )
        for platform in self:
            own = {s: (n, first) for p, s, n, first in rows if p == platform}
            out = {s: n for p, s, n in effects if p == platform}
            platform.incoming_count = sum(own[s][0] for s in es.INTAKE if s in own)
            platform.stuck_count = sum(
                own.get(s, (0,))[0] + out.get(s, 0) for s in es.STUCK
            )
            platform.owed_count = sum(out.get(s, 0) for s in es.EFFECT_OPEN)
            platform.oldest_waiting_at = min(
                (first for _count, first in own.values()), default=False
            )

    def _compute_registered_count(self):
        """Count what ended well; of years of submissions only an index is read."""
        rows = (
            self.env["pcu.exchange.item"]
            # sudo: who sees a platform sees all that came through it
            .sudo()
            ._read_group(
                [
                    ("platform_id", "in", self.ids),
                    ("state", "in", list(es.IN_REGISTER)),
                ],
                ["platform_id"],
                ["__count"],
            )
        )
        counts = {platform.id: count for platform, count in rows}
        for platform in self:
            platform.registered_count = counts.get(platform.id, 0)

    @api.depends("active", "state", "last_success_at", "incident_code", "failures")
    @api.depends_context("lang", "tz")
    def _compute_health(self):
        """Say in one word and one sentence how the platform goes."""
        for platform in self:
            platform.health, platform.health_text = platform._get_health()

    def _get_health(self):
        """Return the state of health and the sentence that says it."""
        self.ensure_one()
        if not self.active:
            return "bad", self.env._("Archived: nothing is taken over.")
        if self.safe_mode:
            return "bad", self.env._(
                "This database is a copy: nothing is read or sent. Confirm the "
                "database to work with this platform from here."
            )
        if self.state == STOPPED:
            return "bad", self.incident or self.env._("Stopped.")
        if self.state == UNREACHABLE:
            return "bad", self.env._(
                "Unreachable since %(since)s. Nothing is lost; the next try is by "
                "itself.",
                since=self._local_time(self.incident_at),
            )
        if why := self._get_attention():
            return "attention", why
        if self.incoming_count or self.owed_count:
            return "busy", self.env._(
                "To register: %(incoming)s; answers to send: %(owed)s.",
                incoming=self.incoming_count,
                owed=self.owed_count,
            )
        return "good", self.env._(
            "Everything is registered and answered. Last look: %(last)s.",
            last=self._local_time(self.last_success_at),
        )

    def _get_attention(self):
        """Return what somebody should look at though the platform works, or False."""
        if self.failures:
            return self.env._(
                "The platform does not answer (faults in a row: %(count)s). Nothing is "
                "lost; it is tried again by itself.",
                count=self.failures,
            )
        if self.incident:
            return self.incident
        if not self.last_success_at:
            return self.env._(
                "Nothing has been taken over yet. Press “Test the connection”."
            )
        if self._is_late():
            return self.env._(
                "Not looked at since %(since)s. Check that the scheduled actions run.",
                since=self._local_time(self.last_success_at),
            )
        if self._has_backlog():
            return self.env._(
                "Nothing new is listed: %(count)s wait for their number, or the disk "
                "is nearly full. What is new waits on the platform.",
                count=self.incoming_count,
            )
        if self.stuck_count:
            return self.env._("%(count)s waiting for a person.", count=self.stuck_count)
        return self._get_due_todo()

    def _get_due_todo(self):
        """Return what somebody was called for and has not marked as done, or False."""
        today = local_day()
        # sudo: who sees a platform may know what it waits for, whoever was called
        due = self.sudo().activity_ids.filtered(lambda a: a.date_deadline <= today)
        return bool(due) and self.env._(
            "%(todo)s. Mark the to-do below as done when it is.",
            todo=due[0].summary or due[0].activity_type_id.name,
        )

    def _is_late(self):
        """Nobody looked for three intervals: the scheduler itself may be off."""
        now = fields.Datetime.now()
        patience = timedelta(minutes=3 * self._get_longest_pause(now) + 2)
        return self.last_success_at < now - patience

    def _local_time(self, moment):
        """Write a moment as the clocks of the town hall show it."""
        if not moment:
            return "–"
        return local_time(moment).strftime("%d.%m.%Y %H:%M")

    # ------------------------------------------------------------------
    # Faults of the platform as a whole
    # ------------------------------------------------------------------

    def _note_platform_fault(self, kind, detail="", listing=False):
        """Count a fault; open the breaker, or stop after a refused sign-in.

        :param listing: the list itself met it, and not one submission
        """
        self.ensure_one()
        counted = problems.PLATFORM_FAULTS + (problems.LIST_FAULTS if listing else ())
        if kind in ("auth", *counted):
            self._lock_row()
        if kind == "auth":
            self._open_incident(STOPPED, kind, detail)
            return
        if kind not in counted:
            if listing:
                self._note_list_delayed(kind, detail)
            return
        failures = self.failures + 1
        self.failures = failures
        if failures >= retry_ladder.BREAKER_THRESHOLD:
            wait = retry_ladder.delay(failures - retry_ladder.BREAKER_THRESHOLD + 1)
            self.retry_at = fields.Datetime.now() + timedelta(seconds=wait)
            self._open_incident(UNREACHABLE, kind, detail)
            self._wake_cron(self.retry_at)

    def _note_list_delayed(self, code, detail):
        """Show that the list can't be read for now, though nothing is broken."""
        if not self.incident_code:
            self.write(self._prepare_incident(code, detail))

    def _note_list_read(self):
        """Forget why the list could not be read."""
        if self.incident_code:
            self.write(dict.fromkeys(INCIDENT, False))

    @api.model
    def _prepare_incident(self, code, detail):
        """Return what an incident looks like that begins now."""
        values = (code, (detail or "")[:500], fields.Datetime.now())
        return dict(zip(INCIDENT, values, strict=True))

    def _open_incident(self, state, code, detail):
        """Show one incident per cause, and tell the administrators once."""
        if self.state == state and self.incident_code:
            return
        self.write({"state": state} | self._prepare_incident(code, detail))
        self.env["pcu.journal"]._log(self, f"platform_{state}", reason=code)
        self.message_post(body=self.incident)
        if state == STOPPED:
            self._call_administrators(self.env._("The platform refuses our sign-in"))

    def _call_administrators(self, summary, kind=UNTIL_IT_WORKS):
        """Put one to-do on the administrators' desks, unless it lies there already.

        :param kind: the to-do's type; of this one, that it goes with the incident
        """
        if summary in self.activity_ids.mapped("summary"):
            return
        group = self.env.ref("pcu_base.group_admin")
        people = group.all_user_ids.filtered(
            lambda u: u.active and not u.share and self.company_id in u.company_ids
        )
        for user in people[:5]:
            self.activity_schedule(
                kind,
                summary=summary,
                user_id=user.id,
            )

    def _note_platform_success(self):
        """Close the breaker and the incident after a call that worked."""
        self.ensure_one()
        if self.state == RUNNING and not self.failures:
            return
        self._lock_row()
        recovered = self.state != RUNNING
        self.write(self._recovered_values())
        if recovered:
            self.env["pcu.journal"]._log(self, "platform_running")
            self.activity_unlink([UNTIL_IT_WORKS])
            self.message_post(body=self.env._("The platform works again."))
            self._wake_cron()

    def _recovered_values(self):
        """Return what a platform looks like that goes again."""
        return {
            "state": RUNNING,
            "failures": 0,
            "retry_at": False,
            "next_poll_at": fields.Datetime.now(),
        } | dict.fromkeys(INCIDENT, False)

    def _claim_probe(self):
        """Take the one try that an open breaker allows; False if it is not time."""
        if self.safe_mode:
            return False
        row = self._run_sql(
            SQL(
                """
                UPDATE pcu_platform
                   SET retry_at = (clock_timestamp() AT TIME ZONE 'UTC')
                                  + interval '2 minutes'
                 WHERE id = %s AND state = %s
                   AND retry_at <= (clock_timestamp() AT TIME ZONE 'UTC')
             RETURNING id
                """,
                self.id,
                UNREACHABLE,
            )
        )
        return bool(row)

    def _probe(self):
        """Ask an unreachable platform, with one cheap call, whether it is back."""
        self.ensure_one()
        if not self._transact("_claim_probe"):
            return False
        adapter = self._transact("_make_adapter")
        listing = self.incident_code in problems.LIST_FAULTS
        try:
            # A platform in good health with a broken list is of no use.
            adapter.check_access() if listing else adapter.health()
        except ExchangeError as error:
            self._transact("_note_platform_fault", error.kind, error.detail, listing)
            return False
        finally:
            adapter.close()
        self._transact("_note_platform_success")
        return True
