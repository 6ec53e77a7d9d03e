"""Every fault that a line, a platform or a machine can have, and what holds in it.

One town hall meets one fault after the other. While it lasts a clerk sees where each
submission is, and those that it does not concern get their numbers; after it is lifted
everything is as if nothing had happened. A table of fault and result is printed.

`make proof` takes all of them, `PCU_PROOF=20 make proof` one of each kind.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import fault_proxy as fp
import guarantees
import pytest
from fault_cells import FAULTS, FILE, Fault, on
from stack.paths import ADDONS
from townhall_world import bytes_file

pytestmark = pytest.mark.proof

FEW = int(os.environ.get("PCU_PROOF", "20")) < 100
#: Seconds to wait for what must happen: far more than a tick of the scheduler, for a
#: machine under load.
PATIENCE = 300
#: A name that resolves when the file beside the town hall says so.
NAME = "platforma.test"
#: Larger than what a socket takes at once, so that a cut line cuts it.
SCAN = bytes(range(256)) * 2000


@pytest.fixture
def hall(make_town_hall):
    """Return a town hall whose way to the platform leads through the proxy."""
    hall = make_town_hall(wakeup=False, interval=60)
    hall.mail.start()
    hall.sandbox.start()
    hall.make_database(interval=60)
    hall.proxy = fp.FaultProxy(hall.sandbox.port)
    point_at(hall, hall.proxy.url)
    hall.table, hall.hosts = [], hall.folder / "hosts"
    hall.hosts.write_text(f"{NAME} 127.0.0.1\n")
    yield hall
    hall.proxy.close()


@pytest.fixture
def room(hall):
    """Put the filestore on a file system of its own whose size can be changed."""
    store = Path(hall.odoo.filestore(hall.database))
    aside = store.with_name(f"{store.name}-aside")
    store.rename(aside)
    store.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4g", "pcu", str(store)],
                          capture_output=True)  # fmt: skip
    mounted = not done.returncode
    try:
        shutil.copytree(aside, store, dirs_exist_ok=True)
        yield Room(store) if mounted else None
    finally:
        for server in hall.servers:
            server.stop()
        if mounted:
            subprocess.run(["umount", str(store)], check=True)
        shutil.rmtree(aside)


@dataclass
class Room:
    """The filestore's file system."""

    store: Path

    def leave(self, free: int) -> None:
        """Leave so many bytes free."""
        used = shutil.disk_usage(self.store).used
        size = f"remount,size={used + free}"
        subprocess.run(["mount", "-o", size, str(self.store)], check=True)


def test_after_each_fault_all_guarantees_hold(hall, room, measured):
    hall.start_odoo(
        env={"PCU_HOSTS": str(hall.hosts)},
        options=(
            "--addons-path", f"{ADDONS},{Path(__file__).parent / 'fault_addons'}",
            "--load", "base,rpc,web,queue_job,pcu_fault_names",
        ),
    )  # fmt: skip
    for fault in FAULTS:
        if fault.few or not FEW:
            meet(hall, fault)
    odd_lists(hall)
    rows_left_out(hall)
    nothing_stands_still(hall)
    everything_stands_still(hall)
    disk(hall, room)
    database(hall)
    assert "could not serialize" not in hall.servers[0].log.read_text()
    spot_what_is_broken(hall)
    measured(
        "fault                             the clerk sees            at rest after"
    )
    for name, seen, took in hall.table:
        measured(f"{name:<34}{seen:<26}{took:>5.1f} s")


# -- one submission ------------------------------------------------------------------


def meet(hall, fault: Fault) -> None:
    """Let one submission meet a fault beside another that does not."""
    chosen, other = file_one(hall), file_one(hall)
    rule = hall.proxy.spoil(fault.path.format(id=chosen["id"]), fault.act, fault.times)
    hall.pull()
    hall.wait_until(lambda: rule.hits, PATIENCE, f"{fault.name}: the fault")
    hall.wait_until(
        lambda: number_of(hall, other), PATIENCE, f"{fault.name}: the other"
    )
    seen = "–"
    if fault.seen:
        hall.wait_until(lambda: seen_problem(hall, chosen) in fault.seen, PATIENCE,
                        f"{fault.name}: {fault.seen} shown")  # fmt: skip
        seen = seen_problem(hall, chosen)
    guarantees.always(hall)
    found = guarantees.nowhere(hall)
    assert not found, f"{fault.name}: {found}"
    if fault.seen or fault.times:
        hall.proxy.heal()
    began = time.monotonic()
    if fault.button:
        item = hall.value(
            "SELECT id FROM pcu_exchange_item WHERE remote_id = %s", chosen["id"]
        )
        hall.clerk().call("pcu.exchange.item", fault.button, [item])
    come_to_rest(hall, fault.name)
    hall.proxy.heal()
    assert state_of(hall, chosen) == fault.ends, fault.name
    assert files_of(hall, chosen) == 1, fault.name
    hall.table.append((fault.name, seen, time.monotonic() - began))


def file_one(hall) -> dict:
    return hall.submit(files=[bytes_file("cerere.pdf", b"%PDF-1.4\n" + SCAN)])


def number_of(hall, submission: dict):
    return hall.value(
        "SELECT e.number FROM pcu_exchange_item i JOIN pcu_request r"
        " ON r.id = i.request_id JOIN pcu_register_entry e ON e.id = r.entry_id"
        " WHERE i.remote_id = %s", submission["id"],
    )  # fmt: skip


def state_of(hall, submission: dict) -> str:
    return hall.value(
        "SELECT state FROM pcu_exchange_item WHERE remote_id = %s", submission["id"]
    )


def files_of(hall, submission: dict) -> int:
    return hall.value(
        "SELECT count(f.document_id) FROM pcu_exchange_file f JOIN pcu_exchange_item i"
        " ON i.id = f.item_id WHERE i.remote_id = %s", submission["id"],
    )  # fmt: skip


def seen_problem(hall, submission: dict) -> str | None:
    return hall.value(
        "SELECT coalesce(i.problem_code, (SELECT max(f.problem_code)"
        "  FROM pcu_exchange_effect f WHERE f.item_id = i.id))"
        " FROM pcu_exchange_item i WHERE i.remote_id = %s", submission["id"],
    )  # fmt: skip


def come_to_rest(hall, name: str) -> None:
    """Let the waiting times pass until nothing moves, then ask everything."""

    def quiet() -> bool:
        if not guarantees.open_work(hall):
            return True
        let_time_pass(hall)
        time.sleep(1)
        return False

    try:
        hall.wait_until(quiet, 2 * PATIENCE, "rest")
        guarantees.at_rest(hall, 1)
    except AssertionError as error:
        message = f"{name}: {error}; {guarantees.open_work(hall)}"
        raise AssertionError(message) from error


def let_time_pass(hall) -> None:
    """Make everything due that only waits, and wake the scheduler as time does."""
    for table in ("item", "effect", "event"):
        hall.rows(
            f"UPDATE pcu_exchange_{table} SET next_try_at = now() AT TIME ZONE 'UTC'"  # noqa: S608
            " WHERE next_try_at > now() AT TIME ZONE 'UTC' RETURNING id"
        )
    hall.rows(
        "UPDATE pcu_platform SET retry_at = now() AT TIME ZONE 'UTC'"
        " WHERE retry_at > now() AT TIME ZONE 'UTC' RETURNING id"
    )
    with contextlib.suppress(RuntimeError):
        hall.pull()


# -- lists ---------------------------------------------------------------------------


def odd_lists(hall) -> None:
    """Rows come twice, pages overlap and come again, acts come in another order."""
    hall.rows("UPDATE pcu_platform SET page_size = 2 RETURNING id")
    earlier: list[dict] = []

    def overlap(page: dict) -> dict:
        rows = [*earlier[-1:], *page["items"], *page["items"]]
        earlier.extend(page["items"])
        return on(page, items=rows)

    hall.proxy.spoil("/submissions[?]", fp.edit(overlap))
    hall.proxy.spoil("/events[?]", fp.edit(lambda p: on(p, items=p["items"][::-1])))
    began, filed = time.monotonic(), [file_one(hall) for _n in range(5)]
    come_to_rest(hall, "shifted pages")
    first = filed[0]["id"]
    for act, body in (("message", {"text": "unu"}), ("message", {"text": "doi"}),
                      ("withdraw", {"text": "nu mai doresc"})):  # fmt: skip
        hall.sandbox.control(f"submissions/{first}/{act}", body)
    come_to_rest(hall, "acts in another order")
    hall.proxy.heal()
    hall.rows("UPDATE pcu_platform SET page_size = 100 RETURNING id")
    assert len(earlier) > 5
    assert hall.rows(
        "SELECT e.state, count(*) FROM pcu_exchange_event e JOIN pcu_exchange_item i"
        " ON i.id = e.item_id WHERE i.remote_id = %s AND e.kind <> 'submitted'"
        " GROUP BY 1", first,
    ) == [("applied", 3)]  # fmt: skip
    assert hall.value(
        "SELECT r.state FROM pcu_request r JOIN pcu_exchange_item i"
        " ON i.request_id = r.id WHERE i.remote_id = %s", first,
    ) == "withdrawn"  # fmt: skip
    took = time.monotonic() - began
    hall.table.append(("duplicated and shifted pages", "–", took))
    hall.table.append(("acts out of order", "–", took))


def rows_left_out(hall) -> None:
    """A page lacks a row that its cursor passes: another list, or the night, has it."""
    for name, lists in (
        ("rows left out of a page", "/submissions[?]"),
        ("rows left out of both lists", "/(submissions|events)[?]"),
    ):
        lost, other = file_one(hall), file_one(hall)

        def leave_out(page: dict, lost=lost["id"]) -> dict:
            rows = [r for r in page["items"] if lost not in r.values()]
            return on(page, items=rows)

        hall.proxy.spoil(lists, fp.edit(leave_out))
        hall.pull()
        hall.wait_until(lambda: number_of(hall, other), PATIENCE, name)  # noqa: B023
        hall.proxy.heal()
        began = time.monotonic()
        if "events" in lists:
            assert not state_of(hall, lost)
            compare(hall, lost)
        come_to_rest(hall, name)
        assert state_of(hall, lost) == "acked", name
        hall.table.append((name, "–", time.monotonic() - began))


def compare(hall, lost: dict) -> None:
    """Have the nightly comparison made, as if the submission were of yesterday."""
    with hall.platform_database() as database:
        database.execute(
            "UPDATE submissions SET updated_at = '2026-01-05T08:00:00.000000+00:00'"
            " WHERE id = ?", (lost["id"],),
        )  # fmt: skip
    clerk = hall.clerk("administrator")
    platform = hall.value("SELECT id FROM pcu_platform")
    action = clerk.call("pcu.platform", "action_reconcile", [platform])
    hall.wait_until(
        lambda: hall.value(
            "SELECT state FROM pcu_exchange_reconciliation WHERE id = %s",
            action["res_id"],
        ) == "done", PATIENCE, "the comparison",
    )  # fmt: skip


# -- the whole platform ----------------------------------------------------------------


def nothing_stands_still(hall) -> None:
    """The platform is odd, and what it has comes all the way nevertheless."""
    round_in_circles: list[str] = []

    def circle(page: dict) -> dict:
        round_in_circles.append(page["next_cursor"])
        return on(page, has_more=True, next_cursor=round_in_circles[-2:][0])

    elsewhere = "https://169.254.169.254/latest/meta-data?page=2"
    lists = "^GET .*/institutions/"
    platform = hall.sandbox.control
    ways: list[tuple[str, Callable, bool]] = [
        ("the next page is on another host", lambda: hall.proxy.spoil(
            lists, fp.edit(lambda p: on(p, has_more=True, next_cursor=elsewhere))),
         True),
        ("the list goes round in circles", lambda: hall.proxy.spoil(
            lists, fp.edit(circle)), False),
        ("all tokens expired", lambda: platform("expire-tokens"), True),
        ("the platform's clock 10 min behind", lambda: platform(
            "clock", {"minutes": -10}), False),
        ("the platform's clock 10 min ahead", lambda: platform(
            "clock", {"minutes": 10}), False),
    ]  # fmt: skip
    for name, begin, few in ways:
        if FEW and not few:
            continue
        begin()
        began, waiting = time.monotonic(), file_one(hall)
        hall.pull()
        hall.wait_until(lambda: number_of(hall, waiting), PATIENCE, name)  # noqa: B023
        come_to_rest(hall, name)
        hall.proxy.heal()
        after = file_one(hall)
        come_to_rest(hall, f"after: {name}")
        states = [state_of(hall, submission) for submission in (waiting, after)]
        assert states == ["acked", "acked"], name
        hall.table.append((name, "–", time.monotonic() - began))
    platform("clock", {"minutes": 0})


def point_at(hall, url: str) -> None:
    hall.rows("UPDATE pcu_platform SET base_url = %s RETURNING id", url)


def everything_stands_still(hall) -> None:
    """The platform as a whole can't be used; what waits, waits in sight."""
    proxy = hall.proxy

    @contextlib.contextmanager
    def address(url):
        point_at(hall, url)
        yield
        point_at(hall, proxy.url)

    @contextlib.contextmanager
    def refused():
        proxy.close()
        yield
        proxy.open()

    @contextlib.contextmanager
    def nameless():
        """The platform's name resolves again as suddenly as it stopped to."""
        with address(proxy.url.replace("127.0.0.1", NAME)):
            hall.hosts.write_text("")
            yield
            hall.hosts.write_text(f"{NAME} 127.0.0.1\n")
            come_to_rest(hall, "the name resolves")

    @contextlib.contextmanager
    def inside():
        """The platform is said to be outside, and its name leads in here."""
        allow = "UPDATE pcu_platform SET allow_http = %s RETURNING id"
        hall.rows(allow, False)
        with untrusted():
            yield
            code = hall.value(
                "SELECT problem_code FROM pcu_exchange_log ORDER BY id DESC LIMIT 1"
            )
            assert code == "inner_address", code
        hall.rows(allow, True)

    @contextlib.contextmanager
    def untrusted():
        with fp.untrusted_tls(hall.folder) as url, address(url):
            yield

    def spoiled(pattern: str, act: fp.Act):
        @contextlib.contextmanager
        def now():
            proxy.spoil(pattern, act)
            yield
            proxy.heal()

        return now

    lists = "^GET .*/institutions/"
    page = b"<!DOCTYPE html><h1>Lucr\xc4\x83ri de mentenan\xc8\x9b\xc4\x83</h1>"
    ways: list[tuple[str, Callable, bool]] = [
        ("connection refused", refused, True),
        ("DNS failure", nameless, True),
        ("TLS failure", untrusted, True),
        ("an address inside our network", inside, True),
        ("every call 500", spoiled(".", fp.say(500)), False),
        ("a page instead of the list", spoiled(lists, fp.say(200, page)), True),
        ("the list leads elsewhere", spoiled(
            lists, fp.say(302, Location="http://169.254.169.254/latest")), False),
        ("half of the list with 200", spoiled(lists, fp.half), False),
        ("the list cut off in its rows", spoiled(lists, fp.cut(150)), False),
        ("429 for the list", spoiled(lists, fp.say(429, Retry_After="5")), True),
    ]  # fmt: skip
    for name, fault, few in ways:
        if FEW and not few:
            continue
        with fault():
            waiting = file_one(hall)
            hall.pull()
            shown = seen_trouble(hall, name)
            guarantees.always(hall)
            assert len(shown["health_text"]) > 20, name
        began = time.monotonic()
        come_to_rest(hall, name)
        assert state_of(hall, waiting) == "acked", name
        hall.table.append((name, shown["health"], time.monotonic() - began))


def seen_trouble(hall, name: str) -> dict:
    """Wait until the screen says that something is wrong; return what it says."""
    clerk = hall.clerk()

    def troubled() -> bool:
        return guarantees.platform_shown(clerk)["health"] in ("attention", "bad")

    hall.wait_until(troubled, PATIENCE, f"{name}: shown")
    return guarantees.platform_shown(clerk)


# -- our own machine -----------------------------------------------------------------


def disk(hall, room: Room | None) -> None:
    """The disk is nearly full before a download, and full in the middle of it."""
    if not room:
        hall.table.append(("disk full", "not tried: no right to mount", 0))
        return
    waiting = file_one(hall)
    rule = hall.proxy.spoil(FILE.format(id=waiting["id"]), fp.delay(600), times=1)
    hall.pull()
    hall.wait_until(lambda: rule.hits, PATIENCE, "the download")
    room.leave(4096)
    hall.proxy.heal()
    hall.wait_until(
        lambda: seen_problem(hall, waiting) == "disk", PATIENCE, "disk full"
    )
    guarantees.always(hall)
    text = guarantees.platform_shown(hall.clerk())["health_text"]
    assert "disc" in text.lower(), text
    began = time.monotonic()
    room.leave(4 * 1024**3)
    come_to_rest(hall, "disk full")
    assert state_of(hall, waiting) == "acked"
    hall.table.append(("disk full in a download", "disk", time.monotonic() - began))


def database(hall) -> None:
    """PostgreSQL goes away in the middle of a download and comes back."""
    if hall.postgres.external:
        hall.table.append(("PostgreSQL restarted", "not tried: not our server", 0))
        return
    waiting, other = file_one(hall), file_one(hall)
    rule = hall.proxy.spoil(FILE.format(id=waiting["id"]), fp.delay(600), times=1)
    hall.pull()
    hall.wait_until(lambda: rule.hits, PATIENCE, "the download")
    hall.postgres.restart()
    hall.proxy.heal()
    began = time.monotonic()
    come_to_rest(hall, "PostgreSQL restarted")
    took = time.monotonic() - began
    assert [state_of(hall, s) for s in (waiting, other)] == ["acked", "acked"]
    assert took < 90, "the lease of a worker that lives was waited for"
    hall.table.append(("PostgreSQL restarted", "–", took))


# -- the checks themselves -----------------------------------------------------------


def spot_what_is_broken(hall) -> None:
    """Break each guarantee by hand: a check that can't fail proves nothing."""
    submission = file_one(hall)
    come_to_rest(hall, "the last one")
    hall.pull()
    hall.wait_until(lambda: seen_to_the_end(hall), PATIENCE, "our own changes, listed")
    item, request = hall.rows(
        "SELECT id, request_id FROM pcu_exchange_item WHERE remote_id = %s",
        submission["id"],
    )[0]

    def set_item(values: str) -> None:
        hall.rows(
            f"UPDATE pcu_exchange_item SET {values} WHERE id = %s RETURNING id",  # noqa: S608
            item,
        )

    for name, check, harm in (
        ("N3", guarantees.nowhere, "state = 'dead', problem_code = NULL"),
        ("N1", guarantees.one_entry_each, "request_id = NULL"),
        ("N2", guarantees.no_early_word, "request_id = NULL"),
        ("N5", guarantees.nothing_passed_by, "remote_id = 'another'"),
        ("N7", guarantees.idle, "state = 'seen', next_try_at = '2026-01-01'"),
        ("N8", guarantees.journal_says_it, "state = 'held'"),
    ):
        set_item(harm)
        found = check(hall)
        set_item(
            f"state = 'acked', next_try_at = now() AT TIME ZONE 'UTC',"
            f" request_id = {request}, remote_id = '{submission['id']}'"
        )
        assert any(line.startswith(name) for line in found), (name, found)
        if check is guarantees.nowhere:
            # The others need no screen, and nobody may repair what they look at.
            hall.servers[0].stop()
    hall.rows(
        "UPDATE pcu_exchange_effect SET body = '{}' WHERE item_id = %s RETURNING id",
        item,
    )
    assert "N4" in str(guarantees.rows_of_their_cause(hall))


def seen_to_the_end(hall) -> bool:
    """Tell whether the cursor has passed everything, our own changes too."""
    cursor = hall.value("SELECT submissions_cursor FROM pcu_platform")
    last = max((stamp, key) for key, stamp in guarantees.on_platform(hall).items())
    return guarantees.read_cursor(cursor) >= last
