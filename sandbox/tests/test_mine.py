"""Steps 5 to 7: the citizen sees both numbers, answers, withdraws, downloads."""

import httpx
import pytest
from conftest import Citizen, Platform, reference, sha256


@pytest.fixture
def mine(platform: Platform, citizen: Citizen) -> str:
    """Return the id of a submission of the citizen."""
    return platform.submit(("a.txt", "conținut"), user=citizen.username)["id"]


def said(**values) -> dict:
    return {"client_reference": reference(), **values}


def register(api: httpx.Client, submission_id: str) -> None:
    body = said(number="321/2026", date="2026-03-02", department="Urbanism")
    api.put(f"/submissions/{submission_id}/registration", json=body)


def test_the_state_and_both_numbers_are_shown(api, citizen: Citizen, mine: str):
    number = api.get(f"/submissions/{mine}").json()["number"]
    before = citizen.web.get("/solicitari").text
    assert f"PISEG #{number}" in before
    register(api, mine)
    for url in ("/solicitari", f"/solicitari/{mine}"):
        page = citizen.web.get(url).text
        assert "321/2026" in page
        assert "02.03.2026" in page
        assert "Înregistrată" in page


def test_what_is_sent_back_says_so_and_can_be_repaired(api, citizen, mine):
    body = said(permanent=False, code="unreadable", text="Planul nu se deschide.")
    assert api.put(f"/submissions/{mine}/refusal", json=body).status_code == 200
    page = citizen.web.get(f"/solicitari/{mine}").text
    assert "vă cere să corectați" in page
    assert "Planul nu se deschide." in page
    assert "Respinsă" not in page
    before = api.get(f"/submissions/{mine}").json()
    files = {"files": ("plan.pdf", b"%PDF-1.4 plan", "application/pdf")}
    citizen.post(f"/solicitari/{mine}/mesaj", {"text": "Poftim."}, files)
    after = api.get(f"/submissions/{mine}").json()
    assert after["version"] == before["version"] + 1
    assert after["state"] == before["state"] == "submitted"
    assert len(after["files"]) == len(before["files"]) + 1


def test_a_clarification_is_answered_with_text_and_files(api, citizen, mine):
    register(api, mine)
    body = said(
        kind="clarification_request", text="Ce <b>parcelă</b>?", due_date="2026-04-01"
    )
    api.post(f"/submissions/{mine}/messages", json=body)
    page = citizen.web.get(f"/solicitari/{mine}").text
    assert "Ce &lt;b&gt;parcelă&lt;/b&gt;?" in page
    assert "01.04.2026" in page
    files = {"files": ("plan.pdf", b"%PDF-1.4 plan", "application/pdf")}
    url = f"/solicitari/{mine}/raspuns"
    page = citizen.post(url, {"text": "Parcela 12, colț."}, files)
    assert "Mesajul a fost transmis instituției" in page.text
    whole = api.get(f"/submissions/{mine}").json()
    assert whole["state"] == "clarification_answered"
    last = whole["history"][-1]
    assert (last["kind"], last["text"]) == (
        "clarification_answered",
        "Parcela 12, colț.",
    )
    assert last["files"] == [whole["files"][-1]["id"]]
    again = citizen.post(url, {"text": "Încă o dată"})
    assert again.status_code == 409


def test_an_empty_answer_is_refused(api, citizen: Citizen, mine: str):
    register(api, mine)
    body = said(kind="clarification_request", text="Ce parcelă?")
    api.post(f"/submissions/{mine}/messages", json=body)
    page = citizen.post(f"/solicitari/{mine}/raspuns", {"text": " "})
    assert page.status_code == 422
    assert "Scrieți un text sau alegeți un fișier" in page.text


def test_a_withdrawal_asks_first_and_ends_it(api, citizen: Citizen, mine: str):
    page = citizen.web.get(f"/solicitari/{mine}/retragere").text
    assert "Retragerea nu poate fi anulată" in page
    assert api.get(f"/submissions/{mine}").json()["state"] == "submitted"
    done = citizen.post(f"/solicitari/{mine}/retragere", {"text": "Renunț."})
    assert "Solicitarea a fost retrasă" in done.text
    assert api.get(f"/submissions/{mine}").json()["state"] == "withdrawn"
    assert citizen.post(f"/solicitari/{mine}/retragere", {}).status_code == 409


def test_the_final_document_is_downloaded(api, citizen: Citizen, mine: str):
    register(api, mine)
    content = b"%PDF-1.4 certificat"
    body = said(name="Certificat șț.pdf", size=len(content), sha256=sha256(content))
    upload = api.post("/uploads", json=body).json()["id"]
    api.patch(f"/uploads/{upload}", headers={"Upload-Offset": "0"}, content=content)
    decision = said(outcome="favourable", text="Emis.", uploads=[upload])
    api.put(f"/submissions/{mine}/decision", json=decision)
    page = citizen.web.get(f"/solicitari/{mine}").text
    assert "Documente finale" in page
    assert "Descarcă Certificat șț.pdf" in page
    file_id = api.get(f"/submissions/{mine}").json()["issued_files"][0]["id"]
    answer = citizen.web.get(f"/solicitari/{mine}/fisiere/{file_id}")
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")


def test_what_is_not_mine_looks_like_nothing(platform, citizen: Citizen, api):
    other = platform.submit(("a.txt", "a"))
    urls = [
        f"/solicitari/{other['id']}",
        f"/solicitari/{other['id']}/retragere",
        f"/solicitari/{other['id']}/fisiere/{other['files'][0]}",
        f"/solicitari/trimisa/{other['id']}",
        "/solicitari/nu-exista",
    ]
    pages = [citizen.web.get(url) for url in urls]
    assert {page.status_code for page in pages} == {404}
    refused = citizen.post(f"/solicitari/{other['id']}/retragere", {})
    assert refused.status_code == 404
    assert api.get(f"/submissions/{other['id']}").json()["state"] == "submitted"


def test_the_platform_leaves_the_notices_to_the_institution(api, citizen, mine):
    before = len(citizen.platform.mails(citizen.email))
    register(api, mine)
    api.put(f"/submissions/{mine}/decision", json=said(outcome="favourable"))
    assert len(citizen.platform.mails(citizen.email)) == before
