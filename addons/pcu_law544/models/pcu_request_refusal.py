"""Refusing public information: in five days, with the ground of the law.

Law 544/2001 art. 7 (2): the refusal is reasoned and told within five days from the
receipt; art. 12 lists what is exempted.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import UserError

#: What every refusal tells the applicant (Law 544/2001 art. 21 and 22).
REMEDY_LAW = "Legea 544/2001, art. 21 și 22"


class PcuRequest(models.Model):
    """Refusals."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    refusal_ground_id = fields.Many2one(
        comodel_name="pcu.law544.ground",
        string="Ground of the refusal",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    refused_late = fields.Boolean(
        readonly=True, copy=False, help="After the five days of the law."
    )
    refusal_due_date = fields.Date(
        string="To be refused by", compute="_compute_refusal_due_date"
    )
    complaint_ids = fields.One2many(
        comodel_name="pcu.law544.complaint",
        inverse_name="request_id",
        string="Complaints",
    )

    @api.depends("registration_date", "kind")
    def _compute_refusal_due_date(self):
        """Count the five days from the registration."""
        term = self.env.ref("pcu_base.term_type_l544_5")
        for request in self:
            request.refusal_due_date = request.kind == "law544" and term._get_due_date(
                request.registration_date, request.company_id
            )

    def action_refuse_information(self):
        """Open the dialog of the refusal."""
        self._check_can_solve()
        return self._open_wizard("pcu_law544.pcu_law544_refuse_action")

    def _refuse_information(self, ground, reason):
        """Refuse with the law's ground and the institution's reason.

        :param ground: ``pcu.law544.ground``
        :param reason: why the ground applies to what was asked
        :raise UserError: without a reason, or for another kind of request
        """
        self.ensure_one()
        self._check_can_solve()
        if self.kind != "law544" or self.state not in rs.OPEN_STATES:
            raise UserError(
                self.env._("Only an open request for public information is refused.")
            )
        if not ground or not (reason or "").strip():
            raise UserError(
                self.env._(
                    "A refusal names its ground in the law and says why it applies "
                    "(Law 544/2001 art. 7 (2))."
                )
            )
        late = local_day() > self.refusal_due_date
        # The right was checked above; the course of a request is written by actions.
        self.sudo().write({"refusal_ground_id": ground.id, "refused_late": late})
        self._decide("unfavourable", self._get_refusal_text(ground, reason))
        self.env["pcu.journal"]._log(self, "law544_refused", law=ground.law, late=late)

    def _get_refusal_text(self, ground, reason):
        """Write the refusal as the applicant reads it, in Romanian."""
        speaking = in_romanian(self)
        ground = ground.with_env(speaking.env)
        head = speaking.env._(
            "The information can't be given: %(ground)s (%(law)s).",
            ground=ground.text or ground.name,
            law=ground.law,
        )
        remedy = speaking.env._(
            "You may file an administrative complaint with the head of the institution "
            "within 30 days from learning of the refusal, and a complaint with the "
            "administrative court within 30 days (%(law)s).",
            law=REMEDY_LAW,
        )
        return f"{head}\n\n{reason.strip()}\n\n{remedy}"

    def action_new_complaint(self):
        """Open a new complaint about this request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.law544.complaint",
            "view_mode": "form",
            "context": {"default_request_id": self.id},
        }
