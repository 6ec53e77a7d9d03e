"""Rows per second of the printed register, beside one platypus LongTable.

    register    our drawing: pages streamed, one text object a column
    longtable   one platypus LongTable with the same cells, repeated heads, a grid and
                page numbers; its texts are cut into lines for it beforehand

Each measurement is a process of its own, in random order. Times are processor seconds,
so that what else the machine does doesn't count; memory is the growth of the peak
over what the imported libraries take. Goals: >= 12 x the rows/s of the LongTable at
20,000 rows, time per row at 100,000 <= 1.1 x that at 20,000, growth <= 200 MB, and the
page numbers right.
"""

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import time
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from stack.paths import ODOO_PYTHON, RUN, odoo_program  # noqa: E402

FEW, MANY = 20_000, 100_000
CELLS = (("register", FEW), ("longtable", FEW), ("register", MANY))
PAGE_OF = "pagina %(page)s din"
NAMES = (
    "Ștefan Țăranu", "Ionescu Maria-Alexandra", "Popescu Ion",
    "Asociația „Prietenii Școlii”", "S.C. Construcții Drumuri și Poduri S.R.L.",
    "Instituția Prefectului – județul Gorj",
)  # fmt: skip
WORDS = (
    "cerere certificat de urbanism pentru construire locuință parter și etaj adresă"
    " solicitare informații privind impozitul pe teren extravilan situat în strada"
    " Trandafirilor nr. 12 autorizație branșament"
)
COLUMNS = (
    "Numărul de înregistrare", "Data înregistrării",
    "Numărul documentului dat de emitent", "Data documentului dată de emitent",
    "Nr. filelor", "Nr. anexelor", "Emitentul", "Conținutul documentului, în rezumat",
    "Compartimentul căruia i s-a repartizat", "Data expedierii", "Modul rezolvării",
    "Destinatarul", "Nr. de înregistrare la care se conexează",
    "Indicativul dosarului după nomenclator",
)  # fmt: skip


# ---------------------------------------------------------------- in the child


def kernel():
    """Import the drawing without Odoo."""
    package = types.ModuleType("registry")
    package.__path__ = [str(ROOT / "addons" / "pcu_registry")]
    sys.modules["registry"] = package
    from registry import printing, register_print

    return printing, register_print


def fonts() -> tuple[str, str]:
    folder = next(
        Path(odoo_program()).parents[1].glob("lib/**/web/static/fonts/google/Open_Sans")
    )
    return tuple(str(folder / f"Open_Sans-{kind}.ttf") for kind in ("Regular", "Bold"))


def make_rows(count: int, row_type):
    """Give rows as a town hall has them; the same ones each time."""
    chance, words = random.Random(1), WORDS.split()
    for number in range(1, count + 1):
        outgoing = chance.random() < 0.3
        sheets, annexes = chance.randint(1, 20), chance.randint(0, 5)
        summary = " ".join(chance.choices(words, k=chance.randint(5, 16)))
        external = chance.random() < 0.5
        cells = (
            str(number), f"{1 + number % 28:02}.{1 + number % 12:02}.2026",
            f"{chance.randint(1, 9999)}/A" if external else "",
            "10.11.2026" if external else "", str(sheets), str(annexes),
            chance.choice(NAMES), summary.capitalize(),
            chance.choice(("Urbanism", "Impozite și taxe locale", "Registratură")),
            "12.11.2026" if outgoing else "",
            chance.choice(("Favorabil", "Nefavorabil", "Redirecționat", "")),
            chance.choice(NAMES) if outgoing else "",
            f"{number // 2}/10.11.2026" if number % 11 == 0 else "",
            "I/A/1" if number % 3 == 0 else "",
        )  # fmt: skip
        yield row_type(
            cells, "outgoing" if outgoing else "incoming", sheets, annexes,
            number % 97 == 0,
        )  # fmt: skip


def draw_register(count: int, path: Path) -> int:
    printing, register_print = kernel()
    totals = "%(rows)s (%(directions)s), %(sheets)s file, %(annexes)s anexe"
    texts = register_print.Texts(
        "Primăria", "REGISTRU DE INTRARE-IEȘIRE", "Anul 2026", COLUMNS,
        f"Pe pagină: {totals}", f"De la început: {totals}",
        {"incoming": "intrare", "outgoing": "ieșire"},
    )  # fmt: skip
    with path.open("wb") as out:
        pages = printing.Pages(out, fonts(), PAGE_OF, landscape=True)
        register_print.Register(pages, texts).draw(make_rows(count, register_print.Row))
        return pages.save()


def draw_longtable(count: int, path: Path) -> int:
    """Lay the same rows out as anybody would with platypus."""
    printing, register_print = kernel()
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import LongTable, SimpleDocTemplate

    printing.register_fonts(*fonts())
    kind = register_print.Type(Canvas("unused"), printing.FONT, printing.SMALL, 8)
    widths = register_print.WIDTHS

    def wrapped(cells):
        return ["\n".join(kind.wrap(c, w - 5)) for c, w in zip(cells, widths)]  # noqa: B905

    table = LongTable(
        [wrapped(COLUMNS)]
        + [wrapped(row.cells) for row in make_rows(count, register_print.Row)],
        colWidths=widths, repeatRows=1,
        style=[("FONT", (0, 0), (-1, -1), printing.FONT, printing.SMALL),
               ("GRID", (0, 0), (-1, -1), 0.4, "black"),
               ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
               ("RIGHTPADDING", (0, 0), (-1, -1), 2.5)],
    )  # fmt: skip

    def number(canvas, document):
        canvas.setFont(printing.FONT, printing.SMALL)
        canvas.drawRightString(800, 28, PAGE_OF % {"page": document.page})

    document = SimpleDocTemplate(
        str(path), pagesize=A4[::-1], leftMargin=62, rightMargin=28,
        topMargin=82, bottomMargin=48,
    )  # fmt: skip
    document.build([table], onFirstPage=number, onLaterPages=number)
    return document.page


def memory(key: str) -> int:
    """Return a figure of this process in MB."""
    text = Path("/proc/self/status").read_text()
    return int(re.search(rf"{key}:\s+(\d+)", text)[1]) // 1024


def child(mode: str, count: int) -> dict:
    draw = {"register": draw_register, "longtable": draw_longtable}[mode]
    path = RUN / f"bench-{mode}.pdf"
    draw(50, path)  # imports, fonts and tables are there from now on
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = memory("VmRSS"), time.process_time()
    pages = draw(count, path)
    seconds = time.process_time() - began
    return {
        "seconds": seconds, "pages": pages, "growth": memory("VmHWM") - before,
        "wrong": wrong_numbers(path, pages) if mode == "register" else 0,
    }  # fmt: skip


def wrong_numbers(path: Path, pages: int) -> int:
    """Count the pages, of a sample with the first and the last, numbered wrongly."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    sample = {0, len(document) - 1, *range(0, len(document), 97)}
    wrong = int(len(document) != pages)
    for place in sample:
        text = document[place].get_textpage().get_text_bounded()
        wanted = f"pagina {place + 1} din {pages}"
        wrong += wanted not in " ".join(text.split())
    return wrong


# ---------------------------------------------------------------- in the parent


def measure(rounds: int) -> dict:
    found = {cell: [] for cell in CELLS}
    for number in range(rounds):
        for mode, count in random.Random(number).sample(CELLS, len(CELLS)):
            run = subprocess.run(
                [ODOO_PYTHON, __file__, "--child", mode, str(count)],
                stdout=subprocess.PIPE, check=True, text=True,
            )  # fmt: skip
            found[mode, count].append(json.loads(run.stdout.splitlines()[-1]))
        print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    return found


def verdict(found: dict) -> int:
    print(f"{'':12}{'rows':>8}{'pages':>8}{'s':>9}{'rows/s':>9}{'growth MB':>11}")
    for (mode, count), rows in found.items():
        seconds = statistics.median(row["seconds"] for row in rows)
        growth = max(row["growth"] for row in rows)
        print(
            f"{mode:12}{count:8}{rows[0]['pages']:8}{seconds:9.2f}"
            f"{count / seconds:9.0f}{growth:11}"
        )
    few, many = found["register", FEW], found["register", MANY]
    table = found["longtable", FEW]
    faster = [t["seconds"] / f["seconds"] for t, f in zip(table, few, strict=True)]
    per_row = [
        m["seconds"] / MANY / (f["seconds"] / FEW)
        for m, f in zip(many, few, strict=True)
    ]
    wrong = sum(row["wrong"] for row in few + many)
    goals = [
        ("x LongTable at 20,000", statistics.median(faster), 12, ">=", faster),
        ("time/row 100,000 : 20,000", statistics.median(per_row), 1.1, "<=", per_row),
        ("growth at 100,000, MB", max(r["growth"] for r in many), 200, "<=", []),
        ("pages numbered wrongly", wrong, 0, "<=", []),
    ]
    missed = 0
    for name, value, goal, sense, each in goals:
        good = value >= goal if sense == ">=" else value <= goal
        missed += not good
        spread = f"  ({min(each):.2f}–{max(each):.2f})" if each else ""
        word = "ok" if good else "MISSED"
        print(f"{word:8}{name:28}{value:8.2f}  goal {sense} {goal}{spread}")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("MODE", "ROWS"))
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.child[0], int(options.child[1]))))
        return 0
    return 1 if verdict(measure(options.rounds)) else 0


if __name__ == "__main__":
    sys.exit(main())
