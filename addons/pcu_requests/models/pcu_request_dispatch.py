"""How the answer reaches the applicant: platform, e-mail, post or pick-up.

The platform is the floor above's affair; an answer by e-mail leaves with the notice of
the decision. What leaves on paper is a reply in the register under the number of the
request, so that the registry puts it on its dispatch lists like any other letter.
"""

from odoo import fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_registry import paper_lists
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from .. import request_states as rs

PLATFORM, EMAIL, POST, PICKUP = "platform", "email", "post", "pickup"
WAYS = [
    (PLATFORM, "On the platform"),
    (EMAIL, "By e-mail, with the documents"),
    (POST, "By post"),
    (PICKUP, "Picked up at the institution"),
]


class PcuRequest(models.Model):
    """Dispatch."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    delivery_way = fields.Selection(
        selection=WAYS, string="Answer delivered", readonly=True, copy=False
    )
    reply_entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Reply in the register",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    collected_on = fields.Date(readonly=True, copy=False)
    collected_by = fields.Char(
        readonly=True, copy=False, help="Who took the answer over at the counter."
    )

    def _get_delivery_way(self):
        """Propose the way the request came; paper when nothing else is known."""
        self.ensure_one()
        if self.origin_number:
            return PLATFORM
        return EMAIL if email_normalize(self.email or "") else PICKUP

    def _check_delivery(self, way):
        """Refuse a way that can't reach the applicant.

        :raise UserError: what is missing for it
        """
        self.ensure_one()
        if way == PLATFORM and not self.origin_number:
            raise UserError(
                self.env._("This request did not come from a platform: choose another "
                           "way for the answer.")
            )  # fmt: skip
        if way == EMAIL and not email_normalize(self.email or ""):
            raise UserError(
                self.env._("Write the applicant's e-mail address into the request, or "
                           "choose another way for the answer.")
            )  # fmt: skip

    def _dispatch_answer(self, way):
        """Start the way of the answer in the transaction of the decision."""
        self.ensure_one()
        self.sudo().delivery_way = way
        if way in (POST, PICKUP):
            self._register_reply(way)
        if way == PICKUP:
            self.env["pcu.notice"]._owe(self, "ready")

    def _register_reply(self, way):
        """Register the answer under the number of the request, to be sent on paper."""
        entry_sudo = self.entry_id.sudo()  # the decision writes its own reply
        defaults = entry_sudo.action_new_reply()["context"]
        values = {
            key.removeprefix("default_"): value for key, value in defaults.items()
        }
        # The register's channel for post is chosen when the letter goes on its list.
        if way == PICKUP:
            values["delivery_channel"] = PICKUP
        reply = entry_sudo._register_new(
            [
                values
                | {
                    "company_id": self.company_id.id,
                    "recipient_id": self.applicant_id.id,
                    "summary": in_romanian(self).env._(
                        "Answer: %(what)s", what=self.title
                    ),
                    "origin_key": f"{self._name},{self.id},reply",
                }
            ]
        )
        self.sudo().reply_entry_id = reply

    # ------------------------------------------------------------------
    # At the counter
    # ------------------------------------------------------------------

    def action_pickup_slip(self):
        """Print what the applicant signs on taking the answer over."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/pickup-slip/{self.id}",
            "target": "new",
        }

    def action_collect(self):
        """Open the dialog that records who took the answer over."""
        self._check_may_hand_over()
        return self._open_wizard("pcu_requests.pcu_request_collect_action")

    def _collect(self, who, day=None):
        """Record that the answer was taken over, in the register too, and close."""
        self.ensure_one()
        self._check_may_hand_over()
        day = day or local_day()
        if not (who or "").strip():
            raise UserError(self.env._("Write who took the answer over."))
        if not (local_day(self.decided_at) <= day <= local_day()):
            raise UserError(
                self.env._("The answer is taken over after the decision and not in "
                           "the future: correct the day.")
            )  # fmt: skip
        # sudo: the counter hands over what the department decided
        self.sudo().write({"collected_by": who.strip(), "collected_on": day})
        if self.reply_entry_id.number:
            self.sudo().reply_entry_id._fill_sent(day, PICKUP)
        self.env["pcu.journal"]._log(self, "answer_collected")
        if self.state == rs.DECIDED:
            self._end(rs.CLOSED, "solved", None)

    def _check_may_hand_over(self):
        """The department and the counter hand over what waits to be picked up."""
        for request in self:
            if not self.env.su and not request.can_classify:
                request._check_can_solve()
            if request.delivery_way != PICKUP or request.collected_on:
                raise UserError(
                    self.env._(
                        "%(request)s does not wait to be picked up.",
                        request=request.display_name,
                    )
                )

    def _draw_pickup_slip(self):
        """Return the slip as PDF, in Romanian: what is handed over, and who signs."""
        self.ensure_one()
        request = in_romanian(self)
        _ = request.env._
        documents = request.final_document_ids
        names = documents.mapped("name") or [_("Answer to the request")]
        return paper_lists.draw(
            paper_lists.Paper(
                institution=request.company_id.name,
                title=_("Slip for taking over the answer"),
                subtitle=request.entry_reference or "",
                facts=tuple(
                    (label, value)
                    for label, value in (
                        (_("Request no."), request.entry_reference),
                        (_("PISEG number"), request.origin_number),
                        (_("Object"), request.title),
                        (_("Applicant"), request.applicant_id.name),
                        (_("Decided on"), format_date(request.env, request.decided_at)),
                    )
                    if value
                ),
                columns=(
                    paper_lists.Column(_("No."), 1, number=True),
                    paper_lists.Column(_("Document"), 12),
                    paper_lists.Column(_("Copies"), 2, number=True),
                ),
                rows=tuple(
                    (str(position), name, "1") for position, name in enumerate(names, 1)
                ),
                closing=(
                    _("I have taken over the documents listed above."),
                    _("Date: ____________________"),
                ),
                signatures=(
                    (_("Handed over"), ""),
                    (_("Taken over (name, signature)"), ""),
                ),
                page_text=_("Page {page} of {pages}"),
            ),
            fonts=request.env["pcu.register.entry"]._get_fonts(),
        )
