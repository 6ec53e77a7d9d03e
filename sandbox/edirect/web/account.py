"""Step 1, `CONT NOU`: a new account, confirmed by e-mail before the first login."""

import re
import sqlite3
from typing import Any

from fastapi import APIRouter, Request
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from stdnum.exceptions import InvalidLength, ValidationError
from stdnum.ro import cnp, cui

from edirect import citizens, clock
from edirect.context import Context
from edirect.web.pages import Ctx, Form, flash, render, texts
from edirect.web.throttle import PER_ADDRESS, Throttle

router = APIRouter()
CONFIRM_SECONDS = 3 * 24 * 3600
KINDS = {"persoana-fizica": "natural", "persoana-juridica": "legal"}
PERSON = {
    "last_name": "Numele",
    "first_name": "Prenumele",
    "cnp": "CNP",
    "email": "Adresa de e-mail",
    "phone": "Telefonul",
    "street": "Strada",
    "number": "Numărul",
    "locality": "Localitatea",
    "county": "Județul",
    "username": "Numele de utilizator",
}
COMPANY = {"company_name": "Denumirea", "cui": "CUI", "role": "Funcția"}
FEMININE = {"Adresa de e-mail", "Strada", "Localitatea", "Denumirea", "Funcția"}
ADDRESS = (
    "street",
    "number",
    "building",
    "entrance",
    "apartment",
    "locality",
    "county",
    "postal_code",
)
_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII
)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
_PHONE = re.compile(r"\+?[\d ./-]{9,20}", re.ASCII)
_registrations = Throttle()


@router.get("/cont-nou")
def choose(request: Request) -> Response:
    return render(request, "account_choose.html")


@router.get("/cont-nou/confirmare")
def confirm(request: Request, ctx: Ctx, token: str = "") -> Response:
    """The link of the e-mail: from now on the account can log in."""
    try:
        user_id = _signer(ctx).loads(token, max_age=CONFIRM_SECONDS)
    except BadData:
        return render(request, "account_confirmed.html", 400, ok=False)
    with ctx.db.write() as tx:
        changed = tx.execute(
            "UPDATE users SET confirmed_at = coalesce(confirmed_at, ?) WHERE id = ?",
            (clock.now_text(), str(user_id)),
        ).rowcount
    return render(
        request, "account_confirmed.html", 200 if changed else 400, ok=bool(changed)
    )


@router.get("/cont-nou/verificati-posta")
def check_mail(request: Request) -> Response:
    return render(request, "account_sent.html")


@router.get("/cont-nou/{kind}")
def show_form(request: Request, ctx: Ctx, kind: str) -> Response:
    return _form_page(request, ctx, kind, {}, {})


@router.post("/cont-nou/{kind}")
def create(request: Request, ctx: Ctx, form: Form, kind: str) -> Response:
    if kind not in KINDS:
        raise HTTPException(404)
    address = request.client.host if request.client else "local"
    if _registrations.blocked(address, PER_ADDRESS):
        raise HTTPException(429)
    _registrations.note(address)
    values = texts(form)
    values["username"] = values.get("username", "").casefold()
    values["email"] = values.get("email", "").casefold()
    errors = check(values, KINDS[kind], ctx.config.password_min_length)
    # The heavy work comes before the transaction, which holds the only writer.
    password_hash = "" if errors else citizens.hash_password(values["password"])
    with ctx.db.write() as tx:
        if not errors and citizens.by_username(tx, values["username"]):
            errors["username"] = "Numele de utilizator este folosit. Alegeți altul."
        if not errors:
            _create(ctx, tx, KINDS[kind], values, password_hash)
    if errors:
        return _form_page(request, ctx, kind, values, errors, 422)
    return RedirectResponse("/cont-nou/verificati-posta", 303)


def _form_page(
    request: Request,
    ctx: Context,
    kind: str,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    if kind not in KINDS:
        raise HTTPException(404)
    return render(
        request,
        "account_form.html",
        status,
        kind=kind,
        legal=KINDS[kind] == "legal",
        values={k: v for k, v in values.items() if not k.startswith("password")},
        errors=errors,
        minimum=ctx.config.password_min_length,
    )


def _create(
    ctx: Context,
    tx: sqlite3.Connection,
    kind: str,
    values: dict[str, str],
    password_hash: str,
) -> None:
    """Store the account and queue its e-mail in one transaction.

    An address that has an account already gets an e-mail that says so; the page is
    the same, so that it tells nobody who has an account here.
    """
    known = citizens.by_email(tx, values["email"])
    if known and known["confirmed_at"]:
        ctx.mailer.queue(
            tx,
            values["email"],
            f"{ctx.config.platform_name}: aveți deja un cont",
            "Bună ziua,\n\nCineva, poate chiar dumneavoastră, a încercat să creeze un"
            " cont cu această adresă de e-mail. Aveți deja un cont:\n"
            f"{ctx.config.public_url}/conectare\n",
        )
        return
    address = {key: values.get(key, "") for key in ADDRESS} | {"country": "RO"}
    keys = ("first_name", "last_name", "cnp", "email", "phone")
    person: dict[str, Any] = {key: values[key] for key in keys}
    person["address"] = address
    company = None
    if kind == "legal":
        company = {
            "name": values["company_name"],
            "cui": cui.compact(values["cui"]),
            "role": values["role"],
            "address": address,
        }
    user_id = citizens.add(tx, values["username"], password_hash, person, company)
    send_confirmation(ctx, tx, user_id, values["email"], values["first_name"])


def send_confirmation(
    ctx: Context, tx: sqlite3.Connection, user_id: str, email: str, first_name: str
) -> None:
    token = _signer(ctx).dumps(user_id)
    ctx.mailer.queue(
        tx,
        email,
        f"{ctx.config.platform_name}: confirmați crearea contului",
        f"Bună ziua, {first_name},\n\n"
        "Pentru a confirma crearea contului, deschideți linkul de mai jos"
        " (este valabil trei zile):\n\n"
        f"{ctx.config.public_url}/cont-nou/confirmare?token={token}\n\n"
        "Dacă nu ați cerut un cont, nu trebuie să faceți nimic.\n",
    )


def resend(request: Request, ctx: Context, user: sqlite3.Row, name: str) -> None:
    """Send the link again to someone who logs in before the confirmation."""
    if _registrations.blocked(f"resend {user['id']}", 3):
        return
    _registrations.note(f"resend {user['id']}")
    with ctx.db.write() as tx:
        send_confirmation(ctx, tx, user["id"], user["email"], name)
    flash(request, "V-am trimis din nou e-mailul de confirmare.")


def _signer(ctx: Context) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(ctx.config.session_secret, salt="confirm-account")


# -- checks --------------------------------------------------------------------------


def check(values: dict[str, str], kind: str, minimum: int) -> dict[str, str]:
    """Return what is wrong, by field, in words for the citizen."""
    asked = {**(COMPANY if kind == "legal" else {}), **PERSON}
    errors = {
        name: f"{label} trebuie completat{_ending(label)}."
        for name, label in asked.items()
        if not values.get(name)
    }
    for name, value in values.items():
        if len(value) > 200:
            errors[name] = "Textul este prea lung (cel mult 200 de caractere)."
    checks = {
        "cnp": _wrong_cnp,
        "cui": _wrong_cui,
        "email": _wrong_email,
        "phone": _wrong_phone,
        "username": _wrong_username,
    }
    for name, wrong in checks.items():
        if name in asked and name not in errors and (said := wrong(values[name])):
            errors[name] = said
    errors.update(_wrong_password(values, minimum))
    return errors


def _ending(label: str) -> str:
    """Return the ending that makes "completat" agree with the label."""
    return "ă" if label in FEMININE else ""


def _wrong_cnp(value: str) -> str | None:
    try:
        cnp.validate(value)
    except InvalidLength:
        return "CNP-ul are exact 13 cifre."
    except ValidationError:
        return (
            "CNP-ul nu este corect. Verificați cele 13 cifre de pe actul de identitate."
        )
    return None if value.isdigit() else "CNP-ul se scrie numai cu cifre."


def _wrong_cui(value: str) -> str | None:
    try:
        cui.validate(value)
    except ValidationError:
        return "CUI-ul nu este corect: cifra de control nu se potrivește. Verificați-l."
    return None


def _wrong_email(value: str) -> str | None:
    if len(value) <= 254 and _EMAIL.fullmatch(value):
        return None
    return "Adresa de e-mail nu este corectă. Exemplu: nume@exemplu.ro."


def _wrong_phone(value: str) -> str | None:
    return None if _PHONE.fullmatch(value) else "Numărul de telefon nu este corect."


def _wrong_username(value: str) -> str | None:
    if _USERNAME.fullmatch(value):
        return None
    return "Folosiți 3–40 de litere fără diacritice, cifre, punct sau cratimă."


def _wrong_password(values: dict[str, str], minimum: int) -> dict[str, str]:
    password = values.get("password", "")
    if len(password) < minimum:
        return {"password": f"Parola trebuie să aibă cel puțin {minimum} caractere."}
    if values.get("username") and values["username"] in password.casefold():
        return {"password": "Parola nu poate conține numele de utilizator."}
    if password != values.get("password_again", ""):
        return {"password_again": "Cele două parole nu sunt la fel."}
    return {}
