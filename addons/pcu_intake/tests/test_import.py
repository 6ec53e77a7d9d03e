import base64
import io
from datetime import date

import xlsxwriter
from freezegun import freeze_time
from odoo.addons.pcu_base.tests.common import ALL, NONE, READ
from odoo.addons.pcu_registry.models.pcu_register_entry import PROGRAM
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..models import pcu_intake_import_work
from .common import IntakeCase

TITLES = "Nr. înregistrare;Data înregistrării;Emitent;Conținut;Compartiment;Conexat"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 08:00:00")
class TestImport(IntakeCase):
    """An old register comes in with its own numbers."""

    def _import(self, *lines, titles=TITLES, name="2021.csv", user=None, **values):
        content = "\n".join((titles, *lines)).encode()
        imports = self.env["pcu.intake.import"].with_user(user or self.operator)
        return imports.create(
            {
                "name": name,
                "register_id": self.register.id,
                "content": base64.b64encode(content),
                **values,
            }
        )

    def _checked(self, *lines, **values):
        record = self._import(*lines, **values)
        record.action_check()
        record.sudo()._work()
        return record

    def _imported(self, *lines, **values):
        record = self._checked(*lines, **values)
        record.action_import()
        record.sudo()._work()
        return record

    def _entries(self, record):
        return self.env["pcu.register.entry"].search(
            [("import_id", "=", record.id)], order="number"
        )

    def _year(self, year):
        return self.register.year_ids.filtered(lambda y: y.year == year)

    def test_columns_are_recognised_by_their_titles(self):
        record = self._import("1;05.01.2021;Ion Pop;Cerere;URB;")
        self.assertEqual(
            record.column_ids.mapped("target"),
            ["number", "registration_date", "sender", "summary", "department",
             "connected"],
        )  # fmt: skip
        self.assertEqual(record.column_ids[3].sample, "Cerere")
        self.assertIn("<td>Ion Pop</td>", record.preview_html)

    def test_preview_runs_nothing(self):
        record = self._import("1;05.01.2021;<script>x()</script>;Cerere;;")
        self.assertNotIn("<script>", record.preview_html)

    def test_choice_of_columns_is_remembered(self):
        titles = "A;B;C"
        first = self._import("1;05.01.2021;Cerere", titles=titles)
        self.assertFalse(any(first.column_ids.mapped("target")))
        targets = ("number", "registration_date", "summary")
        for column, target in zip(first.column_ids, targets, strict=True):
            column.target = target
        first.action_check()
        second = self._import("2;06.01.2021;Cerere", titles=titles, name="b.csv")
        self.assertEqual(tuple(second.column_ids.mapped("target")), targets)

    def test_wrong_columns_are_refused_before_anything_is_read(self):
        record = self._import("1;05.01.2021;Ion;Cerere;URB;")
        record.column_ids[1].target = False
        with self.assertRaisesRegex(UserError, "Registration date"):
            record.action_check()
        record.column_ids[1].target = "number"
        with self.assertRaisesRegex(UserError, "Registration number"):
            record.action_check()

    def test_files_that_are_no_tables(self):
        for content in (b"", b"%PDF-1.4\x00", b"PK\x03\x04broken", b"numai titluri"):
            with self.subTest(content), self.assertRaises(UserError):
                self.env["pcu.intake.import"].with_user(self.operator).create(
                    {
                        "name": "x.csv",
                        "register_id": self.register.id,
                        "content": base64.b64encode(content or b" "),
                    }
                )

    def test_workbook_as_a_clerk_uploads_it(self):
        """From the store, where no file has an ending to its name."""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"default_date_format": "dd.mm.yyyy"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, TITLES.split(";"))
            sheet.write_row(1, 0, [7, date(2021, 1, 5), "Ion Pop", "Cerere", "URB"])
        record = self.env["pcu.intake.import"].create(
            {
                "name": "2021.xlsx",
                "register_id": self.register.id,
                "content": base64.b64encode(out.getvalue()),
            }
        )
        record.action_check()
        record._work()
        self.assertEqual((record.state, record.summary), ("checked", "2021: 7–7"))

    def test_dry_run_reports_and_writes_nothing(self):
        before = self.env["pcu.register.entry"].search_count([])
        record = self._checked("1;05.01.2021;Ion;Cerere;URB;", "x;5;;;;")
        self.assertRecordValues(
            record,
            [
                {
                    "state": "checked",
                    "rows_total": 2,
                    "taken_count": 1,
                    "refused_count": 1,
                    "summary": "2021: 1–1",
                }
            ],
        )
        self.assertEqual(self.env["pcu.register.entry"].search_count([]), before)
        self.assertFalse(self._year(2021))

    def test_each_refused_line_says_why_and_the_others_go_on(self):
        record = self._checked(
            "1;05.01.2021;Ion;Cerere;;",
            ";05.01.2021;Ion;Cerere;;",
            "3a;05.01.2021;Ion;Cerere;;",
            "4;;Ion;Cerere;;",
            "5;31.02.2021;Ion;Cerere;;",
            "6;03/04/21;Ion;Cerere;;",
            "7;05.01.2027;Ion;Cerere;;",
            "8;05.01.2021;Ion;;;",
            "1;06.01.2021;Ion;Altă cerere;;",
            "",
            "10;07.01.2021;Ion;Cerere;;",
        )
        self.assertEqual(
            [(r.line, r.reason) for r in record.refusal_ids],
            [(3, "no_number"), (4, "bad_number"), (5, "no_date"), (6, "bad_date"),
             (7, "bad_date"), (8, "future_date"), (9, "no_summary"), (10, "twice")],
        )  # fmt: skip
        self.assertEqual(record.taken_count, 2)
        report = base64.b64decode(record.refusals_csv).decode("utf-8-sig")
        self.assertIn("5;31.02.2021;Ion;Cerere", report)
        self.assertEqual(len(report.splitlines()), 9)

    def test_entries_have_their_original_numbers(self):
        record = self._imported(
            "17;05.01.2021;Ion Pop;Cerere;URB;",
            "18;06.01.2021;SC Teiul SRL;Adresă;Birou vechi;17",
        )
        first, second = self._entries(record)
        self.assertRecordValues(
            first | second,
            [
                {
                    "reference": "17/05.01.2021",
                    "registration_date": date(2021, 1, 5),
                    "state": "solved",
                    "department_id": self.urbanism.id,
                    "import_note": False,
                    "connected_to_id": False,
                },
                {
                    "reference": "18/06.01.2021",
                    "registration_date": date(2021, 1, 6),
                    "state": "solved",
                    "department_id": False,
                    "import_note": "Birou vechi",
                    "connected_to_id": first.id,
                },
            ],
        )
        self.assertEqual(first.sender_id.name, "Ion Pop")
        self.assertEqual(second.sender_id.pcu_party_kind, "legal")
        self.assertEqual(record.state, "done")

    def test_one_name_is_one_party(self):
        known = self.citizen
        known.pcu_party_kind = "natural"
        record = self._imported(
            f"1;05.01.2021;{known.name};a;;", f"2;05.01.2021;{known.name};b;;",
            "3;05.01.2021;Ana Nou;c;;", "4;05.01.2021;Ana Nou;d;;",
        )  # fmt: skip
        entries = self._entries(record)
        self.assertEqual(entries[:2].sender_id, known)
        self.assertEqual(len(entries[2:].sender_id), 1)

    def test_cedillas_of_old_code_pages_become_commas(self):
        lines = (
            "Nr;Data;Emitent;Rezumat",
            "1;05.01.2021;\u0162ăranu \u015etefan;Cerere \u015ftampilă",
        )
        record = self.env["pcu.intake.import"].with_user(self.operator).create(
            {
                "name": "vechi.csv", "register_id": self.register.id,
                "content": base64.b64encode("\n".join(lines).encode("cp1250")),
            }
        )  # fmt: skip
        record.action_check()
        record.sudo()._work()
        record.action_import()
        record.sudo()._work()
        entry = self._entries(record)
        self.assertEqual(entry.summary, "Cerere ștampilă")
        self.assertEqual(entry.sender_id.name, "Țăranu Ștefan")

    def test_counter_goes_on_after_the_last(self):
        record = self._imported(
            "3;05.01.2026;Ion;Cerere;;", "5;06.01.2026;Ion;Cerere;;",
        )  # fmt: skip
        year = self._year(2026)
        self.assertEqual((year.opening_number, year.last_number), (3, 5))
        self.assertEqual(self._registered().number, 6)
        # The line that the old book didn't have shows; nothing else does.
        self.assertEqual(
            year._check_continuity(), [{"kind": "gap", "first": 4, "last": 4}]
        )
        self.assertEqual(record.summary, "2026: 3–5")

    def test_go_live_in_the_middle_of_the_year(self):
        """The suite began at 501; the first five hundred come later."""
        self._year(2026).opening_number = 501
        self.assertEqual(self._registered().number, 501)
        record = self._imported(
            "499;05.01.2026;Ion;a;;", "500;06.01.2026;Ion;b;;",
            "501;07.01.2026;Ion;c;;", "777;07.01.2026;Ion;d;;",
        )  # fmt: skip
        self.assertEqual(
            [(r.line, r.reason) for r in record.refusal_ids],
            [(4, "taken"), (5, "after_own")],
        )
        year = self._year(2026)
        self.assertEqual((year.opening_number, year.last_number), (499, 501))
        self.assertFalse(year._check_continuity())
        self.assertEqual(self._registered().number, 502)

    def test_second_half_of_a_year_in_a_second_file(self):
        self._imported("1;05.01.2021;Ion;a;;", "2;06.01.2021;Ion;b;;")
        record = self._imported(
            "2;06.01.2021;Ion;b;;", "3;07.07.2021;Ion;c;;", name="b.csv"
        )
        self.assertEqual(record.refusal_ids.reason, "taken")
        self.assertEqual(self._entries(record).number, 3)
        self.assertFalse(self._year(2021)._check_continuity())

    def test_database_is_the_last_wall(self):
        record = self._imported("1;05.01.2021;Ion;a;;")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            entry = self._entries(record)
            values = record.sudo()._prepare_entries(
                record.sudo()._understand(
                    [(2, ["1", "05.01.2021", "Ion", "a"])], set()
                )[0][0][1:]
            )
            entry._programmatic().create(values)

    def test_closed_year_takes_nothing(self):
        self._imported("1;05.01.2021;Ion;a;;")
        year = self._year(2021).with_context(pcu_registry=PROGRAM)
        year.state = "closed"
        record = self._checked("2;05.01.2021;Ion;a;;", name="b.csv")
        self.assertEqual(record.refusal_ids.reason, "year_closed")
        with self.assertRaises(UserError):
            record.action_import()

    def test_open_business_stays_open_if_wished(self):
        record = self._imported(
            "1;05.01.2021;Ion;a;;", treat_as_solved=False, name="b.csv"
        )
        self.assertEqual(self._entries(record).state, "registered")

    def test_stopped_import_goes_on_without_doubles(self):
        """A process dies after any slice; the next one goes on from the row."""
        self.patch(pcu_intake_import_work, "SLICE", 2)
        lines = [f"{n};05.01.2021;Ion;cerere {n};;" for n in range(1, 8)]
        record = self._checked(*lines)
        self.assertEqual(record.rows_total, 7)
        record.action_import()
        stopped = iter((True, False))
        work = record.sudo()
        with_pause = type(work)._pause
        self.patch(type(work), "_pause", lambda _self, _done: next(stopped, False))
        work._work()
        self.assertEqual((record.state, record.rows_done), ("importing", 4))
        self.assertTrue(work.lines_attachment_id)
        self.patch(type(work), "_pause", with_pause)
        work._work()
        self.assertEqual((record.state, record.rows_done), ("done", 7))
        self.assertEqual(self._entries(record).mapped("number"), list(range(1, 8)))
        self.assertEqual(record.taken_count, 7)
        self.assertFalse(work.lines_attachment_id, "no second copy of the names")

    def test_scheduler_learns_how_much_is_left(self):
        """It would rest for minutes when told of less than there is."""
        record = self._import(*(f"{n};05.01.2021;Ion;a;;" for n in range(1, 8)))
        record.action_check()
        work, told = record.sudo(), []

        def out_of_time(_self, _done, **progress):
            told.append(progress.get("remaining"))

        self.patch(type(work), "_pause", out_of_time)
        self.patch(pcu_intake_import_work, "SLICE", 3)
        work._work()
        self.assertEqual((told[0], record.rows_total, record.rows_done), (7, 7, 3))
        work._work()
        work._work()
        self.assertEqual(record.state, "checked", "the last slice is the end")

    def test_stopped_check_finds_doubles_across_the_stop(self):
        self.patch(pcu_intake_import_work, "SLICE", 1)
        record = self._import("1;05.01.2021;Ion;a;;", "1;05.01.2021;Ion;b;;")
        record.action_check()
        work = record.sudo()
        with_pause = type(work)._pause
        self.patch(type(work), "_pause", lambda _self, _done, **_more: False)
        work._work()
        self.patch(type(work), "_pause", with_pause)
        work._work()
        self.assertEqual(record.refusal_ids.reason, "twice")

    def test_another_file_is_read_anew(self):
        record = self._checked("1;05.01.2021;Ion;a;;", "2;05.01.2021;Ion;b;;")
        record.action_back()
        content = f"{TITLES}\n9;05.01.2021;Ion;c;;".encode()
        record.write({"name": "b.csv", "content": base64.b64encode(content)})
        record.action_check()
        record.sudo()._work()
        self.assertEqual((record.rows_total, record.summary), (1, "2021: 9–9"))

    def test_columns_are_fixed_once_checked(self):
        record = self._checked("1;05.01.2021;Ion;a;;")
        with self.assertRaises(UserError):
            record.treat_as_solved = False
        record.action_back()
        record.treat_as_solved = False

    def test_file_and_progress_are_the_programs(self):
        """Whoever named somebody's file as the import's own could have it deleted."""
        record = self._import("1;05.01.2021;Ion;a;;")
        other = self.env["ir.attachment"].create({"name": "a.css", "raw": b"a"})
        for values in (
            {"attachment_id": other.id},
            {"lines_attachment_id": other.id},
            {"state": "checked", "taken_count": 1},
        ):
            with self.assertRaisesRegex(UserError, "come from its actions"):
                record.write(values)
            with self.assertRaisesRegex(UserError, "come from its actions"):
                self._import("1;05.01.2021;Ion;a;;", **values)
        content = f"{TITLES}\n9;05.01.2021;Ion;c;;".encode()
        record.content = base64.b64encode(content)
        self.assertEqual(record.sudo().attachment_id.raw, content)
        self.assertTrue(other.exists())

    def test_origin_of_an_entry_is_the_programs(self):
        """An own entry called imported would no longer bound what is imported."""
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        record = self._import("1;05.01.2021;Ion;a;;")
        draft = entries.create({"register_id": self.register.id, "summary": "a"})
        scan = self.env["pcu.intake.scan"].create(
            {
                "name": "a.pdf",
                "register_id": self.register.id,
                "company_id": self.company.id,
            }
        )
        for values in (
            {"import_id": record.id},
            {"import_note": "x"},
            {"scan_id": scan.id},
        ):
            with self.assertRaisesRegex(UserError, "can't be written directly"):
                draft.write(values)
            with self.assertRaisesRegex(UserError, "can't be written directly"):
                entries.create({"register_id": self.register.id, **values})

    def test_import_that_brought_entries_stays(self):
        record = self._checked("1;05.01.2021;Ion;a;;")
        copy = self._checked("1;05.01.2021;Ion;a;;", name="b.csv")
        copy.unlink()
        record.action_import()
        with self.assertRaises(UserError):
            record.unlink()

    def test_roles_and_verbs(self):
        record = self._checked("1;05.01.2021;Ion;a;;", "x;05.01.2021;Ion;a;;")
        columns, refusals = record.column_ids[:1], record.refusal_ids
        self.assertVerbs(record, operator=ALL, admin=ALL)
        self.assertVerbs(columns, operator={"read", "write"}, admin={"read", "write"})
        self.assertVerbs(refusals, operator=READ, admin=READ)
        for records in (record, columns, refusals):
            self.assertVerbs(records, inspector=NONE, head=NONE, auditor=NONE)

    def test_only_registry_and_administrator_import(self):
        record = self._checked("1;05.01.2021;Ion;a;;")
        for user in (self.inspector, self.head, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                record.with_user(user).action_import()
        record.with_user(self.admin).action_import()
        record.sudo()._work()
        self.assertEqual(len(self._entries(record)), 1)

    def test_another_institution_sees_nothing(self):
        record = self._import("1;05.01.2021;Ion;a;;")
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for each in (record, record.column_ids):
            each = each.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(each.has_access("read"))
