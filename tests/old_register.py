"""Write an old register as the programs of its time saved it.

A program of its own, run with Odoo's Python, because the libraries that write workbooks
are there: ``old_register.py FILE LINES YEAR``; the ending of the file says its kind.
Every fiftieth line has a fault, each of another kind, so that there is a report.
"""

import csv
import itertools
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

TITLES = (
    "Nr. înregistrare", "Data înregistrării", "Nr. document", "Data documentului",
    "Nr. file", "Nr. anexe", "Emitent", "Conținut", "Compartiment", "Data expedierii",
    "Modul rezolvării", "Destinatar", "Conexat", "Indicativ",
)  # fmt: skip
FAULT_EVERY = 50
#: What a clerk of those days mistyped: the column, and what stands in it.
FAULTS = ((0, ""), (0, "12 bis"), (1, ""), (1, "31.02.2021"), (4, "multe"), (7, ""))
NAMES = ("Popescu", "Ionescu", "Țăranu", "Șerban", "Gheorghiță", "Pîrvu", "Mocanu")
MATTERS = (
    "Cerere certificat de urbanism pentru imobilul din strada Fântânii",
    "Adresă privind situația juridică a terenului din tarlaua",
    "Solicitare eliberare certificat fiscal pentru autoturismul",
    "Petiție privind iluminatul public pe strada Mihai Eminescu",
)
DEPARTMENTS = ("URB", "ITL", "ASO", "STC", "REL", "Cadastru vechi")


def lines(count: int, year: int):
    """Yield the lines; each has its own number and every day of the year its share."""
    for number in range(1, count + 1):
        day = date(year, 1, 1) + timedelta(days=(number - 1) * 364 // count)
        line = [
            number, day, f"{number % 977}/B", day - timedelta(days=3), number % 9 + 1,
            number % 3, f"{NAMES[number % 7]} {number % 4999}",
            f"{MATTERS[number % 4]} nr. {number % 83}", DEPARTMENTS[number % 6],
            day + timedelta(days=20) if number % 3 else "", "Favorabil", "",
            number - 7 if number % 40 == 39 else "", "II/A/5",
        ]  # fmt: skip
        if number % FAULT_EVERY == 0:
            place, text = FAULTS[number // FAULT_EVERY % len(FAULTS)]
            line[place] = text
        yield line


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in rows:
            writer.writerow(
                f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell for cell in row
            )


def write_xlsx(path, rows):
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "default_date_format": "dd.mm.yyyy"}
    )
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()


def write_ods(path, rows):
    """Write it row by row; the library would hold all of it."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        with archive.open("content.xml", "w") as content:
            content.write(
                f"<office:document-content{spaces}><office:body><office:spreadsheet>"
                '<table:table table:name="1">'.encode()
            )
            for row in rows:
                cells = "".join(map(_ods_cell, row))
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
            content.write(
                b"</table:table></office:spreadsheet></office:body>"
                b"</office:document-content>"
            )


def _ods_cell(value) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'"date" office:date-value="{value}"'
    elif isinstance(value, int):
        kind = f'"float" office:value="{value}"'
    else:
        kind = '"string"'
    return (
        f"<table:table-cell office:value-type={kind}>"
        f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
    )


def main(path: Path, count: int, year: int):
    write = {".csv": write_csv, ".xlsx": write_xlsx, ".ods": write_ods}[path.suffix]
    write(path, itertools.chain([TITLES], lines(count, year)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
