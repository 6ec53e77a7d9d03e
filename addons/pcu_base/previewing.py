"""What a browser may be shown of a file from outside, and what is wrong with the file.

Everything here is hostile until checked: size and head are looked at before a browser
is told to draw the file. Pure, no ``env``; errors are codes that the model puts into
words.
"""

from PIL import Image, UnidentifiedImageError

from . import file_types, signed_containers

PDF, IMAGE, TEXT, DOCX, ODT, SCAN, SIGNED, NONE = (
    "pdf", "image", "text", "docx", "odt", "scan", "signed", "none",
)  # fmt: skip
DAMAGED, TOO_BIG = "damaged", "too_big"
MEGABYTE = 2**20
#: The most that is shown, in bytes; what is larger can be downloaded.
LIMITS = {
    PDF: 200 * MEGABYTE,
    IMAGE: 50 * MEGABYTE,
    TEXT: 2 * MEGABYTE,
    DOCX: 30 * MEGABYTE,
    ODT: 30 * MEGABYTE,
    SCAN: 100 * MEGABYTE,
    SIGNED: signed_containers.MAX_SIZE,
}
MAX_PIXELS = 120_000_000
#: What becomes a page of its own, because no browser draws it.
PAGES = {
    f"{file_types.OFFICE_XML}.wordprocessingml.document": DOCX,
    "application/vnd.oasis.opendocument.text": ODT,
    "image/tiff": SCAN,
}


class PreviewError(ValueError):
    """The file can't be shown; the text is one of the codes above."""


def kind_of(true_type: str, name: str, size: int) -> str:
    """Return how a file is shown.

    >>> kind_of("application/pdf", "a.pdf", 10), kind_of("text/html", "a.html", 10)
    ('pdf', 'text')
    >>> kind_of("application/octet-stream", "contract.pdf.p7m", 10)
    'signed'
    """
    true_type = file_types.canonical(true_type or "")
    if not size:
        return NONE
    if true_type == "application/pdf":
        return PDF
    if signed_containers.is_container(name, true_type):
        return SIGNED
    if true_type in PAGES:
        return PAGES[true_type]
    if true_type in file_types.PREVIEWED and true_type.startswith("image/"):
        return IMAGE
    text = true_type.startswith(("text/", "message/")) or true_type in (
        "application/json", "application/xml", "image/svg+xml",
    )  # fmt: skip
    return TEXT if text else NONE


def check(kind: str, path: str, size: int) -> None:
    """Look at a file before a browser is told to show it.

    :raise PreviewError: ``none``, ``too_big`` or ``damaged``
    """
    if kind not in LIMITS:
        raise PreviewError(NONE)
    if size > LIMITS[kind]:
        raise PreviewError(TOO_BIG)
    if kind == PDF:
        _check_pdf(path, size)
    elif kind == IMAGE:
        _check_image(path)


def _check_pdf(path: str, size: int) -> None:
    """A PDF begins and ends as one; what lies between is the viewer's affair."""
    with open(path, "rb") as file:
        head = file.read(1024)
        file.seek(max(0, size - 4096))
        tail = file.read()
    # A file whose table of contents is broken is still drawn when it has a trailer.
    if b"%PDF-" not in head or not (b"startxref" in tail or b"trailer" in tail):
        raise PreviewError(DAMAGED)


def _check_image(path: str) -> None:
    """Only the head is read: a small file may claim a wall of pixels."""
    try:
        with Image.open(path) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PreviewError(DAMAGED) from error
    except Image.DecompressionBombError as error:
        raise PreviewError(TOO_BIG) from error
    if width * height > MAX_PIXELS:
        raise PreviewError(TOO_BIG)
