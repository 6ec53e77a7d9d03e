"""Shows documents in the browser, each to who may read it, and harmlessly.

Everything comes from outside. The answer says that its type is final, that no script
runs and nothing else is fetched; unknown and forbidden documents look alike.
"""

from odoo.exceptions import UserError
from odoo.http import Controller, Stream, request, route
from werkzeug.exceptions import NotFound

from ..signed_containers import ContainerError

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


class DocumentPreview(Controller):
    @route(
        [
            "/pcu/document/<int:document_id>/show",
            "/pcu/document/<int:document_id>/part/<int:part>/show",
        ],
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def show(self, document_id, part=None):
        """Return a document, or a file inside a signed one."""
        document = request.env["pcu.document"].browse(document_id)
        if not document.exists() or not document.has_access("read"):
            raise NotFound
        try:
            mimetype, content = document._show(part)
        except (IndexError, ContainerError, UserError) as error:
            raise NotFound from error
        response = self._respond(mimetype, content)
        response.headers.update(HEADERS)
        return response

    def _respond(self, mimetype, content):
        """Send bytes as they are, a file in pieces."""
        if mimetype == "text/html" or isinstance(content, bytes):
            charset = "; charset=utf-8" if mimetype == "text/html" else ""
            return request.make_response(
                content, headers=[("Content-Type", mimetype + charset)]
            )
        stream = Stream(
            type="path", path=content, mimetype=mimetype, download_name="document"
        )
        return stream.get_response(as_attachment=False)
