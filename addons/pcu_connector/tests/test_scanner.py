"""Files are looked at by a real clamd before they become documents."""

import base64
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from odoo.addons.pcu_base import virus_scanner
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .. import exchange_states as es
from .common import ExchangeCase
from .test_manual import pack

# The harmless file that scanners agree to find; in two parts, for the scanners of
# whoever checks out this repository.
THREAT = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
CONFIGURATION = """
DatabaseDirectory {folder}
LocalSocket {folder}/socket
Foreground yes
StreamMaxLength 1M
"""


class Clamd:
    """The daemon with one signature of our own: no download of a virus database."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pcu-clamd-"))
        self.folder.chmod(0o755)
        self.address = str(self.folder / "socket")
        (self.folder / "own.ndb").write_text(f"Pcu.Test:0:*:{THREAT.hex()}\n")
        self.settings = self.folder / "clamd.conf"
        self.settings.write_text(CONFIGURATION.format(folder=self.folder))
        self.process = None

    def start(self):
        program = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.process = subprocess.Popen(
            [program, f"--config-file={self.settings}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                virus_scanner.ping(self.address)
            except virus_scanner.ScannerDownError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("clamd did not start")

    def stop(self):
        self.process.kill()
        self.process.wait()
        Path(self.address).unlink(missing_ok=True)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)


@tagged("post_install", "-at_install")
class TestScanner(ExchangeCase):
    """Clean, infected, too large, and nobody there to ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clamd = Clamd()
        cls.clamd.start()
        cls.addClassCleanup(cls.clamd.remove)
        cls.company.pcu_virus_scanner = cls.clamd.address

    def file_of(self, item, name):
        return item.file_ids.filtered(lambda f: f.name == name)

    def test_infected_file_is_put_away_and_the_rest_is_registered(self):
        """The clerk sees name and threat; no document and no address has the bytes."""
        _id, item = self.registered(
            files=[("plan.pdf", b"%PDF-1.4 clean"), ("virus.pdf", THREAT)]
        )
        self.assertEqual(item.state, es.ACKED)
        clean, infected = (self.file_of(item, n) for n in ("plan.pdf", "virus.pdf"))
        self.assertEqual((clean.state, clean.scan), ("verified", "clean"))
        self.assertEqual(infected.state, "quarantined")
        self.assertIn("Pcu.Test", infected.threat)
        self.assertFalse(infected.document_id)
        path = infected._get_quarantine_path()
        self.addCleanup(path.unlink)
        self.assertEqual(path.read_bytes(), THREAT)
        self.assertEqual(path.stat().st_mode & 0o777, 0o400)
        note = item.request_id.message_ids.filtered(lambda m: "virus.pdf" in m.body)
        self.assertIn("carantină", note.body)

    def test_file_too_large_for_the_scanner_is_taken_with_a_remark(self):
        _id, item = self.registered(files=[("big.pdf", os.urandom(3 << 20))])
        self.assertEqual((item.file_ids.state, item.file_ids.scan),
                         ("verified", "too_large"))  # fmt: skip

    def test_scanner_that_is_down_is_waited_for(self):
        """No try is counted, nothing is registered unseen, and it goes on by itself."""
        self.clamd.stop()
        self.addCleanup(lambda: self.clamd.process.poll() is None or self.clamd.start())
        submission_id = self.remote.submit(files=[("plan.pdf", b"%PDF-1.4")])
        self.pull()
        item = self.item_of(submission_id)
        self.assertFalse(item.request_id)
        self.assertEqual(item.attempts, 0)
        self.assertIn("virus scanner", item.problem)
        self.assertEqual(self.platform.state, "running")
        calls = len(self.remote.calls)
        self.clamd.start()
        self.make_due()
        self.work()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)
        again = [c for c in self.remote.calls[calls:] if "/files/" in str(c)]
        self.assertFalse(again, "the file was downloaded twice")

    def test_package_is_scanned_like_a_download(self):
        """Infected: quarantine, no document, no copy left; the rest is registered."""
        body = dict(self.remote.submissions[self.remote.submit()])
        self.platform.state = "unreachable"
        files = [("plan.pdf", b"%PDF-1.4 clean"), ("virus.pdf", THREAT)]
        wizard = self.env["pcu.exchange.manual"].create(
            {
                "platform_id": self.platform.id,
                "package": base64.b64encode(pack(body, files)),
            }
        )
        self.env.flush_all()
        item = self.env["pcu.exchange.item"].browse(wizard.action_take()["res_id"])
        self.assertTrue(item.request_id)
        clean, infected = (self.file_of(item, n) for n in ("plan.pdf", "virus.pdf"))
        self.assertEqual((clean.state, clean.scan), ("verified", "clean"))
        self.assertEqual(
            (infected.state, infected.document_id.id), ("quarantined", False)
        )
        self.addCleanup(infected._get_quarantine_path().unlink)
        self.assertEqual(infected._get_quarantine_path().read_bytes(), THREAT)
        self.assertFalse(wizard.package)

    def type_in(self, content):
        dropped = self.env["ir.attachment"].create({"name": "a.pdf", "raw": content})
        wizard = self.env["pcu.exchange.manual"].create(
            {
                "platform_id": self.platform.id,
                "mode": "typed",
                "number": "4711",
                "applicant_name": "Ana Popescu",
                "attachment_ids": dropped.ids,
            }
        )
        self.env.flush_all()
        return dropped, wizard

    def test_dropped_file_is_scanned_and_no_copy_stays(self):
        dropped, wizard = self.type_in(THREAT)
        item = self.env["pcu.exchange.item"].browse(wizard.action_take()["res_id"])
        self.assertEqual(item.file_ids.state, "quarantined")
        self.addCleanup(item.file_ids._get_quarantine_path().unlink)
        self.assertFalse(dropped.exists())
        self.assertFalse(item.request_id.document_ids)

    def test_nothing_is_brought_by_hand_past_a_scanner_that_is_down(self):
        self.clamd.stop()
        self.addCleanup(self.clamd.start)
        dropped, wizard = self.type_in(b"%PDF-1.4")
        with self.assertRaisesRegex(UserError, "nothing was stored"):
            wizard.action_take()
        self.assertTrue(dropped.exists(), "the clerk need not drop it again")
        self.assertFalse(self.item_of("piseg:4711"))

    def test_without_a_scanner_files_are_taken_as_before(self):
        self.company.pcu_virus_scanner = False
        _id, item = self.registered(files=[("plan.pdf", b"%PDF-1.4")])
        self.assertEqual((item.file_ids.state, item.file_ids.scan), ("verified", False))

    def test_address_that_is_none_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no address of a virus scanner"):
            self.company.pcu_virus_scanner = "localhost"
