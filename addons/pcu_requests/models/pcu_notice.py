"""What the institution owes the citizen by e-mail, and how it gets out of the house.

Odoo's own queue never tries a failed mail again. A notice is the promise to tell the
citizen one thing; it is made in the transaction of its cause, it has one e-mail row for
ever, and it keeps trying until the mail server took it or two days have passed.

Each attempt is: claim (own short transaction, with a lease) – write the e-mail (another
one) – speak SMTP (no lock held) – record the result (own short transaction). A process
that dies in between leaves a lease that is given back at once on the same machine and
runs out elsewhere; the second attempt carries the same Message-ID. Whatever goes wrong
with one notice is written down on it and keeps no other one waiting.
"""

import logging
import smtplib
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
from odoo import api, fields, models, modules, tools
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.pcu_base import worker_identity
from odoo.addons.pcu_base.models.pcu_lease import LeaseLost
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..retry_ladder import PATIENCE, next_try

_logger = logging.getLogger(__name__)

#: How long a claimed notice belongs to the process that claimed it. After half of it
#: no further e-mail of the batch is begun, so that none is sent on a lapsed lease.
LEASE = timedelta(minutes=2)

#: How many notices one round claims.
BATCH = 20

TEMPLATES = {
    "registered": "pcu_requests.mail_template_registered",
    "clarification": "pcu_requests.mail_template_clarification",
    "extended": "pcu_requests.mail_template_extended",
    "solved": "pcu_requests.mail_template_solved",
    "fee": "pcu_requests.mail_template_fee",
    "refused": "pcu_requests.mail_template_refused",
    "ready": "pcu_requests.mail_template_ready",
    "posted": "pcu_requests.mail_template_posted",
}

#: The outcome as the citizen reads it.
OUTCOMES = {
    "favourable": "favorabil",
    "unfavourable": "nefavorabil",
    "partial": "parțial favorabil",
    "redirected": "redirecționată către autoritatea competentă",
    "closed": "clasată",
}


class PcuNotice(models.Model):
    """One thing the applicant is told by e-mail.

    *Waiting* until the entry has its number and the next try is due; *sending* while a
    process speaks to the mail server; *sent*; *failed* after two days; *no address*
    when a clerk has to tell the applicant by post. Programs move it; a clerk may ask
    for another try.
    """

    _name = "pcu.notice"
    _inherit = ["pcu.lease"]
    _description = "Notice to the applicant"
    _order = "id desc"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="request_id.company_id")
    kind = fields.Selection(
        selection=[
            ("registered", "Registered"),
            ("clarification", "Something is missing"),
            ("extended", "Term extended"),
            ("solved", "Solved"),
        ],
        required=True,
    )
    version = fields.Integer(required=True, default=1)
    clarification_id = fields.Many2one(
        comodel_name="pcu.clarification", index="btree_not_null"
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("no_address", "No e-mail address"),
        ],
        required=True,
        default="waiting",
        index=True,
    )

    # The e-mail
    email_to = fields.Char(string="To")
    message_id = fields.Char(
        string="Message-ID",
        required=True,
        default=lambda self: self._default_message_id(),
    )
    mail_id = fields.Many2one(
        comodel_name="mail.mail", index="btree_not_null", ondelete="set null"
    )
    term_step_id = fields.Many2one(
        comodel_name="pcu.request.term.step", compute="_compute_term_step_id"
    )
    outcome_text = fields.Char(compute="_compute_outcome_text")
    also_answered = fields.Char(
        compute="_compute_also_answered",
        help="Numbers of the other requests that the same answer settles.",
    )
    mail_body = fields.Html(string="Text", compute="_compute_mail_body")

    # The attempts
    attempts = fields.Integer(default=0)
    first_try_at = fields.Datetime()
    next_try_at = fields.Datetime(default=fields.Datetime.now)
    sent_at = fields.Datetime()
    error = fields.Char()

    _once = models.UniqueIndex(
        "(request_id, kind, version)", "The applicant is told each thing once."
    )
    _due_idx = models.Index("(next_try_at) WHERE state IN ('waiting', 'sending')")

    @api.model
    def _default_message_id(self):
        """Fix the Message-ID now, so that every attempt carries the same one."""
        return tools.mail.generate_tracking_message_id("pcu-notice")

    @api.depends("kind", "request_id")
    def _compute_display_name(self):
        """Name a notice by what it says and about which request."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            notice.display_name = (
                f"{labels.get(notice.kind)} – {notice.request_id.display_name}"
            )

    def _compute_term_step_id(self):
        """Find the extension that an *extended* notice tells of: the n-th of n."""
        for notice in self:
            steps = notice.request_id.sudo().term_step_ids.filtered(
                lambda s: s.kind == "extend"
            )
            notice.term_step_id = steps.sorted("id")[
                notice.version - 1 : notice.version
            ]

    @api.depends("request_id.outcome")
    def _compute_outcome_text(self):
        """Say the outcome in Romanian: citizens don't read the clerk's language."""
        for notice in self:
            notice.outcome_text = OUTCOMES.get(notice.request_id.outcome, "")

    def _compute_also_answered(self):
        """Usually an answer settles one request."""
        self.also_answered = False

    @api.depends("mail_id")
    def _compute_mail_body(self):
        """Show the text as it left; e-mail rows themselves are for administrators."""
        for notice in self:
            notice.mail_body = notice.sudo().mail_id.body_html

    # ------------------------------------------------------------------
    # Owing
    # ------------------------------------------------------------------

    @api.model
    def _owe(self, request, kind, clarification=None):
        """Promise to tell the applicant something; part of the cause's transaction."""
        notices_sudo = self.sudo()  # whoever causes it, the promise is the house's
        version = 1 + notices_sudo.search_count(
            [("request_id", "=", request.id), ("kind", "=", kind)]
        )
        address = tools.email_normalize(request.email or request.applicant_id.email)
        notice = notices_sudo.create(
            {
                "request_id": request.id,
                "kind": kind,
                "version": version,
                "clarification_id": clarification.id if clarification else False,
                "email_to": address or request.email,
                "state": "waiting" if address else "no_address",
            }
        )
        if not address:
            notice._tell_clerk(
                in_romanian(self).env._(
                    "The applicant has no usable e-mail address: tell by post."
                )
            )
        elif request.entry_number:
            self._wake()  # otherwise numbering wakes it
        return notice

    def _tell_clerk(self, summary):
        """Put a to-do on a desk when the house can't reach the applicant."""
        for notice in self.sudo():
            notice.request_id._remind(summary)

    @api.model
    def _wake(self):
        """Ask the scheduler to send as soon as this transaction is committed."""
        cron = self.env.ref("pcu_requests.ir_cron_notice", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    def action_retry(self):
        """Try a failed notice again now, to the address the request has today."""
        for notice in self:
            if notice.state not in ("failed", "no_address", "waiting"):
                raise UserError(
                    self.env._("This notice has left the house or is on its way.")
                )
            request = notice.request_id
            address = tools.email_normalize(request.email or request.applicant_id.email)
            if not address:
                raise UserError(
                    self.env._(
                        "Write the applicant's e-mail address into the request first."
                    )
                )
            notice.sudo().write(
                {
                    "state": "waiting",
                    "email_to": address,
                    "first_try_at": False,
                    "next_try_at": fields.Datetime.now(),
                }
            )
            notice.mail_id.sudo().write({"state": "outgoing", "email_to": address})
        self._wake()
        return True

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    @api.model
    def _cron_advance(self):
        """Send what is due; one cron each minute and right after numbering."""
        if self.env["pcu.database"]._holds_back("e-mail to citizens"):
            return
        while True:
            tokens = self._claim(BATCH)
            if not tokens:
                break
            failed = self._send_claimed(tokens)
            self.env["ir.cron"]._commit_progress(len(tokens))
            if failed and failed == len(tokens):
                break  # the mail server is away; the ladder decides when to ask again

    def _advance(self):
        """Try these notices now, if they are due and nobody else has them."""
        if self.env["pcu.database"]._holds_back("e-mail to citizens"):
            return
        if self:
            self._send_claimed(self._claim(len(self), self.ids))

    @contextmanager
    def _short_transaction(self):
        """Yield an environment whose work is committed on leaving the block.

        In a test everything stays on the test's own cursor.
        """
        if modules.module.current_test:
            with self.env.cr.savepoint():
                yield self.env
            return
        with self.env.registry.cursor() as cr:
            yield self.env(cr=cr)

    @api.model
    def _claim(self, limit, only=None):
        """Take due notices for this process.

        ``SKIP LOCKED`` and the lease keep two processes from sending the same notice;
        notices whose entry has no number yet are not due.

        :return: the token of each one's lease, by its id
        """
        chosen = SQL("AND n.id = ANY(%s)", list(only)) if only else SQL()
        try:
            with self._short_transaction() as env:
                env.flush_all()
                env["pcu.notice"]._free_dead_leases()
                now = fields.Datetime.now()
                rows = env.execute_query(
                    SQL(
                        """
                        SELECT n.id FROM pcu_notice n
                          JOIN pcu_request r ON r.id = n.request_id
                         WHERE ((n.state = 'waiting' AND n.next_try_at <= %(now)s)
                             OR (n.state = 'sending' AND n.lease_until <= %(now)s))
                           AND r.entry_number IS NOT NULL AND r.entry_number > 0
                           %(chosen)s
                         ORDER BY n.next_try_at, n.id
                         LIMIT %(limit)s
                           FOR UPDATE OF n SKIP LOCKED
                        """,
                        now=now,
                        chosen=chosen,
                        limit=limit,
                    )
                )
                notices = env["pcu.notice"].browse([row[0] for row in rows])
                notices._prepare_attempt(now)
                taken = notices.filtered(lambda n: n.state == "sending")
                return {notice.id: notice.lease_token for notice in taken}
        except psycopg2.errors.SerializationFailure:
            return {}  # another process was faster

    def _prepare_attempt(self, now):
        """Lease the notices; nothing here depends on what they say."""
        for notice in self:
            if notice.mail_id.state == "sent":
                notice._mark_sent()
                continue
            notice.write(
                {
                    "state": "sending",
                    "attempts": notice.attempts + 1,
                    "first_try_at": notice.first_try_at or now,
                    "lease_token": notice.lease_token + 1,
                    "lease_owner": worker_identity.current(),
                    "lease_until": now + LEASE,
                }
            )

    def _create_mail(self, now):
        """Render the template into the notice's one e-mail row.

        The row is scheduled after our own patience ends: Odoo's queue leaves it alone
        while we try, and would still send it if our scheduler were dead for two days.
        """
        self.ensure_one()
        # Citizens are told in Romanian, whoever's scheduler or language this is.
        template = in_romanian(self.env.ref(self._get_template_xmlid())).sudo()
        subject = template._render_field("subject", self.ids)[self.id]
        body = template._render_field("body_html", self.ids)[self.id]
        request = self.request_id
        sender = request.company_id.email_formatted or self.env.user.email_formatted
        return (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "model": request._name,
                    "res_id": request.id,
                    "message_type": "email_outgoing",
                    "author_id": request.company_id.partner_id.id,
                    "subject": subject,
                    "body": body,
                    "body_html": body,
                    "email_from": sender,
                    "reply_to": self._get_reply_to() or sender,
                    "email_to": self.email_to,
                    "message_id": self.message_id,
                    "auto_delete": False,
                    "attachment_ids": [(6, 0, self._get_mail_attachments().ids)],
                    "scheduled_date": now + PATIENCE + timedelta(hours=1),
                }
            )
        )

    def _get_template_xmlid(self):
        """Return which template says what this kind of notice says."""
        return TEMPLATES[self.kind]

    def _get_thread(self):
        """Return the id of the first e-mail about the request: one thread for all."""
        first = self.search(
            [("request_id", "=", self.request_id.id)], order="id", limit=1
        )
        return False if first == self else first.message_id

    def _get_mail_attachments(self):
        """Return what the e-mail carries: nothing, as it leaves the house."""
        return self.env["ir.attachment"]

    def _get_reply_to(self):
        """Return where answers go: the department, else the institution."""
        request = self.request_id
        email = request.department_id.email or request.company_id.email
        if not email:
            return False
        return tools.formataddr((request.company_id.name, email))

    @api.model
    def _send_claimed(self, tokens):
        """Hand each claimed notice to the mail server; returns how many failed.

        :param dict tokens: what ``_claim`` gave
        """
        failed = 0
        last_begin = time.monotonic() + LEASE.total_seconds() / 2
        for notice_id, token in tokens.items():
            if time.monotonic() > last_begin:
                break  # a slow mail server: the rest is claimed anew
            try:
                failed += self.browse(notice_id)._send_one(token)
            except LeaseLost:
                _logger.info("Notice %s was taken over by another worker", notice_id)
        return failed

    def _send_one(self, token):
        """Make one attempt; returns whether the mail server did not take it.

        :raise LeaseLost: when another worker took over, before or meanwhile
        """
        error = permanent = None
        try:
            # Read anew: the caller's snapshot is older than the claim.
            with self._short_transaction() as env:
                notice = self.with_env(env)
                notice._fence(token)
                messages = notice._build_messages()
            for message in messages:
                self.env["ir.mail_server"].sudo().send_email(message)
        except (LeaseLost, psycopg2.OperationalError):
            raise
        except (MailDeliveryException, OSError, smtplib.SMTPException) as exc:
            error, permanent = self._explain(exc)
        except Exception:
            # Whatever is wrong with this one, the others must leave.
            _logger.exception("Notice %s can't be put together or sent", self.id)
            error = in_romanian(self).env._(
                "The e-mail could not be put together or sent; the administrator "
                "finds the cause in the log."
            )
        with self._short_transaction() as env:
            notice = self.with_env(env)
            notice._fence(token)
            notice._record_result(error, permanent)
        return bool(error)

    def _build_messages(self):
        """Return the e-mail as it goes over the wire: one row, always the same id."""
        self.ensure_one()
        if not self.mail_id:
            self.mail_id = self._create_mail(fields.Datetime.now())
        return [
            self.env["ir.mail_server"]._build_email__(
                email_from=values["email_from"],
                email_to=values["email_to"],
                subject=values["subject"],
                body=values["body"],
                body_alternative=values["body_alternative"],
                reply_to=values["reply_to"],
                message_id=self.message_id,
                references=self._get_thread(),
                object_id=values["object_id"],
                attachments=values["attachments"],
                subtype="html",
                subtype_alternative="plain",
                headers=values["headers"] | {"Auto-Submitted": "auto-generated"},
            )
            for values in self.mail_id.sudo()._prepare_outgoing_list()
        ]

    @api.model
    def _explain(self, exc):
        """Return a sentence for the clerk, and whether trying again is pointless."""
        cause = exc.__context__ or exc
        speaking = in_romanian(self)  # the scheduler has no language
        if isinstance(cause, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _text in cause.recipients.values()]
            if codes and all(500 <= code < 600 for code in codes):
                return speaking.env._("The mail server refused the address."), True
        detail = str(exc.args[-1] if exc.args else exc)
        return (
            speaking.env._(
                "The mail server did not take the e-mail: %(why)s", why=detail
            ),
            False,
        )

    def _record_result(self, error, permanent):
        """Write down what came out of an attempt."""
        self.ensure_one()
        if not error:
            self._mark_sent()
            return
        now = fields.Datetime.now()
        moment = None if permanent else next_try(self.attempts, self.first_try_at, now)
        self.write(
            {
                "state": "waiting" if moment else "failed",
                "next_try_at": moment,
                "lease_until": False,
                "error": error,
            }
        )
        if not moment:
            self.mail_id.sudo().write({"state": "exception", "failure_reason": error})
            self._tell_clerk(
                in_romanian(self).env._(
                    "The e-mail to the applicant could not be delivered."
                )
            )

    def _mark_sent(self):
        """Note that the mail server took the e-mail."""
        self.write(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "lease_until": False,
                "next_try_at": False,
                "error": False,
            }
        )
        self.mail_id.sudo().write(
            {"state": "sent", "failure_reason": False, "scheduled_date": False}
        )
        for notice in self:
            self.env["pcu.journal"]._log(
                notice.request_id, "notice_sent", kind=notice.kind
            )
