"""The way out: what we owe to the platform for a submission, in order.

The lease of the item covers its effects, so only one worker sends for a submission and
the order holds. What is sent is frozen before the first try; what was sent without an
answer is looked up under its reference before anything is sent again.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from odoo import fields, models

from .. import client_references
from .. import exchange_states as es
from ..adapters.base import FileOut, Gone, Permanent

#: Refusals that mean "too late for this": the submission has moved on by itself.
OVERTAKEN = ("invalid_state",)
#: What makes a submission complete on the platform's side.
INTAKE_KINDS = ("receipt", "registration")


@dataclass(frozen=True)
class Letter:
    """Frozen words on their way: of which effect, of which kind."""

    effect_id: int
    kind: str
    body: dict


class PcuExchangeItem(models.Model):
    """The way out."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    def _next_effect_step(self):
        """Return the next effect in order, if it is due and the number exists."""
        # Of a submission typed in the platform's identifier is not known yet.
        numbered = self.request_id.entry_id.number or self.state in es.UNNUMBERED
        if not numbered or self._is_provisional():
            return None
        effect = self.effect_ids.filtered(lambda e: e.state not in es.EFFECT_FINAL)[:1]
        due = effect and effect.state in es.EFFECT_OPEN
        if not due or effect.next_try_at > fields.Datetime.now():
            return None
        asks = self.platform_id._get_capabilities().lookup
        if effect.state in (es.SENDING, es.UNKNOWN) and asks:
            return self._make_step(
                "lookup", effect, kind=effect.kind, body=effect._get_body()
            )
        document = effect._get_next_document()
        if document:
            return self._make_upload_step(effect, document)
        return self._make_send_step(effect)

    def _make_send_step(self, first):
        """Freeze the words of what leaves one after the other, without a look between.

        The two answers to a submission are owed together, so they are sent together.
        """
        effects = first
        if first.kind in INTAKE_KINDS:
            effects += self.effect_ids.filtered(
                lambda e: (
                    e.kind in INTAKE_KINDS
                    and e.id > first.id
                    and (e.state, e.body) == (es.WAITING, False)
                    and e.next_try_at <= fields.Datetime.now()
                )
            )
        effects._freeze()
        letters = [Letter(e.id, e.kind, e.body) for e in effects]
        step = self._make_step("send", first, letter=letters[0])
        return replace(step, rest=tuple(letters[1:]))

    def _make_upload_step(self, effect, document):
        """Put together the upload of one final document."""
        return self._make_step(
            "upload",
            effect,
            document_id=document.id,
            file=FileOut(
                path=Path(document._path()),
                client_reference=client_references.upload_reference(
                    effect.client_reference, document.id, document.sha256
                ),
                name=document.name,
                size=document.size,
                sha256=document.sha256,
                media_type=document.true_type or "application/octet-stream",
            ),
        )

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _step_send(self, token, step, adapter):
        """Send frozen words; the last answer has all of them stored."""
        letter = step.data["letter"]
        try:
            answer = adapter.send(step.remote_id, letter.kind, letter.body)
        except Gone:
            return self._transact("_store", token, "_store_refusal", step, None)
        except Permanent as error:
            if letter.kind != "state" or error.code not in OVERTAKEN:
                raise
            return self._transact("_store", token, "_store_refusal", step, str(error))
        done = (*step.done, (letter.effect_id, answer))
        if not step.rest:
            return self._transact("_store", token, "_finish_effects", done)
        return replace(
            step,
            res_id=step.rest[0].effect_id,
            data={"letter": step.rest[0]},
            rest=step.rest[1:],
            done=done,
        )

    def _break_send(self, step):
        """Store the answers that came; what did not leave is as it was."""
        self._finish_effects(step.done)
        left = self.effect_ids.browse(letter.effect_id for letter in step.rest)
        left.write({"state": es.WAITING, "body": False, "sent_at": False})

    def _store_refusal(self, step, why):
        """Give up what came too late, or everything for a submission that is gone."""
        self._break_send(step)
        if why is None:
            self._cancel_effects("gone")
        else:
            self._cancel_effect(step.res_id, why)

    def _step_upload(self, token, step, adapter):
        """Bring a final document to the platform, going on where it broke."""
        upload_id = adapter.upload(
            step.remote_id,
            step.data["file"],
            heartbeat=lambda: self._transact("_extend_lease", token),
        )
        return self._transact(
            "_store",
            token,
            "_store_upload",
            step.res_id,
            step.data["document_id"],
            upload_id,
        )

    def _store_upload(self, effect_id, document_id, upload_id):
        """Remember that a document is on the platform."""
        effect = self.env["pcu.exchange.effect"].browse(effect_id)
        uploads = dict(effect.uploads or {}) | {str(document_id): upload_id}
        effect.write(self._clear_fault_values() | {"uploads": uploads})

    def _step_lookup(self, token, step, adapter):
        """Ask the platform what it recorded before anything is sent again."""
        try:
            recorded = adapter.lookup(
                step.remote_id, step.data["kind"], step.data["body"]
            )
        except Gone:
            return self._transact("_store", token, "_cancel_effects", "gone")
        if not recorded:
            return self._transact("_store", token, "_send_again", step.res_id)
        if recorded.submission_id not in ("", step.remote_id):
            raise Permanent("reference_conflict", recorded.submission_id)
        return self._transact(
            "_store", token, "_finish_effects", [(step.res_id, recorded.body)]
        )

    def _send_again(self, effect_id):
        """The platform never got it: send the same words once more."""
        self.env["pcu.exchange.effect"].browse(effect_id).write({"state": es.WAITING})

    def _finish_effects(self, answers):
        """Note that the platform has recorded effects: their ids and its answers."""
        if not answers:
            return
        self.platform_id._note_platform_success()
        for effect_id, answer in answers:
            effect = self.env["pcu.exchange.effect"].browse(effect_id)
            effect._note_recorded(answer)
            if isinstance(answer.get("state"), str):
                self.remote_state = answer["state"]
            self._journal(
                "exchange_sent", kind=effect.kind, ref=effect.client_reference
            )
        self._follow_effects()

    def _follow_effects(self):
        """Move the submission on once what it waits for is recorded."""
        open_kinds = {e.kind for e in self.effect_ids if e.state not in es.EFFECT_FINAL}
        ended = self.request_id.state in ("decided", "closed", "withdrawn", "refused")
        if self.state == es.REGISTERED and not open_kinds & set(INTAKE_KINDS):
            self.state = es.ACKED
        if self.state == es.ACKED and ended and not open_kinds:
            self.state = es.CLOSED

    # ------------------------------------------------------------------
    # When it is no longer possible
    # ------------------------------------------------------------------

    def _cancel_effect(self, effect_id, why):
        """Give up a progress message that came too late."""
        self.env["pcu.exchange.effect"].browse(effect_id).write(
            {"state": es.CANCELLED, "problem_code": False, "problem_detail": why[:500]}
        )
        self._follow_effects()

    def _cancel_effects(self, why):
        """Give up everything owed for a submission that the platform deleted."""
        waiting = self.effect_ids.filtered(lambda e: e.state not in es.EFFECT_FINAL)
        waiting.write(
            {"state": es.CANCELLED, "problem_code": why, "problem_detail": False}
        )
        self.remote_state = "deleted"
        self._journal("exchange_cancelled", reason=why, effects=len(waiting))
        self._follow_effects()
