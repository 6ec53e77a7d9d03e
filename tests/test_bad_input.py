"""What goes wrong in real life: each case is registered or waits in sight, in words.

One town hall serves all cases, because each looks at its own submission only. The cases
of the citizen's own pages (refusals before anything is sent) are in sandbox/tests.
"""

import base64
import contextlib
import hashlib
import json
import os

import pytest
from townhall_world import TownHall, applicant, bytes_file, text_file

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00>\x00\x01\x00\x00\x00" + bytes(400)
HOSTILE_NAME = "../../../etc/Cerere ștampilată – țăran.pdf"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def hall():
    with TownHall("e2e_bad_input") as town_hall:
        town_hall.open()
        yield town_hall


@contextlib.contextmanager
def out_of_order(process):
    """Stop one of the programs for a while."""
    process.stop()
    try:
        yield
    finally:
        process.start()


@contextlib.contextmanager
def changed_secret(hall, admin, platform):
    """Give the connector a wrong secret for a while, as an administrator would."""
    admin.call("pcu.platform", "write", [platform], {"client_secret": "nu e acesta"})
    hall.sandbox.control("expire-tokens")
    try:
        yield
    finally:
        secret = hall.sandbox.client_secret
        admin.call("pcu.platform", "write", [platform], {"client_secret": secret})
        admin.call("pcu.platform", "action_test_connection", [platform])
        admin.call("pcu.platform", "action_pull_now", [platform])


def filed(hall, **values) -> dict:
    """File, wait for the number, and return the request's and its documents' rows."""
    number = str(hall.submit(**values)["number"])
    hall.wait_until(
        lambda: hall.value(
            "SELECT e.number FROM pcu_request r JOIN pcu_register_entry e"
            " ON e.id = r.entry_id WHERE r.origin_number = %s",
            number,
        ),
        30,
        f"the number of PISEG {number}",
    )
    request = hall.value("SELECT id FROM pcu_request WHERE origin_number = %s", number)
    documents = hall.clerk().call(
        "pcu.document", "search_read",
        [["request_id", "=", request]],
        ["name", "size", "sha256", "type_mismatch", "suspicious", "type_note"],
        context={"lang": "ro_RO"},
    )  # fmt: skip
    fields = ["state", "email", "unclassified", "applicant_id", "notice_problem"]
    found = hall.clerk().call(
        "pcu.request", "read", [request], fields, context={"lang": "ro_RO"}
    )[0]
    return {**found, "documents": documents}


def test_a_wrong_cnp_is_kept_as_a_note_and_the_request_registered(hall):
    request = filed(hall, applicant=applicant(cnp="1800101221145", name="Ion Greșit"))
    cnp, note = hall.rows(
        "SELECT pcu_cnp, pcu_identity_note FROM res_partner WHERE id = %s",
        request["applicant_id"][0],
    )[0]
    assert not cnp
    assert "1800101221145" in note


def test_a_wrong_cnp_typed_by_a_clerk_is_refused_in_romanian(hall):
    with pytest.raises(RuntimeError, match="cifr"):
        hall.clerk().call(
            "res.partner", "create",
            [{"name": "Ion", "pcu_party_kind": "natural", "pcu_cnp": "1800101221145"}],
            context={"lang": "ro_RO"},
        )  # fmt: skip


def test_an_executable_named_pdf_is_kept_and_marked(hall):
    request = filed(hall, files=[bytes_file("factură.pdf", ELF)])
    (document,) = request["documents"]
    assert document["sha256"] == hashlib.sha256(ELF).hexdigest()
    assert document["type_mismatch"]
    assert document["suspicious"]
    assert "program" in document["type_note"].lower()


def test_an_empty_file_is_a_document_with_a_remark(hall):
    request = filed(hall, files=[bytes_file("gol.pdf", b"")])
    (document,) = request["documents"]
    assert document["size"] == 0
    assert "gol" in document["type_note"].lower()


def test_a_sixty_megabyte_file_arrives_whole(hall):
    content = os.urandom(60 * 1024 * 1024)
    request = filed(
        hall, files=[{"name": "plan.bin", "base64": base64.b64encode(content).decode()}]
    )
    (document,) = request["documents"]
    assert document["size"] == len(content)
    assert document["sha256"] == hashlib.sha256(content).hexdigest()


def test_what_is_sent_back_comes_repaired_into_the_same_row(hall):
    """The citizen reads what is wrong, adds a file, and gets one number."""
    clerk, admin = hall.clerk(), hall.clerk("administrator")
    pull = (
        "pcu.platform",
        "action_pull_now",
        hall.value("SELECT id FROM pcu_platform"),
    )
    row = "SELECT i.%s FROM pcu_exchange_item i WHERE i.remote_id = %%s"
    hall.sandbox.control("faults", {"wrong_bytes_rate": 1, "only": "/files/"}, "PUT")
    filed = hall.submit(files=[bytes_file("stricat.pdf", PDF)])
    hall.wait_until(
        lambda: hall.value(row % "state", filed["id"]) == "held", 60, "the spoilt file"
    )
    item = hall.value(row % "id", filed["id"])
    wizard = clerk.call(
        "pcu.exchange.repair", "create",
        {"act": "returned", "repair_code": "unreadable", "item_ids": [[6, 0, [item]]]},
    )  # fmt: skip
    clerk.call("pcu.exchange.repair", "action_apply", wizard)
    told = "SELECT body FROM effects WHERE submission_id = ? AND effect = 'refusal'"
    hall.wait_until(lambda: hall.platform_rows(told, filed["id"]), 60, "the words")
    (words,) = hall.platform_rows(told, filed["id"])
    assert json.loads(words["body"])["permanent"] is False
    admin.call(*pull)
    assert hall.value(row % "request_id", filed["id"]) is None

    hall.sandbox.control("faults", {}, "PUT")
    repaired = {"text": "Poftim", "files": [bytes_file("bun.pdf", PDF)]}
    hall.sandbox.control(f"submissions/{filed['id']}/message", repaired)
    admin.call(*pull)
    hall.wait_until(
        lambda: hall.value(row % "state", filed["id"]) == "acked", 60, "the number"
    )
    request = hall.value(row % "request_id", filed["id"])
    names = "SELECT array_agg(name) FROM pcu_document WHERE request_id = %s"
    hall.wait_until(lambda: "bun.pdf" in hall.value(names, request), 30, "the new file")
    (book,) = hall.platform_rows("SELECT * FROM submissions WHERE id = ?", filed["id"])
    assert (book["state"], bool(book["registration"])) == ("registered", True)
    same = "SELECT count(*) FROM pcu_exchange_item WHERE remote_number = %s"
    assert hall.value(same, str(filed["number"])) == 1


def test_a_hostile_file_name_is_data_and_never_a_path(hall):
    request = filed(hall, files=[bytes_file(HOSTILE_NAME, PDF)])
    (document,) = request["documents"]
    assert document["name"].endswith("Cerere ștampilată – țăran.pdf")
    assert document["sha256"] == hashlib.sha256(PDF).hexdigest()
    store = hall.odoo.filestore(hall.database).parent
    assert not [p for p in store.rglob("*") if "ștampilată" in p.name]


def test_without_an_e_mail_address_the_clerk_gets_a_task(hall):
    request = filed(hall, applicant=applicant(email=None, cnp=None, name="Fără Adresă"))
    hall.wait_until(
        lambda: (
            hall.value(
                "SELECT state FROM pcu_notice WHERE request_id = %s", request["id"]
            )
            == "no_address"
        ),
        30,
        "the remark that there is no address",
    )
    assert hall.value(
        "SELECT count(*) FROM mail_activity WHERE res_model = 'pcu.request'"
        " AND res_id = %s",
        request["id"],
    )


def test_an_unknown_procedure_is_registered_and_unclassified(hall):
    request = filed(hall, procedure="TAXI")
    assert request["unclassified"]
    assert request["state"] == "registered"


def test_a_platform_that_is_down_is_shown_and_loses_nothing(hall):
    platform = hall.value("SELECT id FROM pcu_platform")
    clerk = hall.clerk("administrator")

    def health() -> str:
        """Ask what the platform's form says."""
        read = ("pcu.platform", "read", [platform], ["health_text"])
        return clerk.call(*read, context={"lang": "ro_RO"})[0]["health_text"].lower()

    with out_of_order(hall.sandbox):
        clerk.call("pcu.platform", "action_pull_now", [platform])
        hall.wait_until(lambda: "nu răspunde" in health(), 60, "the fault in words")
    request = filed(hall, observations="După pană")
    assert request["state"] == "registered"


def test_a_wrong_secret_stops_the_platform_with_one_incident(hall):
    platform = hall.value("SELECT id FROM pcu_platform")
    admin = hall.clerk("admin")
    number = None
    with changed_secret(hall, admin, platform):
        number = str(hall.submit(observations="Cu secret greșit")["number"])
        hall.wait_until(
            lambda: hall.value("SELECT state FROM pcu_platform") == "stopped",
            60,
            "the stop",
        )
        said = admin.call(
            "pcu.platform", "read", [platform], ["incident"], context={"lang": "ro_RO"}
        )[0]["incident"]
        assert "refuză autentificarea" in said
        assert "nu e acesta" not in said

    hall.wait_until(
        lambda: hall.value(
            "SELECT count(*) FROM pcu_request WHERE origin_number = %s", number
        ),
        90,
        "the submission filed meanwhile",
    )


def test_with_smtp_down_the_mail_waits_and_leaves_later(hall):
    query = "SELECT state, attempts FROM pcu_notice WHERE request_id = %s"
    with out_of_order(hall.mail):
        request = filed(hall, applicant=applicant(name="Poștă Oprită"))
        hall.wait_until(lambda: hall.rows(query, request["id"])[0][1] >= 1, 60, "a try")
        assert hall.rows(query, request["id"])[0][0] == "waiting"

    hall.wait_until(
        lambda: hall.rows(query, request["id"])[0][0] == "sent", 150, "the mail"
    )
    assert (
        hall.value(
            "SELECT count(DISTINCT mail_id) FROM pcu_notice WHERE request_id = %s",
            request["id"],
        )
        == 1
    )


def test_text_that_is_no_text_is_filed_as_it_came(hall):
    request = filed(
        hall, observations="<script>alert(1)</script>", files=[text_file("a.txt")]
    )
    assert request["state"] == "registered"
