"""States of what comes in and of what goes out, shared by models, views and tests."""

# A submission on its way in
SEEN = "seen"
FETCHED = "fetched"
DOWNLOADING = "downloading"
VERIFIED = "verified"
REGISTERED = "registered"
ACKED = "acked"
CLOSED = "closed"
HELD = "held"
RETURNED = "returned"
REFUSED = "refused"
WITHDRAWN = "withdrawn"
DEAD = "dead"

ITEM_STATES = [
    (SEEN, "Listed"),
    (FETCHED, "Details read"),
    (DOWNLOADING, "Downloading files"),
    (VERIFIED, "Ready to register"),
    (REGISTERED, "In the register"),
    (ACKED, "Platform informed"),
    (CLOSED, "Closed"),
    (HELD, "Needs a person"),
    (RETURNED, "Sent back to be repaired"),
    (REFUSED, "Refused"),
    (WITHDRAWN, "Withdrawn before registration"),
    (DEAD, "Given up, needs a person"),
]
#: On the way to the register.
INTAKE = (SEEN, FETCHED, DOWNLOADING, VERIFIED)
#: In the register.
IN_REGISTER = (REGISTERED, ACKED, CLOSED, REFUSED)
#: Answered without a number.
UNNUMBERED = (RETURNED, REFUSED)
#: Waiting for a person.
STUCK = (HELD, DEAD)
#: Not in the register, and may still come there.
BEFORE_REGISTER = (*INTAKE, *STUCK, RETURNED)

# What we owe to the platform
WAITING = "waiting"
SENDING = "sending"
UNKNOWN = "unknown"
DONE = "done"
SUPERSEDED = "superseded"
CANCELLED = "cancelled"

EFFECT_STATES = [
    (WAITING, "Waiting"),
    (SENDING, "Being sent"),
    (UNKNOWN, "Outcome unknown"),
    (DONE, "Recorded by the platform"),
    (HELD, "Needs a person"),
    (DEAD, "Given up, needs a person"),
    (SUPERSEDED, "Replaced by a newer one"),
    (CANCELLED, "No longer possible"),
]
#: Still owed and moving by itself.
EFFECT_OPEN = (WAITING, SENDING, UNKNOWN)
#: Does not keep a later effect of the same submission from leaving.
EFFECT_FINAL = (DONE, SUPERSEDED, CANCELLED)

# What a citizen did
EVENT_STATES = [
    ("new", "New"),
    ("refreshed", "Files known"),
    ("applied", "Applied"),
    ("ignored", "Nothing to do"),
    (HELD, "Needs a person"),
]
EVENT_OPEN = ("new", "refreshed")

# A file of a submission
FILE_STATES = [
    ("pending", "To download"),
    ("verified", "Stored"),
    ("infected", "Infected, left on the platform"),
    ("quarantined", "Infected, in quarantine"),
    ("gone", "Withdrawn by the applicant"),
    (HELD, "Does not match its description"),
    ("skipped", "Left out by a clerk"),
]
