"""*Biroul meu*: what lies on a clerk's desk, counted and taken one by one.

A pile is a named question: its counter, its list and its filter ask the same domain.
Each holds what the clerk answers for: the own requests and, for heads, all those of the
departments they lead. The questions use the partial indexes of open requests.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import request_states as rs

MINE, POOL, WAITING, APPROVE, SOON, OVERDUE, RETURNED = (
    "mine", "pool", "waiting", "approve", "soon", "overdue", "returned",
)  # fmt: skip
PILES = [
    (MINE, "Mine"),
    (POOL, "Department pool"),
    (WAITING, "Waiting for the applicant"),
    (APPROVE, "To approve"),
    (SOON, "Due in 3 days"),
    (OVERDUE, "Overdue"),
    (RETURNED, "Returned"),
]
#: Working days before the legal term in which a request counts as due soon.
SOON_DAYS = 3
#: States in which the inspector has something to do; decided ones are still closed.
ON_DESK = (rs.REGISTERED, rs.IN_PROGRESS, rs.CLARIFICATION, rs.DECIDED)
#: States in which nobody may have begun yet.
IN_POOL = (rs.REGISTERED, rs.IN_PROGRESS, rs.CLARIFICATION)


class PcuRequest(models.Model):
    """The desk."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    desk_pile = fields.Selection(
        selection=PILES,
        string="Pile of the desk",
        compute="_compute_desk_pile",
        search="_search_desk_pile",
        exportable=False,
        help="Only for searching: a request can lie on several piles.",
    )
    is_returned = fields.Boolean(string="Returned", readonly=True, copy=False)
    return_reason = fields.Char(string="Why it was returned", readonly=True, copy=False)

    _mine_idx = models.Index(
        "(user_id, due_date) WHERE state IN "
        "('registered', 'in_progress', 'clarification', 'decided')"
    )
    _returned_idx = models.Index("(department_id) WHERE is_returned IS TRUE")

    # ------------------------------------------------------------------
    # Piles
    # ------------------------------------------------------------------

    def _compute_desk_pile(self):
        """A pile is asked for, not shown."""
        self.desk_pile = False

    def _search_desk_pile(self, operator, value):
        """Search what lies on piles of the user's own desk."""
        if operator != "in":
            return NotImplemented
        piles = self._get_desk_domains()
        return Domain.OR(piles[pile] for pile in value if pile in piles)

    @api.model
    def _get_desk_domains(self):
        """Return what each pile of the user's desk holds.

        :return: domains of requests by pile, in the order of the screen
        """
        today = local_day()
        calendar = self.env["pcu.legal.day"]._calendar(self.env.company)
        mine = Domain("user_id", "=", self.env.uid)
        own = self._get_answered_for_domain()
        is_open = Domain("state", "in", list(rs.OPEN_STATES))
        running = own & is_open & Domain("term_stopped", "!=", True)
        visible = self.env.user.pcu_visible_department_ids.ids
        return {
            MINE: mine & Domain("state", "in", list(ON_DESK)),
            POOL: Domain("user_id", "=", False)
            & Domain("department_id", "in", visible)
            & Domain("state", "in", list(IN_POOL)),
            WAITING: own & Domain("state", "=", rs.CLARIFICATION),
            APPROVE: self._get_to_approve_domain(),
            SOON: running
            & Domain("due_date", ">=", today)
            & Domain("due_date", "<=", calendar.add_working(today, SOON_DAYS)),
            OVERDUE: running & Domain("due_date", "<", today),
            RETURNED: self._get_desk_returned_domain(),
        }

    @api.model
    def _get_answered_for_domain(self):
        """Return whose requests the user answers for: the own, a head's departments."""
        headed = self.env.user.pcu_headed_department_ids
        mine = Domain("user_id", "=", self.env.uid)
        if not headed:
            return mine
        below = headed.search([("id", "child_of", headed.ids)])
        return mine | Domain("department_id", "in", below.ids)

    @api.model
    def _get_desk_returned_domain(self):
        """Return what came back: from a colleague, or from an approval."""
        return (
            (
                Domain("is_returned", "=", True)
                | Domain("approval_state", "=", "returned")
            )
            & Domain("state", "in", list(rs.OPEN_STATES))
            & (
                self._get_answered_for_domain()
                | Domain("user_id", "=", False)
                & Domain(
                    "department_id", "in", self.env.user.pcu_visible_department_ids.ids
                )
            )
        )

    @api.model
    @api.readonly
    def get_desk_counters(self):
        """Count the piles of the user's desk, for the screen.

        :return: a list of dictionaries with ``pile``, ``label`` and ``count``, and
            ``action`` for what lies elsewhere
        """
        labels = dict(self._fields["desk_pile"]._description_selection(self.env))
        piles = [
            {"pile": pile, "label": labels[pile], "count": self.search_count(domain)}
            for pile, domain in self._get_desk_domains().items()
        ]
        return piles + self._get_desk_pointers()

    @api.model
    def _get_desk_pointers(self):
        """Point the mayor, who begins at this desk too, to what waits at the other."""
        if not self.env.user.has_group("pcu_base.group_approver"):
            return []
        count = self.env["pcu.resolution"].search_count(
            [("user_id", "=", self.env.uid), ("state", "=", "asked")]
        )
        pointer = {
            "pile": "resolve",
            "label": self.env._("To resolve"),
            "count": count,
            "action": "pcu_registry.pcu_resolution_action",
        }
        return [pointer] if count else []

    # ------------------------------------------------------------------
    # Taking from the pool
    # ------------------------------------------------------------------

    @api.model
    def action_take_one(self):
        """Take the most urgent request of the department's pool and open it.

        Two who press at once get two different requests: a row that somebody else is
        just taking is skipped.
        """
        pool = self.search(self._get_desk_domains()[POOL], limit=20)
        one = pool.try_lock_for_update(limit=1)
        if not one:
            raise UserError(
                self.env._("Nothing is left in the pool: colleagues took it all.")
            )
        one.action_take()
        return one._open_from_desk()

    def _open_from_desk(self):
        """Open one request as the desk does."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "context": {"pcu_desk": True},
        }

    def _check_not_taken(self):
        """Refuse to take what a colleague has taken meanwhile."""
        if self.env.su:
            return
        for request in self.filtered(
            lambda r: r.user_id not in (r.user_id.browse(), self.env.user)
        ):
            raise UserError(
                self.env._(
                    "%(user)s has taken %(request)s already. Take another one, or ask "
                    "the head to assign it to you.",
                    user=request.sudo().user_id.name,
                    request=request.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Returned
    # ------------------------------------------------------------------

    def _mark_returned(self, reason):
        """Put requests on the pile of returned ones, with the reason."""
        # sudo: who gives something back may not see it any more
        self.sudo().write({"is_returned": True, "return_reason": reason})

    def _clear_returned(self):
        """Take requests off that pile: somebody has taken them up again."""
        returned = self.sudo().filtered("is_returned")
        if returned:
            returned.write({"is_returned": False, "return_reason": False})
