"""Scanned batches: one PDF with many documents, cut at its separator sheets."""

from odoo import api, fields, models
from odoo.addons.pcu_base import file_store
from odoo.addons.pcu_registry.models.pcu_register_entry import CHANNELS
from odoo.exceptions import UserError

from .. import pages, separators
from .pcu_intake_work import FAILED, READING, WAITING

READY = "ready"
STATES = [
    (WAITING, "Waiting"),
    (READING, "Being read"),
    (READY, "Cut into documents"),
    (FAILED, "Not cut"),
]
SLICE_SECONDS = 300
PDF = "application/pdf"


class PcuIntakeScan(models.Model):
    """A batch as it left the scanner, with the documents that lie in it.

    The batch is kept byte for byte. Its parts are new PDFs beside it, one draft entry
    each, which the clerk looks at and registers. A batch that can't be cut says why; it
    can still become one entry.
    """

    _name = "pcu.intake.scan"
    _inherit = ["pcu.intake.work"]
    _description = "Scanned batch"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    document_id = fields.Many2one(
        comodel_name="pcu.document",
        string="Batch as scanned",
        readonly=True,
        ondelete="restrict",
    )
    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", required=True, readonly=True
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    state = fields.Selection(STATES, default=WAITING, required=True, readonly=True)
    progress = fields.Float(compute="_compute_progress")
    marks = fields.Json(readonly=True)
    entry_ids = fields.One2many(
        comodel_name="pcu.register.entry", inverse_name="scan_id", string="Entries"
    )
    entry_count = fields.Integer(
        string="Documents found", compute="_compute_entry_count"
    )

    @api.depends("pages_done", "page_count", "state")
    def _compute_progress(self):
        for scan in self:
            done = 100 * scan.pages_done / (scan.page_count or 1)
            scan.progress = 100 if scan.state == READY else done

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        counts = dict(
            self.env["pcu.register.entry"]._read_group(
                [("scan_id", "in", self.ids)], ["scan_id"], ["__count"]
            )
        )
        for scan in self:
            scan.entry_count = counts.get(scan, 0)

    # ------------------------------------------------------------------ actions

    def action_open_entries(self):
        """Show the documents of the batch, to be registered one by one or together."""
        self.ensure_one()
        return self.env["pcu.register.entry"]._get_drafts_action(
            [("scan_id", "=", self.id)]
        )

    def action_make_one_entry(self):
        """Make one entry of a batch that couldn't be cut."""
        self.ensure_one()
        self.check_access("read")
        if self.state != FAILED or self.entry_ids:
            raise UserError(self.env._("This batch already has its entries."))
        # sudo: batches are written by the program only
        self.sudo()._make_single_entry()
        return self.action_open_entries()

    def action_download(self):
        return self.document_id.action_download()

    # ------------------------------------------------------------------ work

    @api.model
    def _begin(self, attachment, values):
        """Keep a batch and wake the job that cuts it."""
        # sudo: whoever may drop a batch doesn't write its progress
        scan_sudo = self.sudo().create({**values, "name": attachment.name})
        scan_sudo.document_id = (
            self.env["pcu.document"]
            ._create_from_attachments(
                attachment,
                {
                    "kind": "received",
                    "res_model": self._name,
                    "res_id": scan_sudo.id,
                    "company_id": scan_sudo.company_id.id,
                },
            )
            .id
        )
        self.env.ref("pcu_intake.ir_cron_scans").sudo()._trigger()
        return scan_sudo.sudo(self.env.su)

    @api.model
    def _cron_work(self):
        """Go on with the batches that are not cut yet."""
        self._work_in_turn()

    def _read_on(self):
        if pages.is_signed(self.document_id._path()):
            raise pages.PagesError("signed")
        finished = self._read_marks()
        if finished:
            self._make_entries()
        return finished

    def _read_marks(self):
        """Look for separator sheets, slice by slice; return whether all is read."""
        path = self.document_id._path()
        if not self.page_count:
            self.write({"state": READING, "page_count": pages.count_pages(path)})
        while self.pages_done < self.page_count:
            last = min(self.pages_done + self.SLICE, self.page_count)
            found = list(
                pages.find_marks(
                    path, self.pages_done, last, separators.MARK, SLICE_SECONDS
                )
            )
            marks = [*(self.marks or []), *(page for page, mark in found if mark)]
            self.write({"marks": marks, "pages_done": last})
            if not self._pause(len(found)):
                return False
        return True

    def _get_page_problems(self):
        """Say what to do as well: a batch waits for a clerk."""
        return super()._get_page_problems() | {
            pages.DAMAGED: self.env._(
                "The file is damaged. Scan it again, or press “Make one entry of it”."
            ),
            pages.PASSWORD: self.env._(
                "The file is locked with a password. Ask for the document without "
                "one, or press “Make one entry of it”."
            ),
            pages.EMPTY: self.env._("The file has no pages. Scan it again."),
            pages.TOO_LONG: self.env._(
                "Reading its pages takes too long. Scan it in smaller batches, or "
                "press “Make one entry of it”."
            ),
            pages.MEMORY_USED: self.env._(
                "Its pages need too much memory. Scan them with fewer dots, or press "
                "“Make one entry of it”."
            ),
            "signed": self.env._(
                "The file is signed: cutting it would break the signature. Press “Make "
                "one entry of it”."
            ),
            "no_documents": self.env._(
                "There are only separator sheets in it. Scan it again with its "
                "documents."
            ),
        }

    # ------------------------------------------------------------------ entries

    def _make_entries(self):
        parts = separators.cut(self.page_count, self.marks or [])
        if not parts:
            raise pages.PagesError("no_documents")
        if len(parts) == 1 and not self.marks:
            # No sheet in it: the batch is one document, and needs no copy.
            self._make_single_entry()
            return
        paths = [self.env["pcu.document"]._new_partial() for _part in parts]
        try:
            pages.assemble(
                [self.document_id._path()],
                [
                    (path, [(0, page, 0) for page in part])
                    for path, part in zip(paths, parts, strict=True)
                ],
            )
            for number, (path, part) in enumerate(zip(paths, parts, strict=True), 1):
                self._make_part(number, path, len(part))
        finally:
            for path in paths:
                file_store.discard(path)
        self.state = READY

    def _make_part(self, number, path, page_count):
        """Make a draft with one part; the paper is what was received, not the batch."""
        entry = self._make_draft(f"{self._get_stem()} – {number}", page_count)
        document = self.env["pcu.document"]._create_from_file(
            path,
            {
                **entry._prepare_document_values(),
                "name": f"{self._get_stem()} – {number}.pdf",
                "original_id": self.document_id.id,
                "declared_type": PDF,
            },
        )
        entry._set_main_document(document)

    def _make_single_entry(self):
        entry = self._make_draft(self._get_stem(), self.page_count)
        entry._attach_documents(self.document_id)
        self.document_id.write({"res_model": entry._name, "res_id": entry.id})
        self.state = READY

    def _make_draft(self, summary, page_count):
        """Make a draft in the name of whoever scanned the batch."""
        return (
            self.env["pcu.register.entry"]
            .with_user(self.create_uid)
            .sudo()
            ._programmatic()
            .create(
                {
                    "register_id": self.register_id.id,
                    "company_id": self.company_id.id,
                    "channel": self.channel,
                    "summary": summary,
                    "page_count": page_count,
                    "scan_id": self.id,
                }
            )
        )

    def _get_stem(self):
        return self.name.rpartition(".")[0] or self.name
