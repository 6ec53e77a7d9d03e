"""The platform is down: a package gets its number, and keeps it when it is back."""

import base64
import io
import json
import zipfile

from stack.services import get_json
from townhall_world import text_file


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
    due = "SELECT count(*) FROM pcu_exchange_item WHERE compare_due"
    hall.wait_until(lambda: not hall.value(due), 60, "the comparison")
    assert documents(hall) == 2


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


def documents(hall) -> int:
    return hall.value("SELECT count(*) FROM pcu_document WHERE kind = 'received'")
