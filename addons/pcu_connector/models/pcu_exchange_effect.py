"""The outbox: one row for each thing that we owe to the platform."""

from datetime import UTC

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day

from .. import client_references
from .. import exchange_states as es

#: Request states that the platform is told as progress.
PROGRESS = {"in_progress": "in_progress"}
#: Ends without a decision, told as a decision that closes the submission.
CLOSING = ("closed", "refused")


class PcuExchangeEffect(models.Model):
    """One message to the platform, owed from the moment its cause was committed.

    *Waiting* until its turn, *being sent*, then *recorded by the platform*. *Outcome
    unknown* is cleared up by asking; *needs a person* waits for the registry operator.
    Its reference never changes, so a repetition changes nothing on the platform.
    """

    _name = "pcu.exchange.effect"
    _description = "Answer owed to a platform"
    _inherit = ["pcu.exchange.retry.mixin"]
    _order = "id"
    _rec_name = "kind"

    item_id = fields.Many2one(
        comodel_name="pcu.exchange.item",
        string="Submission",
        required=True,
        index=True,
        ondelete="restrict",
    )
    platform_id = fields.Many2one(related="item_id.platform_id", store=True)
    company_id = fields.Many2one(related="platform_id.company_id", store=True)
    department_id = fields.Many2one(
        related="item_id.department_id", store=True, index=True
    )
    kind = fields.Selection(
        selection=[
            ("receipt", "Taken over"),
            ("registration", "Registration number"),
            ("state", "Progress"),
            ("clarification", "Clarification request"),
            ("message", "Message"),
            ("decision", "Decision"),
            ("refusal", "Refusal or repair"),
        ],
        required=True,
        readonly=True,
    )
    version = fields.Integer(required=True, default=1, readonly=True, aggregator=None)
    client_reference = fields.Char(string="Reference", required=True, readonly=True)
    state = fields.Selection(
        selection=es.EFFECT_STATES, required=True, default=es.WAITING, readonly=True
    )

    # What is sent
    payload = fields.Json(
        readonly=True, help="What the cause said, before number and uploads."
    )
    body = fields.Json(
        string="As sent",
        readonly=True,
        groups="pcu_base.group_registry_operator,base.group_system",
    )
    document_ids = fields.Many2many(
        comodel_name="pcu.document", string="Documents", readonly=True
    )
    uploads = fields.Json(readonly=True)
    sent_at = fields.Datetime(string="First sent", readonly=True)
    done_at = fields.Datetime(string="Recorded", readonly=True)
    remote_version = fields.Integer(readonly=True, aggregator=None)
    confirmed_at = fields.Datetime(
        string="Confirmed",
        readonly=True,
        help="When the platform last showed it under its reference.",
    )

    _reference_uniq = models.UniqueIndex(
        "(platform_id, client_reference)", "This answer is owed already."
    )
    _kind_uniq = models.UniqueIndex(
        "(item_id, kind, version)", "This answer is owed already."
    )
    # Of all the answers there ever were few are open.
    _open_idx = models.Index(
        "(platform_id, state)"
        " WHERE state IN ('waiting', 'sending', 'unknown', 'held', 'dead')"
    )
    _due_idx = models.Index(
        "(next_try_at) WHERE state IN ('waiting', 'sending', 'unknown')"
    )

    def action_retry(self):
        """Send again at once, after asking the platform what it recorded."""
        return self.item_id.action_retry()

    # ------------------------------------------------------------------
    # Owing (in the transaction of the cause)
    # ------------------------------------------------------------------

    @api.model
    def _owe(self, item, kind, version, payload=None, documents=None):
        """Write down one answer; a repetition finds it.

        Nothing is owed that the platform has no way to take: the citizen gets it by
        e-mail, as everybody does.
        """
        return self._owe_all(item, [(kind, version, payload, documents)])

    @api.model
    def _owe_all(self, item, answers):
        """Do the same for several answers: kind, version, payload, documents each."""
        able = item.platform_id._get_capabilities().effects
        there = {(e.kind, e.version): e for e in item.effect_ids}
        new, found = [], self.browse()
        for kind, version, payload, documents in answers:
            if (kind, version) in there:
                found += there[kind, version]
            elif kind in able:
                new.append(
                    self._prepare_values(item, kind, version, payload, documents)
                )
        if new:
            found += self.create(new)
            item._delay_advance()
        return found

    @api.model
    def _prepare_values(self, item, kind, version, payload, documents):
        """Say what the row of an answer holds."""
        platform = item.platform_id
        return {
            "item_id": item.id,
            "kind": kind,
            "version": version,
            "client_reference": client_references.effect_reference(
                self._get_instance(platform),
                platform.institution,
                item.remote_id,
                kind,
                version,
            ),
            "payload": payload or {},
            "document_ids": [(6, 0, documents.ids if documents else [])],
            "next_try_at": fields.Datetime.now(),
        }

    @api.model
    def _get_instance(self, platform):
        """Name the database in which the platform was configured."""
        # The name is part of our references, not a secret of the administrator.
        return platform.sudo().instance_uuid or ""

    @api.model
    def _owe_intake(self, item):
        """Owe the two answers to a submission: we have it, and its number."""
        now = _rfc3339(fields.Datetime.now())
        taken_over = {"taken_over_at": now}
        self._owe_all(
            item, [("receipt", 1, taken_over, None), ("registration", 1, None, None)]
        )

    @api.model
    def _owe_state(self, item, state, reason):
        """Owe progress; what was never sent gives way to the newest."""
        states = item.effect_ids.filtered(lambda e: e.kind == "state")
        states._give_way(es.SUPERSEDED)
        payload = {"state": state, "at": _rfc3339(fields.Datetime.now())}
        if reason:
            payload["reason"] = reason
        self._owe(item, "state", len(states) + 1, payload)

    @api.model
    def _owe_clarification(self, item, clarification):
        """Owe the question to the citizen."""
        payload = {"kind": "clarification_request", "text": clarification.text}
        if clarification.due_date:
            payload["due_date"] = clarification.due_date.isoformat()
        self._owe(item, "clarification", clarification.id, payload)

    @api.model
    def _owe_decision(self, item, outcome, text, documents=None):
        """Owe the end, with the documents that exist at this moment."""
        states = item.effect_ids.filtered(lambda e: e.kind == "state")
        states._give_way(es.SUPERSEDED)
        payload = {"outcome": outcome, "text": text or ""}
        self._owe(item, "decision", 1, payload, documents)

    @api.model
    def _owe_refusal(self, item, permanent, code, text):
        """Owe a negative receipt; what was never sent gives way to the newest."""
        told = item.effect_ids.filtered(lambda e: e.kind == "refusal")
        told._give_way(es.SUPERSEDED)
        payload = {"permanent": permanent, "code": code, "text": text}
        self._owe(item, "refusal", len(told) + 1, payload)

    def _asks_for_repair(self):
        """Tell whether the submission goes on after this negative receipt."""
        return self.kind == "refusal" and not self.payload["permanent"]

    def _give_way(self, state):
        """End what was never sent; its faults are nobody's any more."""
        unsent = self.filtered(lambda e: e.state == es.WAITING and not e.body)
        unsent.write(self._clear_fault_values() | {"state": state})

    @api.model
    def _give_up_questions(self, item):
        """Owe no progress and no question to somebody who has withdrawn."""
        item.effect_ids.filtered(
            lambda e: (
                e.kind in ("state", "clarification") and e.state not in es.EFFECT_FINAL
            )
        ).write(item._clear_fault_values() | {"state": es.CANCELLED})

    # ------------------------------------------------------------------
    # Sending (see pcu_exchange_item_effects)
    # ------------------------------------------------------------------

    def _get_next_document(self):
        """Return the first document that is not on the platform yet."""
        self.ensure_one()
        if self.body:
            return self.document_ids.browse()
        there = self.uploads or {}
        return self.document_ids.filtered(lambda d: str(d.id) not in there)[:1]

    def _freeze(self):
        """Write down the exact words before they leave; a repetition says the same."""
        # All or none: a body that can't be put together leaves every row as it was.
        for effect, body in [(effect, effect._get_body()) for effect in self]:
            effect.write(
                {
                    "state": es.SENDING,
                    "body": body,
                    "sent_at": effect.sent_at or fields.Datetime.now(),
                }
            )

    def _note_recorded(self, answer):
        """Note that the platform has it, with what it answered."""
        self.ensure_one()
        version = answer.get("version")
        # The version our own change led to, where the platform tells.
        fits = isinstance(version, int) and 0 <= version < 2**31
        self.write(
            self._clear_fault_values()
            | {
                "state": es.DONE,
                "done_at": fields.Datetime.now(),
                "remote_version": version if fits else 0,
            }
        )

    def _get_body(self):
        """Return the exact words: those that were sent, if any were."""
        return self.body or self._prepare_body()

    def _prepare_body(self):
        """Put together the exact words, now that the number exists."""
        self.ensure_one()
        body = {"client_reference": self.client_reference, **(self.payload or {})}
        entry = self.item_id.request_id.entry_id
        if self.kind == "registration":
            body |= self._prepare_registration(entry)
        elif self.kind == "decision":
            uploads = self.uploads or {}
            body |= {
                "number": str(entry.number),
                "date": self._get_decision_day(),
                "uploads": [
                    uploads[str(document.id)] for document in self.document_ids
                ],
            }
        return body

    def _prepare_registration(self, entry):
        """Tell the number as the register has it."""
        request = self.item_id.request_id
        body = {
            "number": str(entry.number),
            "date": entry.registration_date.isoformat(),
            "register": entry.register_id.name,
            "department": request.department_id.name or None,
            "due_date": request.due_date and request.due_date.isoformat(),
        }
        return {key: value for key, value in body.items() if value}

    def _get_decision_day(self):
        """Return the day of the decision in Romania."""
        request = self.item_id.request_id
        moment = request.decided_at or request.ended_at or fields.Datetime.now()
        return local_day(moment).isoformat()


def _rfc3339(moment):
    """Write naive UTC as RFC 3339 with its offset."""
    return moment.replace(tzinfo=UTC).isoformat()
