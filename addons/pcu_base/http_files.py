"""The one answer that carries a file we made: a paper, a list, a report."""

from odoo.http import Response, content_disposition

from . import file_types

PDF = "application/pdf"


def file_response(content: bytes, name: str, *, shown: bool | None = None) -> Response:
    """Return a file to the browser under a name that may have Romanian letters.

    It is kept in no cache, because papers hold personal data, and the browser takes it
    for nothing but what it is.

    :param name: its file name; the ending says what kind of file it is
    :param shown: in the browser, or downloaded; by itself only a PDF is shown
    """
    mimetype = file_types.type_by_name(name) or file_types.UNKNOWN
    if shown is None:
        shown = mimetype == PDF
    place = "inline" if shown else "attachment"
    return Response(
        content,
        headers=[
            ("Content-Type", mimetype),
            ("Content-Disposition", content_disposition(name, place)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
    )
