"""The `seed` command: the same seed gives the same people, papers and numbers."""

import argparse
import random
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from edirect import catalogue, citizens, clock, submissions
from edirect.blobs import BlobStore
from edirect.config import Config
from edirect.db import Database
from edirect.seed import documents, people
from edirect.submissions import NewFile, NewSubmission

DEMO_USER = "ana.popescu"
COMMIT_EVERY = 50
OBSERVATIONS = (
    "",
    "",
    "Vă rog să îmi comunicați răspunsul în format electronic.",
    "Menționez că lucrarea se află la limita dintre cele două proprietăți.",
    "Rog soluționarea în regim de urgență, dacă este posibil.",
    "Am depus și anul trecut o cerere asemănătoare, fără a primi răspuns.",
    "Documentele sunt scanate; originalele pot fi prezentate la ghișeu.",
    "Solicit eliberarea documentului pentru a-l prezenta la bancă; „în original”.",
)
SUBJECTS = {
    "CU": "construire locuință P+1E, împrejmuire și branșamente",
    "AC": "construire anexă gospodărească",
    "PET": "iluminat public defect și gropi în carosabil",
    "L544": "cheltuielile cu spațiile verzi în ultimii doi ani",
    "AOF": "deschiderea unui punct de lucru pentru panificație",
    "AJUT": "încălzire cu lemne, familie cu doi copii",
    "RAD": "vehicul vândut în altă localitate",
    "TAXI": "autorizarea unui vehicul electric",
}
# How often each is asked for; a town hall sees far more fiscal certificates.
WEIGHTS = {"FISC": 6, "PET": 4, "CU": 3, "AC": 2, "RAD": 2, "SC-DUP": 2}


@dataclass(frozen=True)
class Account:
    user_id: str
    person: dict[str, Any]
    company: dict[str, Any] | None


def main(config: Config, options: argparse.Namespace) -> int:
    today = options.today or f"{datetime.now(UTC):%Y-%m-%d}"
    newest = datetime.combine(datetime.fromisoformat(today), time(8), UTC)
    if options.today is None:
        # Nobody files in the future, and what follows must come after the seed.
        newest = min(newest, datetime.now(UTC))
    password = options.password or secrets.token_urlsafe(9)
    seed = Seed(config, options.seed, options.small, options.files_per_submission)
    seed.make_accounts(max(5, min(500, options.submissions // 3)), password)
    seed.make_submissions(options.submissions, newest)
    print(f"{options.submissions} submissions, {seed.bytes_written} bytes of files.")
    print(f"Demo account: {DEMO_USER}, password: {password}")
    return 0


class Seed:
    def __init__(
        self, config: Config, seed: int, small: bool, files: int | None
    ) -> None:
        self.config = config
        self.seed = seed
        self.small = small
        self.files = files
        self.bytes_written = 0
        self.db = Database(config.data / "edirect.sqlite3")
        self.blobs = BlobStore(config.data / "blobs")
        self.accounts: list[Account] = []

    def _rng(self, *parts: object) -> random.Random:
        return random.Random(":".join(map(str, (self.seed, *parts))))

    def _id(self, *parts: object) -> str:
        return str(uuid.UUID(bytes=self._rng("id", *parts).randbytes(16), version=4))

    def make_accounts(self, count: int, password: str) -> None:
        """Create the accounts; who exists already keeps the account but not the
        password, so that the one printed always works.
        """
        password_hash = citizens.hash_password(password)
        taken: set[str] = set()
        with self.db.write() as tx:
            for position in range(count):
                account, username = self._account(position, taken)
                known = citizens.by_username(tx, username)
                if known:
                    account = Account(known["id"], account.person, account.company)
                    tx.execute(
                        "UPDATE users SET password_hash = ? WHERE id = ?",
                        (password_hash, known["id"]),
                    )
                else:
                    citizens.add(
                        tx,
                        username,
                        password_hash,
                        account.person,
                        account.company,
                        confirmed=True,
                        user_id=account.user_id,
                    )
                self.accounts.append(account)

    def _account(self, position: int, taken: set[str]) -> tuple[Account, str]:
        rng = self._rng("person", position)
        demo = position == 0
        person = people.make_person(rng, ("Ana", "Popescu") if demo else None)
        username, tail = person["email"].partition("@")[::2]
        if username in taken:
            username = f"{username}{position}"
            person["email"] = f"{username}@{tail}"
        taken.add(username)
        # The demo account has a company, so that both kinds can be shown.
        company = people.make_company(rng) if demo or rng.random() < 0.3 else None
        return Account(self._id("user", position), person, company), username

    def make_submissions(self, count: int, newest: datetime) -> None:
        """Create submissions over the last three weeks, the oldest first."""
        counted = self.db.read().execute("SELECT count(*) FROM submissions")
        done = counted.fetchone()[0]
        step = timedelta(days=20) / max(1, count)
        for start in range(0, count, COMMIT_EVERY):
            batch = [
                self._submission(done + i, newest - step * (count - 1 - i))
                for i in range(start, min(count, start + COMMIT_EVERY))
            ]
            with self.db.write() as tx:
                for new in batch:
                    submissions.create(tx, new, self.config.scan_seconds)

    def _submission(self, position: int, at: datetime) -> NewSubmission:
        rng = self._rng("submission", position)
        account = self.accounts[
            0 if position % 5 == 0 else rng.randrange(len(self.accounts))
        ]
        procedure = self._procedure(rng)
        company = account.company if rng.random() < 0.6 else None
        institution = self.config.institutions[position % len(self.config.institutions)]
        user = citizens.by_id(self.db.read(), account.user_id)
        kind = "company" if company else "personal"
        form = {"subject": SUBJECTS.get(procedure["code"], procedure["title"])}
        new = NewSubmission(
            id=self._id("submission", position),
            institution=institution.code,
            procedure_code=procedure["code"],
            procedure_title=procedure["title"],
            applicant=citizens.applicant(user, kind) if user else {},
            account_kind=kind,
            observations=rng.choice(OBSERVATIONS),
            user_id=account.user_id,
            form=form,
            payments=self._payments(rng, procedure, at),
            submitted_at=at,
        )
        new.files = self._files(rng, procedure, new)
        return new

    def _procedure(self, rng: random.Random) -> dict[str, Any]:
        rows = [
            p for p in catalogue.procedures().values() if not p["informational_only"]
        ]
        return rng.choices(rows, [WEIGHTS.get(row["code"], 1) for row in rows])[0]

    def _payments(
        self, rng: random.Random, procedure: dict[str, Any], at: datetime
    ) -> list[dict[str, Any]]:
        amount = procedure["fee"]["amount"]
        if float(amount) == 0 or rng.random() < 0.5:
            return []
        return [
            {
                "reference": f"GH{rng.randint(10**9, 10**10 - 1)}",
                "amount": amount,
                "currency": procedure["fee"]["currency"],
                "at": clock.to_text(at - timedelta(minutes=rng.randint(5, 600))),
            }
        ]

    def _files(
        self, rng: random.Random, procedure: dict[str, Any], new: NewSubmission
    ) -> list[NewFile]:
        slots = [
            d for d in procedure["documents"] if d["mandatory"] or rng.random() < 0.4
        ]
        count = self.files if self.files is not None else len(slots)
        chosen = [slots[i % len(slots)] for i in range(count)]
        return [self._file(rng, slot, i, new) for i, slot in enumerate(chosen, start=1)]

    def _file(
        self,
        rng: random.Random,
        slot: dict[str, Any],
        position: int,
        new: NewSubmission,
    ) -> NewFile:
        kind = {"Fotografie": "jpg", "Document scanat": rng.choice(("pdf", "jpg"))}.get(
            slot["type"], rng.choice(("pdf", "pdf", "docx"))
        )
        lines = [
            slot["name"],
            f"Către: {self.config.institutions[0].name}",
            f"Solicitant: {new.applicant.get('name', '')}",
            f"Procedura: {new.procedure_title}",
            f"Obiect: {new.form['subject']}",
            f"Data: {new.submitted_at:%d.%m.%Y}",
        ]
        size = documents.wanted_size(rng, self.small)
        content = documents.make(kind, rng, size, lines)
        sha256, size = self.blobs.put_bytes(content)
        self.bytes_written += size
        short = " ".join(slot["name"].split()[:4]).strip(",.(")
        return NewFile(
            name=f"{short} {position}.{kind}".replace("/", "-"),
            size=size,
            sha256=sha256,
            declared_type=documents.TYPES[kind],
            slot=slot["slot"],
        )
