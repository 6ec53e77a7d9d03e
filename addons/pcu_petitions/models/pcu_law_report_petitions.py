"""The half-yearly analysis of the petitions (OG 27/2002 art. 14).

In time buckets as town halls publish them: the same day, 1-5, 6-15, 16-30 days, more.
"""

from odoo import models
from odoo.addons.pcu_requests import request_states as rs
from odoo.fields import Domain

#: First and last day of each bucket of the time to the answer.
BUCKETS = ((0, 0), (1, 5), (6, 15), (16, 30), (31, None))


class PcuLawReport(models.Model):
    """The figures of the petitions."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.law.report"  # by topic: each report has its file

    def _prepare_petition_lines(self):
        """Return the figures in the order of the paper."""
        base = self._in_period("petition")
        answered = Domain("answered_on", "<=", self.date_to)
        return [
            *self._count_received(base),
            *self._count_outcomes(base, answered),
            *self._count_times(base, answered),
            *self._count_by(base, "topic_id", self.env._("Petitions by theme")),
            *self._count_by(
                base, "department_id", self.env._("Petitions by department")
            ),
        ]

    def _count_received(self, base):
        """Count what came, how and from whom."""
        section = self.env._("Petitions received")
        lines = [self._figure(section, self.env._("Total"), base)]
        requests = self.env["pcu.request"]
        channels = dict(requests._selection_channel())
        for (channel,) in requests._read_group(base, ["channel"], order="channel"):
            label = self.env._("Through: %(channel)s", channel=channels[channel])
            lines.append(
                self._figure(section, label, base & Domain("channel", "=", channel))
            )
        party = self.env["res.partner"]._fields["pcu_party_kind"]
        for kind, label in party._description_selection(self.env):
            domain = base & Domain("applicant_id.pcu_party_kind", "=", kind)
            lines.append(
                self._figure(
                    section, self.env._("From: %(party)s", party=label), domain
                )
            )
        domain = base & Domain("received_from_id", "!=", False)
        lines.append(
            self._figure(section, self.env._("Sent on by other authorities"), domain)
        )
        return [line for line in lines if line["value"] or line is lines[0]]

    def _count_outcomes(self, base, answered):
        """Count how the petitions ended, and what is still open."""
        section = self.env._("How they were solved")
        ways = [
            (self.env._("Favourably"), Domain("outcome", "=", "favourable")),
            (self.env._("Unfavourably"), Domain("outcome", "=", "unfavourable")),
            (self.env._("Partly favourably"), Domain("outcome", "=", "partial")),
            (
                self.env._("Sent on to the competent authority (art. 6^1)"),
                Domain("outcome", "=", "redirected"),
            ),
            (
                self.env._("Connected (art. 10 (1))"),
                Domain("closing_kind", "=", "connected"),
            ),
            (
                self.env._("Filed as repeated (art. 10 (2))"),
                Domain("closing_kind", "=", "repeated"),
            ),
            (
                self.env._("Filed as anonymous (art. 7)"),
                Domain("closing_kind", "=", "anonymous"),
            ),
            (
                self.env._("Filed for another reason"),
                Domain("outcome", "=", "closed")
                & Domain(
                    "closing_kind", "not in", ["connected", "repeated", "anonymous"]
                ),
            ),
            (
                self.env._("Withdrawn or refused at intake"),
                Domain("state", "in", [rs.WITHDRAWN, rs.REFUSED]),
            ),
        ]
        lines = [
            self._figure(section, label, base & answered & domain)
            for label, domain in ways
        ]
        unsolved = base & (
            Domain("answered_on", "=", False) | Domain("answered_on", ">", self.date_to)
        )
        lines.append(
            self._figure(
                section, self.env._("Without an answer at the end of the period"),
                unsolved,
            )
        )  # fmt: skip
        return lines

    def _count_times(self, base, answered):
        """Count how long the petitioners waited."""
        section = self.env._("Time to the answer")
        lines = []
        for first, last in BUCKETS:
            domain = base & answered & Domain("handling_days", ">=", first)
            if last is not None:
                domain &= Domain("handling_days", "<=", last)
            lines.append(self._figure(section, self._bucket_label(first, last), domain))
        late = base & (
            (answered & Domain("answered_late", "=", True))
            | (
                (
                    Domain("answered_on", "=", False)
                    | Domain("answered_on", ">", self.date_to)
                )
                & Domain("due_date", "<", self._get_last_day())
            )
        )
        extended = base & Domain("term_step_ids.kind", "=", "extend")
        lines.append(self._figure(section, self.env._("Over the legal term"), late))
        lines.append(
            self._figure(section, self.env._("Term extended (art. 9)"), extended)
        )
        return lines

    def _bucket_label(self, first, last):
        """Name a bucket of days as the published reports do."""
        if first == last == 0:
            return self.env._("The same day")
        if last is None:
            return self.env._("Over 30 days")
        return self.env._("%(first)s–%(last)s days", first=first, last=last)

    def _count_by(self, base, field, section):
        """Count by theme or by department, the largest first."""
        lines = []
        for (record,) in self.env["pcu.request"]._read_group(base, [field]):
            label = record.display_name if record else self.env._("Not stated")
            lines.append(
                self._figure(section, label, base & Domain(field, "=", record.id))
            )
        return sorted(lines, key=lambda line: -line["value"])
