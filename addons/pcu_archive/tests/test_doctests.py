import doctest

from odoo.tests import BaseCase, tagged

from .. import classification_codes, eark, plan_form, retention


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_examples_in_the_kernels_hold(self):
        for module in (classification_codes, eark, plan_form, retention):
            with self.subTest(module.__name__):
                result = doctest.testmod(
                    module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
                )
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)
