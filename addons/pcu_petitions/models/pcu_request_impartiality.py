"""Who is complained about solves nothing of it (OG 27/2002 art. 11).

Neither the person nor a subordinate, and nobody who stands in for the person: whoever
assigns, routes, takes over, decides or approves is stopped by the same check.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class PcuRequest(models.Model):
    """Impartiality."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    complained_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="pcu_request_complained_users_rel",
        column1="request_id",
        column2="user_id",
        string="Complains about",
        copy=False,
        help="Colleagues whose work the petition complains about; they, their "
        "subordinates and substitutes may not solve it (OG 27/2002 art. 11).",
    )
    is_complained = fields.Boolean(compute="_compute_is_complained")

    @api.depends("complained_user_ids", "department_id")
    @api.depends_context("uid")
    def _compute_is_complained(self):
        """Say to the reader that the petition is not theirs to solve."""
        for request in self:
            request.is_complained = self.env.user in request._get_excluded_users()

    @api.depends("complained_user_ids")
    def _compute_can_solve(self):
        """Offer nothing to who is complained about."""
        result = super()._compute_can_solve()
        for request in self.filtered("is_complained"):
            request.can_solve = request.can_assign = request.can_classify = False
        return result

    @api.constrains("user_id", "complained_user_ids")
    def _check_user_impartial(self):
        """Stop an assignment or a routing to who is complained about."""
        for request in self.filtered("user_id"):
            if request.user_id in request._get_excluded_users():
                raise ValidationError(
                    self.env._(
                        "%(request)s complains about the work of %(people)s. Neither "
                        "they nor their subordinates or substitutes may solve it "
                        "(OG 27/2002 art. 11); give it to somebody else than %(user)s.",
                        request=request.display_name,
                        people=", ".join(request.complained_user_ids.mapped("name")),
                        user=request.user_id.name,
                    )
                )

    def _get_excluded_users(self):
        """Return the people complained about, their subordinates and substitutes."""
        self.ensure_one()
        people = self.complained_user_ids
        if not people:
            return people
        # sudo: who is away and who heads what decides here, whoever asks
        departments_sudo = self.env["pcu.department"].sudo()
        headed = departments_sudo.search([("head_id", "in", people.ids)])
        below = departments_sudo.search([("id", "child_of", headed.ids)])
        absent = self.env["pcu.absence"]._get_active_map()
        substitutes = [absent[user.id][1] for user in people if user.id in absent]
        excluded = people | below.member_ids | below.head_id
        return excluded.sudo(self.env.su) | people.browse(substitutes)

    def _check_impartial(self, user):
        """Refuse the hand of who is complained about."""
        for request in self:
            if user in request._get_excluded_users():
                raise AccessError(
                    self.env._(
                        "%(request)s complains about your work or that of somebody "
                        "you work under or stand in for. Somebody else solves it "
                        "(OG 27/2002 art. 11): ask the registry to move it.",
                        request=request.display_name,
                    )
                )
        return super()._check_impartial(user)

    def _find_approvers(self):
        """Ask nobody for approval who is complained about."""
        holders = super()._find_approvers()
        excluded = self._get_excluded_users()
        wrong = [user.name for _step, user in holders if user in excluded]
        if wrong:
            raise UserError(
                self.env._(
                    "%(people)s would approve the answer to a petition about "
                    "themselves or somebody they depend on (OG 27/2002 art. 11). Move "
                    "%(request)s to another department.",
                    people=", ".join(wrong),
                    request=self.display_name,
                )
            )
        return holders

    def _pcu_filter_movable(self, user):
        """Leave a petition where it is when the substitute may not solve it."""
        movable = super()._pcu_filter_movable(user)
        return movable.filtered(lambda r: user not in r._get_excluded_users())

    def write(self, vals):
        """Let nobody complained about take themselves off the list."""
        if "complained_user_ids" not in vals or self.env.su:
            return super().write(vals)
        self._check_impartial(self.env.user)
        if self.filtered("answered_on"):
            raise UserError(
                self.env._("The petition is answered; its circle of solvers stays.")
            )
        result = super().write(vals)
        for request in self:
            self.env["pcu.journal"]._log(
                request,
                "petition_complained",
                people=len(request.complained_user_ids),
            )
        return result
