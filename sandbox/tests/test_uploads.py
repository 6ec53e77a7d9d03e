"""Files of the institution: resumed after any break, believed only when verified."""

import random
import socket
from urllib.parse import urlsplit

import httpx
from conftest import Platform, reference, sha256, wait_for

CONTENT = random.Random(5).randbytes(300_000)


def announce(api: httpx.Client, content: bytes, **values) -> httpx.Response:
    body = {
        "client_reference": reference(),
        "name": "Autorizație.pdf",
        "size": len(content),
        "sha256": sha256(content),
        "media_type": "application/pdf",
        **values,
    }
    return api.post("/uploads", json=body)


def send(api: httpx.Client, upload: str, offset: int, content: bytes) -> httpx.Response:
    headers = {"Upload-Offset": str(offset)}
    return api.patch(f"/uploads/{upload}", headers=headers, content=content)


def offset_of(api: httpx.Client, upload: str) -> int:
    return int(api.head(f"/uploads/{upload}").headers["Upload-Offset"])


def test_an_upload_comes_in_pieces(api: httpx.Client):
    created = announce(api, CONTENT)
    assert (created.status_code, created.json()["offset"]) == (201, 0)
    upload = created.json()["id"]
    for start in range(0, len(CONTENT), 100_000):
        piece = CONTENT[start : start + 100_000]
        answer = send(api, upload, start, piece)
        assert answer.status_code == 204
        assert int(answer.headers["Upload-Offset"]) == start + len(piece)


def test_an_upload_announced_again_stands_where_it_stood(api: httpx.Client):
    name = reference()
    upload = announce(api, CONTENT, client_reference=name).json()["id"]
    send(api, upload, 0, CONTENT[:1000])
    again = announce(api, CONTENT, client_reference=name)
    assert again.status_code == 200
    assert again.json() == {"id": upload, "offset": 1000, "complete": False}


def test_an_upload_goes_on_after_the_connection_is_cut(platform: Platform, api):
    upload = announce(api, CONTENT).json()["id"]
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port)) as wire:
        head = (
            f"PATCH /api/v1/uploads/{upload} HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: {api.headers['Authorization']}\r\n"
            f"Upload-Offset: 0\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
        )
        wire.sendall(head.encode() + CONTENT[:120_000])
        wait_for(lambda: offset_of(api, upload))
    kept = wait_for(lambda: offset_of(api, upload) == 120_000 and 120_000)
    answer = wait_for(
        lambda: (a := send(api, upload, kept, CONTENT[kept:])).is_success and a
    )
    assert int(answer.headers["Upload-Offset"]) == len(CONTENT)


def test_a_wrong_offset_is_refused_and_the_right_one_told(api: httpx.Client):
    upload = announce(api, CONTENT).json()["id"]
    send(api, upload, 0, CONTENT[:1000])
    for wrong in (0, 999, 1001):
        answer = send(api, upload, wrong, CONTENT[wrong : wrong + 10])
        assert (answer.status_code, answer.json()["code"]) == (409, "offset_mismatch")
        assert answer.headers["Upload-Offset"] == "1000"
    assert offset_of(api, upload) == 1000


def test_wrong_bytes_start_over_at_zero(api: httpx.Client):
    upload = announce(api, CONTENT).json()["id"]
    answer = send(api, upload, 0, b"x" * len(CONTENT))
    assert (answer.status_code, answer.json()["code"]) == (422, "hash_mismatch")
    assert offset_of(api, upload) == 0
    assert send(api, upload, 0, CONTENT).status_code == 204


def test_too_many_bytes_start_over_at_zero(api: httpx.Client):
    upload = announce(api, CONTENT).json()["id"]
    assert send(api, upload, 0, CONTENT + b"!").json()["code"] == "hash_mismatch"
    assert offset_of(api, upload) == 0


def test_a_missing_offset_is_refused(api: httpx.Client):
    upload = announce(api, CONTENT).json()["id"]
    for headers in ({}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}):
        answer = api.patch(f"/uploads/{upload}", headers=headers, content=b"x")
        assert answer.status_code == 400


def test_an_empty_file_is_complete_at_once(api: httpx.Client):
    created = announce(api, b"")
    assert (created.status_code, created.json()["complete"]) == (201, True)
    assert send(api, created.json()["id"], 0, b"").status_code == 204
    assert announce(api, b"", sha256="0" * 64).json()["code"] == "hash_mismatch"


def test_a_file_over_the_limit_is_refused_when_announced(api: httpx.Client):
    answer = announce(api, CONTENT, size=2**39)
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_a_finished_upload_stays_finished(api: httpx.Client):
    upload = announce(api, CONTENT).json()["id"]
    send(api, upload, 0, CONTENT)
    assert send(api, upload, 0, CONTENT).status_code == 409
    assert offset_of(api, upload) == len(CONTENT)
