"""A letter as ODT, the format that the law prefers for editable papers."""

import io

from odf import dc, style, table, text
from odf.draw import Frame, Image
from odf.opendocument import OpenDocumentText
from PIL import Image as Picture

from ..letter import Block, Letter, Run, Table

FONT = "Open Sans"
_SIZES = {"h1": 14, "h2": 12, "h3": 11}
_ALIGN = {"left": "start", "center": "center", "right": "end", "justify": "justify"}
_GREY = "#555555"


def write(letter: Letter, fonts: tuple[str, str]) -> bytes:  # noqa: ARG001 same call
    """Return the ODT; the typeface is named, the office program brings it."""
    return _Writer(letter).draw()


class _Writer:
    """Holds the document and the styles it has made so far."""

    def __init__(self, letter: Letter):
        self.letter = letter
        self.document = OpenDocumentText()
        self.body = self.document.text
        self._styles: dict[tuple, str] = {}

    def draw(self) -> bytes:
        letter = self.letter
        self._prepare()
        if letter.mark:
            self._line(letter.mark, size=9, align="center", color=_GREY)
        self._write_head()
        self._write_numbers()
        for position, line in enumerate(letter.recipient):
            top = 0 if position else 12
            self._line(line, bold=not position, left=75, top=top)
        if letter.title:
            self._line(letter.title, size=14, bold=True, align="center", top=20)
        if letter.subject:
            self._line(letter.subject, align="center", top=6)
        self._line("")
        for block in letter.body:
            if isinstance(block, Table):
                self._write_table(block)
            else:
                self._write_block(block)
        for words in (letter.legal_basis, letter.appeal):
            if words:
                self._line(words, size=10, align="justify", top=8)
        if letter.closing:
            self._line(letter.closing, top=12)
        self._write_signatures()
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    # ------------------------------------------------------------------ page

    def _prepare(self):
        """Set paper, margins, language, and what stands on every page."""
        letter, document = self.letter, self.document
        document.meta.addElement(dc.Title(text=letter.title or letter.subject))
        document.meta.addElement(dc.Creator(text=letter.institution))
        document.meta.addElement(dc.Language(text=letter.language))
        default = style.DefaultStyle(family="paragraph")
        language, _dash, country = letter.language.partition("-")
        default.addElement(
            style.TextProperties(
                fontname=FONT, fontfamily=FONT, fontsize="11pt",
                language=language, country=country,
            )
        )  # fmt: skip
        document.styles.addElement(default)
        layout = style.PageLayout(name="A4")
        layout.addElement(
            style.PageLayoutProperties(
                pagewidth="210mm", pageheight="297mm", margintop="12mm",
                marginbottom="12mm", marginleft="25mm", marginright="20mm",
            )
        )  # fmt: skip
        layout.addElement(style.HeaderStyle())
        layout.addElement(style.FooterStyle())
        document.automaticstyles.addElement(layout)
        # The first page has the whole head, the next ones a line.
        first = style.MasterPage(
            name="Standard", pagelayoutname=layout, nextstylename="Next"
        )
        following = style.MasterPage(name="Next", pagelayoutname=layout)
        again = " · ".join((letter.institution, *letter.numbers))
        header = style.Header()
        header.addElement(self._paragraph(again, size=8, color=_GREY, styled=True))
        following.addElement(header)
        for master in (first, following):
            footer = style.Footer()
            footer.addElement(self._page_number())
            master.addElement(footer)
            document.masterstyles.addElement(master)

    def _page_number(self):
        """Write the page's number as fields that the office program counts."""
        paragraph = self._paragraph(
            "", size=8, align="center", color=_GREY, styled=True
        )
        fields = {"page": text.PageNumber, "pages": text.PageCount}
        rest = self.letter.page_text
        while rest:
            before, brace, after = rest.partition("{")
            paragraph.addText(before)
            if not brace:
                break
            name, _brace, rest = after.partition("}")
            paragraph.addElement(fields[name](text="1"))
        return paragraph

    # ------------------------------------------------------------------ head

    def _write_head(self):
        letter = self.letter
        picture = self._logo()
        widths = (25, 140) if picture is not None else (165,)
        row = self._table("head", widths, bottom=True)
        if picture is not None:
            holder = self._paragraph("")
            holder.addElement(picture)
            row[0].addElement(holder)
        cell = row[-1]
        for line in letter.heading:
            cell.addElement(self._paragraph(line, size=9))
        cell.addElement(self._paragraph(letter.institution, size=13, bold=True))
        for line in letter.contact:
            cell.addElement(self._paragraph(line, size=8, color=_GREY))

    def _logo(self):
        """Return the logo's frame; a picture that can't be read is left out."""
        if not self.letter.logo:
            return None
        try:
            with Picture.open(io.BytesIO(self.letter.logo)) as picture:
                wide, high = picture.size
                kind = (picture.format or "PNG").lower()
        except (OSError, ValueError):
            return None
        scale = min(20 / wide, 20 / high)
        frame = Frame(
            width=f"{wide * scale:.1f}mm", height=f"{high * scale:.1f}mm",
            anchortype="as-char",
        )  # fmt: skip
        href = self.document.addPicture(
            f"logo.{kind}", f"image/{kind}", self.letter.logo
        )
        frame.addElement(
            Image(href=href, type="simple", show="embed", actuate="onLoad")
        )
        return frame

    def _write_numbers(self):
        self._line("", size=6)
        left, right = self._table("numbers", (110, 55))
        for line in self.letter.numbers:
            left.addElement(self._paragraph(line, bold=True))
        right.addElement(self._paragraph(self.letter.date, align="right"))

    # ------------------------------------------------------------------ body

    def _write_block(self, block: Block):
        heading = block.kind in _SIZES
        form = {
            "size": _SIZES.get(block.kind, 11), "bold": heading, "align": block.align,
            "below": 5, "top": 6 if heading else 0, "keep": heading,
        }  # fmt: skip
        mark = {"bullet": "–", "number": f"{block.number}."}.get(block.kind)
        if mark:
            form |= {"left": 8, "hanging": 5}
        if heading:
            # A screen reader walks along headings.
            paragraph = text.H(
                outlinelevel=block.kind[1], stylename=self._paragraph_style(**form)
            )
        else:
            paragraph = self._paragraph("", **form)
        if mark:
            paragraph.addText(mark)
            paragraph.addElement(text.Tab())
        self._write_runs(paragraph, block.runs)
        self.body.addElement(paragraph)

    def _write_table(self, block: Table):
        if not block.rows:
            return
        name = f"t{len(self._styles)}"
        grid = table.Table(name=name)
        for position, share in enumerate(block.shares()):
            column = self._column(f"{name}-{position}", 165 * share)
            grid.addElement(table.TableColumn(stylename=column))
        border = self._cell_style("grid", border="0.5pt solid #555555", padding="1mm")
        head = table.TableHeaderRows()
        for position, cells in enumerate(block.rows):
            line = table.TableRow()
            for runs in cells:
                cell = table.TableCell(stylename=border)
                bold = block.head and not position
                paragraph = self._paragraph("", size=9.5, bold=bold)
                self._write_runs(paragraph, runs)
                cell.addElement(paragraph)
                line.addElement(cell)
            if block.head and not position:
                head.addElement(line)
                grid.addElement(head)
            else:
                grid.addElement(line)
        self.body.addElement(grid)
        self._line("", size=6)

    def _write_runs(self, paragraph, runs: tuple[Run, ...]):
        for run in runs:
            span = text.Span(stylename=self._text_style(run))
            for position, part in enumerate(run.text.split("\n")):
                if position:
                    span.addElement(text.LineBreak())
                span.addText(part)
            paragraph.addElement(span)

    def _write_signatures(self):
        people = self.letter.signatories
        for start in range(0, len(people), 2):
            row = people[start : start + 2]
            self._line("", keep=True)
            cells = self._table(f"sign{start}", (165 / len(row),) * len(row))
            for cell, person in zip(cells, row, strict=True):
                for line, form in (
                    (person.role, {"bold": True}),
                    (person.name, {}),
                    (person.note, {"size": 8, "color": _GREY, "below": 30}),
                ):
                    paragraph = self._paragraph(line, align="center", keep=True, **form)
                    cell.addElement(paragraph)
        if self.letter.prepared_by:
            self._line(self.letter.prepared_by, size=8, color=_GREY, top=12)

    # ------------------------------------------------------------------ pieces

    def _table(self, name: str, widths: tuple[float, ...], *, bottom=False) -> list:
        """Add a table of one row without lines; return its cells."""
        grid = table.Table(name=name)
        line = table.TableRow()
        cells = []
        form = {"borderbottom": "0.8pt solid #222222"} if bottom else {}
        cell_style = self._cell_style("line" if bottom else "bare", **form)
        for position, width in enumerate(widths):
            column = self._column(f"{name}{position}", width)
            grid.addElement(table.TableColumn(stylename=column))
            cell = table.TableCell(stylename=cell_style)
            cells.append(cell)
            line.addElement(cell)
        grid.addElement(line)
        self.body.addElement(grid)
        return cells

    def _column(self, name: str, width: float):
        column = style.Style(name=name, family="table-column")
        column.addElement(style.TableColumnProperties(columnwidth=f"{width:.1f}mm"))
        self.document.automaticstyles.addElement(column)
        return column

    def _cell_style(self, name: str, **form) -> str:
        if ("cell", name) not in self._styles:
            made = style.Style(name=f"cell-{name}", family="table-cell")
            made.addElement(style.TableCellProperties(**form))
            self.document.automaticstyles.addElement(made)
            self._styles["cell", name] = f"cell-{name}"
        return self._styles["cell", name]

    def _line(self, words: str, **form):
        self.body.addElement(self._paragraph(words, **form))

    def _paragraph(self, words: str, *, styled=False, **form):
        """Return a paragraph; ``styled`` for what stands in a header or footer."""
        paragraph = text.P(stylename=self._paragraph_style(styled=styled, **form))
        for position, part in enumerate(words.split("\n")):
            if position:
                paragraph.addElement(text.LineBreak())
            paragraph.addText(part)
        return paragraph

    def _paragraph_style(
        self, *, size=11, bold=False, align="left", color="#000000", left=0, hanging=0,
        top=0, below=0, keep=False, styled=False,
    ) -> str:  # fmt: skip
        key = (size, bold, align, color, left, hanging, top, below, keep, styled)
        if key not in self._styles:
            made = style.Style(name=f"P{len(self._styles)}", family="paragraph")
            made.addElement(
                style.ParagraphProperties(
                    textalign=_ALIGN[align], margintop=f"{top}pt",
                    marginbottom=f"{below}pt", marginleft=f"{left}mm",
                    textindent=f"-{hanging}mm" if hanging else "0mm",
                    keepwithnext="always" if keep else "auto",
                )
            )  # fmt: skip
            made.addElement(
                style.TextProperties(
                    fontsize=f"{size}pt", color=color,
                    fontweight="bold" if bold else "normal",
                )
            )  # fmt: skip
            place = self.document.styles if styled else self.document.automaticstyles
            place.addElement(made)
            self._styles[key] = made.getAttribute("name")
        return self._styles[key]

    def _text_style(self, run: Run) -> str:
        key = ("run", *run[1:])
        if key not in self._styles:
            name = f"T{len(self._styles)}"
            made = style.Style(name=name, family="text")
            form = {"fontweight": "bold"} if run.bold else {}
            if run.italic:
                form["fontstyle"] = "italic"
            if run.underline:
                form |= {"textunderlinestyle": "solid", "textunderlinewidth": "auto"}
            made.addElement(style.TextProperties(**form))
            self.document.automaticstyles.addElement(made)
            self._styles[key] = name
        return self._styles[key]
