"""Comparing and repairing: calls outside transactions, results in short ones.

Nothing here registers or sends. What is missing is made known to the inbox or asked
anew under its old reference; ``item.advance()`` does the rest, as it always does.
"""

import logging
import uuid
from datetime import timedelta

from odoo import fields, models
from odoo.addons.pcu_requests import request_states as rs

from .. import exchange_states as es
from .. import paging
from .. import reconciling as rec
from ..adapters.base import ExchangeError, Gone, Permanent
from .pcu_exchange_item import PROVISIONAL
from .pcu_exchange_reconciliation import DONE, PLANNED, RUNNING
from .pcu_exchange_reconciliation_line import OPEN, REPAIRED, UNDER_WAY

_logger = logging.getLogger(__name__)

#: Answers that one comparison asks the platform about.
CONFIRM_BATCH = 500
#: Submissions that one comparison looks for one by one.
UNLISTED_BATCH = 200
#: Answers that prove what the citizen can see.
PROVEN_KINDS = ("registration", "decision")


class PcuExchangeReconciliation(models.Model):
    """The comparison itself."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.reconciliation"

    def _run(self):
        """Compare both sides and repair; return whether this run did.

        Safe to call at any time from anywhere: who comes second finds it begun.
        """
        self.ensure_one()
        if not self._transact("_begin"):
            return False
        adapter = None
        try:
            adapter = self._transact("_make_adapter")
            seen = self._compare_feed("submissions", adapter.list_submissions)
            self._transact("_note_never_listed", seen)
            self._compare_feed("events", adapter.list_events)
            self._look_for_unlisted(adapter, seen)
            self._confirm_answers(adapter)
            items = self.env["pcu.exchange.item"].browse(
                self._transact("_get_repair_ids")
            )
            items.advance()
            self._check_repairs(adapter)
            self._transact("_finish")
        except ExchangeError as error:
            self._transact("_fail", error.kind, error.detail)
        except Exception:
            trace = uuid.uuid4().hex[:12]
            _logger.exception("Comparison %s: %s", self.id, trace)
            self._transact("_fail", "bug", trace)
        finally:
            if adapter:
                adapter.close()
        return True

    def _make_adapter(self):
        """Build the way to the platform."""
        return self.platform_id._make_adapter()

    def _begin(self):
        """Take the planned comparison and decide where it starts."""
        self._lock_row()
        if self.state != PLANNED:
            return False
        now = fields.Datetime.now()
        self.write({"state": RUNNING, "started_at": now, "seen_at": now})
        if not self.platform_id._may_call():
            platform = self.platform_id
            self._fail(platform.incident_code or "not_sent", platform.incident_detail)
            return False
        self.write(self._prepare_window(now))
        return True

    def _prepare_window(self, now):
        """Start where a comparison ended that is older than the platform's window.

        Cursors are the platform's own words, so only one that it gave can be a start.
        """
        days = self.platform_id.reconcile_days
        earlier = self.search(
            [
                ("platform_id", "=", self.platform_id.id),
                ("state", "=", DONE),
                ("started_at", "<", now - timedelta(days=days)),
            ],
            limit=1,
        )
        if not days or not earlier:
            return {}
        return {
            "window_from": earlier.started_at,
            "submissions_start": earlier.submissions_end,
            "events_start": earlier.events_end,
        }

    # ------------------------------------------------------------------
    # The platform's list against ours
    # ------------------------------------------------------------------

    def _compare_feed(self, feed, call):
        """Read a feed page by page and compare each; return the identifiers seen."""
        position, size = self._transact("_get_position", feed)
        seen = set()
        for page in paging.pages(call, position, size):
            seen |= {row.id for row in page.items}
            self._transact("_compare_page", feed, page)
        return seen

    def _get_position(self, feed):
        """Return where the feed begins, and how many rows to ask for."""
        return self[f"{feed}_start"] or "", self.platform_id.page_size

    def _compare_page(self, feed, page):
        """Compare one page and remember what does not fit."""
        self._lock_row()
        self.seen_at = fields.Datetime.now()
        if page.next_cursor:
            self[f"{feed}_end"] = page.next_cursor
        if feed == "submissions":
            self._compare_submissions(page.items)
        else:
            self._compare_events(page.items)

    def _compare_submissions(self, rows):
        """Look for each row of the platform in the inbox."""
        # A page that shifted while it was read may repeat what we had.
        rows = {row.id: row for row in rows}
        items = self.env["pcu.exchange.item"].search(
            [
                ("platform_id", "=", self.platform_id.id),
                ("remote_id", "in", list(rows)),
            ]
        )
        here = items.grouped("remote_id")
        self.remote_count += len(rows)
        self.here_count += len(items)
        self.registered_count += len(items.filtered("request_id"))
        self.told_count += sum(
            1 for item in items if item._has_told("registration", self.started_at)
        )
        missing = []
        for row in rows.values():
            if row.id in here:
                self._compare_row(row, here[row.id])
            elif rec.is_fresh(row.updated_at, self.started_at):
                self.fresh_count += 1
            else:
                missing.append(row)
        self._take_over(missing)

    def _compare_row(self, row, item):
        """Name what does not fit about one submission, and start its repair."""
        for kind in rec.compare(row.state, item._get_side(self.started_at)):
            detail = item._repair_difference(kind, row)
            self._add_line(kind, item, row, detail)

    def _take_over(self, rows):
        """Make known to the inbox what the regular looks never saw."""
        if not rows:
            return
        items = self.env["pcu.exchange.item"]
        self.platform_id._take_turn()
        self.platform_id._store_each(items, rows)
        found = items.search(
            [
                ("platform_id", "=", self.platform_id.id),
                ("remote_id", "in", [row.id for row in rows]),
            ]
        ).grouped("remote_id")
        for row in rows:
            item = found.get(row.id, items)
            self._add_line(
                rec.MISSING_HERE, item, row, state=UNDER_WAY if item else OPEN
            )

    def _compare_events(self, events):
        """Apply what citizens did and we never saw; known acts are left alone."""
        event_model = self.env["pcu.exchange.event"]
        events = {event.id: event for event in events}
        domain = [
            ("platform_id", "=", self.platform_id.id),
            ("remote_id", "in", list(events)),
        ]
        self.event_count += len(events)
        known = set(event_model.search(domain).mapped("remote_id"))
        new = [
            event
            for event in events.values()
            if event.id not in known and not rec.is_fresh(event.at, self.started_at)
        ]
        self.platform_id._store_each(event_model, new)
        names = dict(event_model._fields["kind"]._description_selection(self.env))
        for event in event_model.search(
            [*domain, ("remote_id", "in", [event.id for event in new])]
        ):
            # A silent act of which the list tells as well is no loss.
            if event.state != "ignored":
                self._add_line(rec.ACT_MISSING, event.item_id, None, names[event.kind])

    # ------------------------------------------------------------------
    # Our list against the platform's
    # ------------------------------------------------------------------

    def _look_for_unlisted(self, adapter, seen):
        """Ask one by one for what stands here and was not listed there."""
        for item_id, remote_id in self._transact("_get_unlisted", seen):
            try:
                adapter.get_submission(remote_id)
            except Gone:
                self._transact("_note_gone", item_id)

    def _note_never_listed(self, seen):
        """Show what was brought by hand and the platform, though reached, has not.

        Nothing is ever sent under a number that the platform does not know, so only a
        person can tell whether it was mistyped.
        """
        waiting = self.env["pcu.exchange.item"].search(
            [
                ("platform_id", "=", self.platform_id.id),
                ("manual", "!=", False),
                ("met_at", "=", False),
                ("first_seen_at", "<", self.started_at - rec.LISTED_WITHIN),
                ("request_id.state", "in", list(rs.OPEN_STATES)),
            ]
        )
        for item in waiting.filtered(lambda i: i.remote_id not in seen):
            self._add_line(rec.NEVER_LISTED, item, detail=item.display_name, state=OPEN)

    def _get_unlisted(self, seen):
        """Return open submissions of the window that the platform did not list."""
        domain = [
            ("platform_id", "=", self.platform_id.id),
            ("state", "not in", (es.WITHDRAWN, es.REFUSED, es.CLOSED)),
            ("remote_state", "!=", "deleted"),
            # Typed in, and not met yet or given way: no name of the platform's.
            ("remote_id", "not =like", f"{PROVISIONAL}%"),
            # Brought by hand and not delivered yet: the platform will list it.
            "|", ("manual", "=", False), ("met_at", "!=", False),
        ]  # fmt: skip
        if self.window_from:
            domain.append(("first_seen_at", ">=", self.window_from))
        items = self.env["pcu.exchange.item"].search_fetch(domain, ["remote_id"])
        unlisted = [
            (item.id, item.remote_id) for item in items if item.remote_id not in seen
        ]
        return unlisted[:UNLISTED_BATCH]

    def _note_gone(self, item_id):
        """Close what waits for a submission that was deleted; the register stays."""
        item = self.env["pcu.exchange.item"].browse(item_id)
        item._lock_row()
        if item.request_id:
            item._cancel_effects("gone")
        elif not item._is_held():
            item._store_gone()
        self._add_line(rec.GONE_THERE, item, state=REPAIRED)

    # ------------------------------------------------------------------
    # What we said against what the platform recorded
    # ------------------------------------------------------------------

    def _confirm_answers(self, adapter):
        """Ask for answers under their references until each is seen once."""
        if not adapter.capabilities.lookup:
            return
        for effect_id, *answer in self._transact("_get_unconfirmed"):
            try:
                recorded = adapter.lookup(*answer)
            except Gone:
                continue
            except Permanent:
                # It ended there in another way: asked again, it waits for a person.
                recorded = None
            self._transact("_note_recorded", effect_id, recorded)

    def _get_unconfirmed(self):
        """Return answers that the platform took and nobody has asked about since."""
        effects = self.env["pcu.exchange.effect"].search_fetch(
            [
                ("platform_id", "=", self.platform_id.id),
                ("kind", "in", PROVEN_KINDS),
                ("state", "=", es.DONE),
                ("confirmed_at", "=", False),
                ("item_id.remote_state", "!=", "deleted"),
            ],
            ["item_id", "kind", "body"],
            limit=CONFIRM_BATCH,
        )
        # What was found recorded before it was sent has no body of its own.
        return [(e.id, e.item_id.remote_id, e.kind, e._get_body()) for e in effects]

    def _note_recorded(self, effect_id, recorded):
        """Compare what the platform recorded with what we said."""
        effect = self.env["pcu.exchange.effect"].browse(effect_id)
        item = effect.item_id
        if not recorded:
            names = dict(effect._fields["kind"]._description_selection(self.env))
            item._ask_again(effect)
            self._add_line(rec.NOT_RECORDED, item, None, names[effect.kind])
            return
        effect.confirmed_at = fields.Datetime.now()
        self.confirmed_count += 1
        for kind in rec.compare_recorded(effect.body or {}, recorded.body):
            detail = recorded.body.get("number")
            if kind == rec.FEWER_DOCUMENTS:
                detail = ", ".join(effect.document_ids.mapped("name"))
            self._add_line(kind, item, None, detail, OPEN)

    # ------------------------------------------------------------------
    # Lines and repairs
    # ------------------------------------------------------------------

    def _add_line(self, kind, item, row=None, detail=None, state=UNDER_WAY):
        """Remember a difference once."""
        lines = self.env["pcu.exchange.reconciliation.line"]
        vals = lines._prepare(kind, item, row, detail, state)
        if self.line_ids.filtered(
            lambda x: (x.remote_id, x.kind) == (vals["remote_id"], kind)
        ):
            return
        lines.create([vals | {"reconciliation_id": self.id}])

    def _get_repair_ids(self):
        """Return the submissions whose repair has begun."""
        return self.line_ids.filtered(lambda x: x.state == UNDER_WAY).item_id.ids

    def _check_repairs(self, adapter):
        """Look on the platform whether it shows now what was sent again."""
        for line_id, remote_id in self._transact("_get_to_check"):
            try:
                submission = adapter.get_submission(remote_id)
            except Gone:
                continue
            self._transact("_note_checked", line_id, submission)

    def _get_to_check(self):
        """Return the lines that only the platform can settle."""
        kinds = (rec.NOT_REGISTERED_THERE, rec.NOT_DECIDED_THERE, rec.WITHDRAWN_THERE)
        lines = self.line_ids.filtered(lambda x: x.kind in kinds)
        return [(line.id, line.item_id.remote_id) for line in lines]

    def _note_checked(self, line_id, submission):
        """Leave to a person what the repair did not mend."""
        line = self.env["pcu.exchange.reconciliation.line"].browse(line_id)
        side = line.item_id._get_side(fields.Datetime.now())
        if line.kind in rec.compare(submission.state, side):
            line.state = OPEN
