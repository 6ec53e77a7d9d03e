"""A file of a submission, from its description to stored bytes."""

import time
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from odoo import api, fields, models
from odoo.addons.pcu_base import file_types, virus_scanner
from odoo.addons.pcu_base.models.pcu_document import BigInteger

from .. import exchange_states as es
from ..adapters.base import ServerFault
from ..adapters.payloads import RemoteFile

#: Files, and bytes after which no further one is added, stored in one transaction.
HANDFUL, HANDFUL_BYTES = 20, 32 * 1024**2
#: Identifier of a file that no platform has named yet.
BY_HAND = "hand:"
#: Days that infected bytes are kept for whoever has to examine them.
QUARANTINE_DAYS = 90
#: Days after which the unfinished part of a download is given up.
PART_DAYS = 14


@dataclass(frozen=True)
class Download:
    """A file to bring, where its bytes go, and how often they were wrong before."""

    file_id: int
    remote: RemoteFile
    path: Path
    mismatches: int


class PcuExchangeFile(models.Model):
    """One file on the platform, taken over once.

    *Stored* when size and SHA-256 are the announced ones. *Infected* and *withdrawn*
    files stay visible with their names, so that nobody believes they never existed.
    Infected bytes lie for a while in the folder ``pcu-quarantine`` of the filestore:
    no document, no attachment, no address leads to them.
    """

    _name = "pcu.exchange.file"
    _description = "File taken over"
    _order = "item_id, id"

    item_id = fields.Many2one(
        comodel_name="pcu.exchange.item", required=True, index=True, ondelete="cascade"
    )
    remote_id = fields.Char(required=True, readonly=True)
    name = fields.Char(
        required=True, readonly=True, help="As received, without signs that deceive."
    )
    slot = fields.Char(readonly=True)
    size = BigInteger(string="Size (bytes)", readonly=True, aggregator=None)
    size_text = fields.Char(compute="_compute_size_text", string="Size")
    sha256 = fields.Char(string="SHA-256", readonly=True)
    declared_type = fields.Char(readonly=True)
    signed = fields.Boolean(readonly=True)
    state = fields.Selection(
        selection=es.FILE_STATES, required=True, default="pending", readonly=True
    )
    scan = fields.Selection(
        selection=[
            (virus_scanner.CLEAN, "Nothing found"),
            (virus_scanner.TOO_LARGE, "Too large for the scanner"),
        ],
        string="Virus scan",
        readonly=True,
    )
    threat = fields.Char(readonly=True, help="The scanner's name for what it found.")
    mismatches = fields.Integer(readonly=True, aggregator=None)
    document_id = fields.Many2one(
        comodel_name="pcu.document",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    odd_name = fields.Boolean(
        string="Name corrected",
        readonly=True,
        help="Its name held signs or folders that were taken out.",
    )
    note = fields.Char(compute="_compute_note", string="Remark")

    _remote_uniq = models.UniqueIndex(
        "(item_id, remote_id)", "This file has been taken over already."
    )

    @api.depends("size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        """Write the size as people read it; a platform may not have told it."""
        for file in self:
            described = self.env["pcu.document"].new({"size": file.size})
            file.size_text = described.size_text if file.size >= 0 else "–"

    @api.depends("odd_name", "document_id.type_note")
    @api.depends_context("lang")
    def _compute_note(self):
        """Say what is odd about the name and about the content."""
        for file in self:
            named = file.odd_name and self.env._(
                "The name held signs or folders that could deceive; they were taken "
                "out. The name as sent is under “As received”."
            )
            # sudo: of the content only what is odd about it, for whom may solve it
            notes = (named, file.document_id.sudo().type_note)
            file.note = " ".join(note for note in notes if note) or False

    @api.model
    def _store_remote(self, item, remote_files):
        """Remember the files of a submission; those known stay as they are."""
        known = {file.remote_id: file for file in item.file_ids}
        new = []
        for remote in remote_files:
            file = known.get(remote.id)
            if not file:
                new.append(self._prepare_remote_values(item, remote))
            elif file.state == "pending" and remote.scan == "infected":
                file.state = "infected"
            elif file.state == "gone" and not file.mismatches:
                # Still described: its address may only have run out. Once more.
                file.write({"state": "pending", "mismatches": 1})
        return self.create(new)

    @api.model
    def _prepare_remote_values(self, item, remote):
        """Translate the platform's description of a file."""
        name = file_types.safe_name(remote.name)
        return {
            "item_id": item.id,
            "remote_id": remote.id,
            "name": name,
            "odd_name": name != normalize("NFC", remote.name) or "\ufffd" in name,
            "slot": remote.slot,
            "size": remote.size if remote.size is not None else -1,
            "sha256": remote.sha256,
            "declared_type": remote.declared_type,
            "signed": remote.signed,
            "state": "infected" if remote.scan == "infected" else "pending",
        }

    def _get_part_path(self):
        """Return where the unfinished download lies: a name of ours, by id."""
        self.ensure_one()
        folder = Path(self.env["pcu.document"]._get_filestore_tmp())
        return folder / f"pcu-exchange-{self.item_id.id}-{self.id}.part"

    def _get_handful(self):
        """Return the first of these files that are stored in one transaction."""
        size, count = 0, 0
        for file in self[:HANDFUL]:
            size += max(file.size, 0)
            count += 1
            if size >= HANDFUL_BYTES:
                break
        return self[:count]

    def _describe(self):
        """Return all that a download needs to know."""
        self.ensure_one()
        remote = RemoteFile(
            id=self.remote_id,
            slot=self.slot or "",
            name=self.name,
            size=self.size if self.size >= 0 else None,
            sha256=self.sha256 or "",
            declared_type=self.declared_type or "",
            signed=self.signed,
            scan="clean",
        )
        return Download(self.id, remote, self._get_part_path(), self.mismatches)

    def _store_bytes(self, paths):
        """Make complete files documents, without reading them into memory.

        :param paths: where the bytes of each of these files are
        :raise ServerFault: when one is not the announced one any more
        """
        documents = self.env["pcu.document"]._create_from_files(
            [
                (path, file._prepare_document_values())
                for file, path in zip(self, paths, strict=True)
            ]
        )
        for file, document in zip(self, documents, strict=True):
            if len(file.sha256 or "") == 64 and document.sha256 != file.sha256:
                # Of what is stored, not of what came: the last wall before "verified".
                raise ServerFault("the file changed on the disk")
            file.write({"state": "verified", "document_id": document.id})

    def _prepare_document_values(self):
        """Say what the document of this file is called and where it belongs."""
        return {
            "name": self.name,
            "kind": "received",
            "declared_type": self.declared_type,
            "company_id": self.item_id.company_id.id,
            "slot": self.slot,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _get_quarantine_path(self):
        """Return where the infected bytes lie: a name of ours, by id."""
        self.ensure_one()
        folder = self._get_quarantine_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"{self.item_id.id}-{self.id}.infected"

    @api.model
    def _get_quarantine_folder(self):
        return Path(self.env["pcu.document"]._get_filestore_tmp()) / "pcu-quarantine"

    def _quarantine(self, path, threat):
        """Put infected bytes away; nothing in the suite opens them again."""
        self.ensure_one()
        path.chmod(0o400)
        path.rename(self._get_quarantine_path())
        self.write({"state": "quarantined", "threat": threat[:200]})

    @api.autovacuum
    def _gc_parts(self):
        """Remove parts of downloads that nobody has gone on with, and old threats."""
        folder = Path(self.env["pcu.document"]._get_filestore_tmp())
        self._remove_old(folder.glob("pcu-exchange-*.part"), PART_DAYS)
        self._remove_old(self._get_quarantine_folder().glob("*"), QUARANTINE_DAYS)

    @api.model
    def _remove_old(self, paths, days):
        limit = time.time() - days * 86400
        for path in paths:
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
