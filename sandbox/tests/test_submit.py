"""Steps 3 and 4: nothing is sent without papers and consent, and nothing is lost."""

import hmac
import re
import time

import httpx
import pytest
from conftest import INSTITUTION, WAKEUP_SECRET, Citizen, Platform, wait_for

FORM = f"/solicitari/noua/{INSTITUTION}/L544"
PDF = b"%PDF-1.4 o cerere"


def paper(name: str = "Cerere.pdf", content: bytes = PDF) -> tuple:
    return (name, content, "application/pdf")


def send(citizen: Citizen, files: dict | None = None, **values: str) -> httpx.Response:
    sent = {"file-L544-1": paper()} if files is None else files
    said = {
        "consent": "yes",
        "observations": "Vă mulțumesc, ștampilă și țel.",
        **values,
    }
    return citizen.post(FORM, said, sent or {"nothing": ("", b"")})


def test_a_submission_is_registered_and_told_its_number(
    citizen: Citizen, api: httpx.Client
):
    page = send(citizen)
    found = re.search(
        r"Solicitarea cu nr\. PISEG #(\d+) împreună cu documentele depuse au fost"
        r" înregistrate cu succes",
        page.text,
    )
    assert found
    whole = api.get(f"/submissions/{page.url.path.split('/')[-1]}").json()
    assert whole["number"] == found[1]
    assert whole["procedure"]["code"] == "L544"
    assert whole["observations"] == "Vă mulțumesc, ștampilă și țel."
    assert whole["consent"]["given"] is True
    assert whole["applicant"]["cnp"] == "1800101221144"
    assert whole["applicant"]["name"] == "Ștefania Țăranu"
    assert [(f["slot"], f["name"]) for f in whole["files"]] == [
        ("L544-1", "Cerere.pdf")
    ]


def test_the_institution_is_woken_up(citizen: Citizen, platform: Platform):
    platform.wakeups.clear()
    send(citizen)
    headers, body = wait_for(lambda: platform.wakeups)[0]
    assert body == b'{"institution": "primaria-valea-mare"}'
    stamp = headers["x-pcu-timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    message = f"{stamp}.".encode() + body
    expected = hmac.new(WAKEUP_SECRET.encode(), message, "sha256").hexdigest()
    assert headers["x-pcu-signature"] == f"sha256={expected}"


def test_without_consent_nothing_is_sent_and_nothing_is_lost(citizen: Citizen):
    page = send(citizen, consent="")
    assert page.status_code == 422
    assert "Fără acest acord, solicitarea nu poate fi trimisă" in page.text
    assert (
        "Sunt de acord ca AADR și instituția Primăria Orașului Valea Mare să îmi"
        " folosească datele cu caracter personal!" in page.text
    )
    assert "Vă mulțumesc, ștampilă și țel." in page.text
    assert "Păstrat: Cerere.pdf" in page.text
    draft = re.search(r'name="draft" value="([^"]+)"', page.text)
    assert draft
    done = send(citizen, files={}, draft=draft[1])
    assert "înregistrate cu succes" in done.text


def test_the_button_pressed_twice_sends_once(citizen: Citizen):
    page = citizen.web.get(FORM)
    draft = re.search(r'name="draft" value="([^"]+)"', page.text)
    assert draft
    addresses = {send(citizen, draft=draft[1]).url.path for _ in range(2)}
    assert len(addresses) == 1


def test_a_stranger_cannot_use_my_draft(citizen: Citizen, stranger: Citizen):
    kept = send(citizen, consent="")
    draft = re.search(r'name="draft" value="([^"]+)"', kept.text)
    assert draft
    stranger.create_account()
    stranger.confirm()
    stranger.log_in()
    page = send(stranger, files={}, draft=draft[1])
    assert "Lipsește documentul" in page.text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Lipsește documentul"),
        ({"file-L544-1": paper(content=b"")}, "este gol"),
        ({"file-L544-1": paper("virus.exe")}, "nu este de un tip acceptat"),
        ({"file-L544-1": paper(content=b"GIF89a")}, "nu pare a fi un fișier PDF"),
    ],
)
def test_a_wrong_paper_is_refused_in_plain_words(citizen: Citizen, files, said):
    page = send(citizen, files=files)
    assert page.status_code == 422
    assert said in page.text


def test_a_file_of_60_mb_is_refused_in_plain_words(citizen: Citizen):
    page = send(citizen, files={"file-L544-1": paper(content=PDF + bytes(60 << 20))})
    assert page.status_code == 422
    assert "are 60,0 MB, peste limita de 50,0 MB" in page.text
    assert "Vă mulțumesc, ștampilă și țel." in page.text


def test_a_hostile_name_is_shown_as_text(citizen: Citizen, api: httpx.Client):
    name = "../<script>alert(1)</script> șț.pdf"
    page = send(citizen, files={"file-L544-1": paper(name)})
    submission_id = page.url.path.split("/")[-1]
    assert api.get(f"/submissions/{submission_id}").json()["files"][0]["name"] == name
    shown = citizen.web.get(f"/solicitari/{submission_id}").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


def test_a_signed_paper_is_seen_as_signed(citizen: Citizen, api: httpx.Client):
    content = PDF + b" /ByteRange [0 10 20 30]"
    page = send(citizen, files={"file-L544-1": paper(content=content)})
    whole = api.get(f"/submissions/{page.url.path.split('/')[-1]}").json()
    assert whole["files"][0]["signed"] is True


@pytest.mark.parametrize("query", ["primaria", "PRIMĂRIA valea", "oras mare", "uat"])
def test_the_search_does_not_mind_diacritics_and_case(citizen: Citizen, query: str):
    page = citizen.web.get("/solicitari/noua", params={"q": query})
    assert "Primăria Orașului Valea Mare" in page.text


def test_a_search_without_result_says_so(citizen: Citizen):
    page = citizen.web.get("/solicitari/noua", params={"q": "constanta"})
    assert "Nicio instituție nu se potrivește" in page.text


def test_an_informational_procedure_cannot_be_started(citizen: Citizen):
    url = f"/solicitari/noua/{INSTITUTION}/INFO-CASATORIE"
    page = citizen.web.get(url)
    assert "doar informativă" in page.text
    assert "Lansează solicitarea" not in page.text
    assert citizen.post(url, {"consent": "yes"}).status_code == 409


def test_pages_need_a_login(stranger: Citizen):
    for url in ("/solicitari/noua", FORM, "/solicitari"):
        assert stranger.web.get(url).url.path == "/conectare"
