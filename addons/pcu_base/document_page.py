"""A Word document as harmless HTML, made by a child process with limits.

What comes from outside is hostile, as in ``document_text``: sizes are looked at before
anything is unpacked, XML with a document type is refused, and the HTML is built anew
from a short list of harmless elements. Run as a program, this file reads one DOCX and
prints the page.
"""

import base64
import resource
import subprocess
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


class UnshowableError(ValueError):
    """Broken, too large, or made to do harm."""


def read_page(path: str) -> str:
    """Return the document as a piece of HTML.

    :raise UnshowableError: when the child couldn't read it within its limits
    """
    command = [sys.executable, "-I", __file__, path]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=2 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnshowableError("too slow") from error
    if done.returncode:
        raise UnshowableError(*done.stderr.decode(errors="replace").splitlines()[-1:])
    return done.stdout.decode()


# ----------------------------------------------------------------------
# In the child
# ----------------------------------------------------------------------


def convert(path: str) -> str:
    """Convert one document; whatever is wrong with it raises."""
    import mammoth

    with zipfile.ZipFile(path) as archive:
        check_parts(archive)
    with open(path, "rb") as file:
        converted = mammoth.convert_to_html(
            file, convert_image=mammoth.images.img_element(_picture)
        )
    return clean_html(converted.value)


def check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse what unpacks to a mountain, and entities, before a parser sees them."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED:
        raise UnshowableError("too large")
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        if part.file_size > MAX_XML:
            raise UnshowableError("too large")
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
    sys.stdout.buffer.write(convert(path).encode(errors="replace"))


if __name__ == "__main__":
    main(*sys.argv[1:])
