"""The examples in the docstrings of the pure modules are true."""

import doctest

from odoo.tests import BaseCase, tagged

from .. import (
    document_text,
    docx_page,
    file_store,
    file_types,
    identity,
    journal_chain,
    legal_terms,
    number_spans,
    previewing,
    romania,
    signed_containers,
    term_course,
    virus_scanner,
)

PURE = (
    document_text,
    docx_page,
    file_store,
    file_types,
    identity,
    journal_chain,
    legal_terms,
    number_spans,
    previewing,
    romania,
    signed_containers,
    term_course,
    virus_scanner,
)


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_examples(self):
        for each in PURE:
            with self.subTest(each.__name__):
                self.assertFalse(doctest.testmod(each).failed)
