"""The legal form of the file plan is imported as the institution has it."""

import base64
import io

from odoo.exceptions import UserError
from odoo.tests import tagged
from openpyxl import Workbook

from .common import ArchiveCase

HEAD = (
    "Direcția", "Serviciile", "Denumirea dosarului (conținut pe scurt)",
    "Termenul de păstrare", "Observații",
)  # fmt: skip
ROWS = (
    ("IV. Direcția economică", "A. Buget", "1. Bugetul anual", "Permanent", ""),
    ("", "", "2. Execuția bugetară lunară", "10 ani", "C.S."),
    ("", "B. Taxe", "Declarații de impunere", "5 ani de la încetare", ""),
    ("V. Asistență socială", "A. Ajutoare", "1. Dosare", "5 ani C.S.", ""),
)
#: As written by Excel on an older Romanian Windows.
CEDILLAS = str.maketrans("șțȘȚ", "\u015f\u0163\u015e\u0162")


def csv(*rows, head=HEAD, separator=";"):
    return "\n".join(separator.join(row) for row in (head, *rows)).encode()


def xlsx(*rows):
    book = Workbook()
    sheet = book.active
    sheet.append(["Anexa 1. NOMENCLATORUL ARHIVISTIC al Primăriei Teilor"])
    sheet.append([])
    for row in (HEAD, *rows):
        sheet.append([cell or None for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestImport(ArchiveCase):
    def _wizard(self, content, filename="plan.csv", plan=None):
        wizard = (
            self.env(user=self.archivist)["pcu.classification.import"]
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "plan_id": (plan or self.plan).id,
                    "content": base64.b64encode(content),
                    "filename": filename,
                }
            )
        )
        wizard.action_preview()
        return wizard

    def test_form_becomes_codes(self):
        for content, filename in (
            (csv(*ROWS), "plan.csv"),
            (csv(*ROWS).decode().translate(CEDILLAS).encode("cp1250"), "plan.csv"),
            (xlsx(*ROWS), "plan.xlsx"),
        ):
            with self.subTest(filename):
                plan = self._plan()
                wizard = self._wizard(content, filename, plan)
                self.assertEqual((wizard.good_count, wizard.bad_count), (4, 0))
                self.assertFalse(plan.classification_ids, "a preview writes nothing")
                wizard.action_import()
                self.assertRecordValues(
                    plan.classification_ids.sorted("sort_key"),
                    [
                        {"code": "IV/A/1", "retention_kind": "permanent",
                         "retention_years": 0, "commission_review": False},
                        {"code": "IV/A/2", "retention_kind": "years",
                         "retention_years": 10, "commission_review": False},
                        {"code": "IV/B/1", "retention_kind": "event",
                         "retention_years": 5, "commission_review": False},
                        {"code": "V/A/1", "retention_kind": "years",
                         "retention_years": 5, "commission_review": True},
                    ],
                )  # fmt: skip

    def test_column_with_the_whole_code_is_read(self):
        content = csv(
            ("II/B/4", "Autorizații", "Permanent"),
            head=("Indicativ", "Conținutul pe scurt", "Termen de păstrare"),
            separator=",",
        )
        self.assertEqual(self._wizard(content).line_ids.code, "II/B/4")

    def test_each_bad_row_says_what_is_wrong_and_nothing_is_imported(self):
        wizard = self._wizard(
            csv(
                ("Direcția economică", "A. Buget", "1. Bugetul", "Permanent", ""),
                ("IV. Economică", "A. Buget", "1. Bugetul", "cât trebuie", ""),
                ("", "", "2. Execuția", "10 ani", ""),
                ("", "", "2. Execuția", "10 ani", ""),
                ("II. Urbanism", "A. Urbanism", "1. Certificate", "P", ""),
            )
        )
        self.assertEqual(
            [bool(line.problem) for line in wizard.line_ids],
            [True, True, False, True, True],
        )
        problems = wizard.line_ids.mapped(lambda line: line.problem or "")
        for part, problem in zip(
            ("roman numeral", "must be “Permanent”", "", "in the file already",
             "in the plan already"),
            problems, strict=True,
        ):  # fmt: skip
            self.assertIn(part, problem)
        before = self.plan.classification_ids
        with self.assertRaisesRegex(UserError, "4 rows have a problem"):
            wizard.action_import()
        self.assertEqual(self.plan.classification_ids, before)

    def test_file_that_is_no_plan_is_refused_with_the_reason(self):
        for content, filename, reason in (
            (b"", "gol.csv", "Choose the file"),
            (b"\n\n", "gol.csv", "holds no codes"),
            (b"a;b;c\n1;2;3\n", "x.csv", "headings of the legal form"),
            (csv(), "x.csv", "holds no codes"),
            (b"PK\x03\x04stricat", "x.xlsx", "damaged"),
            (b"%PDF-1.4", "plan.pdf", "neither an XLSX"),
            (b"\xd0\xcf\x11\xe0\x00\x00", "plan.xls", "neither an XLSX"),
            (b"\x00\x01\x02", "x.csv", "neither an XLSX"),
            (csv(*ROWS * 2000), "x.csv", "longer than any"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(UserError, reason):
                self._wizard(content, filename)

    def test_plan_in_force_takes_no_import(self):
        self._in_force()
        wizard = self._wizard(csv(*ROWS))
        with self.assertRaisesRegex(UserError, "Make a new version"):
            wizard.action_import()
