import base64

import pypdfium2
import zxingcpp
from odoo.addons.pcu_registry.tests.common import RegistryCase
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .. import separators


@tagged("post_install", "-at_install")
class TestSeparatorSheets(RegistryCase):
    """The suite prints the sheets that it recognises."""

    def _print(self, user, **values):
        return self.env["pcu.intake.separators"].with_user(user).create(values)

    def test_every_page_carries_the_mark(self):
        wizard = self._print(self.operator, count=2, both_sides=True)
        pages = pypdfium2.PdfDocument(base64.b64decode(wizard.content))
        self.assertEqual(len(pages), 4)
        for page in pages:
            image = page.render(scale=75 / 72, grayscale=True).to_pil()
            texts = [code.text for code in zxingcpp.read_barcodes(image)]
            self.assertEqual(texts, [separators.MARK])

    def test_a_heap_of_sheets_is_refused(self):
        for count in (0, 201):
            with self.subTest(count=count), self.assertRaises(ValidationError):
                self._print(self.operator, count=count)

    def test_only_the_registry_prints(self):
        for user in (self.inspector, self.head, self.auditor, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._print(user)
