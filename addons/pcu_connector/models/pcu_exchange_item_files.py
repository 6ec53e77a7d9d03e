"""The way in: the files of a submission, a handful stored in one transaction.

What is complete on disk and not stored yet is not lost when the process dies: the part
is found again, read and stored by whoever goes on.
"""

import errno
import time
from dataclasses import dataclass, replace
from pathlib import Path

from odoo import models
from odoo.addons.pcu_base import virus_scanner
from odoo.tools import SQL

from .. import exchange_states as es
from ..adapters.base import Gone, HashMismatch, Permanent
from ..adapters.partial_file import HEARTBEAT

#: A file whose bytes were wrong so often waits for a person.
MAX_MISMATCHES = 2


@dataclass(frozen=True)
class Outcome:
    """What came of one file: the state it gets, its bytes, what the scanner said."""

    file_id: int
    state: str
    path: Path | None = None
    scan: str | bool = False


class PcuExchangeItem(models.Model):
    """The files."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    def _get_waiting_files(self):
        """Return the files that are still to be brought."""
        return self.file_ids.filtered(lambda f: f.state == "pending")

    def _make_files_step(self, files, owner=None):
        """Put together the download of a handful, for the item or for an event."""
        first, *rest = [file._describe() for file in files._get_handful()]
        step = self._make_step(
            "download",
            owner,
            file=first,
            since=time.monotonic(),
            # sudo: where the scanner listens is the system administrator's to know
            scanner=self.company_id.sudo().pcu_virus_scanner,
        )
        return replace(step, rest=tuple(rest))

    def _step_download(self, token, step, adapter):
        """Bring one file to disk; the last of a handful has all of them stored."""
        done = (*step.done, self._bring(token, step, adapter))
        if not step.rest:
            return self._transact("_store", token, "_store_files", done)
        now, since = time.monotonic(), step.data["since"]
        if now - since > HEARTBEAT:
            self._transact("_extend_lease", token)
            since = now
        data = step.data | {"file": step.rest[0], "since": since}
        return replace(step, data=data, rest=step.rest[1:], done=done)

    def _break_download(self, step):
        """Store what came before the file that failed."""
        self._store_files(step.done)

    def _bring(self, token, step, adapter):
        """Bring the bytes of a file, and return what came of it.

        :raise ExchangeError: the file did not come, and may come later
        """
        file = step.data["file"]
        if self.env["pcu.platform"]._is_disk_low():
            # Before the last room is gone: registering needs some of it.
            raise OSError(errno.ENOSPC, "the disk is nearly full")
        try:
            adapter.download(
                step.remote_id,
                file.remote,
                file.path,
                heartbeat=lambda: self._transact("_extend_lease", token),
            )
            scan = self._scan(token, step)
        except Gone:
            return Outcome(file.file_id, "gone")
        except virus_scanner.InfectedError as threat:
            return Outcome(file.file_id, "quarantined", file.path, str(threat))
        except HashMismatch:
            if file.mismatches + 1 >= MAX_MISMATCHES:
                raise
            return Outcome(file.file_id, "pending")
        except Permanent as error:
            if error.code != "scan_infected":
                raise
            return Outcome(file.file_id, "infected")
        return Outcome(file.file_id, "verified", file.path, scan)

    def _scan(self, token, step):
        """Have a complete file looked at by the institution's virus scanner."""
        if not step.data["scanner"]:
            return False
        return virus_scanner.scan(
            step.data["scanner"],
            step.data["file"].path,
            heartbeat=lambda: self._transact("_extend_lease", token),
        )

    # ------------------------------------------------------------------
    # What came of them
    # ------------------------------------------------------------------

    def _store_files(self, done):
        """Store what came of each file, and note what that means for the submission."""
        here = [outcome for outcome in done if outcome.state == "verified"]
        if here:
            self.platform_id._note_platform_success()
            files = self.file_ids.browse(outcome.file_id for outcome in here)
            files._store_bytes([outcome.path for outcome in here])
        for outcome in done:
            self._store_outcome(self.file_ids.browse(outcome.file_id), outcome)
        if self.state not in es.INTAKE:
            return
        if any(outcome.state == "gone" for outcome in done):
            # The submission may have gone with it.
            self.state = es.SEEN
        elif self.state == es.FETCHED and done:
            self.state = es.DOWNLOADING
        if here:
            self.write(self._clear_fault_values())

    def _store_outcome(self, file, outcome):
        """Store what is known of one file besides its bytes."""
        if outcome.state == "quarantined":
            self._put_away(file, outcome.path, outcome.scan)
        elif outcome.state == "pending":
            # Wrong bytes: it is fetched once more.
            file.mismatches += 1
        elif outcome.state != "verified":
            file.state = outcome.state
        elif outcome.scan:
            file.scan = outcome.scan

    def _lock_documents(self):
        """Wait for our documents before they are written: a reader may be at them."""
        self._run_sql(
            SQL(
                "SELECT d.id FROM pcu_document d JOIN pcu_exchange_file f"
                " ON f.document_id = d.id WHERE f.item_id = %s"
                " ORDER BY d.id FOR NO KEY UPDATE OF d",
                self.id,
            )
        )

    def _put_away(self, file, path, threat):
        """Take a threat out of everybody's way, and write down that it came."""
        file._quarantine(path, threat)
        self._journal("exchange_quarantined", file=file.id, threat=threat)
