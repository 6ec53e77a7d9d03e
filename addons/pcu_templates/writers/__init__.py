"""Writers of a ``letter.Letter``; each knows one format and nothing of the others."""

from . import docx, odt, pdf

FORMATS = {
    "pdf": (pdf.write, "application/pdf"),
    "docx": (
        docx.write,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "odt": (odt.write, "application/vnd.oasis.opendocument.text"),
}
"""Format: its writer and its media type."""
