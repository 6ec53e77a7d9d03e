"""N1 to N8 of a connector that loses nothing, each asked of both sides' databases.

The platform's own database says what citizens filed and what it was told; the register,
the filestore and the mailbox say what became of it. Each check returns how many things
it looked at, so that a check which saw nothing is seen.
"""

import hashlib
import json
from collections import Counter
from datetime import datetime

import guarantees
from townhall_world import applicant

#: The one citizen of this town; colleagues get e-mails of other kinds.
CITIZEN = applicant()["email"]


def n1_one_entry_each(town) -> int:
    """At most one item, request and entry for a submission; numbers 1 to n."""
    filed = town.platform_rows("SELECT id FROM submissions")
    rows = town.rows(
        "SELECT i.remote_id, count(DISTINCT i.id), count(DISTINCT r.id),"
        "       count(DISTINCT e.id)"
        "  FROM pcu_exchange_item i"
        "  LEFT JOIN pcu_request r ON r.origin_key = i.origin_key"
        "  LEFT JOIN pcu_register_entry e ON e.id = r.entry_id GROUP BY 1"
    )
    assert [row for row in rows if row[1:] != (1, 1, 1)] == []
    assert {row[0] for row in rows} == {row[0] for row in filed}
    assert town.numbers() == list(range(1, len(filed) + 1))
    assert town.value("SELECT count(*) FROM pcu_register_entry") == len(filed)
    return len(filed)


def n2_acknowledged_only_when_safe(town) -> int:
    """The platform's acknowledgements are younger than entry and whole files."""
    told = dict(
        town.platform_rows(
            "SELECT submission_id, min(at) FROM effects"
            " WHERE effect IN ('receipt', 'registration') GROUP BY 1"
        )
    )
    rows = town.rows(
        "SELECT i.remote_id, to_char(i.registered_at, 'YYYY-MM-DD\"T\"HH24:MI:SS')"
        "  FROM pcu_exchange_item i"
    )
    assert [row for row in rows if told[row[0]][:19] < row[1]] == []
    return len(rows) + files_are_whole(town)


def files_are_whole(town) -> int:
    """Every file of a citizen is here once, byte for byte, and so is what was sent."""
    there = Counter(
        tuple(row)
        for row in town.platform_rows(
            "SELECT submission_id, sha256, size FROM files WHERE origin = 'citizen'"
        )
    )
    here = Counter(
        town.rows(
            "SELECT i.remote_id, d.sha256, d.size::bigint FROM pcu_exchange_file f"
            "  JOIN pcu_exchange_item i ON i.id = f.item_id"
            "  JOIN pcu_document d ON d.id = f.document_id"
            "  JOIN pcu_request r ON r.id = i.request_id AND d.request_id = r.id"
        )
    )
    assert here == there
    store = town.odoo.filestore(town.database)
    stored = town.rows(
        "SELECT a.store_fname, d.sha256 FROM pcu_document d"
        " JOIN ir_attachment a ON a.id = d.attachment_id"
    )
    wrong = [
        (name, sha256)
        for name, sha256 in stored
        if hashlib.sha256((store / name).read_bytes()).hexdigest() != sha256
    ]
    assert wrong == []
    issued = town.rows(
        "SELECT i.remote_id, d.sha256, d.size::bigint FROM pcu_document d"
        " JOIN pcu_exchange_item i ON i.request_id = d.request_id"
        " WHERE d.kind = 'issued'"
    )
    sent = town.platform_rows(
        "SELECT submission_id, sha256, size FROM files WHERE origin = 'institution'"
    )
    assert Counter(map(tuple, sent)) == Counter(issued)
    return len(stored)


def n3_never_nowhere(town) -> int:
    """Each submission ended registered and told, or lies where a person sees it.

    Kills alone must leave nothing to a person.
    """
    assert town.restless() == []
    shown = town.platform_rows("SELECT id, state, registration FROM submissions")
    ours = dict(
        town.rows(
            "SELECT i.remote_id, e.number::text FROM pcu_exchange_item i"
            " JOIN pcu_request r ON r.id = i.request_id"
            " JOIN pcu_register_entry e ON e.id = r.entry_id"
        )
    )
    for remote, state, registration in shown:
        assert state == "resolved", (remote, state)
        assert json.loads(registration)["number"] == ours[remote]
    return len(shown)


def n4_every_effect_once(town) -> int:
    """What the platform was told is what we owed: same keys, same words, once each."""
    owed = {
        (reference, remote): json.loads(body)
        for reference, remote, body in town.rows(
            "SELECT f.client_reference, i.remote_id, f.body::text"
            " FROM pcu_exchange_effect f JOIN pcu_exchange_item i ON i.id = f.item_id"
            " WHERE f.state = 'done'"
        )
    }
    told = {
        (reference, remote): json.loads(body)
        for reference, remote, body in town.platform_rows(
            "SELECT client_reference, submission_id, body FROM effects"
            " WHERE submission_id IS NOT NULL"
        )
    }
    assert owed.keys() == told.keys()
    changed = {
        key: (body, told[key])
        for key, body in owed.items()
        if not same(body, told[key])
    }
    assert changed == {}
    kinds = town.rows(
        "SELECT item_id, kind, count(*) FROM pcu_exchange_effect"
        " WHERE state = 'done' GROUP BY 1, 2"
    )
    assert [row for row in kinds if row[2] != 1] == []
    return len(owed) + notices_left_once(town)


def same(said: dict, heard: dict) -> bool:
    """Compare two bodies; the platform writes moments its own way."""
    moments = ("at", "taken_over_at")
    return all(
        datetime.fromisoformat(heard[key]) == datetime.fromisoformat(value)
        if key in moments
        else heard[key] == value
        for key, value in said.items()
    )


def notices_left_once(town) -> int:
    """One notice of a kind, one e-mail row, one Message-ID; a copy is the same."""
    notices = town.rows(
        "SELECT request_id, kind, message_id, mail_id, version FROM pcu_notice"
    )
    assert len({row[:2] for row in notices}) == len(notices)
    assert len({row[3] for row in notices}) == len(notices)
    ids = {
        message["message_id"].strip("<>")
        for message in town.mail.messages()
        if CITIZEN in str(message["to"])
    }
    assert {row[2].strip("<>") for row in notices} == ids
    return len(notices)


def n5_cursor_behind_rows(town) -> int:
    """No submission at or before the cursor without its row."""
    return _count(town, guarantees.nothing_passed_by(town))


def what_every_fault_is_asked(town) -> int:
    """What holds at every moment; here also the words and the journal's chain."""
    guarantees.always(town)
    return _count(town, [])


def _count(town, broken: list[str]) -> int:
    assert broken == []
    return len(guarantees.on_platform(town))


def n7_one_held_up(town) -> int:
    """A process holds one submission at a time: its death holds up no other."""
    held = town.rows(
        "SELECT lease_owner, count(*) FROM pcu_exchange_item"
        " WHERE lease_until > now() AT TIME ZONE 'UTC' GROUP BY 1"
    )
    assert [row for row in held if row[1] > 1] == []
    return len(held)


def n8_all_in_the_journal(town) -> int:
    """Who, when and what of each change, once: as many acts as things that are done."""
    pairs = {
        "entry_registered": "pcu_register_entry",
        "exchange_sent": "pcu_exchange_effect WHERE state = 'done'",
        "exchange_event": "pcu_exchange_event WHERE state = 'applied'"
        " AND kind <> 'delivered'",
        "exchange_met": "pcu_exchange_item WHERE met_at IS NOT NULL",
        "notice_sent": "pcu_notice WHERE state = 'sent'",
        "request_decided": "pcu_request WHERE state = 'decided'",
    }
    acts = dict(town.rows("SELECT action, count(*) FROM pcu_journal GROUP BY 1"))
    for action, done in pairs.items():
        count = town.value(f"SELECT count(*) FROM {done}")  # noqa: S608 -- our words
        assert acts.get(action, 0) == count, action
    assert town.value("SELECT count(*) FROM pcu_journal WHERE user_id IS NULL") == 0
    return sum(acts.values())


#: Asked again and again while processes die.
ALWAYS = {
    "N5 cursor behind the rows": n5_cursor_behind_rows,
    "N7 one dead holds up one": n7_one_held_up,
}
#: Asked when all has come to rest. N6 (a copy sends nothing) has a proof of its own.
AT_REST = {
    "N1 one entry each, numbers without gap": n1_one_entry_each,
    "N2 told only when safe, files whole": n2_acknowledged_only_when_safe,
    "N3 nothing nowhere": n3_never_nowhere,
    "N4 every answer and e-mail once": n4_every_effect_once,
    "N8 all in the journal": n8_all_in_the_journal,
    "N1 to N5, N8 as after every fault": what_every_fault_is_asked,
}
