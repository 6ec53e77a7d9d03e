"""A town hall whose processes die all the time, and who brings them back."""

import base64
import contextlib
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import requests
from stack.balancer import Balancer
from stack.paths import ADDONS, TOOLS_PYTHON
from stack.process import free_port
from stack.world import PLATFORM_CODE
from townhall_world import Clerk, TownHall, applicant, bytes_file, text_file

from . import points

HERE = Path(__file__).resolve().parent
#: Seconds after which the scheduler's next minute comes here.
MINUTE = 1.5
#: Moves what waits for a moment to come: the test does not sit through the waiting.
PASS_TIME = """
UPDATE pcu_exchange_item SET next_try_at = t.now FROM t WHERE next_try_at > t.now;
UPDATE pcu_exchange_effect SET next_try_at = t.now FROM t WHERE next_try_at > t.now;
UPDATE pcu_exchange_event SET next_try_at = t.now FROM t WHERE next_try_at > t.now;
UPDATE pcu_notice SET next_try_at = t.now FROM t
 WHERE state = 'waiting' AND next_try_at > t.now;
UPDATE pcu_platform SET retry_at = t.now FROM t WHERE retry_at > t.now;
UPDATE pcu_platform SET next_poll_at = t.now FROM t
 WHERE lease_until IS NULL OR lease_until < t.now
""".replace("FROM t", "FROM (SELECT now() AT TIME ZONE 'UTC') t (now)")
#: What is not at rest yet.
RESTLESS = """
SELECT 'item ' || state FROM pcu_exchange_item
 WHERE state NOT IN ('acked', 'closed', 'withdrawn')
UNION ALL SELECT 'effect ' || kind || ' ' || state FROM pcu_exchange_effect
 WHERE state NOT IN ('done', 'superseded', 'cancelled')
UNION ALL SELECT 'event ' || kind || ' ' || state FROM pcu_exchange_event
 WHERE state NOT IN ('applied', 'ignored')
UNION ALL SELECT 'notice ' || kind || ' ' || state FROM pcu_notice WHERE state <> 'sent'
UNION ALL SELECT 'entry without number' FROM pcu_register_entry WHERE number IS NULL
"""


class MortalTown(TownHall):
    """Two servers as in production (several processes each), one platform, all mortal.

    A watchman starts again whatever died as a whole; a server's dead worker is replaced
    by the server itself.
    """

    def __init__(self, name: str):
        super().__init__(name, interval=1)
        self.points = self.folder / "points"
        self.balancer = Balancer([self.odoo_port, free_port()]).start()
        #: Called again and again while the town is at work.
        self.look = lambda: None
        self._ending = threading.Event()
        self._watchmen = []
        self._clerks = {}

    def open(self) -> None:
        """Start everything, observed, with nothing armed yet."""
        for name in ("armed", "fired"):
            (self.points / name).mkdir(parents=True)
        self.mail.start()
        self.sandbox.wake_up_at(
            f"http://127.0.0.1:{self.balancer.port}/pcu/wakeup/{PLATFORM_CODE}"
        )
        self.sandbox.settings["PCU_KILL_POINTS"] = str(self.points)
        self.sandbox.command[:3] = [str(TOOLS_PYTHON), str(HERE / "mortal_platform.py")]
        self.sandbox.start()
        self.make_database(interval=1)
        with ThreadPoolExecutor() as both:
            list(both.map(self._start_server, self.balancer.ports))
        for process in (*self.servers, self.sandbox):
            watchman = threading.Thread(target=self._watch, args=(process,))
            watchman.start()
            self._watchmen.append(watchman)

    def _start_server(self, port: int) -> None:
        self.start_odoo(
            port=port,
            env={
                "ODOO_QUEUE_JOB_PORT": str(self.balancer.port),
                "PCU_KILL_POINTS": str(self.points),
                "PCU_TESTS": str(HERE.parent),
            },
            options=(
                "--workers", "2", "--max-cron-threads", "1",
                "--addons-path", f"{ADDONS},{HERE / 'addons'}",
                "--load", "base,rpc,web,queue_job,pcu_kill_points",
            ),
        )  # fmt: skip

    def stop(self) -> None:
        self._ending.set()
        for watchman in self._watchmen:
            watchman.join()
        super().stop()
        self.balancer.stop()

    def _watch(self, process) -> None:
        while not self._ending.wait(0.1):
            if not process.running:
                process.kill()  # what is left of its group
                process.start()

    # -- points -------------------------------------------------------------------

    def arm(self, names, whole=()) -> None:
        for name in names:
            # Whole at once: nobody may read a file that is still empty.
            text = points.WHOLE if name in whole else ""
            (self.points / "new").write_text(text)
            (self.points / "new").rename(self.points / "armed" / name)

    def disarm(self) -> None:
        """Take away the points that nobody met."""
        for file in (self.points / "armed").iterdir():
            file.unlink(missing_ok=True)

    def fired(self) -> list[str]:
        return sorted(file.name for file in (self.points / "fired").iterdir())

    def notes(self, name: str) -> list[list[str]]:
        """Return the lines that the observers wrote: point, what, …"""
        file = self.points / name
        text = file.read_text(errors="replace") if file.exists() else ""
        return [line.split("\t") for line in text.splitlines()]

    # -- time ---------------------------------------------------------------------

    def pass_time(self) -> None:
        """Let all that waits for a moment be due, and the scheduler's minute come.

        The waiting times themselves are tested elsewhere; nothing else is touched.
        """
        with contextlib.closing(
            psycopg2.connect(dbname=self.database, **self._dsn())
        ) as c:
            c.autocommit = True
            for statement in PASS_TIME.split(";"):
                c.cursor().execute(statement)
        self.ring()

    def until(self, true, timeout: float, what: str) -> None:
        """Let time pass until something is true.

        :raise AssertionError: when it takes longer, with what is not at rest
        """
        limit, passed = time.monotonic() + timeout, 0.0
        while not true():
            if time.monotonic() > limit:
                raise AssertionError(f"{what}: not in {timeout} s; {self.restless()}")
            self.look()
            if time.monotonic() > passed + MINUTE:
                self.pass_time()
                passed = time.monotonic()
            time.sleep(0.2)

    def restless(self) -> list[str]:
        return sorted(row[0] for row in self.rows(RESTLESS))

    # -- the way of submissions ---------------------------------------------------

    def persist(self, act, done, timeout: float = 90):
        """Do something as people do when the screen shows an error: look, try again."""
        limit = time.monotonic() + timeout
        while True:
            try:
                act()
            except (
                requests.RequestException,
                RuntimeError,
                OSError,
                ValueError,
            ) as error:
                refused = error
            else:
                refused = None
            if done():
                return
            if time.monotonic() > limit:
                raise AssertionError(f"not done in {timeout} s: {refused!r}")
            time.sleep(0.5)

    def walk(self, count: int, timeout: float) -> None:
        """Bring new submissions all the way, with everything that can happen to one."""
        known = {row[0] for row in self.platform_rows("SELECT id FROM submissions")}
        self.bring_by_hand(f"{len(known)}-typed")
        for number in range(count):
            self.file_one(f"{len(known)}-{number}")
        self.until(lambda: not self.waiting_for_answers(), timeout, "registering")
        filed = [
            row[0]
            for row in self.rows("SELECT id, origin_key FROM pcu_request ORDER BY id")
            if row[1].rpartition(":")[2] not in known
        ]
        for request in filed:
            self.take(request)
            self.act_of_citizen(request, "message", "Revin cu o completare.")
        self.until(lambda: not self.restless(), timeout, "progress and messages")
        for request in filed:
            self.ask(request)
        self.until(lambda: not self.restless(), timeout, "questions")
        for request in filed:
            self.act_of_citizen(request, "answer", "Anexez actul cerut.")
        self.until(self.all_answered, timeout, "answers")
        for request in filed:
            self.decide(request)
        self.until(lambda: not self.restless(), timeout, "decisions")

    def waiting_for_answers(self) -> bool:
        filed = self.platform_rows("SELECT count(*) FROM submissions")[0][0]
        return filed > self.value("SELECT count(*) FROM pcu_exchange_item") or bool(
            self.restless()
        )

    def all_answered(self) -> bool:
        open_questions = (
            "SELECT count(*) FROM pcu_request WHERE state = 'clarification'"
        )
        return not self.restless() and not self.value(open_questions)

    def file_one(self, key: str) -> None:
        """A citizen files a petition with two files."""
        before = self.platform_rows("SELECT count(*) FROM submissions")[0][0]
        files = [
            text_file(f"cerere-{key}.txt", f"Subsemnatul {key} solicit …"),
            bytes_file(f"anexa-{key}.pdf", paper(key, 200_000)),
        ]
        self.persist(
            lambda: self.submit(
                procedure="PET", applicant=applicant(observations=key), files=files
            ),
            lambda: (
                self.platform_rows("SELECT count(*) FROM submissions")[0][0] > before
            ),
        )

    def bring_by_hand(self, key: str) -> None:
        """While the platform can't be read a clerk types in what was filed there."""
        self.value(
            "UPDATE pcu_platform SET state = 'unreachable', retry_at = '2999-01-01'"
            " RETURNING id"
        )
        self.file_one(key)
        number = self.platform_rows(
            "SELECT number FROM submissions ORDER BY number DESC LIMIT 1"
        )[0][0]
        citizen = applicant()
        values = {
            "platform_id": self.value("SELECT id FROM pcu_platform"),
            "mode": "typed", "number": str(number),
            "applicant_name": citizen["name"], "email": citizen["email"],
            "procedure_id": self.value(
                "SELECT id FROM pcu_procedure WHERE code = 'PET'"
            ),
        }  # fmt: skip
        self.persist(
            lambda: self.confirm(
                "pcu.exchange.manual", values, "action_take", "registratura"
            ),
            lambda: self.value(
                "SELECT count(*) FROM pcu_exchange_item WHERE remote_number = %s",
                str(number),
            ),
        )

    def act_of_citizen(self, request: int, act: str, text: str) -> None:
        """The citizen writes or answers, with a file."""
        remote = self.value("SELECT origin_key FROM pcu_request WHERE id = %s", request)
        remote = remote.rpartition(":")[2]
        count = "SELECT count(*) FROM events WHERE submission_id = ?"
        before = self.platform_rows(count, remote)[0][0]
        body = {
            "text": text,
            "files": [text_file(f"{act}-{request}.txt", f"{text} {request}")],
        }
        self.persist(
            lambda: self.sandbox.control(f"submissions/{remote}/{act}", body),
            lambda: self.platform_rows(count, remote)[0][0] > before,
        )

    # -- the way of the clerk -----------------------------------------------------

    def press(self, model: str, method: str, *arguments, login: str = "petitii"):
        """Call a method as a clerk, through whichever server answers."""
        url = f"http://127.0.0.1:{self.balancer.port}"
        if login not in self._clerks:
            self._clerks[login] = Clerk(url, self.database, login)
        return self._clerks[login].call(model, method, *arguments)

    def state_of(self, request: int) -> str:
        return self.value("SELECT state FROM pcu_request WHERE id = %s", request)

    def take(self, request: int) -> None:
        self.persist(
            lambda: self.press("pcu.request", "action_take", [request]),
            lambda: self.state_of(request) == "in_progress",
        )

    def ask(self, request: int) -> None:
        values = {"request_id": request, "text": f"Lipsește actul de la {request}."}
        self.persist(
            lambda: self.confirm("pcu.request.clarify", values),
            lambda: self.state_of(request) == "clarification",
        )

    def decide(self, request: int) -> None:
        def act():
            files = [
                self.press(
                    "ir.attachment",
                    "create",
                    {
                        "name": f"raspuns-{request}-{size}.pdf",
                        "datas": base64.b64encode(paper(str(request), size)).decode(),
                        "res_model": "pcu.request.decide",
                    },
                )
                for size in (30_000, 70_000)
            ]
            values = {
                "request_id": request, "outcome": "favourable", "text": "Se aprobă.",
                "file_ids": [[6, 0, files]],
            }  # fmt: skip
            self.confirm("pcu.request.decide", values)

        self.persist(act, lambda: self.state_of(request) == "decided")

    def confirm(
        self, model: str, values: dict, button="action_confirm", login="petitii"
    ) -> None:
        wizard = self.press(model, "create", values, login=login)
        self.press(model, button, [wizard], login=login)


def paper(seed: str, size: int) -> bytes:
    """Return a PDF-like file that no other has the bytes of."""
    return b"%PDF-1.4 " + random.Random(f"{seed} {size}").randbytes(size)
