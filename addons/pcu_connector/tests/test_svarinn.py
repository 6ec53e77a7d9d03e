"""A second kind of platform: an inbox of lists, files, receipts and failures."""

import hashlib
import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import exchange_states as es
from ..adapters import ADAPTERS
from ..adapters.svarinn import API
from .common import ExchangeCase
from .fake_platform import SECRET, FakePlatform

PDF = b"%PDF-1.4 melding"


class FakeSvarInn(FakePlatform):
    """The inbox in memory, after its public description."""

    def __init__(self):
        super().__init__()
        self.shipments, self.receipts, self.failures = {}, [], []

    def ship(self, identifier="7f1", **values):
        self.shipments[identifier] = {
            "id": identifier,
            "tittel": "Bekymringsmelding",
            "date": 1791100800000,
            "eksternRef": "EXT-1",
            "forsendelseType": "melding",
            "avsender": {
                "navn": "Kari Nordmann",
                "adresselinje1": "Storgata 1",
                "postnr": "0155",
                "poststed": "Oslo",
            },
            "filmetadata": [
                {
                    "filnavn": "melding.pdf",
                    "mimetype": "application/pdf",
                    "sha256hash": hashlib.sha256(PDF).hexdigest(),
                    "size": len(PDF),
                }
            ],
            "status": "Akseptert",
            **values,
        }
        return identifier

    def _route(self, request, path, query):
        self.request = request
        parts = path.removeprefix(API).strip("/").split("/")
        if parts == ["mottaker", "hentNyeForsendelser"]:
            waiting = json.dumps(list(self.shipments.values())).encode()
            return 200, waiting, {}
        identifier = parts[-1]
        if identifier not in self.shipments:
            return 404, {"message": "Fant ikke forsendelse"}, {}
        if request.method == "GET":
            return 200, PDF, {"Content-Length": str(len(PDF))}
        done = self.receipts if parts[0] == "kvitterMottak" else self.failures
        done.append(identifier)
        del self.shipments[identifier]
        return 200, {}, {}


@tagged("post_install", "-at_install")
class TestSvarInn(ExchangeCase):
    """The same core, by what the adapter declares."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platform.adapter = "svarinn"

    def setUp(self):
        super().setUp()
        type(self).remote = FakeSvarInn()

    def test_shipment_is_registered_and_confirmed_once(self):
        shipment = self.remote.ship()
        self.pull()
        item = self.item_of(shipment)
        self.assertEqual((item.state, item.remote_number), (es.ACKED, "EXT-1"))
        self.assertTrue(item.request_id.entry_id.number)
        self.assertEqual(item.request_id.applicant_id.name, "Kari Nordmann")
        self.assertEqual(
            item.file_ids.document_id.sha256, hashlib.sha256(PDF).hexdigest()
        )
        self.assertEqual(self.remote.receipts, [shipment])
        self.assertEqual(item.effect_ids.mapped("kind"), ["receipt"])
        self.pull()
        self.assertEqual(self.remote.receipts, [shipment])
        self.assertEqual(self.item_of(shipment), item)

    def test_confirmation_follows_the_number(self):
        """The inbox forgets what is confirmed: the bytes must be in the register."""
        shipment = self.remote.ship()
        self.remote.fail("/forsendelse/7f1", status=500)
        self.pull()
        self.assertFalse(self.remote.receipts)
        self.make_due()
        self.work()
        self.assertEqual(self.remote.receipts, [shipment])

    def test_lost_answer_to_the_receipt_is_no_second_entry(self):
        shipment = self.remote.ship()
        self.remote.fail("kvitterMottak", status=502, after=True)
        self.pull()
        item = self.item_of(shipment)
        self.assertEqual(item.effect_ids.state, es.UNKNOWN)
        self.make_due()
        self.work()
        self.assertEqual((item.state, item.effect_ids.state), (es.ACKED, es.DONE))
        self.assertEqual(self.remote.receipts, [shipment])

    def test_wrong_bytes_are_not_taken(self):
        shipment = self.remote.ship()
        self.remote.shipments[shipment]["filmetadata"][0]["sha256hash"] = "0" * 64
        self.pull()
        self.assertEqual(self.item_of(shipment).state, es.HELD)
        self.assertFalse(self.remote.receipts)

    def test_refusal_tells_the_inbox_that_it_failed(self):
        shipment = self.remote.ship()
        self.poll()
        item = self.item_of(shipment)
        item._refuse(self.env.uid, "spam", "Nu este o solicitare")
        self.make_due()
        self.work()
        self.assertEqual(self.remote.failures, [shipment])

    def test_password_goes_in_the_head_of_each_call(self):
        self.remote.ship()
        self.pull()
        self.assertIn("Basic", self.remote.request.headers["Authorization"])
        self.assertNotIn(SECRET, self.remote.request.url)

    def test_what_it_can_not_do_is_shown_and_not_tried(self):
        self.remote.ship()
        self.pull()
        self.assertIn("show our number", self.platform.missing_text)
        with self.assertRaisesRegex(UserError, "nothing to compare"):
            self.platform.action_reconcile()
        reports = self.env["pcu.exchange.reconciliation"]
        reports._plan_night()
        self.assertFalse(reports.search([("platform_id", "=", self.platform.id)]))

    def test_every_adapter_can_clear_up_a_lost_answer(self):
        for adapter in ADAPTERS.values():
            able = adapter.capabilities
            self.assertTrue(able.lookup or able.repeatable, adapter.code)
            self.assertIn("receipt", able.effects)
