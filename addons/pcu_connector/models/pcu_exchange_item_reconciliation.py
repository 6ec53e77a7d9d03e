"""What the comparison asks of a submission, and how its repairs begin."""

from odoo import fields, models

from .. import exchange_states as es
from .. import reconciling as rec
from .pcu_exchange_file import BY_HAND

#: Answers that are asked anew for each thing the platform does not show.
ANSWERS = {
    rec.NOT_REGISTERED_THERE: ("receipt", "registration"),
    rec.NOT_DECIDED_THERE: ("decision",),
}


class PcuExchangeItem(models.Model):
    """The submission's side of the comparison."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    def _has_told(self, kind, before):
        """Tell whether the platform had recorded an answer before a moment."""
        return bool(
            self.effect_ids.filtered(
                lambda e: e.kind == kind and e.state == es.DONE and e.done_at <= before
            )
        )

    def _get_side(self, now):
        """Say how far this submission is, in the words of the comparison."""
        request = self.request_id
        limit = now - rec.PATIENCE
        return rec.Here(
            in_register=bool(request),
            has_number=bool(request.entry_id.number),
            ended=self.state in (es.WITHDRAWN, es.REFUSED)
            or request.state in ("decided", "closed", "refused"),
            withdrawn=self.state == es.WITHDRAWN or request.state == "withdrawn",
            stuck=self.is_stuck,
            sent_back=self.state == es.RETURNED,
            told_registration=self._has_told("registration", now),
            told_decision=self._has_told("decision", now),
            answer_waits=any(
                e.state in es.EFFECT_OPEN and e.create_date < limit
                for e in self.effect_ids
            ),
            age=now - (self.first_seen_at or now),
        )

    def _repair_difference(self, kind, row):
        """Begin a repair that is safe to begin twice; return the line's detail."""
        if kind in ANSWERS:
            self._ask_again(self.effect_ids.filtered(lambda e: e.kind in ANSWERS[kind]))
            return self.entry_reference
        if kind == rec.WITHDRAWN_THERE and not self.request_id:
            self._note_version(row)
        elif kind in (rec.LATE_HERE, rec.ANSWER_LATE):
            self._lock_row()
            now = fields.Datetime.now()
            late = self.effect_ids.filtered(lambda e: e.state in es.EFFECT_OPEN)
            late.write({"next_try_at": now})
            self.next_try_at = now
            names = dict(late._fields["kind"]._description_selection(self.env))
            return ", ".join(names[effect.kind] for effect in late)
        return self.problem_summary if kind == rec.NEEDS_PERSON else None

    def _ask_again(self, effects):
        """Doubt answers that were recorded: ask under their references, then decide.

        The words stay frozen and the reference stays the same, so that the platform
        records at most once whatever it lost.
        """
        self._lock_row()
        doubted = effects.filtered(lambda e: e.state == es.DONE)
        doubted.write(
            self._clear_fault_values() | {"state": es.UNKNOWN, "confirmed_at": False}
        )
        if doubted and self.state in (es.ACKED, es.CLOSED):
            self.state = es.REGISTERED
        self._journal("exchange_doubted", effects=len(doubted))

    def _is_settled(self):
        """Tell whether nothing is on its way for this submission."""
        if self.state in es.BEFORE_REGISTER:
            return False
        if self.request_id and not self.request_id.entry_id.number:
            return False
        return not (
            self.effect_ids.filtered(lambda e: e.state not in es.EFFECT_FINAL)
            or self.event_ids.filtered(lambda e: e.state in es.EVENT_OPEN)
        )

    # ------------------------------------------------------------------
    # A row that comes back to a request that exists
    # ------------------------------------------------------------------

    def _find_request(self):
        """Return the request that was filed under this submission's key, if any."""
        # The connector's own worker asks, as superuser.
        return self.env["pcu.request"].search(
            [("origin_key", "=", self.origin_key)], limit=1
        )

    def _adopt_documents(self):
        """Take files that the request has already, by their SHA-256, as they are.

        They are neither fetched nor stored again; what differs in a single byte is
        another file and comes in beside them.
        """
        by_hand = self.file_ids.filtered(lambda f: f.remote_id.startswith(BY_HAND))
        documents = self._find_request().document_ids | by_hand.document_id
        here = {d.sha256: d for d in documents if d.kind == "received"}
        for file in self.file_ids.filtered(lambda f: f.state == "pending"):
            if file.sha256 in here:
                file.write({"state": "verified", "document_id": here[file.sha256].id})
                # The platform's name for it takes the place of ours.
                by_hand.filtered(
                    lambda f, sha256=file.sha256: f.sha256 == sha256
                ).unlink()

    def _owe_anew(self):
        """Owe again what a request that exists owed; ask first what was recorded."""
        effects = self.env["pcu.exchange.effect"]
        effects._owe_intake(self)
        request = self.request_id
        if request.state == "decided" or (
            request.state == "closed" and request.outcome
        ):
            effects._owe_decision(
                self,
                request.outcome,
                request.decision_text,
                request.final_document_ids,
            )
        self.effect_ids.filtered(lambda e: e.state == es.WAITING).write(
            {"state": es.UNKNOWN}
        )
