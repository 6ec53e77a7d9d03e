"""Documents that came in before the day they are registered."""

from odoo import fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    received_on = fields.Date(
        copy=False, help="The day the document came in, if it wasn't today."
    )
    late_reason = fields.Char(
        string="Why it is registered late",
        copy=False,
        help="Asked for when the document came in last year; stands in the register.",
    )

    def _check_registrable(self):
        """Register in January for December only with an explanation."""
        today = local_day()
        for entry in self.filtered("received_on"):
            if entry.received_on > today:
                raise UserError(
                    self.env._("A document can't have been received after today.")
                )
            late = entry.received_on.year < today.year and not entry.range_id
            if late and not (entry.late_reason or "").strip():
                raise UserError(
                    self.env._(
                        "The document was received on %(day)s, but the numbers of "
                        "%(last)s ended on 31 December: it gets a number of %(year)s. "
                        "Say under “Why it is registered late” what happened; or, if "
                        "it stands on an emergency sheet, choose that sheet under "
                        "“Number range”.",
                        day=f"{entry.received_on:%d.%m.%Y}",
                        last=entry.received_on.year,
                        year=today.year,
                    )
                )
        return super()._check_registrable()
