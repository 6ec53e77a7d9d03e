"""Codes of the file plan with the time their files are kept."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import counted
from odoo.exceptions import UserError, ValidationError

from .. import classification_codes, retention
from .pcu_classification_plan import DRAFT

RETENTION_KINDS = [
    (retention.YEARS, "Years"),
    (retention.EVENT, "Years from an event"),
    (retention.PERMANENT, "Permanent"),
]
# What may change once the plan is approved: who uses the code, not what it means.
FREE_FIELDS = {"is_default", "department_id"}


class PcuClassification(models.Model):
    """One line of the file plan: a code, what is filed under it, how long it is kept.

    The archivist writes it while the plan is a draft. Staff choose it when a document
    is solved.
    """

    _name = "pcu.classification"
    _description = "Code of the file plan"
    _order = "plan_id desc, sort_key"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    plan_id = fields.Many2one(
        comodel_name="pcu.classification.plan",
        string="File plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    plan_state = fields.Selection(
        related="plan_id.state", string="State of the plan", store=True, index=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", string="Institution", store=True, index=True
    )

    # The legal form
    code = fields.Char(required=True, help="For example II/A/3.")
    sort_key = fields.Char(compute="_compute_sort_key", store=True)
    direction_name = fields.Char(string="Direction")
    service_name = fields.Char(string="Service")
    name = fields.Char(string="Content of the file", required=True)
    retention_kind = fields.Selection(
        RETENTION_KINDS, string="Kept for", required=True, default=retention.YEARS
    )
    retention_years = fields.Integer(string="Years", default=10, aggregator=None)
    retention_event = fields.Char(
        string="Event", help="For example: the end of the right."
    )
    commission_review = fields.Boolean(
        string="C.S.",
        help="When the term is over, the selection commission may keep it longer.",
    )
    retention_label = fields.Char(
        string="Retention term", compute="_compute_retention_label"
    )
    note = fields.Char(string="Remarks")

    # Who uses it
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    is_default = fields.Boolean(
        string="Default of the department",
        help="What the department solves is filed under this code unless somebody "
        "chooses another one.",
    )

    _code_uniq = models.UniqueIndex(
        "(plan_id, code)", "This code is already in the file plan."
    )
    _default_uniq = models.UniqueIndex(
        "(plan_id, department_id) WHERE is_default",
        "The department already has a default code in this plan.",
    )
    _years_positive = models.Constraint(
        "CHECK (retention_kind = 'permanent' OR retention_years BETWEEN 1 AND 150)",
        "A file is kept from 1 to 150 years, or permanently.",
    )
    _event_named = models.Constraint(
        "CHECK (retention_kind <> 'event' OR COALESCE(retention_event, '') <> '')",
        "Say from which event the years are counted.",
    )
    _default_has_department = models.Constraint(
        "CHECK (NOT is_default OR department_id IS NOT NULL)",
        "Only a code with a department can be the department's default.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("code")
    def _compute_sort_key(self):
        for line in self:
            try:
                line.sort_key = classification_codes.parse(line.code).sort_key
            except classification_codes.CodeError:
                line.sort_key = False  # the constraint speaks about it

    @api.depends(
        "retention_kind", "retention_years", "retention_event", "commission_review"
    )
    @api.depends_context("lang")
    def _compute_retention_label(self):
        for line in self:
            text = self._describe_term(
                line.retention_kind, line.retention_years, line.retention_event
            )
            line.retention_label = f"{text} C.S." if line.commission_review else text

    @api.model
    def _describe_term(self, kind, years, event=None):
        """Write a retention term as the legal forms do."""
        if kind == retention.PERMANENT:
            return self.env._("Permanent")
        if kind == retention.EVENT:
            return self.env._(
                "%(years)s from %(event)s",
                years=self._describe_years(years),
                event=event or "…",
            )
        return self._describe_years(years)

    @api.model
    def _describe_years(self, years):
        if years == 1:
            return self.env._("1 year")
        return self.env._("%(count)s years", count=counted(years, self.env.lang))

    @api.depends("code", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.code or ''} {line.name or ''}".strip()

    @api.onchange("code")
    def _onchange_code(self):
        try:
            self.code = str(classification_codes.parse(self.code))
        except classification_codes.CodeError:
            return  # said when it is saved

    # ------------------------------------------------------------------ constraints

    @api.constrains("code")
    def _check_code(self):
        reasons = self._get_code_problems()
        for line in self:
            try:
                written = str(classification_codes.parse(line.code))
            except classification_codes.CodeError as exc:
                raise ValidationError(
                    self.env._(
                        "“%(code)s” is no code of a file plan: %(reason)s.",
                        code=line.code,
                        reason=reasons[str(exc)],
                    )
                ) from exc
            if written != line.code:
                line.code = written

    @api.model
    def _get_code_problems(self):
        """Say in words what the kernel finds wrong with a code."""
        return {
            "form": self.env._(
                "it needs a roman numeral, a capital letter and a number, as in II/A/3"
            ),
            "direction": self.env._("its first part is no roman numeral"),
            "number": self.env._("its last part must be 1 or more"),
        }

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._refuse_approved()
        return lines

    def write(self, vals):
        if vals.keys() - FREE_FIELDS:
            self._refuse_approved()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._refuse_approved()

    def _refuse_approved(self):
        if any(line.plan_id.state != DRAFT for line in self):
            raise UserError(
                self.env._(
                    "The codes of an approved file plan don't change. Make a new "
                    "version of the plan and have it confirmed."
                )
            )
