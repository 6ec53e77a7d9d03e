"""What people say when they look for a document is understood, without a database."""

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from .. import numbering, searching

TODAY = date(2026, 11, 22)


def words(spoken):
    return [word.text for word in searching.parse(spoken, TODAY).words]


@tagged("post_install", "-at_install")
class TestSearching(BaseCase):
    def parse(self, spoken):
        return searching.parse(spoken, TODAY)

    def test_examples_are_true(self):
        for each in (numbering, searching):
            self.assertFalse(doctest.testmod(each).failed)

    def test_number_with_year_or_date_however_it_is_written(self):
        for spoken in ("1234/2026", " 1234/2026. ", "nr 1234/2026", "RG-001234/2026"):
            with self.subTest(spoken):
                question = self.parse(spoken)
                self.assertEqual((question.number, question.year), (1234, 2026))
                self.assertFalse(question.words)
        question = self.parse("1234/10.11.2026")
        self.assertEqual(question.number, 1234)
        self.assertEqual(question.first, date(2026, 11, 10))
        self.assertIsNone(question.year)

    def test_lone_number_is_a_registration_number(self):
        self.assertEqual(self.parse("1234").number, 1234)
        self.assertEqual(self.parse("nr. 1234").number, 1234)
        self.assertEqual(self.parse("2025").number, 2025)
        self.assertIsNone(self.parse("popescu 1234").number)
        self.assertEqual(words("popescu 1234"), ["popescu", "1234"])

    def test_impossible_numbers_and_dates_are_words(self):
        self.assertIsNone(self.parse("99999999999/2026").number)
        self.assertIsNone(self.parse("99999999999").number)
        self.assertIsNone(self.parse("31.02.2026").first)
        self.assertIsNone(self.parse("12/99.99.2026").number)

    def test_month_and_year_are_times_or_words(self):
        month, year = self.parse("popescu octombrie 2025").words[1:]
        self.assertEqual((month.text, month.marks), ("octombrie", ("@m10",)))
        self.assertEqual((year.text, year.marks), ("2025", ("@y2025",)))
        day = self.parse("popescu 5 octombrie").words[1]
        self.assertEqual((day.text, day.marks), ("5", ("@n05",)))

    def test_old_and_future_years_are_words(self):
        self.assertFalse(self.parse("decembrie 1918").words[1].marks)
        self.assertFalse(self.parse("buget 2050").words[1].marks)
        self.assertTrue(self.parse("buget 2027").words[1].marks)

    def test_days_and_months_are_ranges(self):
        self.assertEqual(self.parse("ieri").first, date(2026, 11, 21))
        self.assertEqual(self.parse("Astăzi").last, TODAY)
        self.assertEqual(self.parse("10.11.2026").first, date(2026, 11, 10))
        self.assertEqual(self.parse("2026-11-10").last, date(2026, 11, 10))
        february = self.parse("02.2024")
        self.assertEqual(february.first, date(2024, 2, 1))
        self.assertEqual(february.last, date(2024, 2, 29))

    def test_day_without_its_year_is_the_last_one_that_has_been(self):
        for spoken, mark in (
            ("22.11", "@n22 @m11 @y2026"), ("23.11", "@n23 @m11 @y2025"),
            ("popescu 5.01.", "@n05 @m01 @y2026"), ("29.02", "@n29 @m02 @y2024"),
        ):  # fmt: skip
            with self.subTest(spoken):
                question = self.parse(spoken)
                self.assertEqual(question.words[-1].marks, (mark,))
                self.assertIsNone(question.number)
                self.assertIsNone(question.first)

    def test_day_without_its_year_may_as_well_be_a_number(self):
        self.assertEqual(words("22.11"), ["22 11"])
        self.assertTrue(self.parse("22.11").words[0].exact)
        for spoken in ("31.02", "22.13", "0.11", "22.115", "12.34.5"):
            with self.subTest(spoken):
                self.assertFalse(any(w.marks for w in self.parse(spoken).words))

    def test_short_months_follow_a_day_only(self):
        for spoken in ("22 nov.", "22 Noiembrie", "22 nov 2026"):
            day, month = self.parse(spoken).words[:2]
            self.assertEqual((day.marks, month.marks), (("@n22",), ("@m11",)))
            self.assertTrue(day.exact, "22 isn't the beginning of 2215")
        self.assertEqual(self.parse("3 sept").words[1].marks, ("@m09",))
        self.assertFalse(self.parse("dec popescu").words[0].marks)

    def test_codes_of_persons_and_firms(self):
        self.assertEqual(self.parse("1800101221144").code, "1800101221144")
        self.assertEqual(self.parse("RO14399840").code, "14399840")
        self.assertEqual(self.parse("Ion@Exemplu.ro").code, "ion@exemplu.ro")
        self.assertIsNone(self.parse("roman").code)

    def test_words_lose_diacritics_case_and_fillers(self):
        self.assertEqual(
            words("Cererea lui Țărână Ștefan, strada Mihai-Viteazu"),
            ["cererea", "tarana", "stefan", "mihai", "viteazu"],
        )
        self.assertEqual(words("de la"), ["de", "la"])

    def test_quoted_words_are_meant_exactly(self):
        question = self.parse('„Maria” "Ion Pop"')
        self.assertTrue(all(word.exact for word in question.words))
        self.assertEqual(len(question.words), 3)
        self.assertEqual(searching.terms(question.words[:1], {}, {}), "('maria')")

    def test_nothing_said_asks_nothing(self):
        for spoken in ("", "   ", "-", "„”", "'; --", "@"):
            with self.subTest(spoken):
                question = self.parse(spoken)
                self.assertFalse(question.words)
                self.assertIsNone(question.number)

    def test_hostile_text_never_leaves_the_quotes(self):
        question = self.parse("a':* | 'b & c \\ \x00 !(x)")
        query = searching.terms(question.words, {}, {})
        self.assertRegex(query, r"^(\('[a-z0-9]+'(:\*)?\)( & )?)+$")

    def test_endless_question_is_cut(self):
        self.assertLessEqual(len(words("cuvinte multe " * 500)), searching.MAX_WORDS)
