"""Step 2, `CONECTARE`, and the choice of the account that acts."""

import json

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from edirect import citizens
from edirect.web import account
from edirect.web.pages import (
    Ctx,
    Form,
    User,
    checked_form,
    current_user,
    log_in,
    page_asked_for,
    render,
    texts,
)
from edirect.web.throttle import PER_ADDRESS, PER_NAME, Throttle

router = APIRouter()
_failures = Throttle()
WRONG = "Numele de utilizator sau parola nu este corectă."
WAIT = "Prea multe încercări nereușite. Așteptați 15 minute și încercați din nou."
UNCONFIRMED = (
    "Contul nu este confirmat. Deschideți linkul din e-mailul de confirmare;"
    " apoi vă puteți conecta."
)


@router.get("/")
def home(request: Request) -> Response:
    return render(request, "home.html")


@router.get("/conectare")
def show_login(request: Request) -> Response:
    if current_user(request):
        return RedirectResponse("/solicitari", 303)
    return render(request, "login.html", username="", error=None)


@router.post("/conectare")
def post_login(request: Request, ctx: Ctx, form: Form) -> Response:
    """Check name and password; a stranger and a wrong password look the same."""
    values = texts(form)
    username = values.get("username", "")[:100].casefold()
    address = f"address {request.client.host if request.client else 'local'}"
    if _failures.blocked(username, PER_NAME) or _failures.blocked(address, PER_ADDRESS):
        return render(request, "login.html", 429, username=username, error=WAIT)
    user = citizens.by_username(ctx.db.read(), username)
    password = values.get("password", "")[:1000]
    if not citizens.check_password(user, password) or user is None:
        _failures.note(username, address)
        return render(request, "login.html", 401, username=username, error=WRONG)
    _failures.forget(username)
    if not user["confirmed_at"]:
        first_name = json.loads(user["profile"])["first_name"]
        account.resend(request, ctx, user, first_name)
        return render(request, "login.html", 403, username=username, error=UNCONFIRMED)
    log_in(request, user)
    return RedirectResponse("/selectare-tip-cont", 303)


@router.get("/selectare-tip-cont")
def show_kinds(request: Request, user: User) -> Response:
    return _kinds_page(request, user)


@router.post("/selectare-tip-cont")
def choose_kind(request: Request, form: Form, user: User) -> Response:
    chosen = form.get("account")
    if chosen not in ("personal", "company") or (
        chosen == "company" and not user["company"]
    ):
        return _kinds_page(request, user, "Alegeți contul cu care lucrați.", 422)
    request.session["account"] = chosen
    return RedirectResponse(page_asked_for(request), 303)


def _kinds_page(
    request: Request, user: User, error: str | None = None, status: int = 200
) -> Response:
    company = json.loads(user["company"]) if user["company"] else None
    person = json.loads(user["profile"])
    return render(
        request,
        "account_kind.html",
        status,
        company=company,
        person=person,
        error=error,
    )


@router.post("/deconectare", dependencies=[Depends(checked_form)])
def log_out(request: Request, ctx: Ctx) -> Response:
    """End every session of the user: a copied cookie dies with the logout."""
    user = current_user(request)
    if user:
        with ctx.db.write() as tx:
            tx.execute(
                "UPDATE users SET session_epoch = session_epoch + 1 WHERE id = ?",
                (user["id"],),
            )
    request.session.clear()
    return RedirectResponse("/", 303)
