"""Recognising the text of scans, in the background and for search only."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import counted
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from .. import pages
from .pcu_intake_work import FAILED, READING, WAITING

LANGUAGE = "ron"
DONE, FIRST_PAGES = "done", "first_pages"
STATES = [
    (WAITING, "Waiting"),
    (READING, "Being read"),
    (DONE, "Read"),
    (FAILED, "Can't be read"),
]
SCANNED_TYPES = ["application/pdf", "image/jpeg", "image/png", "image/tiff"]
TAKEN_AT_ONCE = 50
SLICE_SECONDS = 400


class PcuIntakeRecognition(models.Model):
    """The recognition of one document that holds pictures of text.

    The document is only looked at, so a signed one may be read as well. The words go to
    the search; the text itself isn't kept.
    """

    _name = "pcu.intake.recognition"
    _inherit = ["pcu.intake.work"]
    _description = "Text recognition"
    _order = "id desc"
    _rec_name = "document_id"

    # A page takes Tesseract a second or several.
    SLICE = 4

    document_id = fields.Many2one(
        comodel_name="pcu.document", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        readonly=True,
        index=True,
    )
    state = fields.Selection(STATES, default=WAITING, required=True, readonly=True)
    # What was read so far, until the last page; gone afterwards.
    text = fields.Text(readonly=True, groups=NO_ACCESS)

    _document_uniq = models.Constraint(
        "UNIQUE(document_id)", "The text of this document is recognised once."
    )
    _todo_idx = models.Index("(id) WHERE state IN ('waiting', 'reading')")

    # ------------------------------------------------------------------ cron

    @api.model
    def _cron_work(self):
        """Take up new scans and go on with those begun."""
        companies = self.env["res.company"].search([("pcu_recognise", "=", True)])
        if not companies or not pages.can_recognise(LANGUAGE):
            return
        self._take_up(companies)
        self._work_in_turn()

    @api.model
    def _take_up(self, companies):
        """Line up the documents in which the search found no text, newest first."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT d.id, d.company_id FROM pcu_document d
                    WHERE d.text_state = 'empty' AND d.kind <> 'copy'
                      AND NOT coalesce(d.suspicious, false)
                      AND d.destroyed_at IS NULL
                      AND d.true_type = ANY(%(types)s)
                      AND d.company_id = ANY(%(companies)s)
                      AND NOT EXISTS (SELECT 1 FROM pcu_intake_recognition r
                                       WHERE r.document_id = d.id)
                    ORDER BY d.id DESC LIMIT %(limit)s""",
                types=SCANNED_TYPES,
                companies=companies.ids,
                limit=TAKEN_AT_ONCE,
            )
        )
        self.create(
            [{"document_id": doc_id, "company_id": c_id} for doc_id, c_id in rows]
        )

    def _read_on(self):
        finished = self._read_pages()
        if finished:
            self._finish()
        return finished

    def _read_pages(self):
        """Read slice after slice; return whether all pages are read."""
        path = self.document_id._path()
        if not self.page_count:
            count = pages.count_pages(path)
            self.write({"state": READING, "page_count": count, "text": ""})
        end = min(self.page_count, self.company_id.pcu_recognise_pages)
        while self.pages_done < end:
            last = min(self.pages_done + self.SLICE, end)
            found = pages.read_texts(
                path, self.pages_done, last, LANGUAGE, SLICE_SECONDS
            )
            texts = [text for _page, text in found]
            self.write(
                {"text": "\n".join((self.text or "", *texts)), "pages_done": last}
            )
            if not self._pause(len(texts)):
                return False
        return True

    def _finish(self):
        self.document_id._set_search_text(self.text)
        problem = self.pages_done < self.page_count and FIRST_PAGES
        self.write({"state": DONE, "text": False, "problem": problem})

    def _get_page_problems(self):
        return super()._get_page_problems() | {
            FIRST_PAGES: self.env._("Only the first page is read.")
            if self.pages_done == 1
            else self.env._(
                "Only the first %(count)s pages are read.",
                count=counted(self.pages_done, self.env.lang),
            )
        }

    def _give_up(self, code):
        self.text = False
        return super()._give_up(code)
