"""The printed register: what stands on its pages, and who gets which rows."""

import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import file_path, mute_logger
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from .. import register_print
from ..fonts import FONT, register_fonts
from ..printing import Pages
from .common import RegistryCase

FONTS = tuple(
    file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{weight}.ttf")
    for weight in ("Regular", "Bold")
)
TEXTS = register_print.Texts(
    institution="Primăria Țânțăreni",
    title="REGISTRU",
    period="Anul",
    columns=tuple(f"Coloana {n}" for n in range(1, 15)),
    on_page="pe pagina: %(rows)s (%(directions)s) %(sheets)s file %(annexes)s anexe",
    so_far="total: %(rows)s (%(directions)s) %(sheets)s file %(annexes)s anexe",
    directions={"incoming": "intrare", "outgoing": "iesire"},
)


def make_row(number, summary="Cerere", **values):
    cells = [""] * 14
    cells[0], cells[1], cells[7] = str(number), "21.11.2026", summary
    return register_print.Row(tuple(cells), **values)


@tagged("post_install", "-at_install")
class TestPages(BaseCase):
    """The drawing alone."""

    def _texts(self, rows):
        out = io.BytesIO()
        pages = Pages(out, FONTS, "pagina %(page)s din", landscape=True)
        register_print.Register(pages, TEXTS).draw(rows)
        self.count = pages.save()
        out.seek(0)
        return [page.extract_text() for page in PdfReader(out).pages]

    def test_every_page_has_head_totals_and_its_number(self):
        texts = self._texts(
            make_row(n, sheets=2, annexes=1, direction="outgoing" if n > 90 else
                     "incoming") for n in range(1, 101)
        )  # fmt: skip
        self.assertEqual(len(texts), self.count)
        self.assertGreater(len(texts), 2)
        for place, text in enumerate(texts, start=1):
            self.assertIn("Primăria Țânțăreni", text)
            self.assertIn("Coloana 8", text.replace("\n", " "))
            self.assertRegex(text, rf"pagina {place} din\s*{len(texts)}")
        told = [int(text.split("total: ")[1].split()[0]) for text in texts]
        here = [int(text.split("pe pagina: ")[1].split()[0]) for text in texts]
        self.assertEqual(told[-1], 100)
        self.assertEqual(sum(here), 100)
        self.assertIn("(intrare 90, iesire 10) 200 file 100 anexe", texts[-1])

    def test_all_numbers_are_there_in_order(self):
        words = " ".join(self._texts(make_row(1000 + n) for n in range(200))).split()
        numbers = [int(word) for word in words if word.isdigit() and len(word) == 4]
        self.assertEqual(numbers, list(range(1000, 1200)))

    def test_long_text_is_wrapped_and_nothing_is_lost(self):
        words = [f"cuvântul{n}" for n in range(60)]
        [text] = self._texts([make_row(1, " ".join(words))])
        self.assertEqual(text.split().count("cuvântul59"), 1)
        self.assertTrue(set(words) <= set(text.split()))

    def test_row_higher_than_a_page_goes_on_on_the_next(self):
        words = [f"cuvântul{n}" for n in range(600)]
        texts = self._texts([make_row(1, " ".join(words)), make_row(2)])
        self.assertGreater(len(texts), 2)
        self.assertTrue(set(words) <= set(" ".join(texts).split()))
        self.assertIn("total: 2", texts[-1])

    def test_lines_fit_their_column(self):
        register_fonts(*FONTS)
        kind = register_print.Type(Canvas(io.BytesIO()), FONT, 7, 8)
        for text in ("Ș" * 90, "a b " * 40, "x", "S.C. Construcții-Drumuri S.R.L."):
            lines = kind.wrap(text, 60)
            self.assertTrue(all(kind.width(line) <= 60 for line in lines))
            self.assertEqual("".join(lines).replace(" ", ""), text.replace(" ", ""))
        self.assertEqual(kind.wrap("", 60), ())

    def test_letters_of_all_kinds_are_shown(self):
        """More letters than one part of a font holds; brackets are the PDF's own."""
        rare = "".join(chr(code) for code in range(0x0400, 0x0500))
        [text] = self._texts([make_row(1, f"({rare}) \\ (ăâîșț)")])
        shown = "".join(text.split())
        for letter in "ăâîșțжЩю()\\":
            self.assertIn(letter, shown)

    def test_statement_runs_over_pages_with_repeated_heads(self):
        out = io.BytesIO()
        pages = Pages(out, FONTS, "pagina %(page)s din")
        rows = [(f"rând{n}", "motiv <b>&") for n in range(150)]
        pages.flow(
            [
                ("title", "Proces-verbal"),
                ("table", (1, 3), ("Numărul", "Motiv"), rows),
                ("heading", "Semnături"),
                ("signatures", ["Registratură", "Primar"]),
            ]
        )
        pages.save()
        texts = [page.extract_text() for page in PdfReader(out).pages]
        self.assertGreater(len(texts), 2)
        for text in texts[:-1]:
            self.assertIn("Numărul", text)
        words = " ".join(texts).split()
        self.assertEqual([w for w in words if w.startswith("rând")],
                         [f"rând{n}" for n in range(150)])  # fmt: skip
        self.assertIn("<b>&", words)
        self.assertIn("Registratură", texts[-1])
        self.assertIn("Semnături", texts[-1])

    def test_no_entry_is_one_page(self):
        [text] = self._texts([])
        self.assertIn("total: 0", text)


@tagged("post_install", "-at_install")
class TestRegisterPrint(RegistryCase):
    """Asking for a print and getting it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.operator | cls.inspector | cls.head | cls.auditor
        users.partner_id.lang = False  # the source's own words
        with freeze_time("2020-03-09 08:00:00"):
            cls.first = cls._registered(summary="Cerere teren", page_count=3)
            cls.wrong = cls._registered(summary="Cerere dublă")
            cls.wrong.action_annul("Înregistrat de două ori")
            cls.secret = cls._registered(
                summary="Plângere", confidentiality="confidential"
            )
            cls.secret.action_route(cls.taxes)
            cls.first.action_route(cls.urbanism)
        with freeze_time("2020-04-09 08:00:00"):
            cls.april = cls._registered(summary="Cerere aprilie")

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60
        )

    def _ask(self, user, **values):
        wizard = self.env["pcu.register.print"].with_user(user).create(
            {"register_id": self.register.id, "year": 2020, **values}
        )  # fmt: skip
        action = wizard.action_print()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def _printed(self, user, **values):
        printout = self._ask(user, **values)
        self.env["pcu.register.printout"]._cron_print()
        printout.invalidate_recordset()
        return printout

    def _text(self, printout):
        reader = PdfReader(io.BytesIO(printout.sudo().attachment_id.raw))
        return " ".join(" ".join(p.extract_text() for p in reader.pages).split())

    def test_print_waits_then_is_ready(self):
        printout = self._ask(self.operator)
        self.assertEqual(printout.action_refresh()["tag"], "soft_reload")
        self.assertEqual((printout.state, printout.progress), ("queued", 0))
        with self.assertRaisesRegex(UserError, "still being printed"):
            printout.action_download()
        self.env["pcu.register.printout"]._cron_print()
        printout.invalidate_recordset()
        self.assertRecordValues(
            printout,
            [{"state": "done", "progress": 100, "row_count": 4, "page_count": 1}],
        )
        text = self._text(printout)
        for words in ("Cerere teren", "ANNULLED: Înregistrat", "Cerere aprilie"):
            self.assertIn(words, text)

    def test_print_speaks_the_language_of_who_asked(self):
        self.operator.lang = "ro_RO"
        text = self._text(self._printed(self.operator))
        for words in (
            "Conținutul documentului, în rezumat",
            "pagina 1 din 1",
            "ANULAT:",
        ):
            self.assertIn(words, text)

    def test_corrected_row_shows_what_stood_there_before(self):
        self.first.action_correct({"summary": "Cerere lot"}, "Citit greșit")
        text = self._text(self._printed(self.operator))
        for words in ("Cerere lot", "“Cerere teren” corrected", "Citit greșit"):
            self.assertIn(words, text)

    def test_days_limit_the_print(self):
        printout = self._printed(
            self.operator, date_from=date(2020, 4, 1), date_to=date(2020, 4, 30)
        )
        text = self._text(printout)
        self.assertIn("Cerere aprilie", text)
        self.assertNotIn("Cerere teren", text)
        self.assertIn("01.04.2020–30.04.2020", printout.display_name)

    def test_one_day_is_said_once(self):
        day = date(2020, 4, 1)
        printout = self._ask(self.operator, date_from=day, date_to=day)
        self.assertEqual(printout.display_name, f"{self.register.code} 01.04.2020")
        self.assertIn("Day of 01.04.2020", printout._describe_period())

    def test_confidential_row_shows_its_number_only(self):
        """A number left out of the book would look like a gap."""
        text = self._text(self._printed(self.operator))
        self.assertNotIn("Plângere", text)
        self.assertIn("(confidential)", text)
        self.assertIn("Plângere", self._text(self._printed(self.auditor)))

    def test_inspector_gets_the_own_department(self):
        printout = self._printed(self.inspector)
        self.assertEqual(printout.row_count, 1)
        text = self._text(printout)
        self.assertIn("Cerere teren", text)
        self.assertNotIn("confidential", text)

    def test_file_is_for_who_asked_and_the_auditor(self):
        printout = self._printed(self.head)
        for user in (self.head, self.auditor):
            self.assertTrue(printout.with_user(user).attachment_id.raw)
        for user in (self.operator, self.inspector, self.admin):
            with self.assertRaises(AccessError):
                printout.with_user(user).check_access("read")
            with self.assertRaises(AccessError):
                printout.sudo().attachment_id.with_user(user).check_access("read")
        for user in (self.operator, self.head, self.auditor, self.admin):
            for verb in ("write", "create", "unlink"):
                self.assertFalse(printout.with_user(user).has_access(verb))

    def test_who_took_what_is_in_the_journal(self):
        printout = self._printed(self.operator)
        printout.action_download()
        rows = self.env["pcu.journal"].search(
            [("model", "=", printout._name), ("res_id", "=", printout.id)], order="id"
        )
        self.assertEqual(
            rows.mapped("action"), ["register_print_asked", "register_print_taken"]
        )
        self.assertEqual(rows.user_id, self.operator)

    def test_book_for_binding_has_its_statements(self):
        self._draft()
        with freeze_time("2021-01-04 08:00:00"):
            closings = self.env["pcu.register.closing"]
            closings._close_day(self.register, date(2020, 12, 31))
        text = self._text(self._printed(self.auditor, for_binding=True))
        for words in (
            "begins with number 1", "holds 4 entries", "numbers 1 to 4", "Incoming 4",
            "Annulled 1", "Înregistrat de două ori", "Every number was used",
            "No gap and no duplicate", "The SHA-256", "Secretary general",
        ):  # fmt: skip
            self.assertIn(words, text)

    def test_binding_is_the_registry_s(self):
        with self.assertRaisesRegex(AccessError, "bound by the registry"):
            self._ask(self.inspector, for_binding=True)
        with self.assertRaisesRegex(UserError, "whole years"):
            self._ask(self.operator, for_binding=True, date_from=date(2020, 2, 1))

    def test_wrong_period_is_told(self):
        with self.assertRaisesRegex(UserError, "has no year 2019"):
            self._ask(self.operator, year=2019)
        with self.assertRaisesRegex(UserError, "after the last"):
            self._ask(
                self.operator, date_from=date(2020, 5, 1), date_to=date(2020, 4, 1)
            )

    def test_who_may_ask(self):
        model = self.env["pcu.register.print"]
        for user in (self.operator, self.inspector, self.head, self.auditor):
            self.assertTrue(model.with_user(user).has_access("create"))
        self.assertFalse(model.with_user(self.admin).has_access("create"))
        with self.assertRaises(AccessError):
            self._ask(self.admin)

    def test_list_of_prints_costs_the_same_for_many(self):
        for _each in range(3):
            self._printed(self.operator)
        records = self.env["pcu.register.printout"].with_user(self.operator)
        fields = ["display_name", "user_id", "state", "progress", "page_count"]
        records.search([]).read(fields)
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            records.search([]).read(fields)

    def test_failure_is_told_and_tried_again(self):
        printout = self._ask(self.operator)
        model = self.env["pcu.register.printout"]
        with (
            patch.object(type(model), "_draw", side_effect=ValueError("x")),
            mute_logger("odoo.addons.pcu_registry.models.pcu_register_printout"),
        ):
            model._cron_print()
        printout.invalidate_recordset()
        self.assertEqual(printout.state, "failed")
        romanian = self.env["res.lang"]._get_data(code="ro_RO")
        self.assertIn("Încercați din nou" if romanian else "Try again", printout.error)
        printout.action_retry()
        model._cron_print()
        printout.invalidate_recordset()
        self.assertEqual((printout.state, printout.error), ("done", False))

    def test_print_of_a_dead_process_is_made_again_but_not_for_ever(self):
        printout = self._ask(self.operator)
        printout.sudo().write({"state": "running", "attempts": 1})
        self.env["pcu.register.printout"]._cron_print()
        self.assertEqual(printout.state, "done")
        printout.sudo().write({"state": "running", "attempts": 3})
        self.env["pcu.register.printout"]._cron_print()
        self.assertEqual(printout.state, "failed")

    def test_file_goes_after_a_month(self):
        printout = self._printed(self.operator)
        attachment = printout.sudo().attachment_id
        self.env["pcu.register.printout"]._gc_printouts()
        self.assertTrue(printout.exists())
        self.env.cr.execute(
            "UPDATE pcu_register_printout SET create_date = '2020-01-01' WHERE id = %s",
            [printout.id],
        )
        printout.invalidate_recordset()
        self.env["pcu.register.printout"]._gc_printouts()
        self.assertFalse(printout.exists() or attachment.exists())
