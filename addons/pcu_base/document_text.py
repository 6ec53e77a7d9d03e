"""The text of a file, for search only, read by a child process with limits.

What comes from outside is hostile: a PDF may make a reader run for hours or fall over,
a DOCX may unpack to gigabytes. The child has little time and memory, and what becomes
of it is its own affair. Run as a program, this file reads one file and prints its text.
"""

import resource
import sys
import zipfile

PDF = "application/pdf"
PLAIN = "text/plain"
#: Where the text lies inside the office formats, which are zip files of XML.
OFFICE_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        "word/document.xml", "word/header1.xml", "word/footer1.xml",
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (
        "xl/sharedStrings.xml",
    ),
    "application/vnd.oasis.opendocument.text": ("content.xml",),
    "application/vnd.oasis.opendocument.spreadsheet": ("content.xml",),
}  # fmt: skip
READABLE = frozenset({PDF, PLAIN, *OFFICE_PARTS})

SECONDS = 60
MEMORY = 1024**3
MAX_PART = 64 * 1024**2
"""Unpacked bytes of one part of an office file."""


class UnreadableError(Exception):
    """The file has no text that the child could read within its limits."""


def read_text(path: str, true_type: str, limit: int) -> str:
    """Return the first ``limit`` characters of a file's text, "" if there are none.

    :raise UnreadableError: broken, protected with a password, or beyond the limits
    """
    from . import limited_child

    seconds = 2 * SECONDS
    try:
        printed = limited_child.run(
            __file__, path, true_type, str(limit), seconds=seconds
        )
    except limited_child.ChildError as error:
        raise UnreadableError(*error.args) from error
    return printed.decode()


def decode(data: bytes) -> str:
    r"""Decode a plain text of unknown origin: UTF-8, else Windows for Central Europe.

    >>> decode("Hotărâre".encode()), decode("Hotărâre".encode("cp1250"))
    ('Hotărâre', 'Hotărâre')
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1250", errors="replace")


def _pdf(path: str, limit: int) -> str:
    import pypdfium2

    found, length = [], 0
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            found.append(page.get_textpage().get_text_bounded())
            length += len(found[-1])
            if length > limit:
                break
    return "\n".join(found)


def _office(path: str, true_type: str) -> str:
    from lxml import etree

    found = []
    with zipfile.ZipFile(path) as archive:
        for name in OFFICE_PARTS[true_type]:
            if name not in archive.namelist():
                continue
            if archive.getinfo(name).file_size > MAX_PART:
                raise UnreadableError("too large")
            with archive.open(name) as part:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                tree = etree.parse(part, parser)
            # Words are cut into runs, paragraphs are not: only the latter part words.
            blocks = tree.iter("{*}p", "{*}h", "{*}si")
            found.extend("".join(block.itertext()) for block in blocks)
    return "\n".join(found)


def _read(path: str, true_type: str, limit: int) -> str:
    if true_type == PDF:
        return _pdf(path, limit)
    if true_type == PLAIN:
        with open(path, "rb") as file:
            return decode(file.read(4 * limit))
    return _office(path, true_type)


def main(path: str, true_type: str, limit: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    text = _read(path, true_type, int(limit))[: int(limit)]
    sys.stdout.buffer.write(text.encode(errors="replace"))


if __name__ == "__main__":
    main(*sys.argv[1:])
