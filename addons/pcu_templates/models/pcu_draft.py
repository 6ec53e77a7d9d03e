"""The draft of an answer: made from a template, written on, frozen, issued."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .. import placeholders
from .pcu_template import KINDS

DRAFT, FROZEN, ISSUED, DROPPED = "draft", "frozen", "issued", "dropped"
#: What a version keeps; the rest of a draft is how it is printed.
CONTENT = ("title", "subject", "body")
#: What people write; everything else is written by actions.
OPEN_FIELDS = frozenset(
    {
        *CONTENT, "recipient", "legal_basis", "appeal",
        "sign_mayor", "sign_secretary", "sign_head",
    }
)  # fmt: skip


class PcuDraft(models.Model):
    """A paper about to become an answer.

    *In work* while the department writes on it, each saving a version; *frozen* while
    it is being approved and afterwards; *issued* when the decision made it a document;
    *dropped* when it is not needed. The department's people write; actions move it.
    """

    _name = "pcu.draft"
    _description = "Draft of a paper"
    _order = "request_id, id"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id")
    template_id = fields.Many2one(
        comodel_name="pcu.template", index="btree_not_null", ondelete="set null"
    )
    name = fields.Char(required=True)
    kind = fields.Selection(selection=KINDS, required=True, default="answer")
    state = fields.Selection(
        selection=[
            (DRAFT, "In work"),
            (FROZEN, "Frozen"),
            (ISSUED, "Issued"),
            (DROPPED, "Dropped"),
        ],
        required=True,
        default=DRAFT,
        readonly=True,
    )
    is_editable = fields.Boolean(compute="_compute_is_editable")

    # What is written
    title = fields.Char(string="Printed title")
    subject = fields.Char(string="Printed subject")
    body = fields.Html(sanitize_style=True)
    recipient = fields.Text()
    legal_basis = fields.Text()
    appeal = fields.Text(string="Ways of appeal")
    sign_mayor = fields.Boolean(string="Head of the institution signs")
    sign_secretary = fields.Boolean(string="Secretary general signs")
    sign_head = fields.Boolean(string="Head of department signs")

    # How it came about
    version_ids = fields.One2many(
        comodel_name="pcu.draft.version", inverse_name="draft_id", string="Versions"
    )
    version_count = fields.Integer(compute="_compute_version_count")
    issued_on = fields.Date(readonly=True)
    document_id = fields.Many2one(
        comodel_name="pcu.document", readonly=True, index="btree_not_null"
    )

    @api.depends("version_ids")
    def _compute_version_count(self):
        for draft in self:
            draft.version_count = len(draft.version_ids)

    @api.depends("state", "request_id.can_solve")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        """The department writes as long as nobody has to approve it."""
        for draft in self:
            draft.is_editable = draft.state == DRAFT and draft.request_id.can_solve

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the first version with the draft."""
        if not self.env.su:
            raise AccessError(
                self.env._("A draft is made from a template, in the request.")
            )
        drafts = super().create(vals_list)
        drafts._keep_version()
        return drafts

    def write(self, vals):
        """Write only what is open, and keep each text that was saved."""
        if not self.env.su:
            self._check_open(vals)
        result = super().write(vals)
        if not vals.keys().isdisjoint(CONTENT):
            self._keep_version()
        return result

    def _check_open(self, vals):
        if vals.keys() - OPEN_FIELDS:
            raise AccessError(
                self.env._("A draft moves with the buttons of its request.")
            )
        for draft in self:
            draft.request_id._check_can_solve()
            if draft.state != DRAFT:
                raise UserError(
                    self.env._(
                        "“%(draft)s” is frozen: it is on approval, approved or "
                        "issued. Take the answer back from approval to change it.",
                        draft=draft.name,
                    )
                )

    def _keep_version(self):
        """Add a version where the text differs from the last one."""
        # sudo: versions are added by the draft only, and stay
        versions_sudo = self.env["pcu.draft.version"].sudo()
        for draft in self:
            last = draft._get_last_version()
            content = {name: draft[name] or False for name in CONTENT}
            if last and all((last[name] or False) == content[name] for name in CONTENT):
                continue
            versions_sudo.create(
                {
                    "draft_id": draft.id,
                    "number": last.number + 1,
                    "user_id": self.env.uid,
                    **content,
                }
            )
            if last:
                self.env["pcu.journal"]._log(
                    draft.request_id, "draft_changed", version=last.number + 1
                )

    def _get_last_version(self):
        """Return the text as it was saved last."""
        return self.sudo().version_ids.sorted("number")[-1:]

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _make(self, request, template):
        """Merge a template with a request into a draft.

        :raise UserError: the template names a field that doesn't exist any more
        """
        request._check_can_solve()
        template = in_romanian(template)
        values = self._get_values(request)
        texts = {}
        for name in CONTENT:
            source = template[name] or ""
            mistakes = placeholders.find_mistakes(source, values)
            if mistakes:
                raise UserError(template._describe(name, mistakes))
            fill = placeholders.fill if name == "body" else placeholders.fill_text
            texts[name] = fill(source, values)
        procedure = request.procedure_id
        # sudo: drafts are made here only; the right to the request was checked
        draft = self.sudo().create(
            {
                **texts,
                "request_id": request.id,
                "template_id": template.id,
                "name": template.name,
                "kind": template.kind,
                "recipient": template.with_recipient
                and "\n".join(
                    filter(
                        None, (values["applicant.name"], values["applicant.address"])
                    )
                ),
                "legal_basis": template.with_legal_basis and procedure.legal_basis,
                "appeal": template.with_appeal and procedure.appeal_note,
                "sign_mayor": template.sign_mayor,
                "sign_secretary": template.sign_secretary,
                "sign_head": template.sign_head,
            }
        )
        self.env["pcu.journal"]._log(request, "draft_made", kind=template.kind)
        return draft.sudo(self.env.su)

    @api.model
    def _get_values(self, request):
        """Return the text of every field of the closed list, in Romanian."""
        request = in_romanian(request.sudo())  # the paper is the institution's
        company, department = request.company_id, request.department_id
        applicant, procedure = request.applicant_id, request.procedure_id
        question = request.clarification_ids.sorted("id")[-1:]

        def day(value):
            return format_date(request.env, value) if value else ""

        values = {
            "request.number": request.entry_reference,
            "request.date": day(request.registration_date),
            "request.piseg": request.origin_number,
            "request.platform": request.origin_name,
            "request.title": request.title,
            "request.due_date": day(request.due_date),
            "request.missing": request.missing_text,
            "request.fee": ", ".join(
                f"{fee.name}: {fee.amount_text}" for fee in request.fee_ids
            ),
            "applicant.name": applicant.name,
            "applicant.address": self._get_address(applicant),
            "applicant.representative": request.representative,
            "institution.name": company.name,
            "institution.city": company.city,
            "institution.address": self._get_address(company.partner_id),
            "institution.phone": company.phone,
            "institution.email": company.email,
            "institution.cui": company.pcu_cui,
            "institution.head": company.pcu_head_id.name,
            "institution.head_title": company.pcu_head_title,
            "institution.secretary": company.pcu_secretary_id.name,
            "department.name": department.name,
            "department.head": department.head_id.name,
            "department.phone": department.phone,
            "inspector.name": request.user_id.name,
            "procedure.name": procedure.name,
            "procedure.legal_basis": procedure.legal_basis,
            "procedure.appeal": procedure.appeal_note,
            "procedure.term_law": request.term_law,
            "clarification.text": question.text,
            "clarification.due_date": day(question.due_date),
            "today": day(local_day()),
        }
        return {name: value or "" for name, value in values.items()}

    @api.model
    def _get_address(self, partner):
        """Write an address on one line, without the country."""
        place = " ".join(filter(None, (partner.zip, partner.city)))
        county = partner.state_id.name
        parts = (partner.street, partner.street2, place, county)
        return ", ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------

    def _set_state(self, state, action):
        for draft in self:
            draft.sudo().state = state
            self.env["pcu.journal"]._log(
                draft.request_id,
                action,
                draft=draft.name,
                version=draft._get_last_version().number,
            )

    def action_drop(self):
        """Put a draft aside; it stays readable."""
        for draft in self:
            draft.request_id._check_can_solve()
            if draft.state != DRAFT:
                raise UserError(
                    self.env._("Only a draft that is still in work can be dropped.")
                )
        self._set_state(DROPPED, "draft_dropped")
        return True

    def _issue(self):
        """Make the final PDF of each draft a document; returns the documents."""
        documents = self.env["pcu.document"]
        for draft in self:
            draft.sudo().issued_on = local_day()
            draft._set_state(ISSUED, "draft_issued")
            document = documents._create_from_bytes(
                [
                    {
                        "name": draft._get_file_name("pdf"),
                        "content": draft._draw("pdf"),
                        "kind": "issued",
                        "company_id": draft.company_id.id,
                        "department_id": draft.request_id.department_id.id,
                    }
                ]
            )
            draft.sudo().document_id = document
            documents |= document
        return documents

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_open(self):
        """Open the draft to write on it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "name": self.name,
        }

    def action_pdf(self):
        """Open the paper as PDF."""
        return self._open_file("pdf")

    def action_docx(self):
        """Download the paper for Word or LibreOffice."""
        return self._open_file("docx")

    def action_odt(self):
        """Download the paper as OpenDocument."""
        return self._open_file("odt")

    def _open_file(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/draft/{self.id}/{kind}",
            "target": "new" if kind == "pdf" else "download",
        }
