"""When somebody of the institution receives citizens."""

from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import LOCAL_ZONE, local_day
from odoo.exceptions import ValidationError
from odoo.tools import format_duration

#: How far ahead slots are laid out by one press of the button.
WEEKS_AHEAD = 8
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
]


class PcuAudienceProgramme(models.Model):
    """A weekday on which a person receives, from when until when, in which slots.

    The registry keeps it; slots are laid out on working days only.
    """

    _name = "pcu.audience.programme"
    _description = "Programme of audiences"
    _order = "weekday, hour_from, id"

    host_id = fields.Many2one(
        comodel_name="res.users", string="Receives", required=True, index=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    weekday = fields.Selection(selection=WEEKDAYS, required=True, default="1")
    hour_from = fields.Float(string="From", required=True, default=10.0)
    hour_to = fields.Float(string="Until", required=True, default=12.0)
    slot_minutes = fields.Integer(string="Minutes for each", required=True, default=20)
    place = fields.Char(required=True, help="Where the citizen comes to.")
    active = fields.Boolean(default=True)
    slot_ids = fields.One2many(
        comodel_name="pcu.audience.slot", inverse_name="programme_id"
    )
    free_count = fields.Integer(
        string="Free slots ahead", compute="_compute_free_count"
    )

    _hours_sane = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "The programme ends after it begins, on the same day.",
    )
    _minutes_sane = models.Constraint(
        "CHECK(slot_minutes BETWEEN 5 AND 240)",
        "A slot takes between 5 minutes and 4 hours.",
    )

    @api.depends("host_id", "weekday", "hour_from", "hour_to")
    def _compute_display_name(self):
        days = dict(self._fields["weekday"]._description_selection(self.env))
        for programme in self:
            programme.display_name = (
                f"{programme.host_id.name or ''}, {days.get(programme.weekday, '')} "
                f"{format_duration(programme.hour_from)}–"
                f"{format_duration(programme.hour_to)}"
            )

    @api.depends("slot_ids.request_id", "slot_ids.start")
    def _compute_free_count(self):
        """Count what can still be booked."""
        free = self.env["pcu.audience.slot"]._get_free_domain()
        groups = self.env["pcu.audience.slot"]._read_group(
            [("programme_id", "in", self.ids), *free], ["programme_id"], ["__count"]
        )
        counts = dict(groups)
        for programme in self:
            programme.free_count = counts.get(programme, 0)

    @api.constrains("host_id", "weekday", "hour_from", "hour_to", "active")
    def _check_overlap(self):
        """Nobody receives in two places at once."""
        for programme in self.filtered("active"):
            other = self.search(
                [
                    ("id", "!=", programme.id),
                    ("host_id", "=", programme.host_id.id),
                    ("weekday", "=", programme.weekday),
                    ("hour_from", "<", programme.hour_to),
                    ("hour_to", ">", programme.hour_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(host)s already receives at that time: %(other)s. Change one "
                        "of the two programmes.",
                        host=programme.host_id.name,
                        other=other.display_name,
                    )
                )

    def action_make_slots(self):
        """Lay out the slots of the next weeks; what is there stays."""
        self.check_access("write")
        first = local_day() + timedelta(days=1)
        for programme in self:
            programme._make_slots(first, first + timedelta(weeks=WEEKS_AHEAD))
        return True

    def _make_slots(self, first, last):
        """Make the missing slots of working days between two days."""
        calendar = self.env["pcu.legal.day"]._calendar(self.company_id)
        # sudo: slots are made by the programme only
        slots_sudo = self.env["pcu.audience.slot"].sudo()
        known = set(
            slots_sudo.search(
                [("host_id", "=", self.host_id.id), ("start", ">=", first)]
            ).mapped("start")
        )
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        slots_sudo.create(
            [
                {"programme_id": self.id, "start": start, "stop": stop}
                for day in days
                if day.weekday() == int(self.weekday) and calendar.is_working(day)
                for start, stop in self._cut(day)
                if start not in known
            ]
        )

    def _cut(self, day):
        """Cut the hours of a day into slots; returns naive UTC moments."""
        step = timedelta(minutes=self.slot_minutes)
        midnight = datetime.combine(day, time(), LOCAL_ZONE)
        begin = midnight + timedelta(hours=self.hour_from)
        end = midnight + timedelta(hours=self.hour_to)
        while begin + step <= end:
            yield self._to_utc(begin), self._to_utc(begin + step)
            begin += step

    @api.model
    def _to_utc(self, moment):
        return moment.astimezone(UTC).replace(tzinfo=None)
