"""By hand while the API is down, and the same entry when it is back."""

import base64
import io
import json
import tempfile
import zipfile
from pathlib import Path

import requests
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import exchange_states as es
from .. import manual_package
from .common import ExchangeCase
from .fake_platform import INSTITUTION


def pack(body, files=(), **options):
    """Build a package; ``files`` are (name, bytes) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            archive.writestr("submission.json", text)
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestManual(ExchangeCase):
    """Package and typed number, refused and taken, then delivered by the API."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("op", "pcu_base.group_registry_operator")

    def wizard(self, user=None, **values):
        self.env.flush_all()
        return (
            self.env["pcu.exchange.manual"]
            .with_user(user or self.operator)
            .create({"platform_id": self.platform.id, **values})
        )

    def bring(self, content, user=None):
        """Take a package in; return its row."""
        wizard = self.wizard(user, mode="zip", package=base64.b64encode(content))
        self.env.flush_all()
        action = wizard.action_take()
        return self.env["pcu.exchange.item"].browse(action["res_id"])

    def type_in(self, number, files=(), **values):
        """Take a typed number with dropped files in; return its row."""
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create([{"name": name, "raw": content} for name, content in files])
        )
        wizard = self.wizard(
            mode="typed", number=number, applicant_name="Ana Popescu",
            procedure_id=self.procedure.id, attachment_ids=attachments.ids, **values,
        )  # fmt: skip
        self.env.flush_all()
        action = wizard.action_take()
        return self.env["pcu.exchange.item"].browse(action["res_id"])

    def filed(self, *files):
        """File on the platform; return id, what the API would answer, the files."""
        submission_id = self.remote.submit(files)
        body = dict(self.remote.submissions[submission_id])
        return submission_id, body, [(f"fisiere/{n}", c) for n, c in files]

    def switch_off(self):
        self.platform.write({"state": "unreachable"})

    def switch_on(self):
        self.platform.write({"state": "running"})

    def test_dropped_archives_and_bombs_are_refused(self):
        """A package by another name, and a document that unpacks without end."""
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"\0" * (8 << 20))
        for name, content, why in (
            ("acte.zip", pack({}, [("a.pdf", b"a")]), "is an archive"),
            ("cerere.docx", bomb.getvalue(), "unpacks to far more"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, why):
                self.type_in("4712", [(name, content)])
        item = self.type_in("4712", [("cerere.docx", pack({}, [("w.xml", b"a")]))])
        self.assertEqual(item.file_ids.state, "verified")

    def test_only_own_uploads_are_taken(self):
        """The copies are deleted afterwards: nobody's file but the clerk's own."""
        public = self.env["ir.attachment"].create(
            {"name": "web.css", "raw": b"a", "public": True}
        )
        for values in ({"mode": "typed", "number": "4711"}, {"mode": "zip"}):
            wizard = self.wizard(attachment_ids=public.ids, **values)
            with self.assertRaisesRegex(UserError, "belongs elsewhere"):
                wizard.action_take()
        self.assertTrue(public.exists())
        own = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "a.pdf", "raw": b"a"})
        )
        wizard = self.wizard(
            mode="typed", number="4711", applicant_name="Ana Popescu",
            attachment_ids=own.ids,
        )  # fmt: skip
        own.write({"res_model": wizard._name, "res_id": wizard.id})
        self.env.flush_all()
        wizard.action_take()
        self.assertFalse(own.exists())

    def test_package_gets_its_number_while_the_platform_is_down(self):
        """No call goes out; the request has its number and its files."""
        self.switch_off()
        submission_id, body, files = self.filed(("a.pdf", b"a"), ("b.pdf", b"b"))
        item = self.bring(pack(body, files))
        self.assertEqual((item.remote_id, item.manual), (submission_id, "zip"))
        self.assertTrue(item.request_id.entry_id.number)
        self.assertEqual(
            set(item.request_id.document_ids.mapped("name")), {"a.pdf", "b.pdf"}
        )
        self.assertFalse(self.remote.calls)
        row = self.env["pcu.journal"].search(
            [("action", "=", "exchange_by_hand"), ("res_id", "=", item.id)]
        )
        self.assertEqual(row.user_id, self.operator)

    def test_later_delivery_falls_on_the_same_entry(self):
        """Same row, same request, same number, no file fetched twice."""
        self.switch_off()
        submission_id, body, files = self.filed(("a.pdf", b"a"))
        item = self.bring(pack(body, files))
        request, number = item.request_id, item.request_id.entry_id.number
        documents = request.document_ids
        self.switch_on()
        self.pull()
        self.assertEqual(self.item_of(submission_id), item)
        self.assertTrue(item.met_at)
        self.assertEqual((item.request_id, request.entry_id.number), (request, number))
        self.assertEqual(request.document_ids, documents)
        self.assertFalse(self.remote.sent("/files/"))
        self.assertEqual(item.state, es.ACKED)
        told = self.remote.told(submission_id, "registration")
        self.assertEqual([t["number"] for t in told], [str(number)])

    def test_typed_number_meets_the_platform_s_submission(self):
        """One row, one request; equal files are the same, others come beside them."""
        self.switch_off()
        submission_id, body, _files = self.filed(("a.pdf", b"a"), ("b.pdf", b"b"))
        item = self.type_in(body["number"], [("scan.pdf", b"a"), ("c.pdf", b"c")])
        request, number = item.request_id, item.request_id.entry_id.number
        self.assertTrue(number)
        self.assertFalse(self.remote.calls)
        self.switch_on()
        self.pull()
        self.pull()
        self.assertEqual(self.item_of(submission_id), item)
        self.assertEqual(self.env["pcu.exchange.item"].search_count([]), 1)
        self.assertEqual(request.entry_id.number, number)
        self.assertIn(submission_id, request.origin_key)
        self.assertEqual(
            sorted(request.document_ids.mapped("name")),
            ["b.pdf", "c.pdf", "scan.pdf"],
        )
        self.assertEqual(self.remote.sent("/files/"), 1)
        self.assertEqual(self.remote.told(submission_id), ["receipt", "registration"])
        notes = " ".join(request.message_ids.mapped("body"))
        # Written by the worker, in the institution's language.
        self.assertRegex(notes, r": b\.pdf\. .*: c\.pdf\.")

    def test_file_that_failed_at_delivery_comes_later(self):
        """However the fetching breaks, nothing the platform has is left there."""
        for pattern, fault in (
            ("/files/", {"status": 503}),
            ("/files/", {"status": 403}),
            ("/submissions/", {"error": requests.ConnectionError("away")}),
        ):
            with self.subTest(pattern=pattern, **fault):
                self.switch_off()
                _submission_id, body, _files = self.filed((f"{fault}.pdf", b"a"))
                item = self.type_in(body["number"])
                self.switch_on()
                self.poll()
                self.remote.fail(pattern, **fault)
                self.work()
                self.assertFalse(item.request_id.document_ids)
                self.assertFalse(item._is_settled())
                # The answers leave meanwhile: only the files are left to be brought.
                self.work()
                self.make_due()
                self.work()
                self.assertEqual(
                    item.request_id.document_ids.mapped("name"),
                    item.file_ids.mapped("name"),
                )
                self.assertTrue(item._is_settled())
                self.assertFalse(item.problem_summary)

    def test_delivery_that_needs_a_person_is_shown_and_goes_on_by_a_button(self):
        """Bytes that stay wrong: in the console, and fetched on the clerk's word."""
        self.switch_off()
        submission_id, body, _files = self.filed(("a.pdf", b"a"))
        item = self.type_in(body["number"])
        self.switch_on()
        place = self.remote.submissions[submission_id]["files"][0]["id"]
        self.remote.contents[place] = b"b"
        self.pull()
        self.assertTrue(item.is_stuck)
        self.work()
        self.assertIn(item, item.search([("event_ids.state", "=", es.HELD)]))
        self.assertEqual(self.remote.told(submission_id), ["receipt", "registration"])
        self.remote.contents[place] = b"a"
        item.with_user(self.operator).action_retry()
        self.assertEqual(item.request_id.document_ids.mapped("name"), ["a.pdf"])
        self.assertFalse(item.is_stuck)

    def test_delivery_that_was_deleted_meanwhile_compares_nothing(self):
        """The platform listed it and has it no more."""
        self.switch_off()
        _submission_id, body, _files = self.filed(("a.pdf", b"a"))
        item = self.type_in(body["number"], [("a.pdf", b"a")])
        self.switch_on()
        self.poll()
        self.remote.fail("/submissions/", status=410, code="gone")
        self.work()
        delivery = item.event_ids.filtered(lambda e: e.kind == "delivered")
        self.assertEqual(delivery.state, "ignored")
        self.assertTrue(item.request_id.is_open)
        notes = " ".join(item.request_id.message_ids.mapped("body"))
        self.assertRegex(notes, "ștearsă|was deleted")

    def test_what_has_ended_without_a_number_is_not_taken_by_hand(self):
        """The clerk hears that it has ended, and what to do; nothing is stored."""
        for state in (es.WITHDRAWN, es.REFUSED):
            with self.subTest(state=state):
                _id, body, files = self.filed(("a.pdf", b"a"))
                self.poll()
                item = self.item_of(body["id"])
                item.state = state
                with self.assertRaisesRegex(UserError, "cerere nouă|new request"):
                    self.bring(pack(body, files))
                with self.assertRaisesRegex(UserError, "încheiat|has ended"):
                    self.type_in(body["number"], files)
                self.assertFalse(item.file_ids)

    def test_no_platform_says_our_own_word_for_a_delivery(self):
        """An act of that name is something new, shown as it came."""
        submission_id, item = self.registered()
        self.remote.happen(submission_id, "delivered", text="Poftim")
        self.pull()
        self.assertEqual(item.event_ids[-1:].kind, "other")

    def test_act_that_is_seen_before_the_list_makes_no_second_request(self):
        """A row born of an act gives way to the one typed in."""
        self.switch_off()
        submission_id, body, _files = self.filed()
        item = self.type_in(body["number"])
        self.switch_on()
        self.remote.submissions[submission_id]["seq"] = 0
        self.remote.happen(submission_id, "message", text="Bună")
        self.remote.submissions[submission_id]["seq"] = -1
        self.pull()
        self.pull()
        self.assertEqual(self.item_of(submission_id), item)
        self.assertEqual(
            self.env["pcu.request"].search_count(
                [("origin_number", "=", body["number"])]
            ),
            1,
        )
        self.assertIn("message", item.event_ids.mapped("kind"))

    def test_row_of_an_act_gives_way_in_the_middle_of_a_page(self):
        """Both are known when the list comes; the one typed in stays."""
        self.switch_off()
        submission_id, body, _files = self.filed()
        item = self.type_in(body["number"])
        self.switch_on()
        (row,) = self.platform._make_adapter().list_submissions("", 10).items
        items = self.env["pcu.exchange.item"]
        early = items.create(items._prepare_row_values(self.platform, row))
        self.assertEqual(items._store_rows(self.platform, [row]), (0, 1))
        self.assertEqual(self.item_of(submission_id), item)
        self.assertEqual(early.state, es.WITHDRAWN)

    def beside(self, body):
        """Have the platform's own row of what was typed in become a request."""
        (row,) = self.platform._make_adapter().list_submissions("", 10).items
        items = self.env["pcu.exchange.item"]
        own = items.create(items._prepare_row_values(self.platform, row))
        own.payload = body
        own.write({"request_id": self.env["pcu.request"]._file(
            own._prepare_request_values()).id, "state": es.REGISTERED})  # fmt: skip
        return row, own

    def test_of_two_numbers_a_person_ends_one(self):
        """The list goes on, no key is taken from another, and the clerk is told."""
        self.switch_off()
        submission_id, body, _files = self.filed()
        item = self.type_in(body["number"])
        request = item.request_id
        self.switch_on()
        row, own = self.beside(body)
        for _look in range(2):
            self.env["pcu.exchange.item"]._store_rows(self.platform, [row])
        self.assertEqual(self.item_of(submission_id), own)
        self.assertEqual(item.state, es.HELD)
        self.assertIn(own.entry_reference, item.problem)
        self.assertTrue(item.is_stuck)
        self.assertNotEqual(request.origin_key, own.request_id.origin_key)
        self.pull()
        self.assertEqual(own.state, es.ACKED)
        self.assertEqual(
            [t["number"] for t in self.remote.told(submission_id, "registration")],
            [str(own.request_id.entry_id.number)],
        )
        item.with_user(self.operator).action_retry()
        self.assertEqual((item.state, item.problem), (es.REGISTERED, False))
        self.assertEqual(item.request_id, request)

    def test_files_without_a_number_go_to_the_request_that_is_there(self):
        """What the clerk brought is not lost, and gets no second number."""
        self.switch_off()
        _id, body, _files = self.filed()
        self.patch(type(self.env["pcu.exchange.item"]), "advance", lambda *_args: None)
        item = self.type_in(body["number"], [("act.pdf", b"act")])
        row, own = self.beside(body)
        self.env["pcu.exchange.item"]._store_rows(self.platform, [row])
        self.assertEqual(item.request_id, own.request_id)
        self.assertEqual(own.request_id.document_ids.mapped("name"), ["act.pdf"])
        self.assertFalse(item.problem)

    def test_brought_twice_is_brought_once(self):
        """The same package again opens the same row and stores nothing."""
        _id, body, files = self.filed(("a.pdf", b"a"))
        content = pack(body, files)
        item = self.bring(content)
        count = self.env["pcu.document"].search_count([])
        self.assertEqual(self.bring(content), item)
        self.assertEqual(self.type_in(body["number"]), item)
        self.assertEqual(self.env["pcu.document"].search_count([]), count)
        with self.assertRaisesRegex(UserError, "nou.pdf"):
            self.type_in(body["number"], [("nou.pdf", b"nou")])

    def test_file_that_the_package_lacks_is_fetched_later(self):
        """What is missing waits for the platform, or for the clerk's word."""
        self.switch_off()
        _id, body, files = self.filed(("a.pdf", b"a"), ("b.pdf", b"b"))
        item = self.bring(pack(body, files[:1]))
        self.assertFalse(item.request_id)
        self.switch_on()
        self.pull()
        self.assertEqual(
            set(item.request_id.document_ids.mapped("name")), {"a.pdf", "b.pdf"}
        )
        self.assertEqual(self.remote.sent("/files/"), 1)

    def test_bytes_other_than_described_are_refused(self):
        """A file that is not the announced one stops the whole package."""
        _id, body, _files = self.filed(("a.pdf", b"a"))
        with self.assertRaisesRegex(UserError, "SHA-256"):
            self.bring(pack(body, [("a.pdf", b"altceva")]))
        self.assertFalse(self.env["pcu.exchange.item"].search_count([]))

    def test_package_of_another_institution_is_refused(self):
        """Whose it is decides where it is registered."""
        _id, body, files = self.filed()
        with self.assertRaisesRegex(UserError, "another institution"):
            self.bring(pack(body | {"institution": "alta"}, files))
        self.bring(pack(body | {"institution": INSTITUTION}, files))

    def test_hostile_packages_are_refused_in_words(self):
        """Each trick has its own sentence, and nothing is stored."""
        _id, body, _files = self.filed()
        locked = bytearray(pack(body, [("a.txt", b"a")]))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = -1
            while (at := locked.find(mark, at + 1)) >= 0:
                locked[at + offset] |= 1
        cases = {
            "not a ZIP": b"%PDF-1.4",
            "no submission.json": pack(None, [("a.pdf", b"a")]),
            "can't be read": pack("{"),
            "can't be read.": pack("[1]"),
            "does not say which": pack({"number": "1"}),
            "points out": pack(body, [("../../etc/passwd", b"a")]),
            "points out of": pack(body, [("C:\\\\x.pdf", b"a")]),
            "far more": pack(body, [("a.bin", bytes(8 * 1024 * 1024))]),
            "is an archive": pack(body, [("a.pdf", pack(body))]),
            "password": bytes(locked),
            "more than 200": pack(body, [(f"{n}.txt", b"") for n in range(202)]),
        }
        for sentence, content in cases.items():
            with (
                self.subTest(sentence=sentence),
                self.assertRaisesRegex(UserError, sentence.rstrip(".")),
            ):
                self.bring(content)
        self.assertFalse(self.env["pcu.exchange.item"].search_count([]))

    def test_limit_counts_what_really_comes_out(self):
        """The size in the directory is not believed."""
        content = io.BytesIO(pack({"id": "x"}, [("a.bin", b"ab" * 600)]))
        with (
            tempfile.TemporaryDirectory() as folder,
            self.assertRaises(manual_package.PackageError) as caught,
        ):
            manual_package.read(content, Path(folder), max_total=1000)
        self.assertEqual(caught.exception.code, "too_large")

    def test_incomplete_form_is_refused(self):
        """A number in digits and a name, or nothing."""
        for number in ("", "12a"):
            with self.subTest(number=number), self.assertRaises(UserError):
                self.type_in(number)

    def test_who_may(self):
        """The registry and the administrator bring in; nobody else opens the form."""
        _id, body, files = self.filed()
        for group in ("inspector", "auditor", "user"):
            user = self.make_user(f"m_{group}", f"pcu_base.group_{group}")
            with self.subTest(group=group), self.assertRaises(AccessError):
                self.bring(pack(body, files), user)
        admin = self.make_user("m_admin", "pcu_base.group_admin")
        self.assertTrue(self.bring(pack(body, files), admin).request_id)
