"""What the pages share: rendering, the session, who is logged in, safe forms."""

import hmac
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from edirect import citizens, clock, states
from edirect.context import Context

MAX_FIELDS, MAX_FILES = 100, 100
_TEMPLATES = Jinja2Templates(Path(__file__).parent.parent / "templates")
# Beside the words, so that nobody depends on the colour.
_MARKS = {
    states.SUBMITTED: "→",
    states.TAKEN_OVER: "↓",
    states.REGISTERED: "№",
    states.IN_PROGRESS: "…",
    states.CLARIFICATION_REQUESTED: "?",
    states.CLARIFICATION_ANSWERED: "↩",
    states.RESOLVED: "✓",
    states.REFUSED: "✕",
    states.WITHDRAWN: "–",
    states.CLOSED: "■",
}


class LoginNeededError(Exception):
    """The page needs a login (or a chosen account) first."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def context(request: Request) -> Context:
    return request.app.state.context


Ctx = Annotated[Context, Depends(context)]


def render(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    user = current_user(request)
    return _TEMPLATES.TemplateResponse(
        request,
        name,
        {
            "user": user,
            "account": request.session.get("account"),
            "csrf": csrf_token(request),
            "platform": context(request).config.platform_name,
            "flash": request.session.pop("flash", None),
            **values,
        },
        status_code=status,
    )


def csrf_token(request: Request) -> str:
    if "csrf" not in request.session:
        request.session["csrf"] = secrets.token_urlsafe(24)
    return request.session["csrf"]


async def checked_form(request: Request) -> FormData:
    """Return the posted form; one without our token is refused."""
    form = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS)
    given = form.get("csrf")
    expected = request.session.get("csrf", "")
    if not expected or not isinstance(given, str):
        raise HTTPException(403)
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise HTTPException(403)
    return form


Form = Annotated[FormData, Depends(checked_form)]


def texts(form: FormData) -> dict[str, str]:
    """Return the plain fields of a form, without control characters."""
    return {
        name: "".join(c for c in value if c >= " " or c in "\n\t").strip()
        for name, value in form.multi_items()
        if isinstance(value, str)
    }


# -- the session ---------------------------------------------------------------------


def current_user(request: Request) -> sqlite3.Row | None:
    """Return who is logged in; a logout elsewhere ends this session too."""
    user_id = request.session.get("user")
    if not user_id:
        return None
    user = citizens.by_id(context(request).db.read(), user_id)
    if user is None or user["session_epoch"] != request.session.get("epoch"):
        return None
    return user


def log_in(request: Request, user: sqlite3.Row) -> None:
    """Start a fresh session; of the stranger's only the page asked for is kept."""
    wanted = request.session.get("next", "")
    request.session.clear()
    request.session.update(user=user["id"], epoch=user["session_epoch"], next=wanted)
    csrf_token(request)


def user_needed(request: Request) -> sqlite3.Row:
    user = current_user(request)
    if user is None:
        raise LoginNeededError("/conectare")
    return user


def account_needed(request: Request) -> sqlite3.Row:
    """Return the user once the kind of account is chosen."""
    user = user_needed(request)
    if request.session.get("account") not in ("personal", "company"):
        raise LoginNeededError("/selectare-tip-cont")
    return user


User = Annotated[sqlite3.Row, Depends(user_needed)]
Chosen = Annotated[sqlite3.Row, Depends(account_needed)]


def page_asked_for(request: Request) -> str:
    """Return where a stranger wanted to go before the login, on this site only."""
    path = request.session.pop("next", "")
    return path if path.startswith("/solicitari") else "/solicitari"


def flash(request: Request, text: str) -> None:
    request.session["flash"] = text


# -- how things are written ---------------------------------------------------------


def written_size(size: int) -> str:
    """Write a size as people read it here.

    >>> written_size(62914560), written_size(20480), written_size(5)
    ('60,0 MB', '20 kB', '5 octeți')
    """
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB".replace(".", ",")
    return f"{size // 1024} kB" if size >= 1024 else f"{size} octeți"


def written_moment(text: str) -> str:
    return f"{clock.local(text):%d.%m.%Y, %H:%M}"


def written_date(text: str) -> str:
    """Write a date of the institution; what is not a date stays as it came."""
    try:
        return f"{date.fromisoformat(text[:10]):%d.%m.%Y}"
    except (TypeError, ValueError):
        return str(text)


def written_term(term: Mapping[str, Any]) -> str:
    """Write a term; Romanian says "de" from twenty on.

    >>> written_term({"value": 30, "unit": "calendar_days"})
    '30 de zile calendaristice'
    """
    unit = {"working_days": "zile lucrătoare", "calendar_days": "zile calendaristice"}
    joint = " de " if term["value"] % 100 >= 20 or term["value"] % 100 == 0 else " "
    return f"{term['value']}{joint}{unit[term['unit']]}"


_TEMPLATES.env.filters.update(
    size=written_size, moment=written_moment, day=written_date, term=written_term
)
_TEMPLATES.env.globals.update(STATE_WORDS=states.LABELS_RO, STATE_MARKS=_MARKS)
