from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestNumbering(RegistryCase):
    """A number is given once, without a gap, to rows that are safe."""

    def test_numbers_follow_each_other(self):
        """Three documents registered one after another get 1, 2 and 3."""
        entries = [self._registered(self.operator) for _each in range(3)]
        self.assertEqual([entry.number for entry in entries], [1, 2, 3])
        self.assertEqual(entries[0].state, "registered")
