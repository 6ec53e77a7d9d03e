"""The examples in the docstrings of the pure modules are true."""

from odoo.addons.pcu_base.tests.common import Examples
from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestDoctests(Examples, BaseCase):
    PURE = (
        "mail_reading",
        "register_lines",
        "separators",
        "tables",
    )
