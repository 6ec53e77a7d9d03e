"""A petition: what it is about, who wrote it, when it was answered.

OG 27/2002 art. 2: *cerere, reclamație, sesizare, propunere*, in writing or by e-mail.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.models.res_partner import ANONYMOUS
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.fields import Domain

#: The articles under which a petition ends without an answer.
ANONYMOUS_LAW = "OG 27/2002, art. 7"
REPEATED_LAW = "OG 27/2002, art. 10 alin. (2)"
CONNECTED_LAW = "OG 27/2002, art. 10 alin. (1)"


class PcuRequest(models.Model):
    """Petitions."""

    _inherit = "pcu.request"

    subject = fields.Char(
        index="trigram",
        help="What the petition is about, in one line; the register's summary.",
    )
    topic_id = fields.Many2one(
        comodel_name="pcu.petition.topic",
        string="Theme",
        index="btree_not_null",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    received_from_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent on by",
        index="btree_not_null",
        domain="[('pcu_party_kind', '=', 'authority')]",
        help="The authority that received the petition first and sent it on here; a "
        "new term of 30 days runs from the registration (OG 27/2002 art. 8).",
    )
    is_anonymous = fields.Boolean(
        string="Anonymous",
        compute="_compute_is_anonymous",
        inverse="_inverse_is_anonymous",
    )
    next_action = fields.Selection(
        selection_add=[("file_anonymous", "File as anonymous")]
    )
    identity_missing = fields.Boolean(
        compute="_compute_identity_missing",
        search="_search_identity_missing",
        help="The petitioner gave no name, or no address, e-mail and telephone.",
    )
    answered_on = fields.Date(
        compute="_compute_answered_on",
        store=True,
        index=True,
        help="The day of the decision or, without one, of the end.",
    )
    handling_days = fields.Integer(
        string="Days to the answer",
        compute="_compute_answered_on",
        store=True,
        aggregator="avg",
        help="Calendar days from the registration to the answer.",
    )
    answered_late = fields.Boolean(
        string="Answered after the term", compute="_compute_answered_on", store=True
    )

    # ------------------------------------------------------------------ computes

    @api.depends("applicant_id.pcu_party_kind")
    def _compute_is_anonymous(self):
        """Anonymous is the party, not a mark on the paper."""
        for request in self:
            request.is_anonymous = request.applicant_id.pcu_party_kind == ANONYMOUS

    @api.onchange("is_anonymous")
    def _inverse_is_anonymous(self):
        """Put the nameless party on a petition that nobody signed."""
        nobody = self.env.ref("pcu_petitions.partner_anonymous")
        for request in self:
            if request.is_anonymous:
                request.applicant_id = nobody
            elif request.applicant_id == nobody:
                request.applicant_id = False

    @api.depends(
        "kind",
        "email",
        "phone",
        "applicant_id.pcu_party_kind",
        "applicant_id.name",
        "applicant_id.street",
        "applicant_id.email",
        "applicant_id.phone",
    )
    def _compute_identity_missing(self):
        """Look for a name and a way to answer (OG 27/2002 art. 7)."""
        unnamed = self.applicant_id._pcu_unnamed_names()
        for request in self:
            party = request.applicant_id
            reachable = (
                request.email,
                request.phone,
                party.street,
                party.email,
                party.phone,
            )
            request.identity_missing = bool(
                request.kind == "petition"
                and party
                and (
                    party.pcu_party_kind == ANONYMOUS
                    or party.name in unnamed
                    or not any(reachable)
                )
            )

    def _search_identity_missing(self, operator, value):
        """Find petitions without identification data."""
        if operator != "in":
            return NotImplemented
        nowhere = Domain.AND(
            [(name, "in", [False, ""])]
            for name in (
                "email",
                "phone",
                "applicant_id.street",
                "applicant_id.email",
                "applicant_id.phone",
            )
        )
        wanted = Domain("kind", "=", "petition") & (
            Domain("applicant_id.pcu_party_kind", "=", ANONYMOUS)
            | Domain("applicant_id.name", "in", self.applicant_id._pcu_unnamed_names())
            | nowhere
        )
        return wanted if True in value else ~wanted

    @api.depends("decided_at", "ended_at", "registration_date", "due_date")
    def _compute_answered_on(self):
        """Count from the register's day to the Romanian day of the answer."""
        for request in self:
            moment = request.decided_at or request.ended_at
            day = local_day(moment) if moment else False
            start = request.registration_date
            request.answered_on = day
            request.handling_days = (day - start).days if day and start else 0
            request.answered_late = bool(
                day and request.due_date and day > request.due_date
            )

    @api.depends("subject", "kind")
    def _compute_title(self):
        """Call a petition by its subject."""
        result = super()._compute_title()
        for request in self.filtered("subject"):
            request.title = request.subject
        return result

    # ------------------------------------------------------------------ registering

    def action_register(self):
        """Refuse to register at the counter what says nothing."""
        for request in self:
            if request.kind != "general" and not (request.subject or "").strip():
                raise UserError(
                    self.env._(
                        "Write in one line under “Subject” what it is about: this "
                        "becomes the summary in the register."
                    )
                )
        return super().action_register()

    @api.model
    def _prepare_filed_values(self, vals):
        """Take over what a program knows about a petition."""
        values = super()._prepare_filed_values(vals)
        names = ("subject", "topic_id", "received_from_id")
        return values | {name: vals[name] for name in names if name in vals}

    def _prepare_entry_values(self):
        """Write the subject into column 8 of the register."""
        values = super()._prepare_entry_values()
        if self.received_from_id:
            values["summary"] = self.env._(
                "%(subject)s (sent on by %(authority)s)",
                subject=values["summary"],
                authority=self.received_from_id.name,
            )
        return values

    def _prepare_term_values(self):
        """Begin the 30 days anew for what another authority sent on."""
        values = super()._prepare_term_values()
        term = self.env.ref("pcu_base.term_type_pet_prim")
        if self.kind == "petition" and self.received_from_id and term.active:
            values |= term._prepare_rule()
        return values

    # ------------------------------------------------------------------ anonymous

    def action_file_anonymous(self):
        """Close a petition without identification data (OG 27/2002 art. 7)."""
        self._check_can_solve()
        for request in self:
            request._file_away(
                "anonymous",
                self.env._(
                    "Without the petitioner's identification data (%(law)s)",
                    law=ANONYMOUS_LAW,
                ),
            )
        return True

    def _check_may_decide(self, outcome, text):
        """Let nobody answer a petition that the law doesn't take into account."""
        result = super()._check_may_decide(outcome, text)
        if self.identity_missing:
            raise UserError(
                self.env._(
                    "%(request)s has no identification data of the petitioner (name, "
                    "and address, e-mail or telephone). Fill them in if they stand on "
                    "the paper; otherwise file it as anonymous (%(law)s).",
                    request=self.display_name,
                    law=ANONYMOUS_LAW,
                )
            )
        return result

    def _check_closing(self, kind):
        """Let a petition be closed only as what it is."""
        super()._check_closing(kind)
        if self.kind != "petition":
            return
        if kind == "anonymous" and not self.identity_missing:
            raise UserError(
                self.env._(
                    "%(request)s has a petitioner with identification data; only a "
                    "petition without them is filed as anonymous (%(law)s).",
                    request=self.display_name,
                    law=ANONYMOUS_LAW,
                )
            )
        if kind == "repeated" and not self.repeats_id:
            raise UserError(
                self.env._(
                    "Say which answered petition is repeated: press “Same matter” "
                    "instead, so that the first one gets its note (%(law)s).",
                    law=REPEATED_LAW,
                )
            )

    def _get_next_action(self):
        """Don't offer a decision where the law wants the petition filed."""
        step = super()._get_next_action()
        if step in ("decide", "send") and self.identity_missing:
            return "file_anonymous"
        return step
