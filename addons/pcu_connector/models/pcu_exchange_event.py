"""What citizens did on the platform, applied once each."""

from odoo import api, fields, models

from .. import exchange_states as es
from .pcu_exchange_file import BY_HAND

#: Our own word for the platform's delivery of what a clerk had brought by hand.
DELIVERED = "delivered"
#: Events that may bring files.
WITH_FILES = ("clarification_answered", "message", "file_added", DELIVERED)
#: Events after which there may be nothing left to register.
ENDING = ("withdrawn", "deleted")
#: Events that tell us nothing the list does not.
SILENT = ("submitted",)


class PcuExchangeEvent(models.Model):
    """One act of a citizen: an answer, a message, a file, a withdrawal.

    Kept under the platform's own identifier, so that an act seen twice is applied once.
    """

    _name = "pcu.exchange.event"
    _description = "Citizen's act on a platform"
    _inherit = ["pcu.exchange.retry.mixin"]
    _order = "id"
    _rec_name = "kind"

    platform_id = fields.Many2one(
        comodel_name="pcu.platform", required=True, ondelete="restrict"
    )
    item_id = fields.Many2one(
        comodel_name="pcu.exchange.item",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="platform_id.company_id", store=True)
    department_id = fields.Many2one(
        related="item_id.department_id", store=True, index=True
    )
    remote_id = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        selection=[
            ("submitted", "Submitted"),
            ("clarification_answered", "Clarification answered"),
            ("message", "Message"),
            ("file_added", "File added"),
            ("withdrawn", "Withdrawn"),
            ("deleted", "Deleted"),
            (DELIVERED, "Delivered after being brought by hand"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    at = fields.Datetime(string="When", readonly=True)
    text = fields.Text(readonly=True)
    remote_file_ids = fields.Json(readonly=True)
    state = fields.Selection(
        selection=es.EVENT_STATES, required=True, default="new", readonly=True
    )
    applied_at = fields.Datetime(readonly=True)

    _remote_uniq = models.UniqueIndex(
        "(platform_id, remote_id)", "This act has been taken note of already."
    )
    _open_idx = models.Index("(next_try_at) WHERE state IN ('new', 'refreshed')")
    _held_idx = models.Index("(item_id) WHERE state = 'held'")

    @api.model
    def _store_rows(self, platform, events):
        """Remember a page of events; return how many were new and how many known."""
        latest = {event.id: event for event in events}
        known = self.search(
            [("platform_id", "=", platform.id), ("remote_id", "in", list(latest))]
        )
        for event in known:
            latest.pop(event.remote_id)
        items = self._ensure_items(platform, latest.values())
        new = self.create(
            [
                self._prepare_values(platform, items[event.submission_id], event)
                for event in latest.values()
            ]
        )
        for item in new.filtered(
            lambda e: e.kind in ENDING or e.item_id.state == es.RETURNED
        ).item_id:
            # Not every platform lists again what was taken back or repaired.
            item._lock_row()
            item._read_again()
        new.filtered(lambda e: e.state == "new").item_id._delay_advance()
        return len(new.filtered(lambda e: e.kind not in SILENT)), len(known)

    @api.model
    def _ensure_items(self, platform, events):
        """Return the inbox row of each submission, made now if the list is behind."""
        item_model = self.env["pcu.exchange.item"]
        wanted = {event.submission_id for event in events}
        found = item_model.search(
            [("platform_id", "=", platform.id), ("remote_id", "in", list(wanted))]
        )
        items = {item.remote_id: item for item in found}
        for remote_id in wanted - items.keys():
            items[remote_id] = item_model.create(
                {
                    "platform_id": platform.id,
                    "remote_id": remote_id,
                    "origin_key": item_model._get_origin_key(platform, remote_id),
                    "next_try_at": fields.Datetime.now(),
                }
            )
        return items

    @api.model
    def _add_delivery(self, item):
        """Have read, fetched and compared what the platform has of a request of ours.

        As an act it waits, is tried again and is shown like every other one.

        :param item: the row that a clerk brought in, under the platform's identifier
        """
        return self.create(
            {
                "platform_id": item.platform_id.id,
                "item_id": item.id,
                "remote_id": f"{DELIVERED}:{item.remote_id}",
                "kind": DELIVERED,
                "at": fields.Datetime.now(),
                "next_try_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _prepare_values(self, platform, item, event):
        """Translate an event; an unknown kind is kept and shown."""
        kinds = dict(self._fields["kind"].selection)
        # No platform says our own word.
        known = event.kind in kinds and event.kind != DELIVERED
        kind = event.kind if known else "other"
        return {
            "platform_id": platform.id,
            "item_id": item.id,
            "remote_id": event.id,
            "kind": kind,
            "at": event.at,
            "text": event.text if kind != "other" else f"{event.kind} {event.text}",
            "remote_file_ids": list(event.file_ids),
            "state": "ignored" if kind in SILENT else "new",
            "next_try_at": fields.Datetime.now(),
        }

    # ------------------------------------------------------------------
    # Applying
    # ------------------------------------------------------------------

    def _get_stuck(self, state):
        """Wait for a person, however often it was tried."""
        self.state = es.HELD

    def _needs_files(self):
        """Tell whether this act may have brought files that are not here yet."""
        self.ensure_one()
        if self.kind not in WITH_FILES:
            return False
        # An answer or a message that names no file brings none.
        nameless = self.kind in ("file_added", DELIVERED) and not self.remote_file_ids
        return nameless or bool(self._count_unknown_files())

    def _apply(self):
        """Do to the request what the citizen did, in the caller's transaction."""
        self.ensure_one()
        request = self.item_id.request_id
        # What comes from the platform is not sent back to it.
        request = request.with_context(pcu_from_platform=self.item_id.id)
        documents = self._get_documents()
        getattr(self, f"_apply_{self.kind}")(request, documents)
        self._tell_gone_files(request)
        self.write(
            self._clear_fault_values()
            | {"state": "applied", "applied_at": fields.Datetime.now()}
        )

    def _get_documents(self):
        """Return the documents this act brings that no request has yet."""
        files = self.item_id.file_ids.filtered("document_id")
        if self.remote_file_ids:
            files = files.filtered(lambda f: f.remote_id in self.remote_file_ids)
        elif self.kind not in WITH_FILES:
            files = files.browse()
        return files.document_id.filtered(lambda d: not d.request_id)

    def _count_unknown_files(self):
        """Return how many files this act names that are in no description we read."""
        if self.kind not in WITH_FILES:
            return 0
        known = set(self.item_id.file_ids.mapped("remote_id"))
        return len(set(self.remote_file_ids or []) - known)

    def _tell_gone_files(self, request):
        """Tell the desk of files that were deleted before they could be fetched."""
        if count := self._count_unknown_files():
            self._note_on_request(
                request,
                self.env["pcu.document"],
                self.env._(
                    "Files of the applicant that the platform no longer has, not taken "
                    "over: %(count)s. Ask for them again if they are needed.",
                    count=count,
                ),
            )

    def _apply_clarification_answered(self, request, documents):
        """Hand the answer to the request."""
        request._add_clarification_answer(self.text or "", documents, self.at)

    def _apply_message(self, request, documents):
        """Show the citizen's words beside the request."""
        self._note_on_request(
            request,
            documents,
            self.env._("Message from the applicant: %(text)s", text=self.text or "–"),
        )

    def _apply_file_added(self, request, documents):
        """Hand further files to the request."""
        names = ", ".join(documents.mapped("name")) or "–"
        self._note_on_request(
            request,
            documents,
            self.env._("The applicant added files: %(names)s", names=names),
        )

    def _apply_withdrawn(self, request, documents):
        """End the request on the applicant's word; its number stays."""
        reason = self.text or self.env._("Withdrawn by the applicant on the platform.")
        request._withdraw(reason, self.at)

    def _apply_deleted(self, request, documents):
        """Tell the desk; the law, not the platform, says when our record ends."""
        self._note_on_request(
            request,
            documents,
            self.env._(
                "The submission was deleted on the platform. Our register keeps it."
            ),
        )

    def _apply_delivered(self, request, documents):
        """Hand over what only the platform had; say how both sides' files compare."""
        files = self.item_id.file_ids
        if documents:
            request._attach_documents(documents)
        # Only what the platform never named is left under a name of ours.
        here = files.filtered(lambda f: f.remote_id.startswith(BY_HAND))
        there = files.filtered(lambda f: f.document_id in documents) - here
        request.message_post(
            body=self.env._(
                "The platform delivered the submission that had been brought by hand. "
                "Only there: %(there)s. Only here: %(here)s.",
                there=", ".join(there.mapped("name")) or "–",
                here=", ".join(here.mapped("name")) or "–",
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _apply_other(self, request, documents):
        """Show what we have no rule for."""
        self._note_on_request(
            request,
            documents,
            self.env._(
                "The platform reports something new: %(text)s", text=self.text or "–"
            ),
        )

    def _note_on_request(self, request, documents, text):
        """Put documents and a note on the request and call its desk."""
        if documents:
            request._attach_documents(documents)
        request.message_post(body=text, subtype_xmlid="mail.mt_note")
        if request.is_open:
            request._remind(text[:100])
