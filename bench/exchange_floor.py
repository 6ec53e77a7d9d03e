"""The floor of the exchange: the same calls, bytes and durability, without Odoo.

One row per submission and per file, each submission in one transaction, the files
written, synced and renamed as the connector does, both answers sent after the commit.
What is missing is everything else: leases, states, register, journal, rights.
"""

import hashlib
import json
import os
import sys
import time
import uuid
from pathlib import Path

import psycopg2
import requests

TABLES = """
    CREATE TABLE submission (id text PRIMARY KEY, payload jsonb, number serial);
    CREATE TABLE file (id text PRIMARY KEY, submission text, name text, sha256 text)
"""


class Floor:
    def __init__(self, url: str, token: str, institution: str, folder: Path):
        self.base, self.institution = f"{url}/api/v1", institution
        self.folder, self.http = folder, requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"
        self.connection = psycopg2.connect(dbname=os.environ["PCU_DATABASE"])
        with self.connection.cursor() as cursor:
            cursor.execute(TABLES)
        self.connection.commit()

    def call(self, method: str, path: str, **options):
        answer = self.http.request(method, f"{self.base}{path}", **options)
        answer.raise_for_status()
        return answer

    def run(self) -> int:
        cursor, taken = "", set()
        while True:
            query = {"limit": 100} | ({"cursor": cursor} if cursor else {})
            path = f"/institutions/{self.institution}/submissions"
            page = self.call("GET", path, params=query).json()
            # What was answered is listed again: it has changed there.
            for remote in {row["id"] for row in page["items"]} - taken:
                self.take_over(remote)
                taken.add(remote)
            if not page["has_more"]:
                return len(taken)
            cursor = page["next_cursor"]

    def take_over(self, remote: str) -> None:
        path = f"/submissions/{remote}"
        submission = self.call("GET", path).json()
        files = [self.bring(path, file) for file in submission["files"]]
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO submission VALUES (%s, %s) RETURNING number",
                (remote, json.dumps(submission)),
            )
            number = cursor.fetchone()[0]
            for name, digest in files:
                cursor.execute(
                    "INSERT INTO file VALUES (%s, %s, %s, %s)",
                    (uuid.uuid4().hex, remote, name, digest),
                )
        self.connection.commit()
        now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        self.tell(path, "receipt", taken_over_at=now)
        self.tell(path, "registration", number=str(number), date=now[:10], register="R")

    def tell(self, path: str, kind: str, **body) -> None:
        body["client_reference"] = uuid.uuid4().hex
        self.call("PUT", f"{path}/{kind}", json=body)

    def bring(self, path: str, file: dict) -> tuple[str, str]:
        digest, part = hashlib.sha256(), self.folder / f"{file['id']}.part"
        address = f"{path}/files/{file['id']}"
        with self.call("GET", address, stream=True) as answer, part.open("wb") as out:
            for piece in answer.iter_content(1024 * 1024):
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        place = self.folder / digest.hexdigest()[:2]
        place.mkdir(exist_ok=True)
        part.rename(place / digest.hexdigest())
        handle = os.open(place, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        return file["name"], digest.hexdigest()


if __name__ == "__main__":
    floor = Floor(sys.argv[1], os.environ["PCU_TOKEN"], sys.argv[2], Path(sys.argv[3]))
    began = time.monotonic()
    done = floor.run()
    print(json.dumps({"seconds": time.monotonic() - began, "done": done}))
