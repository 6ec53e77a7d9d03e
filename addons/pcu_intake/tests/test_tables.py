import subprocess
import sys
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from odf import opendocument, table, text
from odoo.tests import BaseCase, tagged

from .. import tables

TITLES = ["Nr.", "Data", "Conținut"]
MEASURE = """
import sys
sys.path.insert(0, sys.argv[1])
import tables
count = sum(1 for _row in tables.read_rows(sys.argv[2]))
# The peak of this program alone; that of getrusage begins with its parent's.
status = open("/proc/self/status").read()
print(count, int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


class TableCase(BaseCase):
    """Tables as programs write them, under names without an ending, as in the store."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def _csv(self, content):
        path = self.folder / "csv"
        path.write_bytes(content)
        return str(path)

    def _xlsx(self, rows):
        path = self.folder / "xlsx"
        book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, value)
        book.close()
        return str(path)

    def _ods(self, rows):
        path = self.folder / "ods"
        book = opendocument.OpenDocumentSpreadsheet()
        sheet = table.Table(name="1")
        for row in rows:
            line = table.TableRow()
            for value in row:
                if isinstance(value, date):
                    kind = {"valuetype": "date", "datevalue": value.isoformat()}
                elif isinstance(value, int):
                    kind = {"valuetype": "float", "value": value}
                else:
                    kind = {"valuetype": "string"}
                cell = table.TableCell(**kind)
                cell.addElement(text.P(text=str(value)))
                line.addElement(cell)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
        book.save(str(path))
        return str(path)

    def _read(self, path):
        return [
            [tables.as_text(cell) for cell in row] for row in tables.read_rows(path)
        ]


@tagged("post_install", "-at_install")
class TestTables(TableCase):
    """Three kinds of tables are one thing."""

    def test_same_rows_from_csv_xlsx_and_ods(self):
        rows = [
            TITLES,
            [7, date(2024, 3, 1), "Cerere țarc"],
            [8, date(2024, 3, 2), "b"],
        ]
        expected = [
            TITLES,
            ["7", "01.03.2024", "Cerere țarc"],
            ["8", "02.03.2024", "b"],
        ]
        csv = "Nr.;Data;Conținut\n7;01.03.2024;Cerere țarc\n8;02.03.2024;b\n"
        for path in (self._csv(csv.encode()), self._xlsx(rows), self._ods(rows)):
            with self.subTest(path):
                self.assertEqual(self._read(path), expected)

    def test_encodings_and_delimiters_of_csv(self):
        text_ = 'Nr.,Conținut\n1,"Stâlp, înclinat"\n'
        old = text_.translate({0x21B: 0x163})
        for content, word in (
            (text_.encode("utf-8-sig"), "Conținut"),
            (old.encode("cp1250"), "Con\u0163inut"),
            (text_.encode("utf-16"), "Conținut"),
        ):
            rows = self._read(self._csv(content))
            self.assertEqual(rows, [["Nr.", word], ["1", "Stâlp, înclinat"]])

    def test_empty_rows_keep_their_place(self):
        path = self._ods([TITLES, [], [1, date(2024, 1, 1), "a"]])
        self.assertEqual([len(row) for row in tables.read_rows(path)], [3, 0, 3])

    def test_reading_goes_on_at_any_line(self):
        """As if it had never stopped, with each line's place in the file."""
        rows = [
            [], TITLES, [7, date(2024, 3, 1), "a"], [], [8, 45352, "țarc\nmare"],
            ["", "", "", "x"],
        ]  # fmt: skip
        plain = str(self.folder / "plain")
        self.assertEqual(tables.write_plain(self._ods(rows), plain), 3)
        first, place = tables.read_plain(plain, 0, 1)
        rest, end = tables.read_plain(plain, place, 5)
        self.assertEqual(
            [*first, *rest],
            [
                (3, [7, "01.03.2024", "a"]),
                (5, [8, 45352, "țarc mare"]),
                (6, ["", "", "", "x"]),
            ],
        )
        self.assertEqual(tables.read_plain(plain, end, 5), ([], end))

    def test_what_is_no_table_is_refused_with_a_reason(self):
        damaged = self.folder / "d"
        damaged.write_bytes(Path(self._xlsx([TITLES] * 50)).read_bytes()[:-900])
        other = self.folder / "o.zip"
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("a.txt", "x")
        bomb = self.folder / "b.ods"
        with (
            zipfile.ZipFile(
                bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1
            ) as archive,
            archive.open("content.xml", "w", force_zip64=True) as content,
        ):
            for _each in range(2100):
                content.write(bytes(1024 * 1024))
        entities = self.folder / "e.ods"
        with zipfile.ZipFile(entities, "w") as archive:
            archive.writestr("content.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;")
        cases = {
            self._csv(b" \n"): tables.EMPTY,
            str(damaged): tables.DAMAGED,
            str(other): tables.UNKNOWN_TYPE,
            str(bomb): tables.TOO_BIG,
            str(entities): tables.DAMAGED,
        }
        locked = self.folder / "l.xlsx"
        locked.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
        cases[str(locked)] = tables.PASSWORD
        picture = self.folder / "p.csv"
        picture.write_bytes(b"\x89PNG\x00\x00")
        cases[str(picture)] = tables.UNKNOWN_TYPE
        (self.folder / "csv").write_bytes(b" \n")
        for path, code in cases.items():
            with self.subTest(path), self.assertRaises(tables.TableError) as caught:
                list(tables.read_rows(path))
            self.assertEqual(str(caught.exception), code, path)

    def test_a_hundred_thousand_rows_need_little_memory(self):
        """Measured in a process of its own, by what the system says it took."""
        rows = 100_000
        lines = (
            f"{number};01.03.2024;Cerere nr. {number} a lui Ion\n".encode()
            for number in range(rows)
        )
        csv = self._csv(b"".join(lines))
        xlsx = self._xlsx(
            [n, datetime(2024, 3, 1), f"Cerere nr. {n} a lui Ion"] for n in range(rows)
        )
        for path in (csv, xlsx):
            done = subprocess.run(
                [sys.executable, "-c", MEASURE, Path(tables.__file__).parent, path],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            count, megabytes = map(int, done.stdout.split())
            self.assertEqual(count, rows)
            self.assertLess(megabytes, 256, path)

    def test_formulas_are_harmless_in_the_report(self):
        content = tables.write_csv([["=CMD()", "ț"]]).decode("utf-8-sig")
        self.assertEqual(content, "'=CMD();ț\r\n")
