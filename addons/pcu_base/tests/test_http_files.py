from odoo.tests import BaseCase, tagged

from ..http_files import file_response


@tagged("post_install", "-at_install")
class TestHttpFiles(BaseCase):
    """Every paper leaves the house in the same way."""

    def _headers(self, name, **options):
        return dict(file_response(b"x", name, **options).headers.items())

    def test_type_and_place_come_from_the_ending(self):
        for name, mimetype, place in (
            ("listă.pdf", "application/pdf", "inline"),
            (
                "raport.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "attachment",
            ),
            ("fără capăt", "application/octet-stream", "attachment"),
            ("pagină.html", "text/html", "attachment"),
        ):
            with self.subTest(name):
                headers = self._headers(name)
                self.assertEqual(headers["Content-Type"], mimetype)
                self.assertTrue(headers["Content-Disposition"].startswith(place))

    def test_nothing_is_kept_or_guessed(self):
        headers = self._headers("a.pdf")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_name_keeps_its_letters_and_breaks_no_header(self):
        headers = self._headers('Șișești "1"\r\nX: y.pdf', shown=False)
        self.assertEqual(
            headers["Content-Disposition"],
            "attachment; filename*=UTF-8''"
            "%C8%98i%C8%99e%C8%99ti%20%221%22%0D%0AX%3A%20y.pdf",
        )
