"""The platform is down: a package gets its number, and keeps it when it is back."""

import base64
import io
import json
import zipfile

from stack.services import get_json
from townhall_world import text_file

#: Two transactions of which one begins before the other has committed. What they bring
#: is one submission: typed in under its number, listed under the platform's identifier.
RACE = """
import threading, time
from odoo import api
from odoo.addons.pcu_connector.adapters.payloads import Submission, SubmissionPage
from odoo.addons.pcu_connector.models.pcu_platform_poll import Look

registry = env.registry
platform = env["pcu.platform"].search([], limit=1)
items = env["pcu.exchange.item"]
comparison = env["pcu.exchange.reconciliation"].create({"platform_id": platform.id})
known_by_act = {}
for number in ("990005", "990006"):
    known_by_act[number] = items.create({
        "platform_id": platform.id, "remote_id": f"remote-{number}",
        "origin_key": f"remote-{number}",
    })
env.cr.commit()

def bodies(number):
    row = {"number": number, "state": "submitted", "applicant": {"name": "Ana"}}
    return row | {"id": f"remote-{number}"}, row | {"id": f"piseg:{number}"}

def by_hand(number):
    typed = Submission.parse(bodies(number)[1])
    return items, "_take_by_hand", platform.id, "typed", typed, (), 1

def look(number):
    page = SubmissionPage.parse({"items": [bodies(number)[0]]})
    return platform, "_store_page", Look(platform.lease_token), "submissions", page

def compare(number):
    page = SubmissionPage.parse({"items": [bodies(number)[0]]})
    return comparison, "_take_over", page.items

def details(number):
    listed = Submission.parse(bodies(number)[0])
    return known_by_act[number], "_store_details", listed, 0

def race(number, first, second):
    with registry.cursor() as cr:
        records, method, *args = first(number)
        own = api.Environment(cr, 1, {})
        getattr(records.with_env(own), method)(*args)
        own.flush_all()
        records, method, *args = second(number)
        done = []
        late = threading.Thread(
            target=lambda: done.append(records._transact(method, *args)))
        late.start()
        while late.is_alive():
            with registry.cursor() as watch:
                watch.execute("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                              " current_database() AND wait_event_type = 'Lock'")
                if watch.fetchone()[0]:
                    break
            time.sleep(0.01)
    late.join()
    assert done, method
    env.cr.rollback()
    env.invalidate_all()
    print("LEFT", number, items.search_count([
        ("remote_number", "=", number), ("state", "!=", "withdrawn")]))

race("990001", by_hand, look)
race("990002", look, by_hand)
race("990003", by_hand, compare)
race("990004", compare, by_hand)
race("990005", by_hand, details)
race("990006", details, by_hand)
"""


def test_a_package_and_its_later_delivery_are_one_request(make_town_hall):
    hall = make_town_hall(wakeup=False, interval=60)
    hall.open()
    platform = hall.value("SELECT id FROM pcu_platform")
    clerk = hall.clerk("registratura")
    # A look between filing and outage would find an act before its submission.
    hall.pull()
    looked = "SELECT last_success_at IS NOT NULL AND lease_until IS NULL"
    hall.wait_until(lambda: hall.value(f"{looked} FROM pcu_platform"), 60,
                    "the end of the first look")  # fmt: skip
    hall.value("UPDATE pcu_platform SET next_poll_at = '2999-01-01' RETURNING id")
    packed = hall.submit(files=[text_file("cerere.txt", "pachet")])
    typed = hall.submit(files=[text_file("cerere.txt", "scrisă")])
    description = get_json(
        f"{hall.sandbox.url}/api/v1/submissions/{packed['id']}",
        headers={"Authorization": f"Bearer {hall.sandbox.token()}"},
    )

    hall.sandbox.stop()
    bring(clerk, platform, mode="zip", package=package(description, "pachet"))
    bring(
        clerk, platform, mode="typed", number=str(typed["number"]),
        applicant_name="Ștefan Țăranu",
    )  # fmt: skip
    hall.wait_for_numbers(2, 60)
    before = numbers_by_piseg(hall)
    assert set(before) == {str(packed["number"]), str(typed["number"])}

    hall.sandbox.start()
    hall.clerk("administrator").call("pcu.platform", "action_pull_now", platform)
    hall.wait_until(lambda: told(hall) == 4, 120, "both answers for both")

    assert numbers_by_piseg(hall) == before
    assert hall.value("SELECT count(*) FROM pcu_exchange_item") == 2
    assert dict(
        hall.rows("SELECT remote_number, remote_id FROM pcu_exchange_item")
    ) == {
        str(packed["number"]): packed["id"],
        str(typed["number"]): typed["id"],
    }
    # The package's file is the platform's; the typed one's came from there alone.
    hall.wait_until(lambda: documents(hall) == 2, 60, "the file of the typed one")
    hall.wait_until(lambda: compared(hall) == 2, 60, "the comparison")
    assert documents(hall) == 2
    check_both_ways_at_once(hall)


def check_both_ways_at_once(hall) -> None:
    """Whoever comes second, by hand or from the platform, finds the first one's row."""
    # A server that takes up what one of the two brought would hold it for a moment.
    hall.servers[0].stop()
    said = hall.odoo.run_shell(hall.database, RACE)
    left = [line.split() for line in said.splitlines() if line.startswith("LEFT")]
    assert [row[2] for row in left] == ["1"] * 6, said


def bring(clerk, platform: int, **values) -> None:
    wizard = clerk.call(
        "pcu.exchange.manual", "create", [{"platform_id": platform, **values}]
    )
    clerk.call("pcu.exchange.manual", "action_take", wizard)


def package(description: dict, text: str) -> str:
    """Pack what the platform says with its one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("submission.json", json.dumps(description))
        archive.writestr("cerere.txt", text)
    return base64.b64encode(out.getvalue()).decode()


def numbers_by_piseg(hall) -> dict:
    return dict(
        hall.rows(
            "SELECT r.origin_number, e.number FROM pcu_request r"
            " JOIN pcu_register_entry e ON e.id = r.entry_id"
        )
    )


def told(hall) -> int:
    return hall.value("SELECT count(*) FROM pcu_exchange_effect WHERE state = 'done'")


def compared(hall) -> int:
    return hall.value(
        "SELECT count(*) FROM pcu_exchange_event"
        " WHERE kind = 'delivered' AND state = 'applied'"
    )


def documents(hall) -> int:
    return hall.value("SELECT count(*) FROM pcu_document WHERE kind = 'received'")
