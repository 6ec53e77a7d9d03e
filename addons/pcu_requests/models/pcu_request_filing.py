"""How a request comes in: filed by a program or a clerk, registered, numbered.

``_file`` is the one door for programs. Everything between the request, its register
entry, its checklist and the first notice happens in the caller's transaction; the
number comes right after its commit (design.md section 4), and ``_advance_registered``
picks the request up from there.
"""

from odoo import api, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.exceptions import UserError

from .. import request_states as rs

#: Keys of ``_file`` that are written to the request as they are.
PLAIN_KEYS = (
    "procedure_label",
    "representative",
    "email",
    "phone",
    "observations",
    "consent_given",
    "consent_at",
    "consent_version",
    "channel",
    "confidential",
    "origin_name",
    "origin_number",
    "filed_at",
    "origin_key",
    "form_data",
)


class PcuRequest(models.Model):
    """Filing and registering."""

    _inherit = "pcu.request"

    # ------------------------------------------------------------------
    # For programs
    # ------------------------------------------------------------------

    @api.model
    def _file(self, vals):
        """Make a request with its register entry and send it to be numbered.

        Safe to repeat: the same ``origin_key`` gives the same request.

        :param dict vals: the plain fields of the request, and ``company_id``,
            ``applicant_id`` or ``applicant`` (values of ``_pcu_find_or_create``),
            ``procedure_id`` or ``procedure_code``, ``department_id``, ``documents``
            (``pcu.document`` records) with ``slots`` (see ``_attach_documents``).
        :return: the request, new or found
        """
        key = vals.get("origin_key")
        if key:
            existing = self.search([("origin_key", "=", key)], limit=1)
            if existing:
                return existing
        # That it was filed stands in the journal and, right after, with its number.
        silent = self.with_context(mail_create_nolog=True)
        request = silent.create([self._prepare_filed_values(vals)]).with_env(self.env)
        documents = vals.get("documents")
        if documents:
            request._attach_documents(documents, vals.get("slots"))
        request._register_entry()
        request._on_filed()
        return request

    @api.model
    def _prepare_filed_values(self, vals):
        """Translate what a program knows into fields of the request."""
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        procedure = self.env["pcu.procedure"].browse(vals.get("procedure_id") or [])
        if not procedure:
            procedure = procedure._find_by_code(vals.get("procedure_code"), company)
        applicant = vals.get("applicant_id")
        if not applicant:
            applicant = (
                self.env["res.partner"]
                ._pcu_find_or_create(
                    {"company_id": company.id, **(vals.get("applicant") or {})}
                )
                .id
            )
        values = {name: vals[name] for name in PLAIN_KEYS if name in vals}
        return values | {
            "company_id": company.id,
            "procedure_id": procedure.id,
            "applicant_id": applicant,
            "department_id": self._get_filing_department(vals, procedure),
        }

    @api.model
    def _get_filing_department(self, vals, procedure):
        """Return where a new request goes.

        What is confidential leaves the counter's sight with its department, so the
        clerk sends it there once the slip is printed.
        """
        if vals.get("confidential") and not self.env.su:
            return vals.get("department_id")
        return vals.get("department_id") or procedure.department_id.id

    # ------------------------------------------------------------------
    # At the counter
    # ------------------------------------------------------------------

    def action_register(self):
        """Register a request that a clerk typed in at the counter."""
        for request in self:
            if request.entry_id:
                raise UserError(
                    self.env._("This request already stands in the register.")
                )
            request._register_entry()
            request._on_filed()
        return True

    def _register_entry(self):
        """Create the entry, ask for its number and owe the citizen the first notice."""
        self.ensure_one()
        entry = self.env["pcu.register.entry"]._register_new(
            [self._prepare_entry_values()]
        )
        # Only this action writes the course of the request; see ``write``.
        self.sudo().write(
            {"entry_id": entry.id, "registration_date": entry.registration_date}
        )
        if self.document_ids:
            entry._attach_documents(self.document_ids)
        self._start_term()
        self.env["pcu.journal"]._log(
            self, "request_filed", channel=self.channel, origin=self.origin_number
        )
        self.env["pcu.notice"]._owe(self, "registered")
        # In a test's single transaction the number is there already; otherwise this
        # finds nothing to do and numbering calls it after the commit.
        self._advance_registered()

    def _prepare_entry_values(self):
        """Translate the request into a row of the register."""
        self.ensure_one()
        register = self.procedure_id.register_id or self._get_general_register()
        return {
            "register_id": register.id,
            "company_id": self.company_id.id,
            "direction": "incoming",
            "channel": self.channel,
            "sender_id": self.applicant_id.id,
            "summary": self.title,
            "department_id": self.department_id.id,
            "holder_id": self.user_id.id,
            "confidentiality": "confidential" if self.confidential else "personal",
            "external_number": self.origin_number,
            "external_date": self.filed_at and local_day(self.filed_at),
            "annex_count": len(self.document_ids),
            "origin_key": self.origin_key or f"{self._name},{self.id}",
        }

    def _get_general_register(self):
        """Return the general register of the request's institution."""
        register = self.env["pcu.register"].search(
            [("company_id", "=", self.company_id.id), ("kind", "=", "general")],
            limit=1,
        )
        if not register:
            raise UserError(
                self.env._(
                    "%(institution)s has no general register. Ask the administrator "
                    "to create one under Registers.",
                    institution=self.company_id.name,
                )
            )
        return register

    # ------------------------------------------------------------------
    # After the number
    # ------------------------------------------------------------------

    def _advance_registered(self):
        """Take up requests whose entry has its number; safe to lose and to repeat."""
        ready = self.filtered(lambda r: r.entry_id.number and not r.registration_seen)
        for request in ready:
            # Numbering has no user; what it writes into the chatter is Romanian.
            request_sudo = in_romanian(request.sudo())
            request_sudo.write(
                {
                    "registration_seen": True,
                    "entry_reference": request_sudo.entry_id.reference,
                    "entry_number": request_sudo.entry_id.number,
                }
            )
            if request.state == rs.NEW:
                request_sudo._set_state(rs.REGISTERED)
            request_sudo._on_registered()
        if ready:
            self.env["pcu.notice"]._wake()

    @api.model
    def _cron_advance_registered(self):
        """Catch up with numbers whose news got lost (a crash right after numbering)."""
        domain = [
            ("registration_seen", "=", False),
            ("entry_id.state", "not in", ("draft", "waiting")),
        ]

        def advance(request):
            locked = request.try_lock_for_update().filtered_domain(domain)
            locked._advance_registered()

        in_turn(self.env, self.search(domain, limit=200), advance)

    def _follow_entry(self):
        """Take over the department and the person the entry has been routed to."""
        for request in self:
            entry = request.entry_id
            if request.state not in rs.OPEN_STATES:
                continue
            # The registry may send a paper to somebody outside the department (the
            # mayor, say); the request then waits in the department's pool.
            department = entry.department_id
            holder = entry.holder_id & department._get_people()
            wanted = {"department_id": department, "user_id": holder}
            changed = {k: v.id for k, v in wanted.items() if request[k] != v}
            if changed:
                request.write(changed)

    # ------------------------------------------------------------------
    # Hooks for the floor above; each gets one request
    # ------------------------------------------------------------------

    def _on_filed(self):
        """Called in the transaction that filed the request."""

    def _on_registered(self):
        """Called after numbering, in its own transaction; may be lost or repeated."""
