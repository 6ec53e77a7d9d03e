"""Documents in the browser: each to who may read it, and harmlessly."""

import base64
import importlib
import io
import re
import zipfile
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from docx import Document
from odf.opendocument import OpenDocumentText
from odf.text import A, H, P
from odoo.tests import HttpCase, tagged
from PIL import Image

from .. import signed_containers
from .common import EXE, PDF, PNG, PcuBaseCase

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(text="Bună ziua", change=None):
    """Make a Word document; ``change`` rewrites its main part."""
    document = Document()
    document.add_heading("Cerere", 1)
    document.add_paragraph(text)
    Image.new("RGB", (2, 2), "red").save(picture := io.BytesIO(), "PNG")
    document.add_picture(picture)
    out = io.BytesIO()
    document.save(out)
    if not change:
        return out.getvalue()
    return rewritten(out, "word/document.xml", change)


def opendocument(text="Bună ziua", change=None):
    """Make an OpenDocument text; ``change`` rewrites its main part."""
    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text="Cerere"))
    paragraph = P(text=text)
    paragraph.addElement(A(href="http://spion.example", text="aici"))
    document.text.addElement(paragraph)
    document.save(out := io.BytesIO())
    return rewritten(out, "content.xml", change) if change else out.getvalue()


def rewritten(archive, name, change):
    """Change one part of an office file."""
    changed = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == name:
                content = change(content)
            new.writestr(part, content)
    return changed.getvalue()


def tiff(*modes):
    """Make a scan with a page of each mode."""
    # Odoo takes this format away from its process; known again once it is imported.
    importlib.import_module("PIL.TiffImagePlugin")
    first, *others = [Image.new(mode, (40, 40)) for mode in modes]
    compression = "group4" if set(modes) == {"1"} else None
    first.save(
        out := io.BytesIO(),
        "TIFF",
        save_all=True,
        append_images=others,
        compression=compression,
    )
    return out.getvalue()


class Signature:
    """A person who signs, with a certificate of their own."""

    def __init__(self, name="Ștefan Ionescu", organisation="Cadastru Exact SRL"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, name),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            ]
        )
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self.key.public_key())
            .serial_number(77)
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2028, 1, 1, tzinfo=UTC))
            .sign(self.key, hashes.SHA256())
        )

    def p7m(self, content, *, detached=False):
        """Put a file into a signed container, or sign it from beside."""
        options = [pkcs7.PKCS7Options.Binary]
        if detached:
            options.append(pkcs7.PKCS7Options.DetachedSignature)
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        return builder.sign(serialization.Encoding.DER, options)

    def asice(self, files, *, xades=False):
        """Make an ASiC-E container of files."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
            for name, content in files.items():
                archive.writestr(name, content)
            if xades:
                archive.writestr("META-INF/signatures0.xml", self._xades())
            else:
                archive.writestr(
                    "META-INF/signature001.p7s", self.p7m(b"x", detached=True)
                )
        return out.getvalue()

    def _xades(self):
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        body = "".join(pem.splitlines()[1:-1])
        return (
            '<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Signature><ds:KeyInfo>'
            f"<ds:X509Data><ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data>"
            "</ds:KeyInfo><ds:Object><SigningTime>2026-03-12T10:00:00Z</SigningTime>"
            "</ds:Object></ds:Signature></a>"
        )


@tagged("post_install", "-at_install")
class TestPreview(PcuBaseCase):
    """What the desk is told about a document."""

    def _preview(self, name, content):
        return self.make_document(name, content).get_preview()

    def _page(self, name, content):
        mimetype, page = self.make_document(name, content)._show()
        self.assertEqual(mimetype, "text/html")
        return page

    def test_pdf_opens_in_the_viewer_of_odoo(self):
        """The viewer fetches the bytes from the guarded address."""
        document = self.make_document()
        preview = document.get_preview()
        self.assertEqual(preview["kind"], "pdf")
        self.assertIn(f"file=/pcu/document/{document.id}/show", preview["url"])

    def test_word_becomes_a_page_without_script_or_address(self):
        """Headings, words and pictures remain; nothing is fetched."""
        page = self._page("cerere.docx", word("Solicit certificat <script>"))
        self.assertIn("<h1>Cerere</h1>", page)
        self.assertIn("Solicit certificat &lt;script&gt;", page)
        self.assertIn('src="data:image/png;base64,', page)
        self.assertNotIn("<script", page)

    def test_word_with_entities_is_not_read(self):
        """A billion laughs stay untold."""
        bomb = word(
            change=lambda part: part.replace(
                b"?>", b'?><!DOCTYPE a [<!ENTITY a "ha">]>', 1
            )
        )
        self.assertIn("damaged", self._page("gluma.docx", bomb))

    def test_opendocument_becomes_a_page_without_script_or_address(self):
        """As Word does; what is no text of ours stays words."""
        page = self._page("cerere.odt", opendocument("Solicit <script>"))
        self.assertIn("<h1>Cerere", page)
        self.assertIn("Solicit &lt;script&gt;", page)
        for forbidden in ("<script", "href", "http"):
            self.assertNotIn(forbidden, page)

    def test_opendocument_with_entities_is_not_read(self):
        """Nor is one whose parts are no XML."""
        for change in (
            lambda part: part.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY a "ha">]>', 1),
            lambda part: part[: len(part) // 2],
        ):
            page = self._page("gluma.odt", opendocument(change=change))
            self.assertIn("damaged", page)

    def test_pages_of_a_scan_are_drawn_one_below_the_other(self):
        """Black and white, grey and colour; the frame fetches nothing."""
        document = self.make_document("scan.tif", tiff("1", "L", "RGB", "CMYK"))
        self.assertEqual(document.get_preview()["kind"], "scan")
        page = document._show()[1]
        self.assertEqual(page.count('src="data:image/jpeg;base64,'), 4)
        self.assertNotIn("Only the first", page)

    def test_a_long_scan_says_that_it_goes_on(self):
        """Thirty pages are enough for a look."""
        page = self._page("lung.tiff", tiff(*["1"] * 31))
        self.assertEqual(page.count("<img"), 30)
        self.assertIn("Only the first 30 pages", page)

    def test_a_scan_that_claims_a_wall_of_pixels_is_not_unpacked(self):
        """On its first page or on a later one."""
        # Width and height, as a tag of one number.
        sides = re.compile(rb"([\x00\x01]\x01[\x03\x04]\x00\x01\x00\x00\x00)..", re.S)
        wall = sides.sub(lambda tag: tag[1] + b"\x60\xea", tiff("1", "1"))
        second = sides.sub(lambda tag: tag[1] + b"\x28\x00", wall, count=2)
        for name, content in (("perete.tif", wall), ("a-doua.tif", second)):
            self.assertIn("too large", self._page(name, content))

    def test_broken_files_say_so_in_a_sentence(self):
        """Whatever arrives, the desk gets words and no error."""
        for name, content in (
            ("taiat.pdf", b"%PDF-1.4\n1 0 obj<<"),
            ("rupt.png", PNG[:20]),
            ("rupt.p7m", b"\x30\x82\x01\x00rest"),
            ("gol.asice", b"PK\x05\x06" + bytes(18)),
            ("scris.p7s", b"nu este o semnatura"),
        ):
            with self.subTest(name):
                preview = self._preview(name, content)
                self.assertEqual(preview["kind"], "none")
                self.assertIn("damaged", preview["message"])
        broken = word(change=lambda part: part[: len(part) // 2])
        self.assertIn("damaged", self._page("rupt.docx", broken))
        broken = b"II*\0\x08\0\0\0\x01"
        self.assertIn("damaged", self._page("rupt.tif", broken))

    def test_programs_and_empty_files_are_not_shown(self):
        """The warning of the file stands where the preview would."""
        self.assertIn("program", self._preview("cerere.pdf", EXE)["message"])
        self.assertIn("empty", self._preview("gol.pdf", b"")["message"])

    def test_unknown_types_are_offered_as_download(self):
        """A drawing or an archive is named, and left to its own program."""
        with zipfile.ZipFile(archive := io.BytesIO(), "w") as file:
            file.writestr("plan.dwg", b"AC1027")
        preview = self._preview("planuri.zip", archive.getvalue())
        self.assertIn("ZIP", preview["message"])

    def test_too_large_is_told_with_the_size(self):
        """What would choke the browser is downloaded."""
        document = self.make_document("jurnal.txt", b"a" * (2 * 2**20 + 1))
        self.assertIn("too large", document.get_preview()["message"])

    def test_html_of_strangers_is_shown_as_text(self):
        """Markup is read, never run."""
        page = self._page("pagina.html", b"<html><script>alert(1)</script></html>")
        self.assertIn("&lt;script&gt;", page)
        self.assertNotIn("<script>", page)

    def test_signed_container_shows_the_file_inside_and_the_signer(self):
        """CAdES: what was signed, by whom, and no word about validity."""
        preview = self._preview("oferta.pdf.p7m", Signature().p7m(PDF))
        self.assertEqual(preview["kind"], "signed")
        self.assertEqual(preview["files"][0]["name"], "oferta.pdf")
        self.assertEqual(preview["files"][0]["kind"], "pdf")
        signer = preview["signers"][0]
        self.assertEqual(signer["name"], "Ștefan Ionescu")
        self.assertEqual(signer["organisation"], "Cadastru Exact SRL")
        self.assertIn("01.01.2028", signer["valid"])

    def test_day_of_a_signature_is_romanian(self):
        """Half past midnight in Romania is still the day before in UTC."""
        show = self.env["pcu.document"]._show_day
        night = datetime(2025, 12, 31, 22, 30)
        self.assertEqual(show(night.replace(tzinfo=UTC)), "01.01.2026")
        self.assertEqual(show(night), "31.12.2025", "as written, without a zone")
        self.assertEqual(show(None), "")

    def test_detached_signature_shows_the_signer_only(self):
        """A .p7s stands beside its file."""
        preview = self._preview("oferta.pdf.p7s", Signature().p7m(PDF, detached=True))
        self.assertEqual(preview["files"], [])
        self.assertEqual(preview["signers"][0]["name"], "Ștefan Ionescu")

    def test_asic_shows_all_files_and_signers(self):
        """ASiC-E with CAdES and with XAdES signatures."""
        for xades in (False, True):
            with self.subTest(xades=xades):
                content = Signature().asice(
                    {"cerere.pdf": PDF, "anexa.docx": word()}, xades=xades
                )
                preview = self._preview("dosar.asice", content)
                kinds = {f["name"]: f["kind"] for f in preview["files"]}
                self.assertEqual(kinds, {"cerere.pdf": "pdf", "anexa.docx": "docx"})
                self.assertEqual(preview["signers"][0]["name"], "Ștefan Ionescu")

    def test_base64_of_a_container_is_read_too(self):
        """Some signing programs write text."""
        text = base64.encodebytes(Signature().p7m(PDF))
        container = signed_containers.read(text, "oferta.pdf.p7m")
        self.assertEqual(container.files, (("oferta.pdf", PDF),))

    def test_container_inside_a_container_is_not_unpacked(self):
        """No nesting dolls."""
        inner = Signature().p7m(PDF)
        preview = self._preview("dublu.p7m.p7m", Signature().p7m(inner))
        self.assertFalse(preview["files"][0]["url"])


@tagged("post_install", "-at_install")
class TestPreviewAddress(PcuBaseCase, HttpCase):
    """What the browser gets, and who gets nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.make_document(department_id=cls.urban.id)
        cls.signed = cls.make_document(
            "oferta.pdf.p7m", Signature().p7m(PDF), department_id=cls.urban.id
        )

    def _get(self, login, address):
        self.authenticate(login, login)
        return self.url_open(address)

    def test_bytes_come_with_all_locks(self):
        """No sniffing, no script, nothing fetched, nobody else's frame."""
        answer = self._get("pcu_inspector", f"/pcu/document/{self.document.id}/show")
        self.assertEqual(answer.content, PDF)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        policy = answer.headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "sandbox", "frame-ancestors 'self'"):
            self.assertIn(part, policy)
        self.assertNotIn("script-src", policy)

    def test_who_may_not_read_gets_what_nobody_gets(self):
        """Forbidden and missing look alike, also inside a container."""
        pages = [
            self._get("pcu_clerk", f"/pcu/document/{number}{part}/show")
            for number in (self.document.id, self.signed.id, 10**8)
            for part in ("", "/part/0")
        ]
        self.assertEqual({page.status_code for page in pages}, {404})

    def test_file_inside_a_container_is_shown(self):
        """And a part that isn't there is not found."""
        base = f"/pcu/document/{self.signed.id}/part"
        answer = self._get("pcu_inspector", f"{base}/0/show")
        self.assertEqual(answer.content, PDF)
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(self.url_open(f"{base}/9/show").status_code, 404)

    def test_without_a_login_nothing_is_shown(self):
        """The address alone opens nothing."""
        answer = self.url_open(
            f"/pcu/document/{self.document.id}/show", allow_redirects=False
        )
        self.assertIn(answer.status_code, (303, 302))
