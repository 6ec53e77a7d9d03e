"""The pure modules explain themselves by doctests; they run with the suite."""

import doctest

from odoo.tests import BaseCase

from .. import charts, figures


class TestPure(BaseCase):
    """Doctests."""

    def test_doctests(self):
        """Each example in the pure modules holds."""
        for module in (charts, figures):
            with self.subTest(module=module.__name__):
                self.assertFalse(doctest.testmod(module).failed)
