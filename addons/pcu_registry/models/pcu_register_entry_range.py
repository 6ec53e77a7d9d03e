"""Registering from a range, and entering the lines of an emergency sheet."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    range_id = fields.Many2one(
        comodel_name="pcu.register.range",
        string="Number range",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Take the number from a range that was set aside; empty for the next "
        "number of the register.",
    )
    range_purpose = fields.Selection(related="range_id.purpose", string="Range kind")
    range_line = fields.Integer(
        string="Line",
        copy=False,
        aggregator=None,
        help="The line in the range or on the emergency sheet; 0 for the next one.",
    )

    # What was written on paper during an outage
    occurred_at = fields.Datetime(
        string="Written on paper at",
        copy=False,
        help="When the line was written on the emergency sheet; it becomes the date "
        "and time of registration.",
    )
    emergency_reason = fields.Char(copy=False)
    emergency_number = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Sheet and line under which the document stood during the outage.",
    )
    entered_at = fields.Datetime(
        readonly=True, copy=False, help="When the line was entered into the register."
    )

    _range_line_uniq = models.UniqueIndex(
        "(range_id, range_line) WHERE range_line > 0 AND state != 'draft'",
        "This line of the range has been entered already. Choose another line.",
    )

    # ------------------------------------------------------------------ business

    @api.model
    def _get_given_fields(self):
        return [
            *super()._get_given_fields(),
            "range_id",
            "range_line",
            "occurred_at",
            "emergency_reason",
        ]

    @api.model
    def _prepare_waiting_values(self, register, values=None):
        """Take a line of the range: its number, and on paper its time."""
        if not (values and values.get("range_id")):
            return super()._prepare_waiting_values(register, values)
        number_range = self.env["pcu.register.range"].browse(values["range_id"])
        number_range._check_usable(register)
        moment = number_range._check_moment(values.get("occurred_at"))
        waiting = super()._prepare_waiting_values(register, values)
        waiting.update(
            range_line=number_range._take_line(values.get("range_line")),
            register_year_id=number_range.register_year_id.id,
            year=number_range.year,
        )
        if number_range.purpose == "outage":
            waiting.update(
                registered_at=moment,
                registration_date=local_day(moment),
                entered_at=fields.Datetime.now(),
                emergency_number=f"{number_range.mark}/{waiting['range_line']}",
                emergency_reason=values.get("emergency_reason") or number_range.name,
            )
        return waiting

    @api.model
    def _cron_number_waiting(self):
        self.env["pcu.register.range"]._cron_number_waiting()
        return super()._cron_number_waiting()
