"""The file plan (*nomenclator arhivistic*) of an institution, version by version."""

from odoo import api, fields, models
from odoo.addons.pcu_registry.paper_lists import Column
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

DRAFT, APPROVED, IN_FORCE, REPLACED = "draft", "approved", "in_force", "replaced"
STATES = [
    (DRAFT, "Draft"),
    (APPROVED, "Approved"),
    (IN_FORCE, "In force"),
    (REPLACED, "Replaced"),
]


class PcuClassificationPlan(models.Model):
    """One version of the file plan.

    The archivist drafts it, the head of the institution approves it, the county
    service of the National Archives confirms it; from then on it is in force and its
    codes don't change (Law 16/1996). What changes later is a new version.
    """

    _name = "pcu.classification.plan"
    _description = "File plan"
    _inherit = ["pcu.archive.print", "pcu.archive.guarded"]
    _order = "valid_from desc, id desc"
    _protected_fields = frozenset({"state", "valid_to"})

    name = fields.Char(required=True, default=lambda self: self.env._("File plan"))
    state = fields.Selection(STATES, default=DRAFT, required=True, readonly=True)
    classification_ids = fields.One2many(
        comodel_name="pcu.classification", inverse_name="plan_id", string="Codes"
    )
    classification_count = fields.Integer(compute="_compute_classification_count")

    # Approved by the head, confirmed by the National Archives
    approval_number = fields.Char(
        string="Approving act", copy=False, help="Number of the head's decision."
    )
    approval_date = fields.Date(copy=False)
    confirmation_number = fields.Char(
        copy=False,
        help="Number under which the county service of the National Archives "
        "confirmed the plan.",
    )
    confirmation_date = fields.Date(copy=False)
    valid_from = fields.Date(copy=False)
    valid_to = fields.Date(readonly=True, copy=False)

    _one_in_force = models.UniqueIndex(
        "(company_id) WHERE state = 'in_force'",
        "The institution already has a file plan in force.",
    )
    _confirmed_complete = models.Constraint(
        "CHECK (state IN ('draft', 'approved') OR (confirmation_number IS NOT NULL "
        "AND confirmation_date IS NOT NULL AND valid_from IS NOT NULL))",
        "A plan in force has its confirmation and its first day.",
    )

    @api.depends("classification_ids")
    def _compute_classification_count(self):
        counts = dict(
            self.env["pcu.classification"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.classification_count = counts.get(plan, 0)

    @api.depends("name", "valid_from")
    def _compute_display_name(self):
        for plan in self:
            year = f" ({plan.valid_from.year})" if plan.valid_from else ""
            plan.display_name = f"{plan.name}{year}"

    # ------------------------------------------------------------------ CRUD

    def _explain_guard(self):
        return self.env._(
            "The state of a file plan comes from its actions: approve, confirm, new "
            "version. It can't be written directly."
        )

    def _check_change(self, vals):
        # Defaults of departments may move within a plan in force.
        confirmed = any(plan.state in (IN_FORCE, REPLACED) for plan in self)
        if confirmed and vals.keys() - {"name", "classification_ids"}:
            raise UserError(
                self.env._(
                    "A confirmed file plan doesn't change any more. Make a new "
                    "version of it."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if any(plan.state != DRAFT for plan in self):
            raise UserError(
                self.env._(
                    "Only a draft of a file plan can be deleted; what was approved "
                    "stays readable."
                )
            )

    # ------------------------------------------------------------------ actions

    def action_approve(self):
        """Record that the head of the institution approved the plan."""
        for plan in self:
            plan._check_state(DRAFT)
            if not plan.classification_ids:
                raise UserError(
                    self.env._("The plan has no codes yet. Add or import them first.")
                )
            if not (plan.approval_number and plan.approval_date):
                raise UserError(
                    self.env._(
                        "Fill in number and date of the act by which the head of the "
                        "institution approved the plan."
                    )
                )
        self._as_program().write({"state": APPROVED})
        self.env["pcu.journal"]._log(self, "plan_approved")

    def action_back_to_draft(self):
        """Take an approved plan back, because the Archives asked for changes."""
        for plan in self:
            plan._check_state(APPROVED)
        self._as_program().write({"state": DRAFT})
        self.env["pcu.journal"]._log(self, "plan_reopened")

    def action_confirm(self):
        """Put the plan in force; the one before ends on the day before."""
        for plan in self:
            plan._check_state(APPROVED)
            plan._check_confirmation()
            previous = plan._get_previous()
            if previous.valid_from and plan.valid_from <= previous.valid_from:
                raise ValidationError(
                    self.env._(
                        "The plan “%(previous)s” is in force since %(day)s; the new "
                        "one must begin later.",
                        previous=previous.name,
                        day=previous.valid_from,
                    )
                )
            previous._as_program().write(
                {
                    "state": REPLACED,
                    "valid_to": fields.Date.subtract(plan.valid_from, days=1),
                }
            )
            previous.flush_recordset()
            plan._as_program().write({"state": IN_FORCE})
        self.env["pcu.journal"]._log(self, "plan_confirmed")

    def action_new_version(self):
        """Copy the plan into a draft that will replace it."""
        self.ensure_one()
        draft = self.copy(
            {
                "classification_ids": [
                    Command.create(values)
                    for values in self.classification_ids.copy_data({"plan_id": False})
                ]
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_open_codes(self):
        """Open the list of the codes of this plan."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_archive.pcu_classification_action"
        )
        return action | {
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id},
        }

    # ------------------------------------------------------------------ business

    @api.model
    def _get_in_force(self, company):
        """Return the plan in force in an institution, or an empty recordset."""
        # sudo: which plan is in force doesn't depend on who asks
        return self.sudo().search(
            Domain("company_id", "=", company.id) & Domain("state", "=", IN_FORCE),
            limit=1,
        )

    def _get_default_codes(self):
        """Return ``{department: code}`` of the departments' default codes."""
        return {
            code.department_id: code
            for code in self.classification_ids.filtered("is_default")
        }

    def _get_previous(self):
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", IN_FORCE)
        )

    def _check_confirmation(self):
        if not (
            self.confirmation_number and self.confirmation_date and self.valid_from
        ):
            raise UserError(
                self.env._(
                    "Fill in number and date of the confirmation by the National "
                    "Archives, and the day from which the plan is in force."
                )
            )
        if self.confirmation_date < self.approval_date:
            raise ValidationError(
                self.env._("The confirmation can't be older than the approval.")
            )

    def _prepare_forms(self):
        """Give the legal form, with the signs of the codes before the names."""
        rows, place = [], ("", "")
        for line in self.classification_ids.sorted("sort_key"):
            direction, service, number = line.code.split("/")
            new = (
                f"{direction}. {line.direction_name or ''}",
                f"{service}. {line.service_name or ''}",
            )
            rows.append(
                (
                    new[0] if new[0] != place[0] else "",
                    new[1] if new != place else "",
                    f"{number}. {line.name}",
                    line.retention_label,
                    line.note or "",
                )
            )
            place = new
        return [
            self._form(
                self.env._("FILE PLAN"),
                annex=self.env._("Annex 1"),
                wide=True,
                facts=(
                    (
                        self.env._("Approved by the head"),
                        self._cite(self.approval_number, self.approval_date),
                    ),
                    (
                        self.env._("Confirmed by the National Archives"),
                        self._cite(self.confirmation_number, self.confirmation_date),
                    ),
                ),
                columns=(
                    Column(self.env._("Direction"), 2),
                    Column(self.env._("Service"), 2),
                    Column(self.env._("Content of the file"), 4),
                    Column(self.env._("Retention term"), 1.8),
                    Column(self.env._("Remarks"), 1.5),
                ),
                rows=tuple(rows),
            )
        ]

    def _cite(self, number, day):
        return f"{number or '…'} / {self._day(day)}"
