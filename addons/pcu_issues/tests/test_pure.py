"""The doctests of the pure module."""

import doctest

from odoo.tests import BaseCase

from .. import places


class TestPlaces(BaseCase):
    """Checking and naming places."""

    def test_examples(self):
        """Each example in the docstrings holds."""
        result = doctest.testmod(places)
        self.assertGreater(result.attempted, 0)
        self.assertFalse(result.failed)
