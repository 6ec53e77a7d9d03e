"""A letter as DOCX, to be opened and signed in Word or LibreOffice."""

import io

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ..letter import Block, Letter, Run, Table

FONT = "Open Sans"
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_BLACK = RGBColor(0, 0, 0)
_GREY = RGBColor(0x55, 0x55, 0x55)
_SIZES = {"h1": 14, "h2": 12, "h3": 11}


def write(letter: Letter, fonts: tuple[str, str]) -> bytes:  # noqa: ARG001 same call
    """Return the DOCX; the typeface is named, the office program brings it."""
    document = docx.Document()
    _prepare(document, letter)
    _write_head(document, letter)
    _write_numbers(document, letter)
    for position, line in enumerate(letter.recipient):
        paragraph = _paragraph(document, line, bold=not position)
        paragraph.paragraph_format.left_indent = Mm(75)
        paragraph.paragraph_format.space_before = Pt(0 if position else 12)
    if letter.title:
        title = _paragraph(document, letter.title, size=14, bold=True, align="center")
        title.paragraph_format.space_before = Pt(20)
    if letter.subject:
        _paragraph(document, letter.subject, align="center")
    _paragraph(document, "")
    for block in letter.body:
        if isinstance(block, Table):
            _write_table(document, block)
        else:
            _write_block(document, block)
    for words in (letter.legal_basis, letter.appeal):
        if words:
            paragraph = _paragraph(document, words, size=10, align="justify")
            paragraph.paragraph_format.space_before = Pt(8)
    if letter.closing:
        paragraph = _paragraph(document, letter.closing)
        paragraph.paragraph_format.space_before = Pt(12)
    _write_signatures(document, letter)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document, letter: Letter) -> None:
    """Set paper, margins, language, properties, and what stands on every page."""
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), letter.language)
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title = letter.title or letter.subject
    document.core_properties.author = letter.institution
    document.core_properties.language = letter.language
    # The first page has the whole head, the next ones a line.
    section.different_first_page_header_footer = True
    again = section.header.paragraphs[0]
    _style(again.add_run(" · ".join((letter.institution, *letter.numbers))), 8, _GREY)
    for footer in (section.footer, section.first_page_footer):
        _write_page_number(footer.paragraphs[0], letter.page_text)


def _write_page_number(paragraph, text: str) -> None:
    """Write the page's number as fields that the office program counts."""
    paragraph.alignment = _ALIGN["center"]
    codes = {"page": "PAGE", "pages": "NUMPAGES"}
    rest = text
    while rest:
        before, brace, after = rest.partition("{")
        if before:
            _style(paragraph.add_run(before), 8, _GREY)
        if not brace:
            return
        name, _brace, rest = after.partition("}")
        run = paragraph.add_run()
        _style(run, 8, _GREY)
        for kind in ("begin", codes[name], "end"):
            run._r.append(_field_part(kind))


def _field_part(kind: str):
    if kind in ("begin", "end"):
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = kind
    return part


def _write_head(document, letter: Letter) -> None:
    if letter.mark:
        _paragraph(document, letter.mark, size=9, align="center", colour=_GREY)
    table = document.add_table(rows=1, cols=2 if letter.logo else 1)
    table.autofit = False
    cells = table.rows[0].cells
    if letter.logo and not _write_logo(cells[0].paragraphs[0], letter.logo):
        cells[0].paragraphs[0].add_run("")
    words = cells[-1]
    cells[0].width = Mm(25) if letter.logo else Mm(165)
    words.width = Mm(140) if letter.logo else Mm(165)
    lines = [(line, 9, False, None) for line in letter.heading]
    lines.append((letter.institution, 13, True, None))
    lines += [(line, 8, False, _GREY) for line in letter.contact]
    for position, (text, size, bold, colour) in enumerate(lines):
        paragraph = words.paragraphs[0] if not position else words.add_paragraph()
        _style(paragraph.add_run(text), size, colour, bold=bold)
    _underline_table(table)


def _write_logo(paragraph, content: bytes) -> bool:
    """Put the logo in; a picture that can't be read is left out."""
    try:
        paragraph.add_run().add_picture(io.BytesIO(content), height=Mm(20))
    except Exception:  # noqa: BLE001 the reader fails in as many ways as formats exist
        return False
    return True


def _underline_table(table) -> None:
    borders = OxmlElement("w:tblBorders")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("color", "222222")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    table._tbl.tblPr.append(borders)


def _write_numbers(document, letter: Letter) -> None:
    _paragraph(document, "", size=6)
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    left.width, right.width = Mm(110), Mm(55)
    for position, line in enumerate(letter.numbers):
        paragraph = left.add_paragraph() if position else left.paragraphs[0]
        _style(paragraph.add_run(line), 11, bold=True)
    _style(right.paragraphs[0].add_run(letter.date), 11)
    right.paragraphs[0].alignment = _ALIGN["right"]


def _write_block(document, block: Block) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = _ALIGN[block.align]
    form = paragraph.paragraph_format
    form.space_after, form.line_spacing = Pt(5), 1.15
    if mark := {"bullet": "–", "number": f"{block.number}."}.get(block.kind):
        form.left_indent, form.first_line_indent = Mm(8), Mm(-5)
        form.tab_stops.add_tab_stop(Mm(8))
        _style(paragraph.add_run(f"{mark}\t"), 11)
    heading = block.kind in _SIZES
    if heading:
        # A screen reader walks along headings; the look stays the paper's own.
        paragraph.style = document.styles[f"Heading {block.kind[1]}"]
        form.keep_with_next = True
    _write_runs(paragraph, block.runs, _SIZES.get(block.kind, 11), bold=heading)


def _write_table(document, block: Table) -> None:
    if not block.rows:
        return
    table = document.add_table(rows=0, cols=len(block.rows[0]))
    table.style = "Table Grid"
    table.autofit = False
    shares = block.shares()
    for position, row in enumerate(block.rows):
        cells = table.add_row().cells
        for cell, runs, share in zip(cells, row, shares, strict=True):
            cell.width = Mm(165 * share)
            head = block.head and not position
            _write_runs(cell.paragraphs[0], runs, 9.5, bold=head)
    if block.head:
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
    _paragraph(document, "", size=6)


def _write_signatures(document, letter: Letter) -> None:
    people = letter.signatories
    for start in range(0, len(people), 2):
        row = people[start : start + 2]
        _paragraph(document, "").paragraph_format.keep_with_next = True
        cells = document.add_table(rows=1, cols=len(row)).rows[0].cells
        for cell, person in zip(cells, row, strict=True):
            first = cell.paragraphs[0]
            _style(first.add_run(person.role), 11, bold=True)
            lines = [first, cell.add_paragraph(), cell.add_paragraph()]
            _style(lines[1].add_run(person.name), 11)
            _style(lines[2].add_run(person.note or "\n\n"), 8, _GREY)
            for line in lines:
                line.alignment = _ALIGN["center"]
                line.paragraph_format.keep_with_next = True
    if letter.prepared_by:
        paragraph = _paragraph(document, letter.prepared_by, size=8, colour=_GREY)
        paragraph.paragraph_format.space_before = Pt(12)


def _paragraph(document, text, *, size=11, bold=False, align="left", colour=None):
    paragraph = document.add_paragraph()
    paragraph.alignment = _ALIGN[align]
    _style(paragraph.add_run(text), size, colour, bold=bold)
    return paragraph


def _write_runs(paragraph, runs: tuple[Run, ...], size: float, *, bold: bool) -> None:
    for run in runs:
        written = paragraph.add_run(run.text)  # "\n" becomes a line break
        _style(written, size, _BLACK, bold=bold or run.bold)
        written.font.name = FONT
        written.italic, written.underline = run.italic or None, run.underline or None


def _style(run, size: float, colour=None, *, bold: bool = False) -> None:
    run.font.size = Pt(size)
    run.bold = bold or None
    if colour is not None:
        run.font.color.rgb = colour
