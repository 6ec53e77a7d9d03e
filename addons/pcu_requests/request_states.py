"""The states of a citizen's request and the one table of allowed moves.

Model, wizards, views' tests and the connector share these constants, so that a state
has one spelling and a new transition is one new line here.
"""

NEW = "new"
REGISTERED = "registered"
IN_PROGRESS = "in_progress"
CLARIFICATION = "clarification"
DECIDED = "decided"
CLOSED = "closed"
WITHDRAWN = "withdrawn"
REFUSED = "refused"

STATES = [
    (NEW, "New"),
    (REGISTERED, "Registered"),
    (IN_PROGRESS, "In progress"),
    (CLARIFICATION, "Waiting for the applicant"),
    (DECIDED, "Decided"),
    (CLOSED, "Closed"),
    (WITHDRAWN, "Withdrawn"),
    (REFUSED, "Refused"),
]

#: States in which somebody still owes the citizen something before the term.
OPEN_STATES = (NEW, REGISTERED, IN_PROGRESS, CLARIFICATION)

#: From each state, the states it may move to.
TRANSITIONS = {
    NEW: {REGISTERED, WITHDRAWN, REFUSED},
    REGISTERED: {IN_PROGRESS, CLARIFICATION, DECIDED, CLOSED, WITHDRAWN, REFUSED},
    IN_PROGRESS: {CLARIFICATION, DECIDED, CLOSED, WITHDRAWN, REFUSED},
    CLARIFICATION: {IN_PROGRESS, DECIDED, CLOSED, WITHDRAWN, REFUSED},
    DECIDED: {CLOSED},
    CLOSED: set(),
    WITHDRAWN: set(),
    REFUSED: set(),
}


def is_allowed(old: str, new: str) -> bool:
    """Tell whether a request may move from one state to another.

    >>> is_allowed(IN_PROGRESS, DECIDED)
    True
    >>> is_allowed(CLOSED, IN_PROGRESS)
    False
    """
    return new in TRANSITIONS.get(old, set())
