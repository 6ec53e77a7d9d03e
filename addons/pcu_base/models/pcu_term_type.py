"""The catalogue of legal terms: how long, counted how, under which article."""

from odoo import api, fields, models

from ..legal_terms import Unit, legal_due

TERM_UNITS = [
    (Unit.FREE_DAYS, "free days (first and last not counted)"),
    (Unit.CALENDAR_DAYS, "calendar days"),
    (Unit.WORKING_DAYS, "working days"),
    (Unit.MONTHS, "months"),
    (Unit.HOURS, "hours"),
]


class PcuTermType(models.Model):
    """One term of the law as data, with its extension, completion and suspension.

    What a lawyer still has to check against the act is marked so. A length of zero is
    a rule without a term of its own, kept because the desk shows its text. The
    administrator keeps the catalogue; corrections stay when the module is updated.
    """

    _name = "pcu.term.type"
    _description = "Legal term"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # How long
    duration = fields.Integer(string="Term", required=True, aggregator=None)
    unit = fields.Selection(selection=TERM_UNITS, required=True, default=Unit.FREE_DAYS)
    law = fields.Char(
        string="Law of the term", required=True, help="The act and the article."
    )
    rule = fields.Text(
        string="What the law says", help="Shown beside the date that it sets."
    )
    from_complete = fields.Boolean(
        string="Runs from the complete file",
        help="The term begins anew on the day on which the applicant has brought all "
        "that was missing.",
    )
    tacit_approval = fields.Boolean(
        help="Silence within the term means approval (OUG 27/2003)."
    )

    # What makes it longer or stops it
    extension_length = fields.Integer(string="Extension", aggregator=None)
    extension_unit = fields.Selection(selection=TERM_UNITS, default=Unit.FREE_DAYS)
    extension_law = fields.Char(string="Law of the extension")
    suspension = fields.Selection(
        selection=[
            ("none", "Both clocks run on"),
            ("internal", "Only the internal clock stops"),
            ("legal", "Both clocks stop"),
        ],
        string="While the applicant is asked",
        required=True,
        default="internal",
    )
    suspension_law = fields.Char(string="Law of the suspension")

    # What the applicant has to bring
    completion_length = fields.Integer(string="Completion term", aggregator=None)
    completion_unit = fields.Selection(selection=TERM_UNITS, default=Unit.CALENDAR_DAYS)

    to_verify = fields.Boolean(
        string="To be verified",
        help="From general knowledge of the field: check it against the act before "
        "the institution relies on it.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another legal term has this code. Choose a different one."
    )
    _lengths_not_negative = models.Constraint(
        "CHECK(duration >= 0 AND coalesce(extension_length, 0) >= 0"
        " AND coalesce(completion_length, 0) >= 0)",
        "A term can't be negative.",
    )
    _legal_suspension_has_a_law = models.Constraint(
        "CHECK(suspension <> 'legal' OR suspension_law IS NOT NULL)",
        "Only a law can stop the legal clock: name the act and the article.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for term in self:
            term.display_name = f"{term.code} – {term.name}" if term.code else term.name

    def _prepare_rule(self):
        """Return the term as the rule of a request or of a procedure: field values."""
        self.ensure_one()
        return {
            "term_type_id": self.id,
            "term_length": self.duration,
            "term_unit": self.unit,
            "term_law": self.law,
        }

    def _get_due_date(self, start, company):
        """Return the last day of the term from a day on, in an institution's calendar.

        :param start: the day of the registration, or nothing
        :return: a date; False without a start
        """
        self.ensure_one()
        if not start:
            return False
        calendar = self.env["pcu.legal.day"]._calendar(company)
        return legal_due(start, self.duration, self.unit, calendar)
