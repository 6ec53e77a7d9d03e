"""What happened to the term of one request, in order."""

from odoo import api, fields, models
from odoo.addons.pcu_base import term_course
from odoo.addons.pcu_base.models.pcu_term_type import TERM_UNITS


class PcuRequestTermStep(models.Model):
    """One event of a term: stopped, going on, made longer, begun anew.

    Each says under which article, who decided it and why. Actions write steps; nobody
    changes or deletes them, because the dates that the applicant was told follow from
    them.
    """

    _name = "pcu.request.term.step"
    _description = "Event of a term"
    _order = "day desc, id desc"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        selection=[
            (term_course.SUSPEND, "Stopped: the applicant is asked"),
            (term_course.RESUME, "Goes on"),
            (term_course.EXTEND, "Extended"),
            (term_course.RESTART, "Begins anew: the file is complete"),
        ],
        required=True,
    )
    day = fields.Date(required=True)
    duration = fields.Integer(string="Extended by", aggregator=None)
    unit = fields.Selection(selection=TERM_UNITS)
    moves_legal = fields.Boolean(
        string="Legal clock too",
        help="Empty when only the internal clock stands still.",
    )
    law = fields.Char(help="The act and the article.")
    reason = fields.Char()
    decided_by_id = fields.Many2one(comodel_name="res.users", required=True)

    @api.depends("kind", "day")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for step in self:
            step.display_name = f"{labels.get(step.kind)} – {step.day}"

    def _to_kernel(self):
        """Return the event as ``term_course`` takes it."""
        self.ensure_one()
        return term_course.Step(
            self.kind, self.day, self.duration, self.unit or "", self.moves_legal
        )
