"""Silence that became approval: shown, and ascertained by a person on demand.

OUG 27/2003 art. 6: what is not answered within the term counts as granted. The program
grants nothing by itself; it shows what the law presumes, and when the applicant asks
for the document a head signs it. An answer in the term, favourable or not, ends it.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_registry import paper_lists
from odoo.addons.pcu_requests import request_states as rs
from odoo.addons.pcu_requests import term_lights
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

LAW = "OUG 27/2003"


class PcuRequest(models.Model):
    """Tacit approval."""

    _inherit = "pcu.request"

    is_tacit = fields.Boolean(
        string="Presumed approved",
        compute="_compute_is_tacit",
        search="_search_is_tacit",
        help="The term passed without an answer under a procedure of tacit approval.",
    )
    tacit_near = fields.Boolean(
        string="Silence approves soon",
        compute="_compute_is_tacit",
        search="_search_tacit_near",
        help="The last ten days in which an answer keeps the law from presuming one.",
    )
    can_ascertain = fields.Boolean(compute="_compute_can_ascertain")

    @api.depends("due_date", "state", "term_stopped", "tacit_approval")
    def _compute_is_tacit(self):
        """Presumed from the day after the term, while nobody has answered."""
        today = local_day()
        for request in self:
            runs = bool(
                request.tacit_approval
                and request.due_date
                and not request.term_stopped
                and request.state in rs.OPEN_STATES
            )
            request.is_tacit = runs and request.due_date < today
            warned_from = runs and request.due_date - term_lights.TACIT_DAYS
            request.tacit_near = runs and warned_from <= today <= request.due_date

    def _search_is_tacit(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = self._get_silence_domain() & Domain("due_date", "<", local_day())
        return wanted if True in value else ~wanted

    def _search_tacit_near(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = local_day()
        wanted = (
            self._get_silence_domain()
            & Domain("due_date", ">=", today)
            & Domain("due_date", "<=", today + term_lights.TACIT_DAYS)
        )
        return wanted if True in value else ~wanted

    @api.model
    def _get_silence_domain(self):
        """Find where silence approves, by the version the request was filed under."""
        by_version = Domain("procedure_version_id.tacit_approval", "=", True)
        by_procedure = Domain("procedure_version_id", "=", False) & Domain(
            "procedure_id.tacit_approval", "=", True
        )
        return (
            (by_version | by_procedure)
            & Domain("term_stopped", "!=", True)
            & Domain("state", "in", list(rs.OPEN_STATES))
        )

    @api.depends("is_tacit", "can_solve")
    @api.depends_context("uid")
    def _compute_can_ascertain(self):
        """A head of the department ascertains."""
        head = self.env.user.has_group("pcu_base.group_head")
        for request in self:
            request.can_ascertain = head and request.can_solve and request.is_tacit

    def action_ascertain_tacit(self):
        """Open the dialog that ascertains the tacit approval."""
        self._check_can_ascertain()
        return self._open_wizard("pcu_tacit.pcu_tacit_ascertain_action")

    def _check_can_ascertain(self):
        """Refuse before the term, under other procedures, and to who is no head."""
        self._check_can_solve()
        for request in self:
            request._check_closing("tacit")
        if not self.env.su and not self.env.user.has_group("pcu_base.group_head"):
            raise AccessError(
                self.env._("A head of the department ascertains a tacit approval.")
            )

    def _check_closing(self, kind):
        """Let nothing be called tacitly approved that the law doesn't presume so."""
        result = super()._check_closing(kind)
        if kind == "tacit" and not self.is_tacit:
            raise UserError(
                self.env._(
                    "%(request)s is not approved tacitly: only under a procedure of "
                    "tacit approval, after the term, and without an answer (%(law)s).",
                    request=self.display_name,
                    law=LAW,
                )
            )
        return result

    def _ascertain_tacit(self, asked_on):
        """Write the document that the applicant asked for, and close the request.

        :param asked_on: the day on which the applicant asked for it
        """
        self.ensure_one()
        self._check_can_ascertain()
        if not asked_on or not self.due_date < asked_on <= local_day():
            raise UserError(
                self.env._(
                    "The applicant asks for the document after the term, %(day)s, and "
                    "not in the future.",
                    day=format_date(self.env, self.due_date),
                )
            )
        document = self.env["pcu.document"]._create_from_bytes(
            [
                {
                    "name": "aprobare-tacita.pdf",
                    "content": self._draw_tacit_document(asked_on),
                    "kind": "issued",
                    "company_id": self.company_id.id,
                    "department_id": self.department_id.id,
                }
            ]
        )
        self._issue_documents(document)
        self._file_away(
            "tacit",
            self.env._(
                "The term passed on %(day)s without an answer (%(law)s)",
                day=format_date(self.env, self.due_date),
                law=LAW,
            ),
        )
        self.env["pcu.journal"]._log(self, "tacit_ascertained", asked=str(asked_on))
        self.env["pcu.notice"]._owe(self, "tacit")
        return document

    def _draw_tacit_document(self, asked_on):
        """Return the document, in Romanian, to be signed by the head."""
        request = in_romanian(self)
        env = request.env
        return paper_lists.draw(
            paper_lists.Paper(
                institution=request.company_id.name,
                title=env._("Statement about a tacit approval"),
                facts=(
                    (env._("Request"), request.entry_reference),
                    (env._("Applicant"), request.applicant_id.name),
                    (env._("Procedure"), request.procedure_id.name),
                    (env._("Legal term"), format_date(env, request.due_date)),
                    (env._("Law of the term"), request.term_law or ""),
                    (env._("Asked for on"), format_date(env, asked_on)),
                ),
                closing=(
                    env._(
                        "The institution did not answer the request within the legal "
                        "term. Under %(law)s the authorisation counts as granted from "
                        "the day after the term.",
                        law=LAW,
                    ),
                ),
                signatures=(
                    (
                        request.company_id.pcu_head_title or "",
                        request.company_id.pcu_head_id.name or "",
                    ),
                    (env._("Head of the department"), self.env.user.name),
                ),
                page_text=env._("Page {page} of {pages}"),
            ),
            fonts=self.env["pcu.register.entry"]._get_fonts(),
        )
