"""What no browser draws, as harmless HTML made by a child process with limits.

Word and OpenDocument texts become words and pictures, a TIFF becomes its pages.
What comes from outside is hostile, as in ``document_text``: sizes are looked at before
anything is unpacked, XML with a document type is refused, and the HTML is built anew
from a short list of harmless elements. Run as a program, this file reads one file and
prints the page, after a line that says whether it is all of it.
"""

import base64
import io
import resource
import sys
import zipfile

SECONDS = 20
MEMORY = 1024**3
MEGABYTE = 2**20
MAX_UNPACKED = 120 * MEGABYTE
MAX_XML = 12 * MEGABYTE
MAX_PARTS = 3000
#: Pictures inside a document that a browser draws without surprises.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
#: What remains of a document: structure and emphasis; no address leads out of it.
ELEMENTS = frozenset({
    "a", "b", "blockquote", "br", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
})  # fmt: skip
ATTRIBUTES = frozenset({"colspan", "rowspan", "alt"})
WHOLE, CUT = "whole", "cut"
TOO_BIG = "too_big"
TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
#: Pages of a TIFF that are drawn, their size on the screen, and that of one as it is.
MAX_PAGES = 30
PAGE_SIZE = (1400, 2000)
MAX_PIXELS = 120_000_000


class UnshowableError(ValueError):
    """Broken, too large, or made to do harm."""


def read_page(path: str) -> tuple[str, bool]:
    """Return the document as a piece of HTML, and whether it is all of it.

    :raise UnshowableError: when the child couldn't read it within its limits
    """
    from . import limited_child

    try:
        printed = limited_child.run(__file__, path, seconds=2 * SECONDS)
    except limited_child.ChildError as error:
        raise UnshowableError(*error.args) from error
    completeness, _, page = printed.decode().partition("\n")
    return page, completeness == WHOLE


# ----------------------------------------------------------------------
# In the child
# ----------------------------------------------------------------------


def convert(path: str) -> tuple[str, str]:
    """Convert one document; whatever is wrong with it raises.

    :return: *whole* or *cut*, and the HTML
    """
    with open(path, "rb") as file:
        if file.read(4) in TIFF_HEADS:
            return _convert_tiff(path)
    with zipfile.ZipFile(path) as archive:
        check_parts(archive)
        is_word = "word/document.xml" in archive.namelist()
    return WHOLE, clean_html(_convert_word(path) if is_word else _convert_odt(path))


def _convert_word(path: str) -> str:
    import mammoth

    with open(path, "rb") as file:
        converted = mammoth.convert_to_html(
            file, convert_image=mammoth.images.img_element(_picture)
        )
    return converted.value


def _convert_odt(path: str) -> str:
    from lxml import html
    from odf.odf2xhtml import ODF2XHTML

    page = ODF2XHTML(generate_css=False).odf2xhtml(path)
    body = html.document_fromstring(page.encode()).body
    return html.tostring(body, encoding="unicode")


def _convert_tiff(path: str) -> tuple[str, str]:
    """Draw the first pages of a scan, each under its number."""
    from PIL import Image, ImageSequence

    # Odoo takes TIFF away from its own process; this one is a child with limits.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow refuses twice as much
    pages = []
    try:
        with Image.open(path, formats=["TIFF"]) as scan:
            for number, page in enumerate(ImageSequence.Iterator(scan), 1):
                if number > MAX_PAGES:
                    return CUT, "".join(pages)
                picture = f'<img alt="{number}" src="{_draw_page(page)}">'
                pages.append(f"<p>{number}<br>{picture}</p>")
    except Image.DecompressionBombError as error:
        raise UnshowableError(TOO_BIG) from error
    return WHOLE, "".join(pages)


def _draw_page(page) -> str:
    """Return one page as the address of a small picture."""
    from PIL import ImageOps

    drawn = ImageOps.exif_transpose(page.convert("L" if page.mode == "1" else "RGB"))
    drawn.thumbnail(PAGE_SIZE)
    drawn.save(out := io.BytesIO(), "JPEG", quality=75)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse what unpacks to a mountain, and entities, before a parser sees them."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED:
        raise UnshowableError(TOO_BIG)
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        if part.file_size > MAX_XML:
            raise UnshowableError(TOO_BIG)
        content = archive.read(part)
        # A zero byte: an encoding in which the words looked for could hide.
        if any(mark in content for mark in (b"\0", b"<!DOCTYPE", b"<!ENTITY")):
            raise UnshowableError("entities")


def _picture(image) -> dict[str, str]:
    """Carry a picture inside the page; other kinds leave only their description."""
    if image.content_type not in PICTURES:
        return {"src": ""}
    with image.open() as file:
        content = base64.b64encode(file.read()).decode()
    return {"src": f"data:{image.content_type};base64,{content}"}


def clean_html(text: str) -> str:
    """Build HTML anew from harmless elements; links become plain words.

    >>> clean_html('<p onclick="x()">Bun <a href="javascript:y">zi</a></p>')
    '<div><p>Bun <a>zi</a></p></div>'
    >>> clean_html('<p>a<script>alert(1)</script><iframe src="//x"></iframe>b</p>')
    '<div><p>ab</p></div>'
    >>> clean_html('<img src="https://spion.example/x.png" onerror="x()"/>')
    '<div><img></div>'
    """
    from lxml import html

    root = html.fragment_fromstring(text, create_parent="div")
    for element in list(root.iter())[1:]:
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            element.drop_tree()
        elif element.tag not in ELEMENTS:
            element.drop_tag()
        else:
            _clean_attributes(element)
    return html.tostring(root, encoding="unicode")


def _clean_attributes(element) -> None:
    for name, value in list(element.attrib.items()):
        own_picture = (
            element.tag == "img"
            and name == "src"
            and value.startswith(tuple(f"data:{kind};base64," for kind in PICTURES))
        )
        if not own_picture and name not in ATTRIBUTES:
            del element.attrib[name]


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer = convert(path)
    except UnshowableError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write("\n".join(answer).encode(errors="replace"))


if __name__ == "__main__":
    main(*sys.argv[1:])
