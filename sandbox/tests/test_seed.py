"""The seed: the same every time, believable, with real files."""

import contextlib
import hashlib
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import httpx
import magic
import pytest
from conftest import Citizen, Platform, free_port, start, wait_for
from edirect.cli import main
from PIL import Image
from stdnum.ro import cnp, cui

EXPECTED = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def seed(folder: Path, *options: object) -> str:
    """Run the command here: a process of its own would only cost time."""
    arguments = ["seed", "--data", folder, "--today", "2026-03-02", *options]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert main([str(argument) for argument in arguments]) == 0
    return printed.getvalue()


def rows(folder: Path, sql: str) -> list[sqlite3.Row]:
    connection = sqlite3.connect(folder / "edirect.sqlite3")
    connection.row_factory = sqlite3.Row
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seed")
    printed = seed(folder, "--submissions", 40, "--seed", 7)
    assert "ana.popescu" in printed
    return folder


def facts(folder: Path) -> str:
    submissions = rows(
        folder,
        "SELECT id, number, procedure_code, applicant, observations, submitted_at"
        " FROM submissions ORDER BY number",
    )
    files = rows(folder, "SELECT name, sha256 FROM files ORDER BY sha256")
    return json.dumps([[*map(list, submissions)], [*map(list, files)]])


def test_the_same_seed_gives_the_same_and_another_gives_another(tmp_path: Path):
    runs = []
    for name, number in (("a", 7), ("b", 7), ("c", 8)):
        seed(tmp_path / name, "--submissions", 6, "--seed", number, "--small")
        runs.append(hashlib.sha256(facts(tmp_path / name).encode()).hexdigest())
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_people_and_companies_have_valid_codes(seeded: Path):
    applicants = [
        json.loads(row["applicant"])
        for row in rows(seeded, "SELECT applicant FROM submissions")
    ]
    kinds = {applicant["kind"] for applicant in applicants}
    assert kinds == {"natural", "legal"}
    for applicant in applicants:
        if applicant["kind"] == "legal":
            assert cui.is_valid(applicant["cui"])
            assert cnp.is_valid(applicant["representative"]["cnp"])
        else:
            assert cnp.is_valid(applicant["cnp"])
    names = "".join(applicant["name"] for applicant in applicants)
    assert set(names) & set("șțăâîȘȚ")
    assert not set(names) & {chr(0x15F), chr(0x163)}


def test_submissions_spread_over_the_procedures(seeded: Path):
    found = rows(seeded, "SELECT DISTINCT procedure_code FROM submissions")
    assert len(found) >= 8


def test_every_file_is_what_its_name_says(seeded: Path):
    sizes = []
    for row in rows(seeded, "SELECT * FROM files"):
        path = seeded / "blobs" / row["sha256"][:2] / row["sha256"]
        kind = row["name"].rpartition(".")[2]
        assert magic.from_file(str(path), mime=True) == EXPECTED[kind]
        assert row["declared_type"] == EXPECTED[kind]
        content = path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        assert len(content) == row["size"]
        sizes.append(row["size"])
        if kind == "jpg":
            Image.open(io.BytesIO(content)).load()
        elif kind == "docx":
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert min(sizes) >= 19_000
    assert 500_000 < max(sizes) <= 10 * 1024 * 1024


def test_small_files_stay_near_20_kb(tmp_path: Path):
    seed(
        tmp_path,
        *("--submissions", 10, "--seed", 1, "--small", "--files-per-submission", 5),
    )
    sizes = [row["size"] for row in rows(tmp_path, "SELECT size FROM files")]
    assert len(sizes) == 50
    assert all(15_000 < size < 60_000 for size in sizes)


def test_seeding_again_adds_and_keeps_the_order_of_the_list(tmp_path: Path):
    for _ in range(2):
        seed(tmp_path, "--submissions", 4, "--seed", 3, "--small")
    found = rows(tmp_path, "SELECT number, updated_at FROM submissions ORDER BY number")
    stamps = [row["updated_at"] for row in found]
    assert len(stamps) == 8
    assert stamps == sorted(set(stamps))


def test_the_demo_account_logs_in(seeded: Path):
    port = free_port()
    seed(seeded, "--submissions", 0, "--seed", 7, "--password", "parola demonstrației")
    process = start("edirect", "serve", "--port", port, "--data", seeded)
    try:
        platform = Platform(f"http://127.0.0.1:{port}", seeded, "", 0)
        wait_for(lambda: httpx.get(f"{platform.api}/health").is_success)
        citizen = Citizen(platform)
        citizen.username, citizen.password = "ana.popescu", "parola demonstrației"
        assert "PISEG #100001" in citizen.log_in("company").text + (
            citizen.log_in("personal").text
        )
        # Without a control token there is no control door.
        url = f"{platform.url}/_control/faults"
        assert httpx.put(url, json={}).status_code == 404
        assert httpx.post(url, json={}).status_code == 404
        # The secrets nobody gave are kept for the owner only.
        assert (seeded / "secrets.toml").stat().st_mode & 0o777 == 0o600
    finally:
        process.terminate()
        process.wait(10)
