"""Showing a document in the browser, or saying in a sentence why it can't be shown."""

import tempfile
from contextlib import contextmanager

from markupsafe import Markup, escape
from odoo import api, fields, models

from .. import document_page, document_text, file_types, previewing, signed_containers
from ..romania import LOCAL_ZONE, counted

#: A page of a document: no script runs, nothing is fetched, nothing leaves it.
PAGE = Markup(
    '<!DOCTYPE html><html lang="ro"><head><meta charset="utf-8"><title>%(title)s'
    "</title><style>body{font-family:sans-serif;line-height:1.5;max-width:48rem;"
    "margin:1.5rem auto;padding:0 1.5rem;color:#212529;background:#fff;"
    "overflow-wrap:break-word}table{border-collapse:collapse}td,th{border:1px solid "
    "#adb5bd;padding:.25rem .5rem;vertical-align:top}img{max-width:100%%}pre{"
    "white-space:pre-wrap}</style></head><body>%(body)s</body></html>"
)


class PcuDocument(models.Model):
    """Preview."""

    _inherit = "pcu.document"  # pylint: disable=consider-merging-classes-inherited

    preview_kind = fields.Selection(
        selection=[
            (previewing.PDF, "PDF"),
            (previewing.IMAGE, "Picture"),
            (previewing.TEXT, "Text"),
            (previewing.DOCX, "Word document"),
            (previewing.ODT, "OpenDocument text"),
            (previewing.SCAN, "Scan in pages"),
            (previewing.SIGNED, "Signed container"),
            (previewing.NONE, "Not shown"),
        ],
        compute="_compute_preview_kind",
    )

    @api.depends("true_type", "name", "size", "suspicious", "destroyed_at")
    def _compute_preview_kind(self):
        """A program is never shown, whatever it calls itself."""
        for document in self:
            hidden = document.suspicious or document.destroyed_at
            document.preview_kind = (
                previewing.NONE
                if hidden
                else previewing.kind_of(
                    document.true_type, document.name, document.size
                )
            )

    def _prepare_pane(self, main, places=None):
        """Describe documents for the pane that shows them beside a form.

        :param main: the attachment that is shown first
        :param places: ``{document: where it belongs}``, shown instead of its name
        :return: dictionaries with ``id``, ``name``, ``place``, ``issued``, ``main``,
            ``note``, ``size`` and ``download``
        """
        places = places or {}
        return [
            {
                "id": document.id,
                "name": document.name,
                "place": places.get(document, ""),
                "issued": document.kind == "issued",
                "main": document.attachment_id == main,
                "note": document.type_note or "",
                "size": document.size_text,
                "download": f"/web/content/{document.attachment_id.id}?download=1",
            }
            for document in self
        ]

    @api.readonly
    def get_preview(self):
        """Say how the browser shows this document.

        :return: ``kind``; ``url`` of what is shown; ``message`` when nothing is;
            ``signers`` and ``files`` of a signed container
        """
        self.ensure_one()
        self.check_access("read")
        try:
            return self._prepare_preview()
        except (previewing.PreviewError, signed_containers.ContainerError) as error:
            return self._refuse_preview(str(error))

    def _prepare_preview(self):
        kind = self.preview_kind
        if kind == previewing.NONE:
            return self._refuse_preview(kind)
        previewing.check(kind, self._path(), self.size)
        preview = {"kind": kind, "url": self._preview_url(kind)}
        if kind == previewing.SIGNED:
            preview |= self._prepare_container()
        return preview

    def _preview_url(self, kind, part=None):
        """Return the address of what is drawn; a PDF is drawn by the viewer."""
        inner = f"/part/{part}" if part is not None else ""
        address = f"/pcu/document/{self.id}{inner}/show"
        if kind == previewing.PDF:
            return f"/web/static/lib/pdfjs/web/viewer.html?file={address}#pagemode=none"
        return address

    def _prepare_container(self):
        """Tell who signed, and what lies inside."""
        container = self._open_container()
        files = []
        for number, (name, content) in enumerate(container.files):
            with self._as_file(content) as path:
                kind = previewing.kind_of(file_types.detect(path), name, len(content))
            if kind in (previewing.SIGNED, previewing.NONE):
                files.append({"name": name, "kind": previewing.NONE, "url": False})
            else:
                url = self._preview_url(kind, number)
                files.append({"name": name, "kind": kind, "url": url})
        return {
            "url": files[0]["url"] if files else False,
            "files": files,
            "signers": [self._describe_signer(s) for s in container.signers],
        }

    @api.model
    def _describe_signer(self, signer):
        """Put what a certificate says into words; nothing was verified."""
        day = self._show_day
        return {
            "name": signer.name or self.env._("unknown: the certificate is missing"),
            "organisation": signer.organisation,
            "issuer": signer.issuer,
            "signed_at": day(signer.signed_at),
            "valid": self.env._(
                "certificate valid from %(start)s to %(end)s",
                start=day(signer.valid_from),
                end=day(signer.valid_to),
            )
            if signer.valid_from and signer.valid_to
            else "",
        }

    @api.model
    def _show_day(self, moment):
        if moment and moment.tzinfo:
            moment = moment.astimezone(LOCAL_ZONE)
        return moment.strftime("%d.%m.%Y") if moment else ""

    def _open_container(self):
        if self.size > signed_containers.MAX_SIZE:
            raise previewing.PreviewError(previewing.TOO_BIG)
        return signed_containers.read(self._read(), self.name)

    @contextmanager
    def _as_file(self, content):
        """Put bytes where programs that want a path find them, for a moment."""
        with tempfile.NamedTemporaryFile(dir=self._get_filestore_tmp()) as file:
            file.write(content)
            file.flush()
            yield file.name

    def _refuse_preview(self, code):
        """Say why nothing is shown, and what to do."""
        return {
            "kind": previewing.NONE,
            "url": False,
            "message": self._describe_refusal(code),
        }

    def _describe_refusal(self, code):
        if self.type_note and (self.suspicious or self.destroyed_at or not self.size):
            return self.type_note
        if code == previewing.TOO_BIG:
            return self.env._(
                "The file is too large to be shown here (%(size)s). Download it.",
                size=self.size_text,
            )
        if code == previewing.NONE:
            return self.env._(
                "Files of the type %(type)s are not shown in the browser. Download it.",
                type=self.type_label or "–",
            )
        return self.env._(
            "The file is damaged and can't be shown. Download it to try another "
            "program, or ask the applicant to send it again."
        )

    # ------------------------------------------------------------------
    # What the controller sends
    # ------------------------------------------------------------------

    def _show(self, part=None):
        """Return what is drawn: the type and the bytes, or the path of the bytes.

        :param part: the number of a file inside a signed container
        :raise IndexError: no such part
        """
        self.ensure_one()
        self.check_access("read")
        if part is None:
            return self._draw(self._path(), self.preview_kind, self.name, self.size)
        name, content = self._open_container().files[part]
        with self._as_file(content) as path:
            kind = previewing.kind_of(file_types.detect(path), name, len(content))
            return self._draw(path, kind, name, len(content), passing=True)

    def _draw(self, path, kind, name, size, *, passing=False):
        """Draw one file; what can't be drawn becomes a page that says so."""
        try:
            previewing.check(kind, path, size)
            if kind in (previewing.PDF, previewing.IMAGE):
                mimetype = file_types.canonical(file_types.detect(path))
                with open(path, "rb") as file:
                    return mimetype, file.read() if passing else path
            body = self._draw_body(path, kind)
        except (previewing.PreviewError, document_page.UnshowableError) as error:
            body = Markup("<p>%s</p>") % self._describe_refusal(str(error))
        return "text/html", PAGE % {"title": escape(name), "body": body}

    def _draw_body(self, path, kind):
        if kind in previewing.PAGES.values():
            return self._draw_page(path)
        if kind == previewing.TEXT:
            with open(path, "rb") as file:
                return Markup("<pre>%s</pre>") % document_text.decode(file.read())
        raise previewing.PreviewError(previewing.NONE)

    def _draw_page(self, path):
        """Draw what no browser draws, and say when it goes on."""
        page, whole = document_page.read_page(path)
        # Built anew from harmless elements by the kernel.
        body = Markup(page)  # noqa: S704
        if whole:
            return body
        return body + Markup("<p>%s</p>") % self.env._(
            "Only the first %(count)s pages are shown. Download the file to read all.",
            count=counted(document_page.MAX_PAGES, self.env.lang),
        )
