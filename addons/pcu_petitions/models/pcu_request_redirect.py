"""A petition addressed to the wrong authority goes on to the right one.

OG 27/2002 art. 6^1: within five days from the registration, and the petitioner is told.
The same way serves other kinds of requests whose law says so (``_get_redirect_term``).
"""

from datetime import date

from odoo import api, fields, models
from odoo.addons.pcu_base.models.res_partner import AUTHORITY
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import UserError
from odoo.tools import format_date


class PcuRequest(models.Model):
    """Sending on."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    redirected_to_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent on to",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    redirect_contact = fields.Char(
        string="Contact of the authority", related="redirected_to_id.pcu_contact_line"
    )
    redirected_on = fields.Date(string="Sent on at", readonly=True, copy=False)
    redirected_late = fields.Boolean(
        string="Sent on late",
        readonly=True,
        copy=False,
        help="After the days that the law gives for sending on.",
    )
    redirect_entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Covering letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    redirect_due_date = fields.Date(
        string="To be sent on by", compute="_compute_redirect_due_date"
    )
    can_redirect = fields.Boolean(compute="_compute_can_redirect")

    @api.depends("registration_date", "kind")
    def _compute_redirect_due_date(self):
        """Count the days of the law from the registration."""
        for request in self:
            term = request._get_redirect_term()
            request.redirect_due_date = term and term._get_due_date(
                request.registration_date, request.company_id
            )

    @api.depends("state", "kind", "entry_number", "can_solve")
    @api.depends_context("uid")
    def _compute_can_redirect(self):
        """Offer the button while the request is open and the law knows the way."""
        for request in self:
            request.can_redirect = bool(
                request.can_solve
                and request.state in rs.OPEN_STATES
                and request.entry_number
                and request._get_redirect_term()
            )

    def _get_redirect_term(self):
        """Return the term of the law for sending a request on, or none."""
        self.ensure_one()
        if self.kind == "petition":
            return self.env.ref("pcu_base.term_type_pet_red")
        return self.env["pcu.term.type"]

    def action_redirect(self):
        """Open the dialog that sends the petition on."""
        self._check_can_solve()
        return self._open_wizard("pcu_petitions.pcu_petition_redirect_action")

    def _redirect(self, authority, delivery_channel, note=None):
        """Send the request on to the competent authority and tell the applicant.

        :param authority: a party of the kind *public authority*
        :param delivery_channel: how the covering letter leaves
        :raise UserError: for what is not open, or a party that is no authority
        """
        self.ensure_one()
        self._check_can_solve()
        self._check_redirect(authority)
        day = local_day()
        entry = self._register_covering_letter(authority, day, delivery_channel)
        self.sudo().write(
            {
                "redirected_to_id": authority.id,
                "redirected_on": day,
                "redirected_late": day > self.redirect_due_date,
                "redirect_entry_id": entry.id,
            }
        )
        self._decide("redirected", self._get_redirect_text(note))
        self.env["pcu.journal"]._log(
            self, "petition_redirected", on=str(day), term=str(self.redirect_due_date)
        )
        self._end(rs.CLOSED, "solved", None)

    def _check_redirect(self, authority):
        """Refuse what can't be sent on."""
        if not self._get_redirect_term():
            raise UserError(
                self.env._("The law of %(kind)s knows no sending on.", kind=self.title)
            )
        if self.state not in rs.OPEN_STATES or not self.entry_number:
            raise UserError(
                self.env._("Only an open request with its number is sent on.")
            )
        if authority.pcu_party_kind != AUTHORITY:
            raise UserError(
                self.env._(
                    "%(party)s is not marked as a public authority. Choose the "
                    "competent authority, or correct its kind of party.",
                    party=authority.display_name,
                )
            )
        if authority == self.company_id.partner_id:
            raise UserError(
                self.env._("This is your own institution; move the request instead.")
            )

    def _register_covering_letter(self, authority, day: date, delivery_channel):
        """Register the outgoing letter under the number of the petition.

        A year that is closed takes no reply any more; the letter is connected then.
        """
        # sudo: who solves the petition needn't be allowed to register
        answered = self.sudo().entry_id
        values = {
            "register_id": answered.register_id.id,
            "company_id": self.company_id.id,
            "direction": "outgoing",
            "recipient_id": authority.id,
            "summary": in_romanian(self).env._(
                "Sent on to the competent authority: %(title)s", title=self.title
            ),
            "department_id": self.department_id.id,
            "confidentiality": answered.confidentiality,
            "origin_key": f"redirect,{self.id}",
        }
        if answered.register_year_id.state == "open":
            values["answers_id"] = answered.id
        else:
            values["connected_to_id"] = answered.id
        entry = answered._register_new([values])
        entry._programmatic()._fill_sent(day, delivery_channel)
        return entry

    def _get_redirect_text(self, note):
        """Say in Romanian what the register and the decision keep."""
        speaking = in_romanian(self)
        text = speaking.env._(
            "Sent on to %(authority)s on %(day)s (%(law)s).",
            authority=self.redirected_to_id.name,
            day=format_date(speaking.env, self.redirected_on),
            law=self._get_redirect_term().law,
        )
        return f"{text} {note}" if note else text

    def _check_may_decide(self, outcome, text):
        """Let nobody call a petition redirected that went nowhere."""
        result = super()._check_may_decide(outcome, text)
        if (
            outcome == "redirected"
            and self._get_redirect_term()
            and not self.redirected_to_id
        ):
            raise UserError(
                self.env._(
                    "Press “Send on” and choose the competent authority: the covering "
                    "letter is registered and the petitioner is told."
                )
            )
        return result

    def _check_approved(self, outcome, text):
        """Ask for no approval of a covering letter: it is no answer."""
        if self.redirected_to_id:
            return None
        return super()._check_approved(outcome, text)

    def _get_decision_notice(self):
        """Tell the petitioner where the petition went (M5)."""
        kind = super()._get_decision_notice()
        return "redirected" if self.redirected_to_id else kind
