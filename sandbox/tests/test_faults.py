"""Faults on request: each does what it says, and none happens unasked."""

import httpx
import pytest
from conftest import CONTROL, INSTITUTION, Platform, reference, sha256

pytestmark = pytest.mark.faulty
LIST = f"/institutions/{INSTITUTION}/submissions"


def test_the_control_door_needs_its_token(platform: Platform):
    for headers, status in (({}, 403), ({"X-Control-Token": "x"}, 403), (CONTROL, 200)):
        answer = httpx.put(f"{platform.url}/_control/faults", json={}, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    "body", [{"nonsense": 1}, {"error_rate": "much"}, {"only": "("}]
)
def test_senseless_faults_are_refused(platform: Platform, body):
    url = f"{platform.url}/_control/faults"
    assert httpx.put(url, json=body, headers=CONTROL).status_code == 422


def test_errors_come_before_anything_is_done(platform: Platform, api: httpx.Client):
    created = platform.submit()
    body = {"client_reference": reference(), "number": "1", "date": "2026-01-05"}
    platform.faults(error_rate=1.0, error_status=503, only="^PUT", times=1)
    url = f"/submissions/{created['id']}/registration"
    assert api.put(url, json=body).status_code == 503
    assert api.get(f"/references/{body['client_reference']}").status_code == 404
    assert api.put(url, json=body).status_code == 200


def test_a_failure_after_the_act_leaves_it_done(platform: Platform, api: httpx.Client):
    """The "sent, no answer" that references are for."""
    created = platform.submit()
    body = {"client_reference": reference(), "number": "1", "date": "2026-01-05"}
    platform.faults(after_rate=1.0, after_status=502, only="/registration", times=1)
    url = f"/submissions/{created['id']}/registration"
    assert api.put(url, json=body).status_code == 502
    assert api.get(f"/references/{body['client_reference']}").status_code == 200
    assert api.put(url, json=body).json()["version"] == 2


def test_throttling_says_how_long_to_wait(platform: Platform, api: httpx.Client):
    platform.faults(throttle_rate=1.0, throttle_seconds=7, times=1)
    answer = api.get(LIST)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert api.get(LIST).status_code == 200


def test_a_good_token_can_be_called_old(platform: Platform, api: httpx.Client):
    platform.faults(expired_token_rate=1.0, times=1)
    assert api.get(LIST).json()["code"] == "token_expired"
    assert api.get(LIST).status_code == 200


def test_a_download_breaks_and_is_resumed(platform: Platform, api: httpx.Client):
    text = "x" * 400_000
    created = platform.submit(("a.txt", text))
    url = f"/submissions/{created['id']}/files/{created['files'][0]}"
    platform.faults(cut_rate=1.0, cut_after_bytes=5000, only="/files/", times=1)
    kept = b""
    with pytest.raises(httpx.RemoteProtocolError), api.stream("GET", url) as answer:
        for chunk in answer.iter_raw():
            kept += chunk
    assert len(kept) == 5000
    rest = api.get(url, headers={"Range": f"bytes={len(kept)}-"})
    assert sha256(kept + rest.content) == sha256(text.encode())


def test_an_upload_breaks_and_is_resumed(platform: Platform, api: httpx.Client):
    content = b"y" * 900_000
    body = {
        "client_reference": reference(),
        "name": "a.bin",
        "size": len(content),
        "sha256": sha256(content),
    }
    url = f"/uploads/{api.post('/uploads', json=body).json()['id']}"
    platform.faults(cut_request_rate=1.0, only="^PATCH", times=1)
    with pytest.raises(httpx.TransportError):
        api.patch(url, headers={"Upload-Offset": "0"}, content=content)
    offset = api.head(url).headers["Upload-Offset"]
    assert 0 < int(offset) < len(content)
    rest = content[int(offset) :]
    answer = api.patch(url, headers={"Upload-Offset": offset}, content=rest)
    assert answer.status_code == 204


def test_half_a_body_comes_with_200(platform: Platform, api: httpx.Client):
    platform.faults(truncate_rate=1.0, only="/submissions", times=1)
    answer = api.get(LIST)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="line"):
        answer.json()


def test_wrong_bytes_have_the_right_size(platform: Platform, api: httpx.Client):
    created = platform.submit(("a.txt", "abc"))
    platform.faults(wrong_bytes_rate=1.0, times=1)
    url = f"/submissions/{created['id']}/files/{created['files'][0]}"
    wrong = api.get(url).content
    assert len(wrong) == 3
    assert wrong != b"abc"
    assert api.get(url).content == b"abc"


def test_rows_come_twice_and_with_new_fields(platform: Platform, api: httpx.Client):
    platform.submit()
    platform.faults(duplicate_rate=1.0, unknown_fields=True)
    items = api.get(LIST, params={"limit": 1}).json()["items"]
    assert len(items) == 2
    assert items[0] == items[1]
    assert "x_new_field" in items[0]


def test_the_same_seed_fails_in_the_same_places(platform: Platform, api: httpx.Client):
    runs = []
    for _ in range(2):
        platform.faults(error_rate=0.5, seed=11)
        runs.append([api.get("/health").status_code for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}
