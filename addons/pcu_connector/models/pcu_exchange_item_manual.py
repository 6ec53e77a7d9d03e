"""Submissions that a clerk brought by hand while the platform's API was down.

A package has the platform's own identifier; of a typed one only the PISEG number is
known, so it stands under a provisional identifier until the platform lists it. Then it
is the same row: same request, same number, files compared by SHA-256.
"""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import exchange_states as es
from .pcu_exchange_file import BY_HAND
from .pcu_exchange_item import PROVISIONAL

ZIP, TYPED = "zip", "typed"


class PcuExchangeItem(models.Model):
    """The way in by hand, and meeting the platform's own row afterwards."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    manual = fields.Selection(
        selection=[(ZIP, "From a package"), (TYPED, "Typed in")],
        string="Brought by hand",
        readonly=True,
    )
    met_at = fields.Datetime(
        string="Delivered by the platform",
        readonly=True,
        help="When the platform listed what had been brought by hand.",
    )

    def _is_provisional(self):
        """Tell whether only the PISEG number is known yet."""
        return self.remote_id.startswith(PROVISIONAL)

    # ------------------------------------------------------------------
    # Bringing in
    # ------------------------------------------------------------------

    def _take_by_hand(self, platform_id, manual, submission, files, uid):
        """Put a submission into the inbox as if the platform had told it.

        A repetition, and one that came by the API meanwhile, find the same row.

        :param files: ``PackedFile`` objects, whose bytes move to the filestore
        :return: the id of the row
        """
        platform = self.env["pcu.platform"].browse(platform_id)
        # No key of the database joins a number that was typed in and the identifier
        # that a look brings: who of the two comes second must see the first.
        platform._take_turn()
        item = self._find_by_hand(platform, submission)
        if item:
            item._lock_row()
            item._check_free()
        else:
            item = self.create([self._prepare_row_values(platform, submission)])
            item.manual = manual
        if item.request_id:
            item._check_same_files(files)
            return item.id
        item._check_not_ended()
        self.env["pcu.exchange.file"]._store_remote(item, submission.files)
        item._take_files(files)
        if item.state in es.STUCK:
            item._reset_faults(uid)
        elif item.state == es.RETURNED:
            # Who filed it came to the counter instead of repairing it there.
            item._take_as_is(uid)
        if not item.payload:
            vals = item._prepare_details_values(submission)
            item.write(vals | {"state": es.FETCHED})
        item._journal("exchange_by_hand", uid, how=manual, files=len(files))
        return item.id

    def _find_by_hand(self, platform, submission):
        """Find a submission by the platform's identifier or by its PISEG number."""
        of_platform = [("platform_id", "=", platform.id)]
        same_id = self.search([*of_platform, ("remote_id", "=", submission.id)])
        if same_id or not submission.number:
            return same_id
        number = ("remote_number", "=", submission.number)
        return self.search([*of_platform, number], limit=1)

    def _check_free(self):
        """Leave a row alone that the connector works on right now."""
        if self._is_held():
            raise UserError(
                self.env._(
                    "The connector is working on %(item)s right now. Wait a minute and "
                    "try again.",
                    item=self.display_name,
                )
            )

    def _check_not_ended(self):
        """Refuse what has ended without a number: nothing would come of it."""
        if self.state in (es.WITHDRAWN, es.REFUSED):
            raise UserError(
                self.env._(
                    "%(item)s has ended without a number (%(state)s), so nothing was "
                    "stored. If the applicant asks for it after all, register a new "
                    "request.",
                    item=self.display_name,
                    state=self._get_state_text(),
                )
            )

    def _check_same_files(self, files):
        """Refuse to add by hand to a request that is registered."""
        here = set(self.request_id.document_ids.mapped("sha256"))
        other = [file.name for file in files if file.sha256 not in here]
        if other:
            raise UserError(
                self.env._(
                    "%(item)s is registered already, under %(number)s, and does not "
                    "have these files: %(names)s. Add them on the request.",
                    item=self.display_name,
                    number=self.entry_reference or "–",
                    names=", ".join(other),
                )
            )

    def _take_files(self, files):
        """Store files brought by hand in the places that the submission names."""
        waiting = self.file_ids.filtered(lambda f: f.state != "verified")
        known = set(self.file_ids.filtered("document_id").mapped("sha256"))
        for packed in files:
            if packed.sha256 in known:
                continue
            place = self._find_place(waiting, packed)
            if not place:
                place = place.create(self._prepare_hand_file(packed))
            if packed.threat:
                self._put_away(place, packed.path, packed.threat)
            else:
                place._store_bytes([packed.path])
                place.scan = packed.scan
            known.add(packed.sha256)
            waiting -= place

    def _find_place(self, waiting, packed):
        """Return the described file that these bytes are, by their SHA-256."""
        same = waiting.filtered(lambda f: f.sha256 == packed.sha256)[:1]
        if same:
            return same
        named = waiting.filtered(lambda f: f.name == packed.name)
        if named.filtered("sha256"):
            raise UserError(
                self.env._(
                    "The file “%(name)s” is not the one that its description announces "
                    "(another SHA-256). Nothing was stored; ask for the file again.",
                    name=packed.name,
                )
            )
        return named[:1]

    def _prepare_hand_file(self, packed):
        """Describe a file that only the clerk knows."""
        return {
            "item_id": self.id,
            "remote_id": BY_HAND + packed.sha256,
            "name": packed.name,
            "size": packed.size,
            "sha256": packed.sha256,
        }

    # ------------------------------------------------------------------
    # Meeting the platform's own row
    # ------------------------------------------------------------------

    def _meet(self, row):
        """Learn that the platform delivers what was brought by hand: one row stays.

        :param row: ``SubmissionRow`` or ``Submission`` of the platform
        """
        self._lock_row()
        twin = self.search(
            [
                ("platform_id", "=", self.platform_id.id),
                ("remote_id", "=", row.id),
                ("id", "!=", self.id),
            ]
        )
        if twin.request_id:
            self._stand_back(twin)
            return
        if twin:
            twin._give_way(self)
        key = self._get_origin_key(self.platform_id, row.id)
        request = self.request_id
        self.write(
            self._clear_fault_values()
            | {
                "remote_id": row.id,
                "origin_key": key,
                "remote_version": row.version,
                "remote_state": row.state,
                "met_at": fields.Datetime.now(),
            }
        )
        if request:
            request.origin_key = key
            self.env["pcu.exchange.event"]._add_delivery(self)
        else:
            self.write({"state": es.SEEN})
        self._journal("exchange_met")
        self._delay_advance()

    def _give_way(self, item):
        """Hand acts over to the row that stays, and take no name of the platform's."""
        self.event_ids.write({"item_id": item.id})
        self.write(
            {
                "remote_id": f"{self.remote_id}#{item.id}",
                "origin_key": f"{self.origin_key}#{item.id}",
                "state": es.WITHDRAWN,
            }
        )
        self.flush_recordset()

    def _stand_back(self, twin):
        """Leave the platform's row alone: it has become a request already.

        What has no number yet is the same request; of two numbers a person has to end
        one. Nothing is told to the platform but by its own row.
        """
        self._give_way(twin)
        self.effect_ids.filtered(lambda e: e.state not in es.EFFECT_FINAL).write(
            {"state": es.CANCELLED}
        )
        self.met_at = fields.Datetime.now()
        if self.request_id:
            self.write(
                {
                    "state": es.HELD,
                    "problem_code": "two_numbers",
                    "problem_detail": twin.entry_reference,
                }
            )
            self._journal("exchange_stuck", reason="two_numbers")
        else:
            self.write({"state": es.ACKED, "request_id": twin.request_id.id})
            self._attach_leftovers()
            self._journal("exchange_met")

    def _find_typed_twin(self, number):
        """Return the row that a clerk typed in under this PISEG number, if any."""
        return self.search(
            [
                ("platform_id", "=", self.platform_id.id),
                ("remote_id", "=", f"{PROVISIONAL}{number}"),
                ("id", "!=", self.id),
            ]
        )

    def _note_delivery(self, event, submission):
        """Learn what the platform has of a submission that was brought by hand."""
        if submission:
            self._adopt_documents()
            self.write(self._prepare_details_values(submission))
        else:
            # It was deleted there meanwhile: nothing to compare.
            event.state = "ignored"
            event._apply_deleted(self.request_id, self.env["pcu.document"])
            self._journal("exchange_files_gone", kind=event.kind)
