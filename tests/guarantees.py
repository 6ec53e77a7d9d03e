"""What must hold whatever happens: the connector's guarantees, asked of a town hall.

Each function returns the sentences of what is broken; none is what everybody wants.
``N1`` to ``N8`` are the invariants that the connector promises; ``N6`` (a copy of the
database is silent) needs a copy, so a test of its own proves it.

``always`` may be asked at any moment, between two kills or in the middle of a fault;
``at_rest`` when everything that can move has moved.
"""

import ast
import hashlib
import importlib.util
import json
from datetime import datetime
from pathlib import Path

import both_books
from lxml import etree
from stack.paths import ADDONS

#: Acts by which we tell the platform that we have a submission.
POSITIVE = ("receipt", "registration")
#: Seconds in which whatever is due must have been taken up: one tick and some work.
CYCLE = 90


def always(hall) -> None:
    """Assert what is true at every moment."""
    found = [
        *one_entry_each(hall), *no_early_word(hall), *rows_of_their_cause(hall),
        *nothing_passed_by(hall), *journal_says_it(hall),
        *both_books.done_is_done(hall),
    ]  # fmt: skip
    assert not found, "\n".join(found)


def at_rest(hall, timeout: float = 180) -> None:
    """Wait until nothing moves any more, then assert everything.

    :raise AssertionError: with each broken guarantee in a line
    """
    hall.wait_until(lambda: not open_work(hall), timeout, "rest")
    always(hall)
    found = [*nowhere(hall), *idle(hall), *both_books.all_is_here(hall)]
    assert not found, "\n".join(found)


def open_work(hall) -> list[str]:
    """Return what still moves by itself."""
    listed = {row[0] for row in hall.rows("SELECT remote_id FROM pcu_exchange_item")}
    unlisted = [f"{key} not listed" for key in on_platform(hall) if key not in listed]
    known = {row[0] for row in hall.rows("SELECT remote_id FROM pcu_exchange_event")}
    acts = hall.platform_rows("SELECT id, kind FROM events WHERE kind <> 'submitted'")
    unlisted += [f"{a['kind']} not listed" for a in acts if a["id"] not in known]
    return unlisted + [
        f"{kind} {row}: {state}"
        for kind, row, state in hall.rows(
            "SELECT 'item', id, state FROM pcu_exchange_item"
            " WHERE state IN ('seen', 'fetched', 'downloading', 'verified')"
            " OR state = 'registered' AND NOT EXISTS (SELECT 1 FROM pcu_exchange_effect"
            "  WHERE item_id = pcu_exchange_item.id AND state IN ('held', 'dead'))"
            " UNION ALL SELECT 'answer', f.id, f.state FROM pcu_exchange_effect f"
            "  WHERE f.state IN ('waiting', 'sending', 'unknown') AND NOT EXISTS ("
            "   SELECT 1 FROM pcu_exchange_effect b WHERE b.item_id = f.item_id"
            "    AND b.id < f.id AND b.state IN ('held', 'dead'))"
            " UNION ALL SELECT 'act', e.id, e.state FROM pcu_exchange_event e"
            "  JOIN pcu_exchange_item i ON i.id = e.item_id"
            "  WHERE e.state IN ('new', 'refreshed')"
            "   AND (i.request_id IS NOT NULL OR i.state IN ('withdrawn', 'refused'))"
            " UNION ALL SELECT 'notice', id, state FROM pcu_notice"
            "  WHERE state IN ('waiting', 'sending')"
        )
    ]


def one_entry_each(hall) -> list[str]:
    """N1: at most one inbox row, request and entry for a submission; no gap."""
    doubles = hall.rows(
        "SELECT 'inbox rows', remote_id, count(*) FROM pcu_exchange_item"
        " GROUP BY platform_id, remote_id HAVING count(*) > 1"
        " UNION ALL SELECT 'requests', origin_key, count(*) FROM pcu_request"
        "  WHERE origin_key IS NOT NULL GROUP BY origin_key HAVING count(*) > 1"
        " UNION ALL SELECT 'entries', origin_key, count(*) FROM pcu_register_entry"
        "  WHERE origin_key IS NOT NULL GROUP BY origin_key HAVING count(*) > 1"
        " UNION ALL SELECT 'submissions for one request', request_id::text, count(*)"
        "  FROM pcu_exchange_item WHERE request_id IS NOT NULL"
        "  GROUP BY request_id HAVING count(*) > 1"
        " UNION ALL SELECT 'requests of no submission', r.origin_key, 1"
        "  FROM pcu_request r LEFT JOIN pcu_exchange_item i ON i.request_id = r.id"
        "  WHERE r.origin_key LIKE 'edirect:%%' AND i.id IS NULL"
    )
    found = [f"N1: {count} {what}: {key}" for what, key, count in doubles]
    numbers = hall.numbers()
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"N1: the register's numbers are {numbers}")
    return found


def no_early_word(hall) -> list[str]:
    """N2: who was told "we have it" has a committed entry and verified bytes."""
    # The platform first: what it knows by now, we must have known before.
    told = hall.platform_rows(
        "SELECT submission_id, effect, body FROM effects"
        " WHERE effect IN ('receipt', 'registration')"
    )
    ours = {
        remote_id: (item_id, number)
        for item_id, remote_id, number in hall.rows(
            "SELECT i.id, i.remote_id, e.number FROM pcu_exchange_item i"
            " JOIN pcu_request r ON r.id = i.request_id"
            " JOIN pcu_register_entry e ON e.id = r.entry_id"
        )
    }
    unverified = dict(
        hall.rows(
            "SELECT item_id, count(*) FROM pcu_exchange_file"
            " WHERE state IN ('pending', 'held') AND NOT EXISTS ("
            "  SELECT 1 FROM pcu_exchange_event e"
            "   WHERE e.item_id = pcu_exchange_file.item_id"
            "    AND e.kind IN ('clarification_answered', 'message', 'file_added'))"
            " GROUP BY item_id"
        )
    )
    found = []
    for submission_id, effect, body in told:
        item_id, number = ours.get(submission_id, (None, None))
        said = json.loads(body).get("number")
        if not number:
            found.append(f"N2: {effect} of {submission_id}, which has no number")
        elif effect == "registration" and said != str(number):
            found.append(f"N2: {submission_id} was told {said}, it has {number}")
        if item_id in unverified:
            found.append(f"N2: {effect} of {submission_id}, whose files are not here")
    return found + _damaged_bytes(hall)


def _damaged_bytes(hall) -> list[str]:
    """Compare every stored file with what the platform announced."""
    found, store = [], Path(hall.odoo.filestore(hall.database))
    for name, announced, kept, place in hall.rows(
        "SELECT f.name, f.sha256, d.sha256, a.store_fname FROM pcu_exchange_file f"
        " JOIN pcu_document d ON d.id = f.document_id"
        " LEFT JOIN ir_attachment a ON a.id = d.attachment_id"
    ):
        path = store / (place or "missing")
        digest = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest()
        if not announced == kept == digest:
            found.append(f"N2: the bytes of {name} are not those of the citizen")
    return found


def rows_of_their_cause(hall) -> list[str]:
    """N4: what left has a row of ours, made in the transaction of its cause."""
    told = hall.platform_rows("SELECT client_reference, effect, body FROM effects")
    rows = dict(hall.rows("SELECT client_reference, body FROM pcu_exchange_effect"))
    found = [
        f"N4: {effect} {reference} has no row with these words"
        for reference, effect, body in told
        if effect != "upload" and not _same_words(rows.get(reference), json.loads(body))
    ]
    return found + [
        f"N4: request {request} and its {what} come from two transactions"
        for request, what in hall.rows(
            # create_date is the beginning of the transaction, to the microsecond.
            "SELECT r.id, k.kind FROM pcu_exchange_item i"
            " JOIN pcu_request r ON r.id = i.request_id"
            " CROSS JOIN (VALUES ('receipt'), ('registration')) k(kind)"
            " LEFT JOIN pcu_exchange_effect f ON f.item_id = i.id AND f.kind = k.kind"
            "  WHERE f.create_date IS DISTINCT FROM r.create_date"
            " UNION ALL SELECT r.id, 'notice' FROM pcu_exchange_item i"
            " JOIN pcu_request r ON r.id = i.request_id"
            " LEFT JOIN pcu_notice n ON n.request_id = r.id AND n.kind = 'registered'"
            "  WHERE n.create_date IS DISTINCT FROM r.create_date"
        )
    ]


def _same_words(ours: dict | None, theirs: dict) -> bool:
    """Compare what we wrote with what the platform keeps.

    It may spell moments anew, and it writes down as empty what nobody said.
    """
    return ours is not None and all(
        value == ours.get(key) or _moment(value) == _moment(ours.get(key))
        for key, value in theirs.items()
        if value not in (None, [])
    )


def _moment(value):
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def nothing_passed_by(hall) -> list[str]:
    """N5: the cursor stands behind nothing that has no committed inbox row."""
    cursor, known = hall.rows(
        "SELECT p.submissions_cursor, array_agg(i.remote_id) FROM pcu_platform p"
        " LEFT JOIN pcu_exchange_item i ON i.platform_id = p.id GROUP BY p.id"
    )[0]
    position = read_cursor(cursor)
    return [
        f"N5: the cursor passed {key} of {stamp}"
        for key, stamp in on_platform(hall).items()
        if key not in known and (stamp, key) <= position
    ]


def nowhere(hall) -> list[str]:
    """N3: each submission has ended well, moves, or is where a clerk sees why not."""
    clerk = hall.clerk()
    stuck = {item["remote_id"]: item for item in shown_by(clerk, "stuck")}
    waiting = shown_by(clerk, "retrying")
    items = {
        item["remote_id"]: item
        for item in clerk.call(
            "pcu.exchange.item", "search_read", [],
            ["remote_id", "state", "problem_code", "problem_summary"],
            context={"lang": "ro_RO"},
        )
    }  # fmt: skip
    platform = platform_shown(clerk)
    # Asked twice: what was solved meanwhile was there before, a new fault is there now.
    waiting = {i["remote_id"] for i in (*waiting, *shown_by(clerk, "retrying"))}
    found = []
    for key, stamp in on_platform(hall).items():
        item = items.get(key)
        if not item:
            waited = (_now(hall) - datetime.fromisoformat(stamp)).total_seconds()
            if waited > 2 * CYCLE and platform["health"] in ("good", "busy"):
                found.append(f"N3: {key} is nowhere, and the platform looks well")
        elif item["state"] in ("held", "dead") and key not in stuck:
            found.append(
                f"N3: {key} is {item['state']} and not in the list of problems"
            )
        elif item["problem_code"] and not item["problem_summary"]:
            found.append(f"N3: {key} has a problem without words")
        elif item["problem_code"] and key not in {*stuck, *waiting}:
            found.append(f"N3: {key} waits, and no filter of the console shows it")
    return found + [
        f"N3: {key} needs a person, and nobody says why"
        for key, item in stuck.items()
        if len(item["problem_summary"] or "") < 20
    ]


def shown_by(clerk, name: str) -> list[dict]:
    """Return what a filter of the clerk's console shows, by its own words."""
    view = clerk.call("pcu.exchange.item", "get_view", view_type="search")["arch"]
    filters = etree.fromstring(view).iter("filter")
    domain = next(f.get("domain") for f in filters if f.get("name") == name)
    return clerk.call(
        "pcu.exchange.item", "search_read", ast.literal_eval(domain),
        ["remote_id", "remote_number", "state", "problem_summary"],
        context={"lang": "ro_RO"},
    )  # fmt: skip


def platform_shown(clerk) -> dict:
    """Return what the screen says about the platform, in Romanian."""
    return clerk.call(
        "pcu.platform", "search_read", [],
        ["state", "health", "health_text", "incident"], context={"lang": "ro_RO"},
    )[0]  # fmt: skip


def idle(hall, patience: float = CYCLE) -> list[str]:
    """N7: nothing that is due has been left lying for more than a cycle."""
    return [
        f"N7: {kind} {row} has been due since {since}"
        for kind, row, since in hall.rows(
            "WITH moment(before) AS (SELECT (now() AT TIME ZONE 'UTC')"
            "  - %s * interval '1 second')"
            " SELECT 'item', i.id, i.next_try_at FROM moment, pcu_exchange_item i"
            "  JOIN pcu_platform p ON p.id = i.platform_id AND p.state = 'running'"
            " WHERE i.state IN ('seen', 'fetched', 'downloading', 'verified')"
            "   AND i.next_try_at < before"
            "   AND coalesce(i.lease_until, i.next_try_at) < before"
            " UNION ALL SELECT 'answer', f.id, f.next_try_at"
            "  FROM moment, pcu_exchange_effect f"
            "  JOIN pcu_exchange_item i ON i.id = f.item_id"
            "  JOIN pcu_platform p ON p.id = i.platform_id AND p.state = 'running'"
            "  WHERE f.state IN ('waiting', 'sending', 'unknown')"
            "   AND f.next_try_at < before"
            "   AND coalesce(i.lease_until, f.next_try_at) < before"
            "   AND NOT EXISTS (SELECT 1 FROM pcu_exchange_effect b"
            "    WHERE b.item_id = f.item_id AND b.id < f.id"
            "     AND b.state NOT IN ('done', 'superseded', 'cancelled'))",
            patience,
        )
    ]


def journal_says_it(hall) -> list[str]:
    """N8: each change has its line, and the chain of digests is whole."""
    silent = hall.rows(
        "SELECT f.kind || ' recorded', f.item_id FROM pcu_exchange_effect f"
        "  WHERE f.state = 'done' AND NOT EXISTS (SELECT 1 FROM pcu_journal j"
        "   WHERE j.model = 'pcu.exchange.item' AND j.res_id = f.item_id"
        "    AND j.action = 'exchange_sent'"
        "    AND j.data->>'ref' = f.client_reference)"
        " UNION ALL SELECT k.action, i.id FROM pcu_exchange_item i"
        "  JOIN (VALUES ('held', 'exchange_stuck'), ('dead', 'exchange_stuck'),"
        "   ('withdrawn', 'exchange_withdrawn'), ('refused', 'exchange_refused'))"
        "   k(state, action) ON k.state = i.state"
        "  WHERE NOT EXISTS (SELECT 1 FROM pcu_journal j"
        "   WHERE j.model = 'pcu.exchange.item' AND j.res_id = i.id"
        "    AND j.action = k.action)"
        " UNION ALL SELECT k.action, r.id FROM pcu_request r CROSS JOIN (VALUES"
        "   ('pcu.request', 'request_filed'),"
        "   ('pcu.register.entry', 'entry_registered')) k(model, action)"
        "  WHERE NOT EXISTS (SELECT 1 FROM pcu_journal j WHERE j.model = k.model"
        "   AND j.res_id = CASE k.model WHEN 'pcu.request' THEN r.id"
        "    ELSE r.entry_id END AND j.action = k.action)"
    )
    found = [f"N8: no line says “{act}” of {row}" for act, row in silent]
    if hall.value(
        "SELECT count(*) FROM pcu_journal WHERE at IS NULL OR user_id IS NULL"
    ):
        found.append("N8: a line without who or when")
    return found + _broken_chain(hall)


def _broken_chain(hall) -> list[str]:
    """Compute the digests anew, as an auditor does from an export."""
    chain = _load(ADDONS / "pcu_base" / "journal_chain.py")
    previous, position = chain.GENESIS, 0
    columns = (*chain.CONTENT, "previous_digest", "digest")
    for values in hall.rows(
        f"SELECT {', '.join(columns)} FROM pcu_journal"  # noqa: S608 -- names of ours
        " WHERE digest IS NOT NULL ORDER BY sequence"
    ):
        row, position = dict(zip(columns, values, strict=True)), position + 1
        fits = row["sequence"] == position and row["previous_digest"] == previous
        if not fits or row["digest"] != chain.digest(previous, row):
            return [f"N8: the chain breaks at position {position}"]
        previous = row["digest"]
    return []


def on_platform(hall) -> dict[str, str]:
    """Return the submissions that the platform lists, each with its place in time."""
    return {
        row["id"]: row["updated_at"]
        for row in hall.platform_rows(
            "SELECT id, updated_at FROM submissions WHERE deleted_at IS NULL"
        )
    }


def read_cursor(cursor: str | None) -> tuple[str, str]:
    """Return the place that a cursor of the sandbox names; no place if it is not its.

    From such a one the list is read anew.
    """
    from edirect.api.common import read_cursor as read
    from edirect.problems import ProblemError

    try:
        return tuple(read(cursor, (str, str)) or ("", ""))
    except ProblemError:
        return ("", "")


def _now(hall) -> datetime:
    return hall.value("SELECT clock_timestamp()")


def _load(path: Path):
    """Import one file of plain Python without the module around it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
