"""The neutral document: what a letter says, before it is DOCX, ODT or PDF; pure.

``blocks_from_html`` reads what the editor wrote; ``Letter`` adds what stands around it
on an official paper. The writers draw a ``Letter`` and know nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from lxml import html as lxml_html


class Run(NamedTuple):
    """A piece of text in one face; ``\\n`` is a line break."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading (h1–h3), or an item of a list."""

    runs: tuple[Run, ...]
    kind: str = "p"
    align: str = "justify"
    number: int = 0
    """The number of an item of a numbered list."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row may be a head."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    head: bool = False

    def shares(self) -> list[float]:
        """Return each column's share of the width, by its longest cell.

        >>> Table((((Run("No."),), (Run("x" * 60),)),)).shares()
        [0.125, 0.875]
        """
        lengths = [
            min(max(sum(len(run.text) for run in cell) for cell in column), 35)
            for column in zip(*self.rows, strict=True)
        ]
        lengths = [max(length, 5) for length in lengths]
        return [length / sum(lengths) for length in lengths]


@dataclass(frozen=True)
class Signatory:
    """Who signs: the office and the name; ``note`` says when or for whom."""

    role: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Letter:
    """An official paper, from top to bottom; texts come in their final language."""

    institution: str
    heading: tuple[str, ...] = ()
    """Above the institution: the state, the county."""
    contact: tuple[str, ...] = ()
    """Address, telephone, e-mail, fiscal code."""
    logo: bytes = b""
    numbers: tuple[str, ...] = ()
    """The register's number with its date, and the platform's number."""
    date: str = ""
    recipient: tuple[str, ...] = ()
    title: str = ""
    subject: str = ""
    body: tuple[Block | Table, ...] = ()
    legal_basis: str = ""
    appeal: str = ""
    closing: str = ""
    """The words before the signatures, of a letter to somebody."""
    signatories: tuple[Signatory, ...] = ()
    prepared_by: str = ""
    mark: str = ""
    """Printed above everything while the paper is no more than a proposal."""
    page_text: str = "{page} / {pages}"
    language: str = "ro-RO"


_BLOCKS = {"p": "p", "div": "p", "blockquote": "p", "pre": "p",
           "h1": "h1", "h2": "h2", "h3": "h3",
           "h4": "h3", "h5": "h3", "h6": "h3"}  # fmt: skip
_ALIGNS = ("left", "center", "right", "justify")
_FACES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
}


def blocks_from_html(source: str) -> tuple[Block | Table, ...]:
    """Read what the editor wrote; unknown tags count for their text only.

    >>> blocks_from_html("<p>A <b>b</b></p><ol><li>c</li></ol>")[0].runs
    (Run(text='A ', bold=False, italic=False, underline=False), \
Run(text='b', bold=True, italic=False, underline=False))
    >>> [block.number for block in blocks_from_html("<ol><li>a</li><li>b</li></ol>")]
    [1, 2]
    """
    if not (source or "").strip():
        return ()
    root = lxml_html.fragment_fromstring(source, create_parent="div")
    return tuple(_read_children(root))


def _read_children(element) -> Iterator[Block | Table]:
    """Yield the blocks below an element; loose text becomes a paragraph."""
    loose: list[Run] = list(_text(element.text, Run("")))
    for child in element:
        if _is_block(child):
            yield from _flush(loose, element)
            loose = []
            yield from _read_block(child)
        elif isinstance(child.tag, str):
            loose += _read_runs(child, Run(""))
        loose += _text(child.tail, Run(""))
    yield from _flush(loose, element)


def _is_block(element) -> bool:
    tags = {*_BLOCKS, "ul", "ol", "table", "section", "article"}
    return element.tag in tags


def _read_block(element) -> Iterator[Block | Table]:
    if element.tag in ("ul", "ol"):
        items = [child for child in element if child.tag == "li"]
        for number, item in enumerate(items, 1):
            yield from _read_item(item, number if element.tag == "ol" else 0)
    elif element.tag == "table":
        yield _read_table(element)
    elif any(_is_block(child) for child in element):
        yield from _read_children(element)
    else:
        runs = _tidy(_inner_runs(element))
        kind = _BLOCKS.get(element.tag, "p")
        if runs or kind == "p":
            yield Block(runs, kind, _align(element, kind))


def _read_item(item, number: int) -> Iterator[Block | Table]:
    """Read an item of a list; what is nested in it follows as blocks of its own."""
    first = True
    for block in _read_children(item):
        if first and isinstance(block, Block):
            kind = "number" if number else "bullet"
            block = replace(block, kind=kind, number=number, align="left")
            first = False
        yield block


def _read_table(element) -> Table:
    rows = tuple(
        tuple(_tidy(_inner_runs(cell)) for cell in row if cell.tag in ("td", "th"))
        for row in element.iter("tr")
    )
    width = max((len(row) for row in rows), default=0)
    rows = tuple(row + ((),) * (width - len(row)) for row in rows if row)
    first = next(element.iter("tr"), None)
    head = first is not None and any(cell.tag == "th" for cell in first)
    return Table(rows, head)


def _inner_runs(element) -> Iterator[Run]:
    yield from _text(element.text, Run(""))
    for child in element:
        if isinstance(child.tag, str):
            if _is_block(child):
                yield Run("\n")
            yield from _read_runs(child, Run(""))
        yield from _text(child.tail, Run(""))


def _read_runs(element, face: Run) -> Iterator[Run]:
    """Yield the text of an inline element in its face."""
    if element.tag == "br":
        yield face._replace(text="\n")
        return
    if name := _FACES.get(element.tag):
        face = face._replace(**{name: True})
    style = (element.get("style") or "").replace(" ", "").lower()
    if "font-weight:bold" in style or "font-weight:700" in style:
        face = face._replace(bold=True)
    if "font-style:italic" in style:
        face = face._replace(italic=True)
    if (
        "text-decoration:underline" in style
        or "text-decoration-line:underline" in style
    ):
        face = face._replace(underline=True)
    yield from _text(element.text, face)
    for child in element:
        if isinstance(child.tag, str):
            yield from _read_runs(child, face)
        yield from _text(child.tail, face)


def _text(text: str | None, face: Run) -> Iterator[Run]:
    """Yield text with its white space as a browser shows it."""
    if text:
        words = " ".join(text.replace("\ufeff", "").split())
        if not words:
            words = " "
        else:
            words = (
                (" " if text[0].isspace() else "")
                + words
                + (" " if text[-1].isspace() else "")
            )
        # A hard space was lost with the others above; it keeps numbers together.
        yield face._replace(text=words)


def _tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Join runs of one face and cut the white space at both ends."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1][1:] == run[1:]:
            joined[-1] = run._replace(text=joined[-1].text + run.text)
        else:
            joined.append(run)
    if joined:
        joined[0] = joined[0]._replace(text=joined[0].text.lstrip())
        joined[-1] = joined[-1]._replace(text=joined[-1].text.rstrip())
    return tuple(run for run in joined if run.text)


def _flush(loose: list[Run], element) -> Iterator[Block]:
    if runs := _tidy(loose):
        yield Block(runs, "p", _align(element, "p"))


def _align(element, kind: str) -> str:
    style = (element.get("style") or "").replace(" ", "").lower()
    for side in _ALIGNS:
        if f"text-align:{side}" in style:
            return side
    for side in ("center", "right", "justify"):
        if f"text-{side}" in (element.get("class") or "").split():
            return side
    return "justify" if kind == "p" else "center" if kind == "h1" else "left"
