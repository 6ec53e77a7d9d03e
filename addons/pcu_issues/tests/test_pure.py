"""The doctests of the pure module."""

from odoo.addons.pcu_base.tests.common import Examples
from odoo.tests import BaseCase


class TestPlaces(Examples, BaseCase):
    """Checking and naming places."""

    PURE = ("places",)
