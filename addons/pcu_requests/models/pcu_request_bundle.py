"""The sheets of chosen requests with their documents behind them, as one PDF."""

import logging
import tempfile
from pathlib import Path

from odoo import models
from odoo.addons.pcu_base import previewing
from odoo.addons.pcu_base.romania import in_romanian
from odoo.addons.pcu_registry.paper_lists import Column, Paper, draw
from odoo.exceptions import UserError
from odoo.tools import human_size

from .. import print_bundle

#: What a clerk waits for; what is larger is printed in parts.
MOST_BYTES = 150 * 2**20
KINDS = {
    previewing.PDF: print_bundle.PDF,
    previewing.IMAGE: print_bundle.PICTURE,
    previewing.SCAN: print_bundle.PICTURE,
}

_logger = logging.getLogger(__name__)


class PcuRequest(models.Model):
    """Print with documents."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    def action_print_bundle(self):
        """Open one PDF with the sheet and the documents of each chosen request."""
        action = self.action_print_sheets()
        size = sum(document.size for document, _name in self._get_bundled_documents())
        if size > MOST_BYTES:
            raise UserError(
                self.env._(
                    "The documents of these requests have %(size)s; at most %(most)s "
                    "are printed at once. Choose fewer requests, or print the sheets "
                    "alone.",
                    size=human_size(size),
                    most=human_size(MOST_BYTES),
                )
            )
        return action | {"url": f"{action['url']}&documents=1"}

    def _get_bundled_documents(self):
        """Return the documents as they stand beside the form, with their names."""
        documents = self.env["pcu.document"]
        return [
            (documents.browse(shown["id"]), shown["place"] or shown["name"])
            for request in self
            for shown in request.get_pane_documents()
        ]

    def _draw_bundle(self):
        """Draw each sheet with its documents behind it, and write it down.

        PDFs and pictures are printed; the sheet names them with their pages, and what
        can't be printed here.
        """
        self.check_access("read")
        self.env["pcu.journal"]._log(self, "request_printed", documents=True)
        bundled = {request: request._get_bundled_documents() for request in self}
        wanted = [
            (document, KINDS[document.preview_kind])
            for documents in bundled.values()
            for document, _name in documents
            if document.preview_kind in KINDS
        ]
        with tempfile.TemporaryDirectory() as folder:
            plan = [(document._path(), kind) for document, kind in wanted]
            pages = self._prepare_bundle(folder, plan)
            done = {
                document: (Path(folder) / f"{number}.pdf", pages[number])
                for number, (document, _kind) in enumerate(wanted)
            }
            paths = []
            for request, documents in bundled.items():
                paths.append(Path(folder) / f"sheet-{request.id}.pdf")
                paths[-1].write_bytes(request._draw_bundle_sheet(documents, done))
                paths += [
                    done[document][0]
                    for document, _name in documents
                    if done.get(document, (None, 0))[1]
                ]
            return print_bundle.join(folder, [str(path) for path in paths])

    def _prepare_bundle(self, folder, plan):
        """Return how many pages each document has; none when the child fell over."""
        try:
            return print_bundle.prepare(folder, plan)
        except print_bundle.BundleError:
            _logger.warning("Documents could not be prepared for printing.", exc_info=1)
            return [0] * len(plan)

    def _draw_bundle_sheet(self, documents, done):
        """Draw the sheet of one request and what lies behind it."""
        request = in_romanian(self)
        _ = request.env._
        rows = []
        for document, name in documents:
            pages = done.get(document, (None, 0))[1]
            rows.append(
                (
                    name,
                    document.type_label or "",
                    str(pages) if pages else _("not printed: open it on the screen"),
                )
            )
        behind = Paper(
            institution=request.company_id.name,
            title=_("Documents behind this sheet"),
            columns=(Column(_("Document"), 3), Column(_("Type")), Column(_("Pages"))),
            rows=tuple(rows),
            goes_on=True,
        )
        return draw(
            request._prepare_sheet(),
            *([behind] if rows else []),
            fonts=self.env["pcu.register.entry"]._get_fonts(),
        )
