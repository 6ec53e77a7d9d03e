"""From a draft to the neutral document that the writers draw."""

import base64

from odoo import models
from odoo.addons.pcu_base.romania import in_romanian, local_day, local_time
from odoo.tools import format_date

from ..letter import Letter, Signatory, blocks_from_html
from ..writers import FORMATS
from .pcu_draft import DROPPED, ISSUED

#: Kinds that speak to somebody, so end with a greeting.
LETTERS = ("answer", "address", "completion", "refusal")


class PcuDraft(models.Model):
    """Drawing."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.draft"  # by topic: no file over 500 lines

    def _draw(self, kind):
        """Return the paper's bytes.

        :param kind: one of ``writers.FORMATS``
        """
        self.ensure_one()
        self.check_access("read")
        write = FORMATS[kind]
        fonts = self.env["pcu.register.entry"]._get_fonts()
        return write(self._get_letter(), fonts)

    def _get_file_name(self, kind):
        """Name the file by its paper and the request's number."""
        number = (self.request_id.entry_reference or "").replace("/", "-")
        return f"{self.name} {number}.{kind}".replace("/", "-")

    def _get_letter(self):
        """Return what the paper says, in Romanian whoever prints it."""
        # sudo: the paper is the institution's; the right to the draft was checked
        draft = in_romanian(self.sudo())
        request, company = draft.request_id, draft.company_id
        _ = draft.env._
        day = format_date(draft.env, draft.issued_on or local_day())
        return Letter(
            institution=company.name,
            heading=tuple(draft._get_heading()),
            contact=tuple(draft._get_contact()),
            logo=draft._get_logo(),
            numbers=tuple(draft._get_numbers()),
            date=", ".join(filter(None, (company.city, day))),
            recipient=tuple((draft.recipient or "").splitlines()),
            title=draft.title or "",
            subject=draft.subject or "",
            body=blocks_from_html(draft.body or ""),
            legal_basis=draft._prefix(_("Legal basis:"), draft.legal_basis),
            appeal=draft._prefix(_("Ways of appeal:"), draft.appeal),
            closing=_("Respectfully,") if draft.kind in LETTERS else "",
            signatories=tuple(draft._get_signatories()),
            prepared_by=_(
                "Prepared by: %(name)s, %(department)s",
                name=request.user_id.name or "",
                department=request.department_id.name or "",
            ),
            mark=draft._get_mark(),
            page_text=_("Page {page} of {pages}"),
        )

    def _prefix(self, label, text):
        return f"{label} {text.strip()}" if (text or "").strip() else ""

    def _get_mark(self):
        """Say on the paper itself that it is not the final one."""
        if self.state == ISSUED:
            return ""
        if self.state == DROPPED:
            return self.env._("DROPPED DRAFT – without effect")
        return self.env._("DRAFT – without effect")

    def _get_heading(self):
        """Return the state and the county, above the institution."""
        county = self.company_id.state_id.name
        yield self.env._("ROMANIA")
        if county:
            yield self.env._("COUNTY OF %(county)s", county=county.upper())

    def _get_contact(self):
        """Return address and ways to reach the institution, two lines at most."""
        company = self.company_id
        yield self._get_address(company.partner_id)
        _ = self.env._
        parts = (
            company.phone and _("tel. %(phone)s", phone=company.phone),
            company.email and _("e-mail: %(email)s", email=company.email),
            company.pcu_cui and _("CUI %(code)s", code=company.pcu_cui),
        )
        yield " · ".join(part for part in parts if part)

    def _get_logo(self):
        """Return the arms of the institution, unless none were ever uploaded."""
        company = self.company_id
        if not company.logo or company.uses_default_logo:
            return b""
        return base64.b64decode(company.with_context(bin_size=False).logo)

    def _get_numbers(self):
        """Return both numbers: the register's and the platform's."""
        request = self.request_id
        yield self.env._("No. %(number)s", number=request.entry_reference or "…")
        if request.origin_number:
            yield self.env._("PISEG #%(number)s", number=request.origin_number)

    def _get_signatories(self):
        """Return who signs, with the approvals that were given meanwhile."""
        company, department = self.company_id, self.request_id.department_id
        _ = self.env._
        offices = (
            (self.sign_mayor, "mayor", company.pcu_head_title or _("Mayor"),
             company.pcu_head_id),
            (self.sign_secretary, "secretary", _("Secretary general"),
             company.pcu_secretary_id),
            (self.sign_head, "head", _("Head of department"), department.head_id),
        )  # fmt: skip
        given = self._get_given_approvals()
        for wanted, role, title, user in offices:
            if wanted:
                approval = given.pop(role, None)
                name = approval.signature_text if approval else user.name
                yield Signatory(title, name or "", self._describe_given(approval))
        labels = dict(
            self.env["pcu.approval"]._fields["role"]._description_selection(self.env)
        )
        # Visas of who doesn't sign stand on the paper too, small.
        for role in ("legal", "cfp"):
            if approval := given.get(role):
                note = self._describe_given(approval)
                yield Signatory(labels[role], approval.signature_text, note)

    def _get_given_approvals(self):
        """Return the approvals of the present round by their role."""
        return {
            approval.role: approval
            for approval in self.request_id._get_round()
            if approval.state == "approved"
        }

    def _describe_given(self, approval):
        """Say when somebody approved in the application; a hand signs above it."""
        if not approval:
            return ""
        day = format_date(self.env, local_time(approval.decided_at).date())
        return self.env._("approved in the application on %(day)s", day=day)
