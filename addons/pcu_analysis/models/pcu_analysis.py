"""The figures that heads see: one set for the dashboard, the PDF and the workbook."""

from collections import Counter
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from odoo import api, models
from odoo.addons.pcu_base.romania import counted, local_day
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .. import figures

#: What a table of the report is about: its key is the field.
DIMENSIONS = ("department_id", "user_id", "procedure_id", "channel")
OPEN = Domain("state", "in", list(rs.OPEN_STATES))


class Still(NamedTuple):
    """What lies open, cut in several ways."""

    by: dict
    """For each dimension and value, how many are open and how many of them late."""
    due: dict
    """How many by the day of their term; none for those whose term is stopped."""
    received: dict
    """How many by the day on which they came."""
    waiting: int
    people: list
    """``(user, day of the term, how many)``."""


class PcuAnalysis(models.AbstractModel):
    """Reads the sums under the rights of whoever asks, and puts them in order.

    A figure is a mapping with ``label``, ``value`` and the ``domain`` of the requests
    behind it; a table has ``rows`` of such figures.
    """

    _name = "pcu.analysis"
    _description = "Report on requests"

    @api.model
    @api.readonly
    def get_figures(self, period="month", department_id=False):
        """Return all figures of a time and a department, as JSON.

        :param str period: see ``figures.period``
        :param department_id: with those below it; False: all that the user may see
        """
        self.env["pcu.request.summary"].check_access("read")
        today = local_day()
        first, last = figures.period(period, today)
        scope = Domain("company_id", "in", self.env.companies.ids)
        if department_id:
            scope &= Domain("department_id", "child_of", department_id)
        flow = self._read_flow(scope, first, last)
        still = self._read_open(scope)
        durations = self._read_durations(scope, first, last)
        return {
            "period": period,
            "periods": self._get_periods(),
            "departments": self._get_departments(),
            "department": department_id,
            "title": self._get_title(first, last, department_id),
            "today": format_date(self.env, today),
            "now": self._get_now(scope, still, today),
            "flow": self._get_flow(scope, flow, durations, first, last),
            "months": self._get_months(scope, last),
            "ages": self._get_ages(scope, still, today),
            "load": self._get_load(scope, still, today),
            "tables": [
                self._get_table(name, scope, flow, still, durations, first, last)
                for name in DIMENSIONS
            ],
        }

    # ------------------------------------------------------------------
    # Reading: three questions to the sums, each cut in several ways at once
    # ------------------------------------------------------------------

    @api.model
    def _read_flow(self, scope, first, last):
        """Return what came and went: in, out and late out by each dimension."""
        domain = scope & Domain("month", ">=", first) & Domain("month", "<=", last)
        cuts = self.env["pcu.request.summary"]._read_grouping_sets(
            domain & (Domain("in_count", "!=", 0) | Domain("out_count", "!=", 0)),
            [[name] for name in DIMENSIONS],
            ("in_count:sum", "out_count:sum", "late_out_count:sum"),
        )
        return {
            name: {value: sums for value, *sums in cut}
            for name, cut in zip(DIMENSIONS, cuts, strict=True)
        }

    @api.model
    def _read_open(self, scope):
        """Return what lies open, cut in the ways that the figures need."""
        more = (
            ["due_date:day"], ["received_on:day"], ["waiting"],
            ["user_id", "due_date:day"],
        )  # fmt: skip
        cuts = self.env["pcu.request.summary"]._read_grouping_sets(
            scope & Domain("open_count", "!=", 0),
            [*([name] for name in DIMENSIONS), *more],
            ("open_count:sum", "late_count:sum"),
        )
        by = {
            name: {value: sums for value, *sums in cut}
            for name, cut in zip(DIMENSIONS, cuts, strict=False)
        }
        due, received, waiting, people = cuts[len(DIMENSIONS) :]
        return Still(
            by=by,
            due={day: count for day, count, _late in due},
            received={day: count for day, count, _late in received},
            waiting=sum(count for waits, count, _late in waiting if waits),
            people=[(user, day, count) for user, day, count, _late in people],
        )

    @api.model
    def _read_durations(self, scope, first, last):
        """Return how long it took: a histogram for each value of each dimension."""
        domain = scope & Domain("month", ">=", first) & Domain("month", "<=", last)
        cuts = self.env["pcu.request.duration"]._read_grouping_sets(
            domain, [[name, "days"] for name in DIMENSIONS], ("request_count:sum",)
        )
        found = {}
        for name, cut in zip(DIMENSIONS, cuts, strict=True):
            rows = found[name] = {}
            for value, days, count in cut:
                rows.setdefault(value, {})[days] = count
        return found

    # ------------------------------------------------------------------
    # Putting in order
    # ------------------------------------------------------------------

    @api.model
    def _get_now(self, scope, still, today):
        """Return the figures of this moment."""
        tomorrow = self._get_next_working_day(today)
        opened = still.by["department_id"].values()
        cases = (
            ("open", self.env._("Open"), sum(o for o, _late in opened), Domain.TRUE),
            (
                "late",
                self.env._("Overdue"),
                sum(late for _o, late in opened),
                Domain("is_overdue", "=", True),
            ),
            (
                "today",
                self.env._("Due today"),
                still.due.get(today, 0),
                self._due_domain(today, today),
            ),
            (
                "tomorrow",
                self.env._(
                    "Due on %(day)s, the next working day",
                    day=format_date(self.env, tomorrow),
                ),
                still.due.get(tomorrow, 0),
                self._due_domain(tomorrow, tomorrow),
            ),
            (
                "waiting",
                self.env._("Waiting for the applicant"),
                still.waiting,
                Domain("state", "=", rs.CLARIFICATION),
            ),
            (
                "pool",
                self.env._("Nobody has taken them"),
                still.by["user_id"].get(self.env["res.users"], (0,))[0],
                Domain("user_id", "=", False),
            ),
        )
        return [
            self._figure(key, label, value, scope & self._registered() & OPEN & domain)
            for key, label, value, domain in cases
        ]

    @api.model
    def _get_flow(self, scope, flow, durations, first, last):
        """Return the figures of the time."""
        sums = flow["department_id"].values()
        came, went, late = (sum(row[n] for row in sums) for n in range(3))
        histogram = self._histogram(durations)
        out = scope & self._out_domain(first, last)
        in_time = round(100 * (went - late) / went) if went else None
        return [
            self._figure(
                "in", self.env._("Received"), came, scope & self._in_domain(first, last)
            ),
            self._figure("out", self.env._("Solved"), went, out),
            self._figure(
                "late_out",
                self.env._("Solved late"),
                late,
                out & Domain("out_late", "=", True),
            ),
            self._figure(
                "in_time",
                self.env._("Solved in term"),
                in_time,
                out & Domain("out_late", "=", False),
                unit="%",
            ),
            *(
                self._figure(key, label, days, out, unit=self._get_days_unit(days))
                for key, label, days in (
                    (
                        "median",
                        self.env._("Half were solved within"),
                        figures.percentile(histogram, 0.5),
                    ),
                    (
                        "p90",
                        self.env._("9 of 10 were solved within"),
                        figures.percentile(histogram, 0.9),
                    ),
                )
            ),
        ]

    @api.model
    def _get_months(self, scope, last):
        """Return what came and went in each of twelve months, for the chart."""
        begin = figures.month_first(last, -11)
        rows = self.env["pcu.request.summary"]._read_group(
            scope & Domain("month", ">=", begin) & Domain("month", "<=", last),
            ("month:month",),
            ("in_count:sum", "out_count:sum"),
        )
        found = {month: (came, went) for month, came, went in rows}
        months = [figures.month_first(begin, number) for number in range(12)]
        return [
            {
                "label": format_date(self.env, month, date_format="MMM yy"),
                "in": found.get(month, (0, 0))[0],
                "out": found.get(month, (0, 0))[1],
            }
            for month in months
        ]

    @api.model
    def _get_ages(self, scope, still, today):
        """Return how old the open requests are."""
        counts = dict.fromkeys(range(len(figures.AGES) + 1), 0)
        for day, count in still.received.items():
            counts[figures.age_group((today - day).days)] += count
        result = []
        for group, count in counts.items():
            young, old = figures.age_span(group)
            domain = Domain("registration_date", "<=", today - timedelta(days=young))
            label = self.env._("more than %(days)s days", days=young - 1)
            if old is not None:
                domain &= Domain("registration_date", ">=", today - timedelta(days=old))
                label = self.env._("%(first)s–%(last)s days", first=young, last=old)
            result.append(
                self._figure(f"age{group}", label, count, scope & OPEN & domain)
            )
        return result

    @api.model
    def _get_load(self, scope, still, today):
        """Return for each person what falls due until the end of next week.

        Beside it the person's usual pace: what was solved in the last eight weeks.
        """
        until = figures.week_end(today)
        due = {}
        for user, day, count in still.people:
            if user and day and day <= until and count:
                due[user] = due.get(user, 0) + count
        done = self._read_pace(scope, list(due), today)
        weeks = ((until - today).days + 1) / 7
        rows = []
        for user, count in due.items():
            pace = done.get(user, 0)
            figure = self._figure(
                f"load{user.id}",
                user.sudo().name,  # the name of a colleague, for whoever sees the sum
                count,
                scope
                & self._registered()
                & OPEN
                & Domain("user_id", "=", user.id)
                & Domain("due_date", "<=", until)
                & Domain("term_stopped", "!=", True),
            )
            usual = round(pace / figures.PACE_WEEKS * weeks, 1)
            figure["pace"] = usual
            figure["pace_text"] = formatLang(self.env, usual, digits=1)
            figure["overloaded"] = figures.is_overloaded(count, pace, weeks)
            rows.append(figure)
        return sorted(
            rows, key=lambda r: (not r["overloaded"], -r["value"], r["label"])
        )

    @api.model
    def _read_pace(self, scope, users, today):
        """Return how many requests each person decided in the last weeks."""
        if not users:
            return {}
        begin = today - timedelta(weeks=figures.PACE_WEEKS)
        # Not from the sums: they know months, and a pace is told in weeks. sudo: of
        # people whose sums the user has just read, only how much they decided; the
        # mayor reads no requests and must not see everybody as idle.
        rows = (
            self.env["pcu.request"]
            .sudo()
            ._read_group(
                scope
                & Domain("user_id", "in", [user.id for user in users])
                & Domain("decided_at", ">=", begin),
                ("user_id",),
                ("__count",),
            )
        )
        return dict(rows)

    @api.model
    def _get_table(self, name, scope, flow, still, durations, first, last):
        """Return one table: a row for each department, person, procedure, channel."""
        parts = flow[name], still.by[name], durations[name]
        rows = {
            value: (
                *flow[name].get(value, (0, 0, 0)),
                *still.by[name].get(value, (0, 0)),
                durations[name].get(value, {}),
            )
            for value in dict.fromkeys(chain(*parts))
        }
        labels = self._get_labels(name, rows)
        table = [
            self._get_row(name, value, labels[value], sums, scope, first, last)
            for value, sums in rows.items()
            if any(sums[:5])
        ]
        table.sort(key=lambda row: (-row["open"]["value"], row["label"]))
        title = {
            "department_id": self.env._("By department"),
            "user_id": self.env._("By person"),
            "procedure_id": self.env._("By procedure"),
            "channel": self.env._("By channel"),
        }[name]
        return {"key": name, "label": title, "rows": table}

    @api.model
    def _get_row(self, name, value, label, sums, scope, first, last):
        came, went, late_out, still, late, histogram = sums
        mine = scope & Domain(name, "=", value if name == "channel" else value.id)
        out = mine & self._out_domain(first, last)
        is_open = mine & self._registered() & OPEN
        return {
            "label": label,
            "in": self._figure("in", label, came, mine & self._in_domain(first, last)),
            "out": self._figure("out", label, went, out),
            "late_out": self._figure(
                "late_out", label, late_out, out & Domain("out_late", "=", True)
            ),
            "open": self._figure("open", label, still, is_open),
            "late": self._figure(
                "late", label, late, is_open & Domain("is_overdue", "=", True)
            ),
            "median": figures.percentile(histogram, 0.5),
            "p90": figures.percentile(histogram, 0.9),
        }

    @api.model
    def _get_labels(self, name, values):
        """Return how each value of a dimension is called."""
        if name == "channel":
            labels = dict(self.env["pcu.request"]._selection_channel())
            return {value: labels.get(value, value) for value in values}
        nothing = {
            "department_id": self.env._("No department yet"),
            "user_id": self.env._("Nobody has taken them"),
            "procedure_id": self.env._("Unclassified"),
        }[name]
        # sudo: only names; whoever sees the sum of a row may know whose it is
        records = self.env["pcu.request.summary"][name].union(*values).sudo()
        records.fetch(["name"])
        return {value: value.sudo().name if value else nothing for value in values}

    # ------------------------------------------------------------------
    # Small parts
    # ------------------------------------------------------------------

    @api.model
    def _figure(self, key, label, value, domain, unit=""):
        return {
            "key": key,
            "label": label,
            "value": value,
            "unit": unit,
            "domain": list(domain),
        }

    @api.model
    def _get_days_unit(self, days):
        """Return the unit after a number of days: *7 zile*, *31 de zile*."""
        link = counted(days, self.env.lang).removeprefix(str(days)) if days else ""
        return f"{link} {self.env._('days')}".strip()

    @api.model
    def _histogram(self, durations):
        """Return the histogram of all departments together."""
        histogram = Counter()
        for days in durations["department_id"].values():
            histogram.update(days)
        return histogram

    @api.model
    def _registered(self):
        return Domain("registration_date", "!=", False)

    @api.model
    def _in_domain(self, first, last):
        return Domain("registration_date", ">=", first) & Domain(
            "registration_date", "<=", last
        )

    @api.model
    def _out_domain(self, first, last):
        return (
            Domain("out_on", ">=", first)
            & Domain("out_on", "<=", last)
            & self._registered()
        )

    @api.model
    def _due_domain(self, first, last):
        return (
            Domain("due_date", ">=", first)
            & Domain("due_date", "<=", last)
            & Domain("term_stopped", "!=", True)
        )

    @api.model
    def _get_next_working_day(self, today):
        """Return the next day on which somebody works."""
        calendar = self.env["pcu.legal.day"]._calendar(self.env.company)
        return calendar.next_working(today + timedelta(days=1))

    @api.model
    def _get_periods(self):
        """Offer the times that people ask for."""
        return [
            {"key": "month", "label": self.env._("This month")},
            {"key": "last_month", "label": self.env._("Last month")},
            {"key": "quarter", "label": self.env._("Three months")},
            {"key": "twelve", "label": self.env._("Twelve months")},
            {"key": "year", "label": self.env._("This year")},
            {"key": "last_year", "label": self.env._("Last year")},
        ]

    @api.model
    def _get_departments(self):
        """Offer the departments whose figures the user may see."""
        departments = self.env["pcu.department"]
        user = self.env.user
        domain = Domain("company_id", "in", self.env.companies.ids)
        if not user.has_group("pcu_base.group_auditor"):
            domain &= Domain("id", "in", user.pcu_visible_department_ids.ids) | Domain(
                "company_id", "in", user.pcu_led_company_ids.ids
            )
        found = departments.search_fetch(domain, ["name"])
        return [{"id": d.id, "name": d.name} for d in found]

    @api.model
    def _get_title(self, first, last, department_id):
        """Say of what and of when the figures are."""
        name = self.env.company.name
        if department_id:
            department = self.env["pcu.department"].browse(department_id)
            name = department.exists().name
            if not name:
                raise AccessError(self.env._("This department isn't there any more."))
        return self.env._(
            "%(name)s, %(first)s – %(last)s",
            name=name,
            first=format_date(self.env, first),
            last=format_date(self.env, last),
        )
