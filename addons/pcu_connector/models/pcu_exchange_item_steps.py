"""The way in: details, files, register; and what happens when a step fails.

``_next_step`` looks at the row and says what comes next; ``_step_...`` does it: the
call to the platform outside any transaction, the result in one short transaction that
begins with the fence. A killed process leaves the row at the last stored result.
"""

import errno
import logging
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from odoo import fields, models
from odoo.addons.pcu_base import virus_scanner
from odoo.addons.pcu_base.models.pcu_lease import LeaseLost
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import exchange_states as es
from ..adapters.base import AuthFault, ExchangeError, Gone, Permanent
from ..adapters.payloads import (
    Submission,
    parse_time,
    party_values,
)
from .pcu_exchange_event import DELIVERED
from .pcu_exchange_mixin import DATABASE_FAULTS

_logger = logging.getLogger(__name__)

#: The state under which a platform shows what the citizen took back.
REMOTE_WITHDRAWN = "withdrawn"
#: Seconds before a scanner that does not answer is asked again.
SCANNER_PAUSE = 60.0


@dataclass(frozen=True)
class Step:
    """What comes next, with everything that the call outside needs.

    It may be one of several calls whose results are stored together: ``rest`` says what
    is left to do, ``done`` what came of the others so far.
    """

    name: str
    platform_id: int
    remote_id: str
    res_model: str = ""
    res_id: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    rest: tuple = ()
    done: tuple = ()


@dataclass(frozen=True)
class Fault:
    """A step's failure in the words of the retry ladder."""

    kind: str
    code: str
    detail: str = ""
    retry_after: float | None = None

    @classmethod
    def of(cls, error: ExchangeError, step: Step) -> "Fault":
        """Name a fault so that a clerk knows what it is about."""
        code = error.kind
        if isinstance(error, Permanent) and error.kind == "permanent":
            known = ("too_large", "hash_mismatch", "bad_answer", "foreign_host")
            code = error.code if error.code in known else "permanent"
        # About a file, its name says more to a clerk than the platform's words.
        named = step.name == "download" and code in ("too_large", "hash_mismatch")
        detail = step.data["file"].remote.name if named else str(error).rstrip(". ")
        detail = error.detail if code == "foreign_host" else detail
        return cls(error.kind, code, detail, error.retry_after)

    @classmethod
    def of_bug(cls) -> "Fault":
        """Name what nobody expected by a trace; the log has the rest under it."""
        return cls("bug", "bug", uuid.uuid4().hex[:12])


class PcuExchangeItem(models.Model):
    """The way in."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    # ------------------------------------------------------------------
    # What comes next
    # ------------------------------------------------------------------

    def _next_step(self):
        """Return the next step that can be done now, or None."""
        may_call = self.platform_id._may_call()
        if self.state in es.INTAKE:
            if self.next_try_at and self.next_try_at > fields.Datetime.now():
                return None
            step = self._next_intake_step()
            return step if may_call or step.name == "register" else None
        if not may_call:
            return None
        if self.state == es.WITHDRAWN:
            self._ignore_events()
            return None
        if self.state == es.REFUSED and not self.request_id:
            self._ignore_events()
            return self._next_effect_step()
        if self.state == es.RETURNED:
            return self._next_effect_step()
        if not self.request_id:
            return None
        return self._next_event_step() or self._next_effect_step()

    def _get_turn(self):
        """Return the row that has the next step: this one, an act or an answer."""
        now = fields.Datetime.now()
        acts = self.event_ids.filtered(lambda e: e.state in es.EVENT_OPEN)[:1]
        answers = self.effect_ids.filtered(lambda e: e.state in es.EFFECT_OPEN)[:1]
        if self.state in es.INTAKE:
            return self
        return acts.filtered(lambda e: e.next_try_at <= now) or answers or self

    def _next_intake_step(self):
        """Details first, then the files, then the register."""
        if self.state == es.SEEN:
            return self._make_step("fetch", version=self.remote_version)
        if self.state != es.VERIFIED:
            if waiting := self._get_waiting_files():
                return self._make_files_step(waiting)
            self.state = es.VERIFIED
        return self._make_step("register")

    def _next_event_step(self):
        """Apply what the citizen did, once its files are here."""
        event = self.event_ids.filtered(lambda e: e.state in es.EVENT_OPEN)[:1]
        if not event or event.next_try_at > fields.Datetime.now():
            return None
        if event.state == "new" and event._needs_files():
            return self._make_step("refresh", event)
        if waiting := self._get_waiting_files():
            return self._make_files_step(waiting, event)
        return self._make_step("apply", event)

    def _make_step(self, name, record=None, **data):
        """Put together a step with what its call needs."""
        return Step(
            name,
            self.platform_id.id,
            self.remote_id,
            record._name if record else self._name,
            record.id if record else self.id,
            data,
        )

    # ------------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------------

    def _take_step(self, token, step, adapters):
        """Do a step and return the next one, or store what went wrong."""
        try:
            adapter = None
            if step.name not in ("register", "apply"):
                adapter = self._get_adapter(adapters, step.platform_id)
            return getattr(self, f"_step_{step.name}")(token, step, adapter)
        except (LeaseLost, *DATABASE_FAULTS):
            raise
        except AuthFault as error:
            fault = self._judge_refusal(adapter, step, error)
        except ExchangeError as error:
            fault = Fault.of(error, step)
        except virus_scanner.ScannerDownError as error:
            fault = Fault("scanner_down", "scanner_down", str(error), SCANNER_PAUSE)
        except Exception as error:  # noqa: BLE001 -- named and logged there
            fault = self._name_fault(error, step.name)
        try:
            self._transact("_store_fault", token, step, fault)
        except (LeaseLost, *DATABASE_FAULTS):
            raise
        except Exception as error:
            # What came before can't be stored either: it is looked at again next time.
            known = isinstance(error, ExchangeError)
            level = logging.INFO if known else logging.WARNING
            _logger.log(level, "Item %s: not stored", self.id, exc_info=not known)
            self._transact("_store_fault", token, replace(step, done=()), fault)
        return None

    def _name_fault(self, error, where):
        """Put into the words of the ladder what is no fault of the platform's."""
        if isinstance(error, UserError):
            return Fault("refused", "refused", str(error))
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            _logger.warning("Item %s, %s: the disk is full", self.id, where)
            return Fault("disk", "disk")
        fault = Fault.of_bug()
        _logger.error("Item %s, %s: %s", self.id, where, fault.detail, exc_info=error)
        return fault

    def _judge_refusal(self, adapter, step, error):
        """Tell whether the platform refuses us, or only this; it costs one call.

        A firewall before the platform may dislike one citizen's file, and nobody else
        has to wait for that (N7).
        """
        try:
            adapter.check_access()
        except ExchangeError as refusal:
            return Fault.of(refusal, step)
        return Fault("forbidden", "forbidden", error.detail)

    def _get_stuck(self, state):
        """Wait for a person; what is registered stays registered."""
        if not self.request_id:
            self.state = state

    def _store_fault(self, token, step, fault):
        """Write down what went wrong where a person looks for it."""
        self._fence(token)
        if step.done or step.rest:
            getattr(self, f"_break_{step.name}")(step)
        self.platform_id._note_platform_fault(fault.kind, fault.detail)
        row = self.env[step.res_model].browse(step.res_id)
        stuck = self._note_row_fault(row, fault, step.name)
        if row._name == "pcu.exchange.effect" and row.state == es.SENDING:
            # What surely did not arrive need not be asked for.
            away = fault.kind not in (
                "not_sent", "inner_address", "throttled", "auth", "forbidden",
                "permanent",
            )  # fmt: skip
            row.state = es.UNKNOWN if away else es.WAITING
        if stuck and step.name == "download":
            self.file_ids.browse(step.data["file"].file_id).state = es.HELD
        self._release(token)

    def _note_row_fault(self, row, fault, where):
        """Have a row wait after a fault; return whether it waits for a person."""
        verdict = row._note_fault(fault)
        if verdict.state not in es.STUCK:
            return False
        row._get_stuck(verdict.state)
        self._journal("exchange_stuck", reason=fault.code, step=where)
        return True

    # ------------------------------------------------------------------
    # Details
    # ------------------------------------------------------------------

    def _step_fetch(self, token, step, adapter):
        """Read the whole submission."""
        try:
            submission = adapter.get_submission(step.remote_id)
        except Gone:
            return self._transact("_store", token, "_store_gone")
        return self._transact(
            "_store", token, "_store_details", submission, step.data["version"]
        )

    def _store_details(self, submission, noted):
        """Keep the details as received and the list of files.

        :param noted: the version that was known when they were asked for
        """
        self.platform_id._note_platform_success()
        if self.state != es.SEEN or self.remote_version > max(
            noted, submission.version
        ):
            # It gave way to another row, or a look has told of a newer version since:
            # that one is read next, against what is noted now.
            return
        if submission.number != self.remote_number:
            # The number that a clerk may be typing in at this moment.
            self.platform_id._take_turn()
        typed = self._find_typed_twin(submission.number)
        if typed:
            # This row came by an act only: the one that was brought by hand stays.
            typed._meet(submission)
            return
        vals = self._prepare_details_values(submission)
        self.env["pcu.exchange.file"]._store_remote(self, submission.files)
        self._adopt_documents()
        if submission.state == REMOTE_WITHDRAWN and not self._find_request():
            self.write(vals | {"state": es.WITHDRAWN})
            self._journal("exchange_withdrawn")
        elif self._is_awaited_still(submission):
            self.write(vals | {"state": es.RETURNED})
        else:
            self._note_repaired()
            self.write(vals | {"state": es.FETCHED})

    def _prepare_details_values(self, submission):
        """Translate the details."""
        return (
            self._clear_fault_values()
            | self._prepare_version_values(submission)
            | {
                "payload": submission.raw,
                "remote_number": submission.number or self.remote_number,
                "procedure_code": submission.procedure_code,
                "procedure_title": submission.procedure_title,
                "applicant_name": party_values(submission.applicant).get("name"),
                "submitted_at": submission.submitted_at or self.submitted_at,
            }
        )

    def _prepare_version_values(self, submission):
        """Return version and state there, unless the list has told of newer ones."""
        if submission.version < self.remote_version:
            return {}
        return {
            "remote_version": submission.version,
            "remote_state": submission.state,
        }

    def _store_gone(self):
        """Close a row whose submission was deleted before it could be registered."""
        self.write(
            self._clear_fault_values()
            | {"state": es.WITHDRAWN, "remote_state": "deleted"}
        )
        self._journal("exchange_withdrawn", reason="deleted")

    # ------------------------------------------------------------------
    # Register
    # ------------------------------------------------------------------

    def _step_register(self, token, step, adapter):
        """Make the request, its entry and what we owe for it: one short transaction."""
        self._transact("_file_request", token)
        # The number was given right after that commit; what tells it comes next.
        return self._transact("_look_again", token)

    def _file_request(self, token):
        """File the request under the submission's key; a repetition finds it."""
        self._fence(token)
        if self.state != es.VERIFIED:
            # It was changed there, or gave way, since this step was chosen.
            return
        if self.request_id:
            self.write(self._clear_fault_values() | {"state": es.REGISTERED})
            return
        self._lock_documents()
        company = self.company_id
        known = self._find_request()
        request = known or (
            self.env["pcu.request"]
            .with_company(company)
            .with_context(pcu_from_platform=self.id)
            ._file(self._prepare_request_values())
        )
        self.write(
            self._clear_fault_values()
            | {
                "request_id": request.id,
                "state": es.REGISTERED,
                "registered_at": fields.Datetime.now(),
            }
        )
        if known:
            self._owe_anew()
        else:
            # Filing it has owed the two answers (``_on_filed``).
            missing = self.file_ids.filtered(lambda f: not f.document_id)
            self._post_missing_files(request, missing)

    def _prepare_request_values(self):
        """Translate the submission into what ``pcu.request._file`` understands."""
        submission = Submission.parse(self.payload)
        applicant = submission.applicant
        party = party_values(applicant)
        files = self.file_ids.filtered("document_id")
        consent = submission.consent
        form = dict(submission.form)
        if submission.raw.get("payments"):
            form[self.env._("Payments")] = submission.raw["payments"]
        return {
            "origin_key": self.origin_key,
            "origin_name": self.platform_id.name,
            "origin_number": self.remote_number,
            "channel": self.platform_id.channel,
            "company_id": self.company_id.id,
            "applicant": party,
            "representative": self._get_representative(applicant),
            "email": party.get("email"),
            "phone": party.get("phone"),
            "observations": submission.observations,
            "consent_given": bool(consent.get("given")),
            "consent_at": parse_time(consent.get("at")),
            "consent_version": str(consent.get("text_version") or ""),
            "filed_at": self.submitted_at or self.first_seen_at,
            "form_data": form,
            "procedure_id": self._get_decided_procedure().id,
            "procedure_code": self.procedure_code,
            "procedure_label": self.procedure_title or self.procedure_code,
            "documents": files.document_id,
            "slots": {file.document_id.id: file.slot for file in files},
        }

    def _get_representative(self, applicant):
        """Name who acts for the applicant, without identity numbers."""
        representative = applicant.get("representative")
        if isinstance(representative, dict):
            parts = (representative.get("name"), representative.get("role"))
            return ", ".join(str(part) for part in parts if part)
        return str(representative or "")

    def _post_missing_files(self, request, missing):
        """Say on the request which files did not come, and why."""
        states = dict(
            self.env["pcu.exchange.file"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        for file in missing:
            request.message_post(
                body=self.env._(
                    "The file “%(name)s” was not taken over: %(why)s.",
                    name=file.name,
                    why=states[file.state].lower(),
                ),
                subtype_xmlid="mail.mt_note",
            )

    # ------------------------------------------------------------------
    # What citizens do afterwards
    # ------------------------------------------------------------------

    def _step_refresh(self, token, step, adapter):
        """Read the submission again: an act of the citizen may have brought files."""
        try:
            submission = adapter.get_submission(step.remote_id)
        except Gone:
            submission = None
        return self._transact("_store", token, "_store_refreshed", step, submission)

    def _store_refreshed(self, step, submission):
        """Learn the new files; the request's own data stay as they were filed."""
        event = self.env["pcu.exchange.event"].browse(step.res_id)
        event.state = "refreshed"
        if submission:
            self.platform_id._note_platform_success()
            self.env["pcu.exchange.file"]._store_remote(self, submission.files)
            self.write(self._prepare_version_values(submission))
        if event.kind == DELIVERED:
            self._note_delivery(event, submission)

    def _step_apply(self, token, step, adapter):
        """Do to the request what the citizen did."""
        return self._transact("_store", token, "_apply_event", step.res_id)

    def _apply_event(self, event_id):
        """Apply one act exactly once, together with the note that it is applied."""
        event = self.env["pcu.exchange.event"].browse(event_id)
        if event.state in es.EVENT_OPEN:
            event._apply()
            if gone := event._count_unknown_files():
                self._journal("exchange_files_gone", kind=event.kind, files=gone)
            if event.kind != DELIVERED:
                self._journal("exchange_event", kind=event.kind)
            self._follow_effects()
        if not self.event_ids.filtered(lambda e: e.state in es.EVENT_OPEN):
            self._attach_leftovers()

    def _attach_leftovers(self):
        """Put files that no act has named onto the request."""
        documents = self.file_ids.document_id.filtered(lambda d: not d.request_id)
        if documents:
            self.request_id._attach_documents(documents)

    def _ignore_events(self):
        """Acts on a submission that never was registered change nothing here."""
        open_events = Domain("item_id", "=", self.id) & Domain(
            "state", "in", list(es.EVENT_OPEN)
        )
        self.env["pcu.exchange.event"].search(open_events).write({"state": "ignored"})
