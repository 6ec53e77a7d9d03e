"""States of a submission and who may move it where: one table, not ifs."""

SUBMITTED = "submitted"
TAKEN_OVER = "taken_over"
REGISTERED = "registered"
IN_PROGRESS = "in_progress"
CLARIFICATION_REQUESTED = "clarification_requested"
CLARIFICATION_ANSWERED = "clarification_answered"
RESOLVED = "resolved"
REFUSED = "refused"
WITHDRAWN = "withdrawn"
CLOSED = "closed"

STATES = (
    SUBMITTED,
    TAKEN_OVER,
    REGISTERED,
    IN_PROGRESS,
    CLARIFICATION_REQUESTED,
    CLARIFICATION_ANSWERED,
    RESOLVED,
    REFUSED,
    WITHDRAWN,
    CLOSED,
)
FINAL = frozenset({RESOLVED, REFUSED, WITHDRAWN, CLOSED})
OPEN = frozenset(STATES) - FINAL
# While work goes on; a request enters here with its registration.
WORKING = frozenset(
    {REGISTERED, IN_PROGRESS, CLARIFICATION_REQUESTED, CLARIFICATION_ANSWERED}
)
# These say that work has begun, so they need the internal number.
NUMBERED = frozenset({REGISTERED, IN_PROGRESS})

# What the institution may set with `PUT …/state`: target -> states it may come from.
# Resolved and refused are not here: they carry a text and documents, so they have
# calls of their own.
STATE_SOURCES: dict[str, frozenset[str]] = {
    TAKEN_OVER: frozenset({SUBMITTED}),
    REGISTERED: WORKING - {REGISTERED},
    IN_PROGRESS: WORKING - {IN_PROGRESS},
    CLARIFICATION_REQUESTED: WORKING - {CLARIFICATION_REQUESTED},
    CLARIFICATION_ANSWERED: frozenset({CLARIFICATION_REQUESTED}),
    WITHDRAWN: OPEN,
    CLOSED: frozenset({RESOLVED, REFUSED, WITHDRAWN}),
}

LABELS_RO = {
    SUBMITTED: "Depusă",
    TAKEN_OVER: "Preluată de instituție",
    REGISTERED: "Înregistrată",
    IN_PROGRESS: "În lucru",
    CLARIFICATION_REQUESTED: "Se așteaptă clarificări de la dumneavoastră",
    CLARIFICATION_ANSWERED: "Clarificări transmise",
    RESOLVED: "Soluționată",
    REFUSED: "Respinsă la preluare",
    WITHDRAWN: "Retrasă",
    CLOSED: "Închisă",
}

EVENT_KINDS = (
    "submitted",
    "clarification_answered",
    "message",
    "file_added",
    "withdrawn",
    "deleted",
)
OUTCOMES = ("favourable", "unfavourable", "partial", "redirected", "closed")
