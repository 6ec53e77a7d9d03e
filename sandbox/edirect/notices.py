"""The platform's own e-mails about a submission.

Off by default: the institution's suite writes to the citizen when the request is
registered and when it is solved, and nobody should be told twice. The setting
`notify_citizen` names the acts that the platform tells as well.
"""

import json
import sqlite3
from typing import TYPE_CHECKING

from edirect import states

if TYPE_CHECKING:
    from edirect.context import Context

_NAMES = {"registration": "registered", "decision": "solved", "message": "message"}


def on_effect(
    ctx: "Context",
    tx: sqlite3.Connection,
    effect: str,
    before: sqlite3.Row,
    after: sqlite3.Row,
) -> None:
    """Queue the notice of an act that changed something, if the settings ask."""
    unchanged = before["version"] == after["version"]
    if unchanged or _NAMES.get(effect) not in ctx.config.notify_citizen:
        return
    email = json.loads(after["applicant"]).get("email")
    if not email:
        return
    number = f"PISEG #{after['number']}"
    state = states.LABELS_RO[after["state"]]
    lines = ["Bună ziua,", "", f"Solicitarea {number}: {state.lower()}."]
    if after["registration"]:
        registration = json.loads(after["registration"])
        lines.append(
            f"Număr intern: {registration['number']} din {registration['date']}."
        )
    lines += ["", f"Detalii: {ctx.config.public_url}/solicitari/{after['id']}"]
    ctx.mailer.queue(tx, email, f"Solicitarea {number} – {state}", "\n".join(lines))
