"""What an institution does to a submission, each act once and in the right order."""

import httpx
import pytest
from conftest import Platform, reference, sha256


@pytest.fixture
def url(platform: Platform) -> str:
    return f"/submissions/{platform.submit(('a.txt', 'a'))['id']}"


def said(**values) -> dict:
    return {"client_reference": reference(), **values}


def registration(**values) -> dict:
    return said(number="17/2026", date="2026-03-02", register="Registrul general") | (
        values
    )


def receipt() -> dict:
    return said(taken_over_at="2026-03-02T09:00:00+02:00")


def upload(api: httpx.Client, content: bytes, name: str = "Răspuns.pdf") -> str:
    body = said(name=name, size=len(content), sha256=sha256(content))
    created = api.post("/uploads", json=body).json()["id"]
    sent = api.patch(
        f"/uploads/{created}", headers={"Upload-Offset": "0"}, content=content
    )
    assert sent.status_code == 204
    return created


# -- references ------------------------------------------------------------------------


def test_repeating_an_act_changes_nothing(api: httpx.Client, url: str):
    body = registration()
    first = api.put(f"{url}/registration", json=body)
    again = api.put(f"{url}/registration", json=body)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert len(api.get(url).json()["history"]) == 2


def test_a_reference_with_other_content_is_refused(api: httpx.Client, url: str):
    body = registration()
    api.put(f"{url}/registration", json=body)
    answer = api.put(f"{url}/registration", json={**body, "number": "18/2026"})
    assert (answer.status_code, answer.json()["code"]) == (409, "reference_conflict")
    assert answer.json()["recorded"]["body"]["number"] == "17/2026"


def test_a_reference_cannot_move_to_another_submission(platform, api, url):
    body = registration()
    api.put(f"{url}/registration", json=body)
    other = f"/submissions/{platform.submit()['id']}"
    assert api.put(f"{other}/registration", json=body).status_code == 409


def test_a_reference_tells_what_was_recorded(api: httpx.Client, url: str):
    body = registration(x_of_tomorrow={"kept": True})
    api.put(f"{url}/registration", json=body)
    answer = api.get(f"/references/{body['client_reference']}").json()
    assert answer["effect"] == "registration"
    assert answer["submission_id"] == url.rpartition("/")[2]
    assert body.items() <= answer["body"].items()
    assert api.get(f"/references/{reference()}").status_code == 404


def test_a_message_is_made_once_and_repeated_with_200(api: httpx.Client, url: str):
    body = said(kind="message", text="Bună ziua")
    first = api.post(f"{url}/messages", json=body)
    again = api.post(f"{url}/messages", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


# -- states ----------------------------------------------------------------------------


def test_every_act_raises_the_version(api: httpx.Client, url: str):
    versions = [
        api.put(f"{url}/receipt", json=receipt()).json()["version"],
        api.put(f"{url}/registration", json=registration()).json()["version"],
        api.put(f"{url}/state", json=said(state="in_progress")).json()["version"],
    ]
    assert versions == [2, 3, 4]
    assert api.get(url).json()["state"] == "in_progress"


def test_a_registration_needs_no_receipt(api: httpx.Client, url: str):
    answer = api.put(f"{url}/registration", json=registration()).json()
    assert answer["state"] == "registered"
    late = api.put(f"{url}/receipt", json=receipt())
    assert (late.status_code, late.json()["state"]) == (200, "registered")


def test_a_registration_is_taken_after_a_withdrawal(platform, api, url):
    platform.control(f"{url.lstrip('/')}/withdraw")
    answer = api.put(f"{url}/registration", json=registration())
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert api.get(url).json()["registration"]["number"] == "17/2026"


def test_a_second_number_is_refused_and_the_same_is_not(api: httpx.Client, url: str):
    api.put(f"{url}/registration", json=registration())
    assert api.put(f"{url}/registration", json=registration()).status_code == 200
    answer = api.put(f"{url}/registration", json=registration(number="18/2026"))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_registered")
    assert answer.json()["recorded"]["number"] == "17/2026"


def test_a_decision_needs_a_registration(api: httpx.Client, url: str):
    body = said(outcome="favourable")
    refused = api.put(f"{url}/decision", json=body)
    assert refused.status_code == 409
    assert refused.json()["code"] == "registration_required"
    api.put(f"{url}/registration", json=registration())
    assert api.put(f"{url}/decision", json=body).json()["state"] == "resolved"


def test_work_needs_a_registration(api: httpx.Client, url: str):
    answer = api.put(f"{url}/state", json=said(state="in_progress"))
    assert answer.json()["code"] == "registration_required"


@pytest.mark.parametrize("target", ["submitted", "resolved", "refused"])
def test_a_state_that_has_its_own_call_is_refused(api: httpx.Client, url, target):
    api.put(f"{url}/registration", json=registration())
    answer = api.put(f"{url}/state", json=said(state=target))
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")
    assert answer.json()["state"] == "registered"


def test_a_permanent_refusal_ends_it_and_a_temporary_does_not(api, platform):
    for permanent, expected in ((False, "submitted"), (True, "refused")):
        url = f"/submissions/{platform.submit()['id']}"
        body = said(permanent=permanent, code="incomplete", text="Lipsește cererea.")
        assert api.put(f"{url}/refusal", json=body).json()["state"] == expected
        answer = api.put(f"{url}/registration", json=registration())
        assert answer.status_code == (409 if permanent else 200)


def test_a_second_decision_is_refused(api: httpx.Client, url: str):
    api.put(f"{url}/registration", json=registration())
    api.put(f"{url}/decision", json=said(outcome="favourable"))
    answer = api.put(f"{url}/decision", json=said(outcome="unfavourable"))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_decided")


def test_a_decision_hands_its_documents_to_the_citizen(api: httpx.Client, url: str):
    api.put(f"{url}/registration", json=registration())
    paper = upload(api, b"%PDF-1.4 final")
    body = said(outcome="favourable", text="Da.", uploads=[paper])
    assert api.put(f"{url}/decision", json=body).status_code == 200
    whole = api.get(url).json()
    assert [f["name"] for f in whole["issued_files"]] == ["Răspuns.pdf"]
    assert whole["decision"]["files"] == [whole["issued_files"][0]["id"]]
    content = api.get(f"{url}/files/{whole['issued_files'][0]['id']}").content
    assert content == b"%PDF-1.4 final"


def test_a_decision_with_an_unfinished_upload_is_refused(api: httpx.Client, url: str):
    api.put(f"{url}/registration", json=registration())
    body = said(name="a.pdf", size=3, sha256=sha256(b"abc"))
    unfinished = api.post("/uploads", json=body).json()["id"]
    for uploads, code in (
        ([unfinished], "upload_incomplete"),
        (["x"], "unknown_upload"),
    ):
        answer = api.put(
            f"{url}/decision", json=said(outcome="favourable", uploads=uploads)
        )
        assert answer.json()["code"] == code
    assert api.get(url).json()["state"] == "registered"


def test_a_clarification_goes_there_and_back(platform: Platform, api, url: str):
    api.put(f"{url}/registration", json=registration())
    body = said(kind="clarification_request", text="Ce parcelă?", due_date="2026-03-20")
    message = api.post(f"{url}/messages", json=body).json()
    assert api.get(url).json()["state"] == "clarification_requested"
    platform.control(
        f"{url.lstrip('/')}/answer",
        {"text": "Parcela 12.", "files": [{"name": "plan.txt", "text": "plan"}]},
    )
    whole = api.get(url).json()
    assert whole["state"] == "clarification_answered"
    assert whole["file_count"] == 2
    assert [h["kind"] for h in whole["history"]][-2:] == [
        "clarification_request",
        "clarification_answered",
    ]
    assert message["id"] == whole["history"][-2]["id"]


# -- hostile input ---------------------------------------------------------------------

START = (
    b'{"client_reference": "00000000-0000-4000-8000-000000000000", "number": "1",'
    b' "date": "2026-01-01", "x": '
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'{"client_reference": "x"}',
        START + b'"\\ud800"}',
        START + b"NaN}",
        START + b"[" * 60 + b"]" * 60 + b"}",
        b"\xff\xfe",
    ],
)
def test_a_senseless_body_is_refused_as_invalid(api: httpx.Client, url, content):
    headers = {"Content-Type": "application/json"}
    answer = api.put(f"{url}/registration", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    assert api.get(url).json()["registration"] is None


def test_a_body_over_the_limit_is_refused(api: httpx.Client, url: str):
    body = registration(x="y" * (1024 * 1024))
    answer = api.put(f"{url}/registration", json=body)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
