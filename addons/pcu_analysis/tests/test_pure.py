"""The pure modules explain themselves by doctests; they run with the suite."""

from odoo.addons.pcu_base.tests.common import Examples
from odoo.tests import BaseCase


class TestPure(Examples, BaseCase):
    """Doctests."""

    PURE = (
        "charts",
        "figures",
    )
