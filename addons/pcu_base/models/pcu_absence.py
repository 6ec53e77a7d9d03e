"""Absences: one switch that moves a person's work to a substitute and back."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, ormcache

from ..romania import local_day
from ..scheduled import in_turn

PLANNED, ACTIVE, ENDED, CANCELLED = "planned", "active", "ended", "cancelled"
STATES = [
    (PLANNED, "Planned"),
    (ACTIVE, "Absent now"),
    (ENDED, "Ended"),
    (CANCELLED, "Cancelled"),
]
LIVE = (PLANNED, ACTIVE)
ROLES = (
    "group_registry_operator",
    "group_inspector",
    "group_head",
    "group_approver",
)
#: While the absence runs, only its end and its reason can change.
RUNNING_FIELDS = {"date_to", "reason"}
SWITCH = object()
"""Context mark of the switch's own code; an object can't come through RPC."""


class PcuAbsence(models.Model):
    """Somebody is away from one day to another, and somebody else stands in.

    *Planned* until the first day; *absent now* while the substitute has the open and
    the new work, marked as on behalf of the absent person; *ended* when what is still
    open has been given back. A planned one can be *cancelled*. Everybody sets the
    own, a head those of the department, the administrator all.
    """

    _name = "pcu.absence"
    _description = "Absence"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        comodel_name="res.users", string="Who is absent", required=True, index=True,
        default=lambda self: self.env.user,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="user_id.company_id", store=True, index=True, string="Institution"
    )
    date_from = fields.Date(
        string="First day", required=True, default=lambda _self: local_day()
    )
    date_to = fields.Date(
        string="Last day", required=True, default=lambda _self: local_day()
    )
    substitute_id = fields.Many2one(
        comodel_name="res.users",
        index="btree_not_null",
        help="Gets the open and the new work for these days. Every absence has a "
        "substitute, because work can't lie with nobody.",
    )
    reason = fields.Char(
        help="E.g. annual leave. Don't write health data here: the head, the "
        "substitute and the administrator read it."
    )
    state = fields.Selection(STATES, default=PLANNED, required=True, readonly=True)
    item_ids = fields.One2many(
        comodel_name="pcu.absence.item", inverse_name="absence_id", string="Work moved"
    )
    open_count = fields.Integer(
        string="With the substitute", compute="_compute_open_count"
    )

    _live_idx = models.Index(
        "(date_from, date_to) WHERE state IN ('planned', 'active')"
    )

    # ------------------------------------------------------------------ computes

    @api.depends("user_id", "substitute_id")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(user)s – replaced by %(substitute)s",
                user=absence.user_id.name or "",
                substitute=absence.substitute_id.name or "–",
            )

    @api.depends("item_ids.state")
    def _compute_open_count(self):
        counts = dict(
            self.env["pcu.absence.item"]._read_group(
                [("absence_id", "in", self.ids), ("state", "=", "moved")],
                ["absence_id"],
                ["__count"],
            )
        )
        for absence in self:
            absence.open_count = counts.get(absence, 0)

    # ------------------------------------------------------------------ constraints

    @api.constrains("user_id", "substitute_id", "date_from", "date_to")
    def _check_absence(self):
        for absence in self.filtered(lambda absence: absence.state in LIVE):
            absence._check_days()
            absence._check_substitute()
            absence._check_rights_of_substitute()
            absence._check_overlap()

    def _check_days(self):
        if self.date_to < self.date_from:
            raise ValidationError(
                self.env._("The last day comes before the first. Correct the days.")
            )
        if self.date_to < local_day():
            raise ValidationError(
                self.env._("These days are over; work can't be moved in the past.")
            )

    def _check_substitute(self):
        user, substitute = self.user_id, self.substitute_id
        if not substitute:
            raise ValidationError(
                self.env._(
                    "Choose who stands in for %(user)s; work can't lie with nobody.",
                    user=user.name,
                )
            )
        if substitute == user:
            raise ValidationError(
                self.env._("%(user)s can't stand in for themselves.", user=user.name)
            )
        # sudo: which accounts are open in which institution
        if (
            not substitute.active
            or user.company_id not in substitute.sudo().company_ids
        ):
            raise ValidationError(
                self.env._(
                    "%(substitute)s has no open account in %(institution)s. Choose "
                    "somebody else.",
                    substitute=substitute.name,
                    institution=user.company_id.name,
                )
            )

    def _check_rights_of_substitute(self):
        """The substitute must be able to do the work without new rights."""
        # sudo: where people work and what roles they have
        user, substitute = self.user_id.sudo(), self.substitute_id.sudo()
        departments = user.pcu_department_ids | user.pcu_headed_department_ids
        missing = departments.filtered(lambda d: substitute not in d._get_people())
        if missing:
            raise ValidationError(
                self.env._(
                    "%(substitute)s doesn't work in %(departments)s and wouldn't see "
                    "the work of %(user)s. Choose a colleague, or ask the "
                    "administrator to add the substitute to the department.",
                    substitute=substitute.name,
                    departments=", ".join(missing.mapped("name")),
                    user=user.name,
                )
            )
        for role in ROLES:
            group = self.env.ref(f"pcu_base.{role}").sudo()
            if group in user.all_group_ids and group not in substitute.all_group_ids:
                raise ValidationError(
                    self.env._(
                        "%(substitute)s isn't “%(role)s” as %(user)s is, and couldn't "
                        "do the work. Choose somebody with this role.",
                        substitute=substitute.name,
                        role=group.name,
                        user=user.name,
                    )
                )

    def _check_overlap(self):
        """Nobody is away twice, stands in while away, or is away while standing in."""
        if other := self._find_overlapping(user_id=self.user_id):
            raise ValidationError(
                self.env._(
                    "%(user)s is already absent %(days)s. Change that absence instead.",
                    user=self.user_id.name,
                    days=other._show_days(),
                )
            )
        if other := self._find_overlapping(user_id=self.substitute_id):
            raise ValidationError(
                self.env._(
                    "%(substitute)s is absent too, %(days)s. Choose somebody else.",
                    substitute=self.substitute_id.name,
                    days=other._show_days(),
                )
            )
        if other := self._find_overlapping(substitute_id=self.user_id):
            raise ValidationError(
                self.env._(
                    "%(user)s stands in for %(other)s %(days)s. Let somebody else "
                    "stand in for %(other)s first.",
                    user=self.user_id.name,
                    other=other.user_id.name,
                    days=other._show_days(),
                )
            )

    def _find_overlapping(self, **whose):
        """Return another absence of these days in which a user has a part."""
        ((field, user),) = whose.items()
        # sudo: the absences of others count without being shown
        return self.sudo().search(
            Domain("state", "in", LIVE)
            & Domain("id", "!=", self.id)
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
            & Domain(field, "=", user.id),
            limit=1,
        )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", PLANNED) != PLANNED:
                self._refuse_state()
        absences = super().create(vals_list)
        self.env["pcu.journal"]._log(absences, "absence_set")
        absences._switch_due()
        return absences

    def write(self, vals):
        if self.env.context.get("pcu_switch") is not SWITCH:
            self._check_change(vals)
        result = super().write(vals)
        if {"date_from", "date_to"} & vals.keys():
            self._switch_due()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(absence.state in (ACTIVE, ENDED) for absence in self):
            raise UserError(
                self.env._("An absence that began stays on record. End it instead.")
            )

    def _check_change(self, vals):
        """Refuse what would lose the trace of work that was moved."""
        if "state" in vals:
            self._refuse_state()
        changed = vals.keys() & self._fields.keys() - {"message_follower_ids"}
        for absence in self:
            if absence.state == ACTIVE and changed - RUNNING_FIELDS:
                raise UserError(
                    self.env._(
                        "The work is with %(substitute)s already: only the last day "
                        "and the reason can change. To change more, end this absence "
                        "and set a new one.",
                        substitute=absence.substitute_id.name,
                    )
                )
            if absence.state in (ENDED, CANCELLED) and changed:
                raise UserError(
                    self.env._(
                        "This absence is over and stays as it was. Set a new one."
                    )
                )

    def _refuse_state(self):
        raise UserError(
            self.env._("An absence begins and ends by its days and its buttons.")
        )

    # ------------------------------------------------------------------ actions

    def action_cancel(self):
        """Drop a planned absence; nothing has been moved yet."""
        self.check_access("write")
        if any(absence.state != PLANNED for absence in self):
            raise UserError(
                self.env._("Only a planned absence is cancelled; end a running one.")
            )
        self._set_state(CANCELLED)
        self.env["pcu.journal"]._log(self, "absence_cancelled")
        return True

    def action_end(self):
        """Give the work back now, because the person is here again."""
        self.check_access("write")
        if any(absence.state != ACTIVE for absence in self):
            raise UserError(self.env._("Only a running absence can be ended."))
        self._end()
        return True

    # ------------------------------------------------------------------ business

    @api.model
    def _get_work_models(self):
        """Name the models whose records move; each floor adds its own in front.

        Reminders come last: who gets one must already see the record.
        """
        return ["mail.activity"]

    @api.model
    @ormcache()
    def _get_active_map(self):
        """Return {absent user: (absence, substitute)}; asked at every writing."""
        # sudo: who is away decides for everybody where work goes
        active = self.sudo().search([("state", "=", ACTIVE)])
        return {a.user_id.id: (a.id, a.substitute_id.id) for a in active}

    def _switch_due(self):
        """Begin and end what the day asks for."""
        today = local_day()
        # sudo: beginning and ending is bookkeeping of a right already checked
        for absence in self.sudo():
            if absence.state == ACTIVE and absence.date_to < today:
                absence._end()
            elif absence.state == PLANNED and absence.date_to < today:
                absence._set_state(CANCELLED)
            elif absence.state == PLANNED and absence.date_from <= today:
                absence._begin()

    def _begin(self):
        """Move all open work to the substitute."""
        self.ensure_one()
        self._set_state(ACTIVE)
        self.env["pcu.journal"]._log(self, "absence_began")
        for model in self._get_work_models():
            records = self.env[model].sudo()
            work = records.search(
                records._pcu_get_open_work_domain()
                & Domain(records._pcu_work_field, "=", self.user_id.id)
            )
            movable = work._pcu_filter_movable(self.substitute_id)
            movable._pcu_move_work(self.user_id, self.substitute_id, self.user_id)
            self._add_items(movable)
            self._add_items(work - movable, state="left")
            if movable and model != "mail.activity":
                self.env["pcu.journal"]._log(
                    movable,
                    "work_moved",
                    absence=self.id,
                    from_user=self.user_id.id,
                    to_user=self.substitute_id.id,
                )
        self._tell(
            self.substitute_id,
            self.env._(
                "You stand in for %(user)s %(days)s. Moved to you: %(count)s.",
                user=self.user_id.name,
                days=self._show_days(),
                count=self.open_count,
            ),
        )

    def _end(self):
        """Give back what is still open and still lies with the substitute."""
        for absence in self.sudo():
            absence._set_state(ENDED)
            self.env["pcu.journal"]._log(absence, "absence_ended")
            count = 0
            for model in self._get_work_models():
                count += absence._give_back(model)
            absence._tell(
                absence.user_id,
                self.env._(
                    "Your absence has ended. Given back to you: %(count)s.", count=count
                ),
            )

    def _give_back(self, model):
        moved = self.item_ids.filtered(
            lambda item: item.model == model and item.state == "moved"
        )
        records = self.env[model].sudo().browse(moved.mapped("res_id")).exists()
        back = records.filtered_domain(
            records._pcu_get_open_work_domain()
            & Domain(records._pcu_work_field, "=", self.substitute_id.id)
            & Domain("pcu_on_behalf_of_id", "=", self.user_id.id)
        )
        back._pcu_move_work(self.substitute_id, self.user_id, self.env["res.users"])
        returned = moved.filtered(lambda item: item.res_id in back._ids)
        returned.state = "returned"
        (moved - returned).state = "kept"
        if back and model != "mail.activity":
            self.env["pcu.journal"]._log(
                back,
                "work_given_back",
                absence=self.id,
                from_user=self.substitute_id.id,
                to_user=self.user_id.id,
            )
        return len(back)

    def _add_items(self, records, state="moved"):
        """Write down what was moved; what is no open work needs no giving back."""
        self.ensure_one()
        records = records.sudo()
        if state == "moved":
            records = records.filtered_domain(records._pcu_get_open_work_domain())
        known = {
            (item.model, item.res_id) for item in self.item_ids if item.state == "moved"
        }
        self.env["pcu.absence.item"].sudo().create(
            [
                {
                    "absence_id": self.id,
                    "model": record._name,
                    "res_id": record.id,
                    "state": state,
                }
                for record in records
                if (record._name, record.id) not in known
            ]
        )

    def _set_state(self, state):
        # sudo: the state is moved by the switch only
        self.sudo().with_context(pcu_switch=SWITCH).write({"state": state})
        self.env.registry.clear_cache()

    def _tell(self, user, text):
        """Send one message for all of it, not one for each piece of work."""
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Absence: %(name)s", name=self.display_name),
            body=text,
        )

    def _show_days(self):
        self.ensure_one()
        return self.env._(
            "from %(first)s to %(last)s",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )

    # ------------------------------------------------------------------ cron

    @api.model
    def _cron_switch(self):
        """Begin and end absences at the change of the day, each in its own commit."""
        today = local_day()
        due = Domain("state", "=", PLANNED) & Domain("date_from", "<=", today)
        due |= Domain("state", "=", ACTIVE) & Domain("date_to", "<", today)
        # Who comes back gets the work before it can go to somebody who leaves.
        absences = self.search(due, order="date_to, id")
        in_turn(
            self.env,
            absences,
            lambda a: a.try_lock_for_update().filtered_domain(due)._switch_due(),
        )
