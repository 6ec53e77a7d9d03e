"""The circuit of a procedure: which visas and signatures a decision needs."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import approval_roles as ar


class PcuApprovalStep(models.Model):
    """One visa or signature, by role.

    Steps with the same order number are asked side by side, the next number when all
    of them have approved. The administrator keeps them with the procedure.
    """

    _name = "pcu.approval.step"
    _description = "Step of the approval circuit"
    _order = "procedure_id, sequence, id"
    _rec_name = "role"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(
        string="Order",
        default=10,
        required=True,
        aggregator=None,
        help="Steps with the same number are asked at the same time; the next number "
        "follows when all of them have approved.",
    )
    role = fields.Selection(selection=ar.ROLES, required=True, default=ar.HEAD)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        index="btree_not_null",
        help="Only when it is not who holds the office in the institution.",
    )
    four_eyes = fields.Boolean(
        string="Not by who made it",
        compute="_compute_four_eyes",
        store=True,
        readonly=False,
        precompute=True,
        help="Who prepared or sent the answer can't give this visa.",
    )
    name = fields.Char(
        string="Step",
        compute="_compute_name",
        help="The role, numbered from its second step on; versions know a step by it.",
    )
    problem = fields.Char(compute="_compute_problem")

    @api.depends("role")
    def _compute_four_eyes(self):
        """The law asks it of the legal and the financial visa."""
        for step in self:
            step.four_eyes = step.role in ar.FOUR_EYES

    @api.depends(
        "role",
        "sequence",
        "procedure_id.approval_step_ids.role",
        "procedure_id.approval_step_ids.sequence",
    )
    def _compute_name(self):
        """Give each step of a circuit a name of its own: legal, head, head#2."""

        def place(step):
            return step.sequence, step._origin.id

        for step in self:
            before = step.procedure_id.approval_step_ids.filtered(
                lambda s, step=step: s.role == step.role and place(s) < place(step)
            )
            step.name = f"{step.role}#{len(before) + 1}" if before else step.role

    @api.depends("role", "user_id.active", "procedure_id.department_id")
    def _compute_problem(self):
        """Show in the circuit itself that nobody would be asked."""
        for step in self:
            procedure = step.procedure_id
            _user, problem = step._find_approver(
                procedure.company_id, procedure.department_id
            )
            step.problem = problem

    @api.constrains("role", "user_id", "four_eyes")
    def _check_step(self):
        """A named step names somebody; the law's rule can't be switched off."""
        for step in self:
            if step.role == ar.PERSON and not step.user_id:
                raise ValidationError(
                    self.env._("Choose the person who approves in this step.")
                )
            if step.role in ar.FOUR_EYES and not step.four_eyes:
                raise ValidationError(
                    self.env._(
                        "The law forbids the legal and the financial visa on one's "
                        "own work; this can't be switched off."
                    )
                )

    def _get_holder(self, company, department):
        """Return who holds the role for a department's request, maybe nobody."""
        self.ensure_one()
        # sudo: who holds an office is no secret, but companies and users are locked
        company, department = company.sudo(), department.sudo()
        if self.user_id:
            return self.user_id.sudo()
        if self.role == ar.HEAD:
            return department.head_id
        if self.role == ar.DIRECTOR:
            return department.parent_id.head_id or department.head_id
        if self.role in ar.OFFICES:
            return company[ar.OFFICES[self.role]]
        return self.env["res.users"].sudo()

    def _find_approver(self, company, department):
        """Return who approves this step, and what stands against asking them."""
        user = self._get_holder(company, department)
        labels = dict(self._fields["role"]._description_selection(self.env))
        words = {"role": labels.get(self.role), "user": user.name}
        if not user:
            return user, self.env._("%(role)s: nobody holds this office.", **words)
        if not user.active:
            return user, self.env._(
                "%(role)s: the account of %(user)s is closed.", **words
            )
        if not self._may_read(user, department):
            return user, self.env._(
                "%(role)s: %(user)s lacks the role “Approver”.", **words
            )
        return user, False

    @api.model
    def _may_read(self, user, department):
        """Tell whether somebody would see a request that is sent to them."""
        return user.has_group("pcu_base.group_approver") or (
            user.has_group("pcu_base.group_inspector")
            and department in user.pcu_visible_department_ids
        )
