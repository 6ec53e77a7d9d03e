"""The examples in the docstrings of the pure modules are true."""

import doctest

from odoo.tests import BaseCase, tagged

from .. import mail_reading, register_lines, separators, tables


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_examples(self):
        for each in (mail_reading, register_lines, separators, tables):
            with self.subTest(each.__name__):
                self.assertFalse(doctest.testmod(each).failed)
