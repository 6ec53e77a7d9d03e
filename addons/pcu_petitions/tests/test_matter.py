"""Several petitions about one matter (OG 27/2002 art. 10)."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PetitionsCase


@tagged("post_install", "-at_install")
class TestMatter(PetitionsCase):
    """Connected within the term, filed as repeated after the answer."""

    def _answered(self):
        first = self._on_desk()
        first.with_user(self.inspector)._decide("favourable", "Groapa a fost astupată.")
        return first

    def test_similar_petition_of_the_same_person_is_suggested(self):
        """Same petitioner and alike words; nothing happens by itself."""
        first = self._petition()
        again = self._petition("groapa de pe str. Florilor")
        other = self._petition("Tăiere arbore în parc")
        self.assertEqual(again.similar_ids, first)
        self.assertFalse(other.similar_ids)
        self.assertEqual(again.state, "registered")

    def test_another_person_is_not_suggested(self):
        """Neighbours may write about the same hole; each gets an answer."""
        neighbour = self.citizen.copy({"name": "Ana Pop", "email": "ana@example.com"})
        self._petition()
        self.assertFalse(self._petition(applicant=neighbour).similar_ids)

    def test_the_same_person_filed_twice_is_found_by_mailbox(self):
        """A platform may have made a second party of the same person."""
        first = self._petition()
        twin = self.citizen.copy({"email": "ion@example.com"})
        self.assertEqual(self._petition(applicant=twin).similar_ids, first)

    def test_connected_petitions_get_one_answer(self):
        """The later one ends; the answer to the first names both numbers."""
        sent = self._catch_mail()
        first = self._on_desk(email="ion@example.com")
        again = self._petition(email="ion@example.com")
        again.with_user(self.inspector)._connect_petition(first)
        self.assertEqual(again.state, "closed")
        self.assertEqual(again.closing_kind, "connected")
        self.assertEqual(again.entry_id.connected_to_id, first.entry_id)
        self.assertEqual(again.entry_id.resolution, "connected")
        first.with_user(self.inspector)._decide("favourable", "Groapa a fost astupată.")
        self.assertFalse(again.notice_ids.filtered(lambda n: n.kind == "solved"))
        first.notice_ids.filtered(lambda n: n.kind == "solved")._advance()
        text = self._text(sent[-1])
        self.assertIn(first.entry_reference, text)
        self.assertIn(again.entry_reference, text)

    def test_answered_petition_is_not_connected_but_repeated(self):
        """After the answer art. 10 (2) holds, before it art. 10 (1)."""
        first = self._answered()
        again = self._petition().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "answered already"):
            again._connect_petition(first)
        again._file_repeated(first)
        self.assertEqual(again.closing_kind, "repeated")
        self.assertEqual(again.entry_id.resolution, "filed_repeated")
        self.assertEqual(again.repeats_id, first)
        notes = first.message_ids.mapped("body") + first.entry_id.message_ids.mapped(
            "body"
        )
        noted = [note for note in notes if again.entry_reference in note]
        self.assertEqual(len(noted), 2, "on the file and on the row of the first")
        self.assertFalse(again.notice_ids.filtered(lambda n: n.kind == "solved"))

    def test_unanswered_petition_is_not_repeated(self):
        """Filing away what nobody answered would be a silence."""
        first = self._petition()
        again = self._petition().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "not been answered"):
            again._file_repeated(first)
        self.assertEqual(again.state, "registered")

    def test_anonymous_filing_is_no_answer(self):
        """What was filed itself can't make the next one a repetition."""
        nobody = self.env.ref("pcu_petitions.partner_anonymous")
        first = self._petition(applicant=nobody)
        first.with_user(self.inspector).action_file_anonymous()
        again = self._petition(applicant=nobody).with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "not been answered"):
            again._file_repeated(first)

    def test_another_petitioner_is_neither_connected_nor_repeated(self):
        """Except when a wrongly addressed authority sends the same paper."""
        neighbour = self.citizen.copy({"name": "Ana Pop", "email": "ana@example.com"})
        first = self._petition()
        theirs = self._petition(applicant=neighbour).with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "another petitioner"):
            theirs._connect_petition(first)
        first.with_user(self.inspector).action_take()
        first.with_user(self.inspector)._decide("favourable", "Da.")
        with self.assertRaisesRegex(UserError, "another petitioner"):
            theirs._file_repeated(first)
        sent_on = self._petition(applicant=neighbour, received_from_id=self.county.id)
        sent_on.with_user(self.inspector)._file_repeated(first)
        self.assertEqual(sent_on.closing_kind, "repeated")

    def test_later_petition_is_joined_to_the_earlier_one(self):
        """Not the other way round, not to itself, not in a chain."""
        first = self._petition().with_user(self.inspector)
        self.clock.tick(60)
        again = self._petition().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "came later"):
            first._connect_petition(again)
        with self.assertRaisesRegex(UserError, "another petition"):
            first._connect_petition(first)
        again._connect_petition(first)
        third = self._petition().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "earlier"):
            third._connect_petition(again)

    def test_repeated_by_the_dialog_of_closing_wants_the_first_number(self):
        """Without it no note could be made."""
        request = self._on_desk()
        dialog = self.env["pcu.request.close"].with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "which answered petition"):
            dialog.create(
                {"request_id": request.id, "closing_kind": "repeated", "reason": "x"}
            ).action_confirm()
        self.assertEqual(request.state, "in_progress")

    def test_dialog_proposes_the_way_of_the_law(self):
        """Connect while the first is open, file when it was answered."""
        dialogs = self.env["pcu.petition.match"].with_user(self.inspector)
        open_one = self._petition("Iluminat stradal defect pe aleea Mică")
        again = self._petition("Iluminat stradal defect aleea Mică")
        dialog = dialogs.create({"request_id": again.id})
        self.assertEqual((dialog.first_id, dialog.way), (open_one, "connect"))
        dialog.first_id = self._answered()
        self.assertEqual(dialog.way, "repeat")
        dialog.action_confirm()
        self.assertEqual(again.closing_kind, "repeated")

    def test_stranger_joins_nothing(self):
        """Only the people of the department."""
        first = self._petition()
        again = self._petition()
        with self.assertRaises(AccessError):
            again.with_user(self.stranger)._connect_petition(first)

    def test_petition_sent_on_by_another_authority_has_a_new_term(self):
        """Thirty days from our registration (art. 8)."""
        request = self._petition(received_from_id=self.county.id)
        self.assertEqual(request.term_type_id.code, "PET-PRIM")
        self.assertEqual(request.due_date, date(2026, 4, 14))
        self.assertIn(self.county.name, request.entry_id.summary)
        self.assertEqual(self._petition().term_type_id.code, "PET")
