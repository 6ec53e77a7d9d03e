"""The nightly comparison against the real platform: lost things come back, once."""

import base64
import io

from psycopg2 import sql
from pypdf import PdfReader
from townhall_world import text_file


def test_what_either_side_lost_is_found_and_repaired(make_town_hall, measured):
    hall = make_town_hall(wakeup=False, interval=60)
    hall.open()
    platform = hall.value("SELECT id FROM pcu_platform")
    clerk = hall.clerk("administrator")
    filed = [hall.submit(files=[text_file(f"{n}.txt", f"text {n}")]) for n in range(4)]
    clerk.call("pcu.platform", "action_pull_now", platform)
    hall.wait_for_numbers(4, 90)
    hall.wait_until(lambda: not answers_left(hall), 60, "the answers")
    lost_row, lost_answer = filed[0], filed[1]

    # Here a row disappears; there an acknowledgement, and a submission never listed.
    forget_row(hall, lost_row["id"])
    old = hall.submit(files=[text_file("veche.txt")])
    with hall.platform_database() as database:
        database.execute(
            "UPDATE submissions SET updated_at = '2026-01-05T08:00:00.000000+00:00'"
            " WHERE id = ?", (old["id"],),
        )  # fmt: skip
        database.execute(
            "UPDATE submissions SET updated_at = '2026-01-05T08:00:01.000000+00:00'"
            " WHERE id = ?", (lost_row["id"],),
        )  # fmt: skip
        database.execute(
            "UPDATE submissions SET state = 'submitted', registration = NULL,"
            " taken_over_at = NULL WHERE id = ?", (lost_answer["id"],),
        )  # fmt: skip
        database.execute(
            "DELETE FROM effects WHERE submission_id = ?", (lost_answer["id"],)
        )
        # The feed of acts would betray it by another way.
        database.execute("DELETE FROM events WHERE submission_id = ?", (old["id"],))
        database.execute(
            "DELETE FROM events WHERE submission_id = ?", (lost_row["id"],)
        )

    report = compare(hall, clerk, platform)
    lines = clerk.call(
        "pcu.exchange.reconciliation.line", "search_read",
        [["reconciliation_id", "=", report["id"]]],
        ["kind", "state", "remote_id", "text"], context={"lang": "ro_RO"},
    )  # fmt: skip
    measured(f"comparison: {report['summary']}")
    assert {line["remote_id"]: line["kind"] for line in lines} == {
        lost_row["id"]: "missing_here",
        old["id"]: "missing_here",
        lost_answer["id"]: "not_registered_there",
    }
    # Another worker may have taken a repair over and still be at it.
    assert {line["state"] for line in lines} <= {"repaired", "under_way"}
    hall.wait_for_numbers(5, 60)
    hall.wait_until(lambda: not answers_left(hall), 60, "the repairs")

    assert hall.numbers() == [1, 2, 3, 4, 5]
    assert hall.value("SELECT count(*) FROM pcu_request") == 5
    assert hall.value("SELECT count(*) FROM pcu_exchange_item") == 5
    assert hall.value("SELECT count(*) FROM pcu_document WHERE kind = 'received'") == 5
    with hall.platform_database() as database:
        shown = database.execute("SELECT id, state, registration FROM submissions")
        assert all(state == "registered" and told for _id, state, told in shown)

    content = clerk.call(
        "pcu.exchange.reconciliation", "read", [report["id"]], ["content"],
        context={"lang": "ro_RO"},
    )[0]["content"]  # fmt: skip
    text = "".join(p.extract_text() for p in PdfReader(pdf_of(content)).pages)
    assert "Comparația cu platforma" in text
    assert report["digest"] in text

    second = compare(hall, clerk, platform)
    assert second["difference_count"] == 0
    assert "nimic de reparat" in second["summary"]


def pdf_of(content: str):
    return io.BytesIO(base64.b64decode(content))


def compare(hall, clerk, platform) -> dict:
    """Press the button and wait for the report."""
    report = clerk.call("pcu.platform", "action_reconcile", platform)["res_id"]
    query = "SELECT state FROM pcu_exchange_reconciliation WHERE id = %s"
    hall.wait_until(
        lambda: hall.value(query, report) in ("done", "failed"), 120, "the report"
    )
    fields = ["state", "summary", "digest", "difference_count"]
    found = clerk.call(
        "pcu.exchange.reconciliation", "read", [report], fields,
        context={"lang": "ro_RO"},
    )[0]  # fmt: skip
    assert found["state"] == "done", found["summary"]
    return found


def answers_left(hall) -> int:
    return hall.value("SELECT count(*) FROM pcu_exchange_effect WHERE state <> 'done'")


def forget_row(hall, remote_id: str) -> None:
    """Remove an inbox row with all that hangs on it, as no program would."""
    query = sql.SQL(
        "DELETE FROM {} WHERE item_id ="
        " (SELECT id FROM pcu_exchange_item WHERE remote_id = %s) RETURNING id"
    )
    for table in ("effect", "event", "file"):
        hall.rows(query.format(sql.Identifier(f"pcu_exchange_{table}")), remote_id)
    hall.rows(
        "DELETE FROM pcu_exchange_item WHERE remote_id = %s RETURNING id", remote_id
    )
