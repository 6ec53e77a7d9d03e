"""What an institution reads: lists, whole submissions, files, events, the catalogue."""

import time

import httpx
import pytest
from conftest import CLIENT, INSTITUTION, SECRET, Platform, reference, sha256

LIST = f"/institutions/{INSTITUTION}/submissions"
EVENTS = f"/institutions/{INSTITUTION}/events"


def _all(api: httpx.Client, path: str, cursor: str = "", limit: int = 100):
    """Return every row after the cursor, and the cursor to go on from."""
    rows = []
    while True:
        page = api.get(path, params={"cursor": cursor, "limit": limit}).json()
        rows += page["items"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return rows, cursor


# -- signing in ------------------------------------------------------------------------


def test_a_client_signs_in_with_form_fields_or_basic(platform: Platform):
    fields = {
        "grant_type": "client_credentials",
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    for answer in (
        httpx.post(f"{platform.api}/oauth/token", data=fields),
        httpx.post(f"{platform.api}/oauth/token", json=fields),
        httpx.post(
            f"{platform.api}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(CLIENT, SECRET),
        ),
    ):
        assert answer.status_code == 200
        assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize("client", [CLIENT, "nobody"])
def test_a_wrong_secret_is_refused_the_same_for_known_and_unknown(platform, client):
    answer = httpx.post(
        f"{platform.api}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(client, "wrong"),
    )
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_client"


def test_another_institution_is_refused(platform: Platform, api: httpx.Client):
    other = platform.submit(institution="primaria-alta")
    asked = {"grant_type": "client_credentials", "institution": "primaria-alta"}
    for answer in (
        api.get("/institutions/primaria-alta/submissions"),
        api.get("/institutions/nu-exista/submissions"),
        api.get(f"/submissions/{other['id']}"),
        httpx.post(f"{platform.api}/oauth/token", data=asked, auth=(CLIENT, SECRET)),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "other_institution"


def test_no_token_an_unknown_one_and_an_old_one_are_told_apart(platform: Platform):
    url = f"{platform.api}{LIST}"
    client = platform.client()
    platform.control("expire-tokens")
    codes = [
        httpx.get(url).json()["code"],
        httpx.get(url, headers={"Authorization": "Bearer x"}).json()["code"],
        client.get(LIST).json()["code"],
    ]
    assert codes == ["token_missing", "token_invalid", "token_expired"]
    assert client.get(LIST).status_code == 401


def test_every_answer_says_how_much_is_left(api: httpx.Client):
    for answer in (api.get("/health"), api.get(LIST), api.get("/nowhere")):
        for name in ("Limit", "Remaining", "Reset"):
            assert answer.headers[f"RateLimit-{name}"].isdigit()


def test_every_error_is_a_problem_with_a_trace(api: httpx.Client):
    for answer in (
        api.get("/nowhere"),
        api.delete("/health"),
        api.get(LIST, params={"limit": 0}),
        api.get(LIST, params={"cursor": "rubbish"}),
        api.put("/submissions/x/receipt", content=b"{"),
        api.put("/submissions/x/receipt", content=b"[" * 100000),
    ):
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "code"} <= set(answer.json())
        assert answer.json()["trace_id"] == answer.headers["X-Trace-Id"]


# -- lists -----------------------------------------------------------------------------


def test_the_list_goes_on_from_its_last_cursor(platform: Platform, api: httpx.Client):
    _, cursor = _all(api, LIST)
    assert _all(api, LIST, cursor) == ([], cursor)
    created = [platform.submit()["id"] for _ in range(3)]
    rows, later = _all(api, LIST, cursor, limit=2)
    assert [row["id"] for row in rows] == created
    assert later != cursor


def test_changes_during_paging_lose_nothing(platform: Platform, api: httpx.Client):
    """What changes while we read appears again, later, with a higher version."""
    _, cursor = _all(api, LIST)
    created = [platform.submit()["id"] for _ in range(6)]
    first = api.get(LIST, params={"cursor": cursor, "limit": 2}).json()
    platform.control(f"submissions/{created[0]}/message", {"text": "încă ceva"})
    platform.control(f"submissions/{created[4]}/message", {"text": "încă ceva"})
    platform.submit()
    rest, _ = _all(api, LIST, first["next_cursor"], limit=2)
    seen = {row["id"]: row["version"] for row in first["items"]}
    assert seen == {created[0]: 1, created[1]: 1}
    versions = {row["id"]: row["version"] for row in rest}
    assert set(created) - {created[1]} <= set(versions)
    assert versions[created[0]] == versions[created[4]] == 2
    keys = [(row["updated_at"], row["id"]) for row in rest]
    assert keys == sorted(keys)


def test_relisting_shows_everything_again_with_the_same_version(platform, api):
    platform.submit()
    before, cursor = _all(api, LIST)
    platform.control("relist")
    after, _ = _all(api, LIST, cursor)
    assert {r["id"]: r["version"] for r in before} == {
        r["id"]: r["version"] for r in after
    }


def test_a_clock_that_goes_back_leaves_the_list_in_its_order(platform, api):
    ids = []
    for minutes in (10, -10, 0):
        platform.control("clock", {"minutes": minutes})
        ids.append(platform.submit()["id"])
    rows, _ = _all(api, LIST)
    assert [row["id"] for row in rows if row["id"] in ids] == ids


def test_events_tell_what_the_citizen_did(platform: Platform, api: httpx.Client):
    _, cursor = _all(api, EVENTS)
    created = platform.submit(("a.txt", "a"))
    url = f"submissions/{created['id']}"
    platform.control(f"{url}/message", {"text": "Bună ziua"})
    platform.control(f"{url}/message", {"files": [{"name": "b.txt", "text": "b"}]})
    platform.control(f"{url}/withdraw", {"text": "Nu mai am nevoie."})
    platform.control(f"{url}/delete")
    events, _ = _all(api, EVENTS, cursor, limit=2)
    assert [e["kind"] for e in events] == [
        "submitted",
        "message",
        "file_added",
        "withdrawn",
        "deleted",
    ]
    assert events[1]["data"]["text"] == "Bună ziua"
    assert {e["submission_id"] for e in events} == {created["id"]}


def test_a_deleted_submission_is_gone(platform: Platform, api: httpx.Client):
    created = platform.submit(("a.txt", "a"))
    url = f"/submissions/{created['id']}"
    platform.control(f"submissions/{created['id']}/delete")
    receipt = {"client_reference": reference(), "taken_over_at": "2026-01-05T10:00:00Z"}
    assert api.get(url).status_code == 410
    assert api.get(f"{url}/files/{created['files'][0]}").status_code == 410
    assert api.put(f"{url}/receipt", json=receipt).status_code == 410


def test_the_catalogue_has_the_procedures_with_their_documents(api: httpx.Client):
    items = api.get(f"/institutions/{INSTITUTION}/procedures").json()["items"]
    codes = {item["code"] for item in items}
    expected = "CU AC FISC PET L544 AOF SC-DUP AJUT RAD TAXI INFO-CASATORIE"
    assert codes == set(expected.split())
    by_code = {item["code"]: item for item in items}
    assert by_code["CU"]["documents"][0]["slot"] == "CU-1"
    assert by_code["CU"]["term"] == {"value": 15, "unit": "working_days"}
    assert [c for c in codes if by_code[c]["informational_only"]] == ["INFO-CASATORIE"]


# -- files -----------------------------------------------------------------------------


@pytest.fixture
def paper(platform: Platform, api: httpx.Client):
    """Return the address and the content of a file."""
    text = "".join(f"rândul {number}\n" for number in range(5000))
    created = platform.submit(("../../etc/Cerere șț.txt", text))
    return f"/submissions/{created['id']}/files/{created['files'][0]}", text.encode()


def test_a_file_is_resumed_from_where_it_broke(paper, api: httpx.Client):
    url, content = paper
    whole = api.get(url)
    assert whole.content == content
    assert whole.headers["Accept-Ranges"] == "bytes"
    headers = {"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]}
    rest = api.get(url, headers=headers)
    assert rest.status_code == 206
    assert content[:1000] + rest.content == content
    size = len(content)
    assert rest.headers["Content-Range"] == f"bytes 1000-{size - 1}/{size}"


def test_a_changed_file_starts_over(paper, api: httpx.Client):
    url, content = paper
    answer = api.get(url, headers={"Range": "bytes=10-", "If-Range": '"other"'})
    assert (answer.status_code, answer.content) == (200, content)


def test_a_range_outside_the_file_is_refused(paper, api: httpx.Client):
    url, content = paper
    answer = api.get(url, headers={"Range": f"bytes={len(content)}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(content)}"


def test_a_hostile_name_is_data_and_no_path(platform: Platform, paper, api):
    url, _ = paper
    submission = api.get(url.split("/files/")[0]).json()
    assert submission["files"][0]["name"] == "../../etc/Cerere șț.txt"
    assert "/" not in api.get(url).headers["Content-Disposition"].split("''")[1]
    stored = [p.name for p in (platform.data / "blobs").rglob("*") if p.is_file()]
    assert submission["files"][0]["sha256"] in stored
    assert not [name for name in stored if "Cerere" in name]


def test_a_file_waits_for_its_scan(platform: Platform, api: httpx.Client):
    created = platform.submit(("a.txt", "a"), scan_seconds=1)
    url = f"/submissions/{created['id']}/files/{created['files'][0]}"
    waiting = api.get(url)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "scan_pending")
    assert int(waiting.headers["Retry-After"]) >= 1
    time.sleep(1.1)
    assert api.get(url).status_code == 200


def test_an_infected_file_is_not_handed_out(platform: Platform, api: httpx.Client):
    mark = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    created = platform.submit(("a.txt", mark))
    submission = api.get(f"/submissions/{created['id']}").json()
    assert submission["files"][0]["scan"] == "infected"
    answer = api.get(f"/submissions/{created['id']}/files/{created['files'][0]}")
    assert (answer.status_code, answer.json()["code"]) == (409, "scan_infected")


def test_withdrawn_files_are_gone_and_the_rest_stays(platform: Platform, api):
    created = platform.submit(("a.txt", "a"))
    platform.control(f"submissions/{created['id']}/withdraw")
    url = f"/submissions/{created['id']}"
    assert api.get(url).json()["state"] == "withdrawn"
    assert api.get(f"{url}/files/{created['files'][0]}").status_code == 410


def test_an_empty_file_is_a_file(platform: Platform, api: httpx.Client):
    created = platform.submit(("gol.txt", ""))
    url = f"/submissions/{created['id']}/files/{created['files'][0]}"
    answer = api.get(url)
    assert (answer.status_code, answer.content) == (200, b"")


def test_made_up_files_have_their_size_and_are_never_equal(
    platform: Platform, api: httpx.Client
):
    created = platform.submit(files=[{"name": "a.pdf", "size": 700_001}] * 2)
    address = f"/submissions/{created['id']}"
    files = api.get(address).json()["files"]
    assert [file["size"] for file in files] == [700_001] * 2
    assert files[0]["sha256"] != files[1]["sha256"]
    content = api.get(f"{address}/files/{files[0]['id']}").content
    assert content.startswith(b"%PDF-")
    assert sha256(content) == files[0]["sha256"]
