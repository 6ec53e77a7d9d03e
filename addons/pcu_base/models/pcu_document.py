"""Documents: the bytes as received or issued, never rewritten.

The bytes lie in Odoo's filestore under their SHA-256; an ``ir.attachment`` points
there so that preview, download and backup work as everywhere. Copies (stamped,
recognised text) are documents of their own beside the original.
"""

import math
import os
import shutil
import time
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .. import file_store, file_types, guards
from ..romania import counted

RECEIVED, ISSUED, COPY = "received", "issued", "copy"
# ir_attachment.file_size is an int4; pcu.document.size tells the truth.
MAX_ATTACHMENT_SIZE = 2**31 - 1
KILO = 1024
SIZE_UNITS = ("KB", "MB", "GB", "TB")
PARTIAL_FOLDER = "pcu-partial"
PARTIAL_DAYS = 30


class BigInteger(fields.Integer):
    """Integer beyond 2 GiB: files of 10 GB exist."""

    _column_type = ("int8", "int8")


class PcuDocument(models.Model):
    """A file of an entry or a request, as it came or as it left.

    What the file is never changes and no row is ever deleted, which the database
    itself enforces; where it belongs (owner, department, slot) may change.
    """

    _name = "pcu.document"
    _description = "Document"
    _order = "id"
    _check_company_auto = True

    # The file
    name = fields.Char(
        required=True, help="The name of the file exactly as it was received."
    )
    kind = fields.Selection(
        selection=[(RECEIVED, "Received"), (ISSUED, "Issued"), (COPY, "Copy")],
        required=True,
        default=RECEIVED,
    )
    original_id = fields.Many2one(
        comodel_name="pcu.document",
        index="btree_not_null",
        ondelete="restrict",
        help="The document this one is a copy of.",
    )
    copy_ids = fields.One2many(
        comodel_name="pcu.document", inverse_name="original_id", string="Copies"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        required=True,
        index=True,
        ondelete="restrict",
    )
    sha256 = fields.Char(string="SHA-256", required=True, index=True)
    size = BigInteger(string="Size (bytes)", aggregator=None)
    size_text = fields.Char(string="Size", compute="_compute_size_text")
    received_at = fields.Datetime(required=True, default=fields.Datetime.now)
    # What it claims to be and what it is
    declared_type = fields.Char(help="The type the sender declared.")
    true_type = fields.Char(help="The type found by looking at the content.")
    type_label = fields.Char(string="Type", compute="_compute_type_note")
    type_mismatch = fields.Boolean(
        string="Type differs", help="The content is not what name or sender say."
    )
    suspicious = fields.Boolean(
        help="The file is a program or a script. Do not open it; ask the administrator."
    )
    type_note = fields.Char(string="Remark", compute="_compute_type_note")
    type_note_code = fields.Char()
    # Where it belongs
    res_model = fields.Char(string="Owner model")
    res_id = fields.Many2oneReference(string="Owner", model_field="res_model")
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    confidential = fields.Boolean(
        help="Only the department that solves the matter sees the file."
    )
    slot = fields.Char(help="The place in the procedure's list the file was sent for.")

    _owner_idx = models.Index("(res_model, res_id)")
    _attachment_uniq = models.UniqueIndex("(attachment_id)")
    _sha256_form = models.Constraint(
        "CHECK (sha256 ~ '^[0-9a-f]{64}$')", "The SHA-256 must be 64 hex digits."
    )

    # ------------------------------------------------------------------
    # Database guards
    # ------------------------------------------------------------------

    def init(self):
        """Let the database refuse what no program may do."""
        self.env.cr.execute(guards.DOCUMENTS)

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        for document in self:
            document.size_text = document._get_size_text()

    def _get_size_text(self):
        """Write a size as people read it, with the decimal mark of the language."""
        if self.size < KILO:
            return self.env._(
                "%(count)s bytes", count=counted(self.size, self.env.lang)
            )
        power = min(int(math.log(self.size, KILO)), len(SIZE_UNITS))
        amount = formatLang(self.env, self.size / KILO**power, digits=1)
        return f"{amount} {SIZE_UNITS[power - 1]}"

    @api.depends("type_note_code", "true_type", "declared_type", "name", "destroyed_at")
    @api.depends_context("lang")
    def _compute_type_note(self):
        for document in self:
            document.type_label = file_types.label(document.true_type or "")
            document.type_note = document._get_type_note()

    def _get_type_note(self):
        """Say in the clerk's words what is odd about the file."""
        if self.destroyed_at:
            return self._describe_destroyed()
        if self.type_note_code == file_types.NOTE_EMPTY:
            return self.env._("The file is empty (0 bytes).")
        if self.type_note_code == file_types.NOTE_PROGRAM:
            return self.env._(
                "The file is a program or a script (%(type)s). Do not open it.",
                type=self.type_label,
            )
        if self.type_note_code == file_types.NOTE_DIFFERENT:
            claimed = file_types.type_by_name(self.name)
            if file_types.agrees(self.true_type, claimed):
                claimed = file_types.base_type(self.declared_type)
            return self.env._(
                "The content is %(found)s although the file says %(claimed)s.",
                found=self.type_label,
                claimed=file_types.label(claimed),
            )
        return False

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def _get_sealed_fields(self):
        """Name the fields that never change after creation."""
        return {
            "name", "kind", "original_id", "attachment_id", "sha256", "size",
            "received_at", "declared_type", "true_type", "type_mismatch",
            "suspicious", "type_note_code", "company_id",
        }  # fmt: skip

    def write(self, vals):
        if vals.keys() & self._get_sealed_fields():
            raise UserError(
                self.env._(
                    "A document stays as it was received. "
                    "Add the corrected file as a new document."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        raise UserError(
            self.env._(
                "A document cannot be deleted. If it was added by mistake, "
                "annul the entry it belongs to and give the reason."
            )
        )

    def copy(self, default=None):
        if self:
            raise UserError(
                self.env._(
                    "A document cannot be duplicated. Add the file again instead."
                )
            )
        return super().copy(default)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_download(self):
        self.ensure_one()
        self._check_not_destroyed()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=1",
            "target": "download",
        }

    def action_verify(self):
        """Read the bytes again and say whether they are still those received."""
        damaged = self.browse()
        for document in self._check_not_destroyed():
            if not document._is_intact():
                damaged += document
        if damaged:
            self.env["pcu.journal"]._log(damaged, "document_damaged")
            message = self.env._(
                "The stored file no longer matches its fingerprint: %(names)s. "
                "Tell the administrator to restore it from the backup.",
                names=", ".join(damaged.mapped("name")),
            )
        else:
            message = self.env._("The stored file is exactly the one received.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if damaged else "success",
                "sticky": bool(damaged),
                "message": message,
            },
        }

    # ------------------------------------------------------------------
    # Creating (callers have checked the right to add to the owner)
    # ------------------------------------------------------------------

    @api.model
    def _create_from_bytes(self, vals_list):
        """Create documents from ``content`` bytes in each of the values."""
        files = []
        for vals in vals_list:
            path = self._new_partial()
            file_store.write_new(path, vals["content"])
            files.append((path, {k: v for k, v in vals.items() if k != "content"}))
        return self._ingest(files, keep_on_rollback=False)

    @api.model
    def _create_from_file(self, path, vals):
        """Create a document by moving a file on the filestore's file system.

        The file is read in pieces and renamed, never loaded or copied. When the
        transaction is rolled back, it comes back to ``path``; when the process
        dies before the commit, Odoo's garbage collector removes the orphan.
        """
        return self._create_from_files([(path, vals)])

    @api.model
    def _create_from_files(self, files):
        """Do the same for several files at once: pairs of a path and values."""
        return self._ingest(
            [(os.fspath(path), dict(vals)) for path, vals in files],
            keep_on_rollback=True,
        )

    @api.model
    def _create_from_attachments(self, attachments, vals):
        """Create documents from files a clerk uploaded, each with the same values.

        The uploads stay as they are; who made them may delete them afterwards.
        """
        attachments.check_access("read")
        files = []
        for attachment in attachments:
            path = self._new_partial()
            if attachment.store_fname:
                shutil.copyfile(attachment._full_path(attachment.store_fname), path)
            else:
                file_store.write_new(path, attachment.raw or b"")
            name, declared = attachment.name, attachment.mimetype
            files.append((path, {"name": name, "declared_type": declared, **vals}))
        return self._ingest(files, keep_on_rollback=False)

    def _ingest(self, files, *, keep_on_rollback):
        """Create documents and put their files in place.

        Rows come first: an inserted attachment holds off the filestore's garbage
        collector until the end of the transaction, so that a file it was about to
        remove is gone before, not after, we look whether it exists.
        """
        prints = [file_store.fingerprint(path) for path, _vals in files]
        verdicts = [
            file_types.judge(path, vals["name"], vals.get("declared_type"), found.size)
            for (path, vals), found in zip(files, prints, strict=True)
        ]
        # sudo: nobody writes documents but this method; callers checked the owner.
        documents = self.sudo().create(
            self._prepare_document_values(files, prints, verdicts)
        )
        if documents:
            documents.flush_recordset()
            documents._link_bytes(prints)
        self._place_files(files, prints, keep_on_rollback=keep_on_rollback)
        return documents.sudo(self.env.su)

    def _prepare_document_values(self, files, prints, verdicts):
        # sudo as in _ingest; no resizing of pictures, no guess of the type.
        attachments = self.env["ir.attachment"].sudo()
        attachments = attachments.with_context(image_no_postprocess=True).create(
            [
                {
                    "name": file_types.safe_name(file_types.storable(vals["name"])),
                    "res_model": self._name,
                    "type": "binary",
                    "mimetype": file_types.preview_type(verdict),
                    "company_id": vals.get("company_id") or self.env.company.id,
                }
                for (_path, vals), verdict in zip(files, verdicts, strict=True)
            ]
        )
        return [
            {
                **vals,
                "name": file_types.storable(vals["name"]) or "document",
                "declared_type": file_types.storable(vals.get("declared_type")),
                "attachment_id": attachment.id,
                "sha256": found.sha256,
                "size": found.size,
                "true_type": verdict.true_type,
                "type_mismatch": verdict.mismatch,
                "suspicious": verdict.suspicious,
                "type_note_code": verdict.note,
            }
            for (_path, vals), attachment, found, verdict in zip(
                files, attachments, prints, verdicts, strict=True
            )
        ]

    def _link_bytes(self, prints):
        """Point the attachments at the stored bytes, each at its own.

        Low level on purpose: the ORM only takes bytes in memory, and drops these
        fields from every create and write. From here on the guards hold.
        """
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s::bigint)",
                document.attachment_id.id,
                document.id,
                found.store_name,
                found.sha1,
                min(found.size, MAX_ATTACHMENT_SIZE),
            )
            for document, found in zip(self, prints, strict=True)
        )
        self.env.cr.execute(
            SQL(
                """UPDATE ir_attachment a
                      SET res_id = v.res_id, store_fname = v.store_fname,
                          checksum = v.checksum, file_size = v.file_size
                     FROM (VALUES %s) AS v
                          (id, res_id, store_fname, checksum, file_size)
                    WHERE a.id = v.id""",
                rows,
            )
        )
        self.attachment_id.invalidate_recordset(flush=False)

    def _place_files(self, files, prints, *, keep_on_rollback):
        store = self.env["ir.attachment"]
        callbacks, folders = self.env.cr, set()
        for (path, _vals), found in zip(files, prints, strict=True):
            target = store._full_path(found.store_name)
            # Before the rename: whatever dies afterwards, the collector knows.
            store._mark_for_gc(found.store_name)
            if file_store.place(path, target):
                folders.add(os.path.dirname(target))
            else:
                callbacks.postcommit.add(lambda path=path: file_store.discard(path))
            if keep_on_rollback:
                callbacks.postrollback.add(
                    lambda a=target, b=path: file_store.bring_back(a, b)
                )
            else:
                callbacks.postrollback.add(lambda path=path: file_store.discard(path))
        for folder in folders:
            file_store.sync_folder(folder)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _path(self):
        """Give the absolute path of the bytes."""
        self.ensure_one()
        self.check_access("read")
        self._check_not_destroyed()
        # sudo: the right to the document is the right to its bytes.
        attachment_sudo = self.sudo().attachment_id
        return attachment_sudo._full_path(attachment_sudo.store_fname)

    def _read(self):
        """Give the bytes; for big files use ``_iter_chunks``."""
        with open(self._path(), "rb") as file:
            return file.read()

    def _iter_chunks(self, chunk=file_store.CHUNK):
        return file_store.iter_chunks(self._path(), chunk)

    def _is_intact(self):
        try:
            return file_store.sha256_of(self._path()) == self.sha256
        except OSError:
            return False

    def _mimetype_for_preview(self):
        """Give the type a browser is told: only what is harmless to show."""
        self.ensure_one()
        # sudo: as in _path.
        return self.sudo().attachment_id.mimetype

    @api.model
    def _get_filestore_tmp(self):
        """Give a folder for partial files on the filestore's file system."""
        folder = os.path.join(self.env["ir.attachment"]._filestore(), PARTIAL_FOLDER)
        os.makedirs(folder, exist_ok=True)
        return folder

    @api.model
    def _new_partial(self):
        return os.path.join(self._get_filestore_tmp(), uuid.uuid4().hex)

    @api.autovacuum
    def _gc_partial_files(self):
        """Remove partial files that nobody has touched for a month."""
        limit = time.time() - PARTIAL_DAYS * 24 * 3600
        for entry in os.scandir(self._get_filestore_tmp()):
            if entry.is_file() and entry.stat().st_mtime < limit:
                file_store.discard(entry.path)
