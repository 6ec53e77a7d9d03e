"""Merge, reorder and turn pages: a new PDF beside the originals."""

import base64
import tempfile
from pathlib import Path

from odoo import fields, models
from odoo.addons.pcu_base import file_store
from odoo.addons.pcu_base.romania import counted
from odoo.exceptions import UserError

from .. import pages

PDF = "application/pdf"
MAX_PAGES = 200


class PcuIntakeArrange(models.TransientModel):
    """The pages of an entry's PDFs in the order of a new one.

    The originals are only read. A signed PDF is left out: a copy of its pages would
    look like the document and be without its signature.
    """

    _name = "pcu.intake.arrange"
    _description = "Arrange pages"

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry", required=True, ondelete="cascade"
    )
    page_ids = fields.One2many(
        comodel_name="pcu.intake.arrange.page",
        inverse_name="arrange_id",
        string="Pages",
    )
    signed_note = fields.Char(string="Left out", readonly=True)

    def _load_pages(self):
        """List the pages with small pictures, as they lie now."""
        self.ensure_one()
        documents = self.entry_id.document_ids.filtered(lambda d: d.true_type == PDF)
        signed = documents.filtered(lambda d: pages.is_signed(d._path()))
        chosen = documents - signed
        if not chosen:
            raise UserError(
                self.env._(
                    "There is no PDF here whose pages can be arranged. Signed files "
                    "and other types stay as they are."
                )
            )
        counts = {document: self._count_pages(document) for document in chosen}
        if sum(counts.values()) > MAX_PAGES:
            raise UserError(
                self.env._(
                    "The files have %(count)s pages together; up to %(most)s can be "
                    "arranged here. The originals stay as they are; arrange them "
                    "before scanning, or cut the batch at separator sheets.",
                    count=counted(sum(counts.values()), self.env.lang),
                    most=MAX_PAGES,
                )
            )
        self.signed_note = ", ".join(signed.mapped("name"))
        vals_list = []
        for document, count in counts.items():
            pictures = self._draw_pages(document, count)
            vals_list += [
                {
                    "arrange_id": self.id,
                    "document_id": document.id,
                    "page": page + 1,
                    "sequence": len(vals_list) + page,
                    "picture": pictures.get(page),
                }
                for page in range(count)
            ]
        self.env["pcu.intake.arrange.page"].create(vals_list)

    def action_apply(self):
        """Write the new PDF and put it with the entry."""
        self.ensure_one()
        # sudo: whoever sees the entry and may write it adds a copy
        self.entry_id.check_access("write")
        kept = self.page_ids.filtered("keep").sorted(lambda p: (p.sequence, p.id))
        if not kept:
            raise UserError(self.env._("Keep at least one page."))
        documents = kept.document_id
        places = {document: place for place, document in enumerate(documents)}
        path = self.env["pcu.document"]._new_partial()
        try:
            pages.assemble(
                [document._path() for document in documents],
                [
                    (
                        path,
                        [
                            (places[p.document_id], p.page - 1, int(p.turn))
                            for p in kept
                        ],
                    )
                ],
            )
            copy = self.env["pcu.document"]._create_from_file(
                path, self._prepare_copy_values(kept[0].document_id)
            )
        except pages.PagesError as exc:
            raise UserError(
                self._describe(", ".join(documents.mapped("name")), str(exc))
            ) from exc
        finally:
            file_store.discard(path)
        self.env["pcu.journal"]._log(self.entry_id, "pages_arranged", pages=len(kept))
        self.entry_id._set_main_document(copy)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_copy_values(self, original):
        stem = original.name.rpartition(".")[0] or original.name
        return {
            **self.entry_id._prepare_document_values(),
            "name": self.env._("%(name)s – arranged.pdf", name=stem),
            "kind": "copy",
            "original_id": original.id,
            "declared_type": PDF,
        }

    def _count_pages(self, document):
        try:
            return pages.count_pages(document._path())
        except pages.PagesError as exc:
            raise UserError(self._describe(document.name, str(exc))) from exc

    def _draw_pages(self, document, count):
        """Return the pictures of pages; without them the list still works."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                pages.draw(document._path(), 0, count, folder)
            except pages.PagesError:
                return {}
            return {
                int(file.stem): base64.b64encode(file.read_bytes())
                for file in Path(folder).glob("*.png")
            }

    def _describe(self, name, code):
        texts = {
            pages.PASSWORD: self.env._("it is locked with a password"),
            pages.EMPTY: self.env._("it has no pages"),
            pages.TOO_LONG: self.env._("its pages take too long to read"),
            pages.MEMORY_USED: self.env._("its pages need too much memory"),
        }
        return self.env._(
            "The pages of “%(name)s” can't be arranged: %(reason)s. The original is "
            "kept as it is.",
            name=name,
            reason=texts.get(code) or self.env._("the file is damaged"),
        )
