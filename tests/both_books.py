"""What we say and what the platform says, laid side by side, both ways.

What we call done must stand in the platform's books at every moment, so ours are read
first. That we have everything that stands there can be asked when all is at rest. Each
function returns the sentences of what does not fit.
"""

import json

#: Our kinds of answers that have another name on the platform.
THEIR_NAMES = {"clarification": "message"}
#: States of a file in which a clerk sees why its bytes are not in the request.
EXPLAINED = ("verified", "infected", "quarantined", "held", "skipped", "gone")


def done_is_done(hall) -> list[str]:
    """N4: an answer that we call recorded is; a number that we call told is there."""
    answers = hall.rows(
        "SELECT f.client_reference, i.remote_id, f.kind FROM pcu_exchange_effect f"
        " JOIN pcu_exchange_item i ON i.id = f.item_id WHERE f.state = 'done'"
    )
    told = hall.rows(
        "SELECT i.remote_id, e.number::text FROM pcu_exchange_item i"
        " JOIN pcu_request r ON r.id = i.request_id"
        " JOIN pcu_register_entry e ON e.id = r.entry_id"
        " WHERE i.state IN ('acked', 'closed') AND i.remote_id NOT LIKE 'piseg:%%'"
    )
    brought = hall.rows(
        "SELECT u.value, d.sha256 FROM pcu_exchange_effect f"
        " CROSS JOIN jsonb_each_text(f.uploads) u"
        " JOIN pcu_document d ON d.id = u.key::int"
        " WHERE jsonb_typeof(f.uploads) = 'object'"
    )
    recorded = {
        row["client_reference"]: (row["submission_id"], row["effect"])
        for row in hall.platform_rows("SELECT * FROM effects")
    }
    books = {row["id"]: row for row in hall.platform_rows("SELECT * FROM submissions")}
    uploads = dict(
        hall.platform_rows(
            "SELECT id, sha256 FROM uploads WHERE completed_at IS NOT NULL"
        )
    )
    found = [
        f"N4: {kind} of {key} counts as recorded, and the platform does not know it"
        for reference, key, kind in answers
        if recorded.get(reference) != (key, THEIR_NAMES.get(kind, kind))
    ]
    for key, number in told:
        book = books.get(key)
        if not book:
            found.append(f"N4: {key} was answered and does not exist there")
        elif not book["deleted_at"] and number != _number(book):
            found.append(f"N4: {key} has number {number}, there it is {_number(book)}")
    return found + [
        f"N4: upload {upload} is not what was sent"
        for upload, sha256 in brought
        if uploads.get(upload) != sha256
    ]


def all_is_here(hall) -> list[str]:
    """N3: at rest, what stands in the platform's books stands in ours, and no more."""
    return [*_acts_of_ours(hall), *_ends(hall), *_files(hall), *_acts_of_citizens(hall)]


def _number(book) -> str | None:
    return json.loads(book["registration"] or "{}").get("number")


def _acts_of_ours(hall):
    done = {
        row[0]
        for row in hall.rows(
            "SELECT client_reference FROM pcu_exchange_effect WHERE state = 'done'"
        )
    }
    for row in hall.platform_rows("SELECT * FROM effects WHERE effect <> 'upload'"):
        if row["client_reference"] not in done:
            yield f"N3: {row['effect']} of {row['submission_id']}: we do not know it"


def _ends(hall):
    """What has ended there has ended here, and the other way round."""
    ours = {
        key: (item, request)
        for key, item, request in hall.rows(
            "SELECT i.remote_id, i.state, r.state FROM pcu_exchange_item i"
            " LEFT JOIN pcu_request r ON r.id = i.request_id"
            " WHERE i.remote_id NOT LIKE 'piseg:%%'"
        )
    }
    books = {row["id"]: row for row in hall.platform_rows("SELECT * FROM submissions")}
    for key in ours.keys() - books.keys():
        yield f"N3: {key} is in the inbox and was never filed"
    for key in ours.keys() & books.keys():
        item, request = ours[key]
        there = books[key]["state"]
        ended = request in ("withdrawn", "decided", "closed", "refused")
        if there == "withdrawn" and not (ended or item == "withdrawn"):
            yield f"N3: {key} was withdrawn, here it is {item}, {request}"
        if (there == "refused") != (item == "refused"):
            yield f"N3: {key} is {there} there and {item} here"
        if request == "withdrawn" and there not in ("withdrawn", "closed"):
            yield f"N3: {key} was withdrawn here only, there it is {there}"


def _files(hall):
    """Each file of a citizen is here, or a clerk sees why not."""
    ours = {
        key: (state, size, sha256)
        for key, state, size, sha256 in hall.rows(
            "SELECT f.remote_id, f.state, d.size::bigint, d.sha256"
            "  FROM pcu_exchange_file f"
            "  LEFT JOIN pcu_document d ON d.id = f.document_id"
            " WHERE f.remote_id IS NOT NULL"
        )
    }
    books = {
        row["id"]: row
        for row in hall.platform_rows(
            "SELECT f.* FROM files f JOIN submissions s ON s.id = f.submission_id"
            " WHERE f.origin = 'citizen' AND s.deleted_at IS NULL"
            "   AND s.state NOT IN ('withdrawn', 'refused')"
        )
    }
    for key, book in books.items():
        state, size, sha256 = ours.get(key, ("unknown", None, None))
        kept = (size, sha256) == (book["size"], book["sha256"])
        if state not in EXPLAINED or (state == "verified" and not kept):
            yield f"N3: file {book['name']} of {book['submission_id']} is {state} here"
    known = {row["id"] for row in hall.platform_rows("SELECT id FROM files")}
    for key in ours.keys() - known:
        yield f"N3: file {key} is here and was never filed"


def _acts_of_citizens(hall):
    ours = dict(hall.rows("SELECT remote_id, state FROM pcu_exchange_event"))
    books = {
        row["id"]: row["kind"] for row in hall.platform_rows("SELECT * FROM events")
    }
    for key, kind in books.items():
        # Filing itself is seen in the list of submissions.
        if kind != "submitted" and ours.get(key) not in ("applied", "ignored", "held"):
            yield f"N3: {kind} {key} is {ours.get(key)} here"
    for key in ours.keys() - books.keys():
        yield f"N3: the act {key} is here and never happened"
