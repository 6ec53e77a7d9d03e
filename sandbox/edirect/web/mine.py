"""Steps 5 to 7, `Solicitările mele`: state, numbers, clarifications, final papers."""

import json
import sqlite3
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from edirect import citizens, states, submissions
from edirect.api import files as file_serving
from edirect.context import Context
from edirect.submissions import NewFile
from edirect.web import papers
from edirect.web.pages import Chosen, Ctx, Form, flash, render, texts

router = APIRouter()
MAX_TEXT = 20000
HISTORY_WORDS = {
    "submitted": "Solicitare depusă",
    "receipt": "Solicitare preluată de instituție",
    "registration": "Solicitare înregistrată",
    "refusal": "Respinsă la preluare",
    "repair": "Trimisă înapoi spre corectare",
    "state": "Stare schimbată",
    "message": "Mesaj",
    "clarification_request": "Cerere de clarificare",
    "clarification_answered": "Răspuns la cererea de clarificare",
    "file_added": "Documente adăugate",
    "withdrawn": "Solicitare retrasă",
    "decision": "Soluționare",
}
ACTORS = {
    "citizen": "dumneavoastră",
    "institution": "instituția",
    "platform": "eDirect",
}
OUTCOMES = {
    "favourable": "favorabilă",
    "unfavourable": "nefavorabilă",
    "partial": "favorabilă în parte",
    "redirected": "trimisă instituției competente",
    "closed": "închisă",
}


@router.get("/solicitari")
def list_mine(request: Request, ctx: Ctx, user: Chosen) -> Response:
    rows = (
        ctx.db.read()
        .execute(
            "SELECT * FROM submissions WHERE user_id = ? AND account_kind = ?"
            " AND deleted_at IS NULL ORDER BY number DESC LIMIT 500",
            (user["id"], request.session["account"]),
        )
        .fetchall()
    )
    lines = [{"row": row, "registration": _registration(row)} for row in rows]
    return render(request, "mine.html", lines=lines)


@router.get("/solicitari/{submission_id}")
def show(request: Request, ctx: Ctx, user: Chosen, submission_id: str) -> Response:
    return _page(request, ctx, _own(ctx, user, submission_id))


@router.post("/solicitari/{submission_id}/raspuns")
def answer(
    request: Request, ctx: Ctx, user: Chosen, form: Form, submission_id: str
) -> Response:
    """`Răspuns la cererea de clarificare`."""
    return _say(request, ctx, user, form, submission_id, "answer")


@router.post("/solicitari/{submission_id}/mesaj")
def write(
    request: Request, ctx: Ctx, user: Chosen, form: Form, submission_id: str
) -> Response:
    return _say(request, ctx, user, form, submission_id, "message")


@router.get("/solicitari/{submission_id}/retragere")
def ask_withdrawal(
    request: Request, ctx: Ctx, user: Chosen, submission_id: str
) -> Response:
    row = _own(ctx, user, submission_id)
    if row["state"] not in states.OPEN:
        raise HTTPException(409)
    return render(request, "mine_withdraw.html", row=row)


@router.post("/solicitari/{submission_id}/retragere")
def withdraw(
    request: Request, ctx: Ctx, user: Chosen, form: Form, submission_id: str
) -> Response:
    text = texts(form).get("text", "")[:MAX_TEXT]
    with ctx.db.write() as tx:
        row = _own(ctx, user, submission_id)
        citizens.withdraw(tx, row, text)
    ctx.wakeup.call(row["institution"])
    flash(request, "Solicitarea a fost retrasă.")
    return RedirectResponse(f"/solicitari/{submission_id}", 303)


@router.get("/solicitari/{submission_id}/fisiere/{file_id}")
def download(
    request: Request, ctx: Ctx, user: Chosen, submission_id: str, file_id: str
) -> Response:
    """Hand out a paper; it is always downloaded, never shown inside our pages."""
    _own(ctx, user, submission_id)
    connection = ctx.db.read()
    row = connection.execute(
        "SELECT * FROM files WHERE id = ? AND submission_id = ?",
        (file_id, submission_id),
    ).fetchone()
    if row is None:
        raise HTTPException(404)
    file_serving.check_scan(row)
    return file_serving.serve(
        ctx.blobs.path(row["sha256"]), row, request.headers.get("range")
    )


def _own(ctx: Context, user: sqlite3.Row, submission_id: str) -> sqlite3.Row:
    """Return a submission of this citizen; another's looks like none."""
    row = submissions.get(ctx.db.read(), submission_id)
    if row["user_id"] != user["id"]:
        raise HTTPException(404)
    return row


def _say(
    request: Request,
    ctx: Context,
    user: sqlite3.Row,
    form: Any,
    submission_id: str,
    act: str,
) -> Response:
    row = _own(ctx, user, submission_id)
    text = texts(form).get("text", "")
    files, error = _taken(ctx, form)
    if not error and not text and not files:
        error = "Scrieți un text sau alegeți un fișier."
    if len(text) > MAX_TEXT:
        error = "Textul este prea lung (cel mult 20.000 de caractere)."
    if error:
        return _page(request, ctx, row, {act: error}, {act: text})
    with ctx.db.write() as tx:
        row = _own(ctx, user, submission_id)
        does = citizens.answer if act == "answer" else citizens.write
        does(tx, row, text, files, ctx.config.scan_seconds)
    ctx.wakeup.call(row["institution"])
    flash(request, "Mesajul a fost transmis instituției.")
    return RedirectResponse(f"/solicitari/{submission_id}", 303)


def _taken(ctx: Context, form: Any) -> tuple[list[NewFile], str]:
    files: list[NewFile] = []
    for upload in papers.sent(form.getlist("files")):
        taken = papers.take(ctx.blobs, upload, None, ctx.config.citizen_file_max_bytes)
        if isinstance(taken, str):
            return [], taken
        files.append(taken)
    return files, ""


def _page(
    request: Request,
    ctx: Context,
    row: sqlite3.Row,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    connection = ctx.db.read()
    files = submissions.files_of(connection, row["id"])
    history = submissions.history_of(connection, row["id"])
    by_id = {f["id"]: f for f in files}
    for line in history:
        line["papers"] = [by_id[key] for key in line["files"] if key in by_id]
    asked = json.loads(row["clarification"]) if row["clarification"] else None
    question = next((h for h in history if asked and h["id"] == asked["id"]), None)
    institution = ctx.config.institution(row["institution"])
    refusal = json.loads(row["refusal"]) if row["refusal"] else None
    early = row["state"] in (states.SUBMITTED, states.TAKEN_OVER)
    return render(
        request,
        "mine_one.html",
        422 if errors else 200,
        row=row,
        institution=institution.name if institution else row["institution"],
        applicant=json.loads(row["applicant"]),
        registration=_registration(row),
        refusal=refusal,
        to_repair=early and refusal and not refusal["permanent"],
        decision=json.loads(row["decision"]) if row["decision"] else None,
        mine=[f for f in files if f["origin"] == "citizen"],
        issued=[f for f in files if f["origin"] != "citizen"],
        by_id=by_id,
        history=list(reversed(history)),
        question=question,
        open=row["state"] in states.OPEN,
        can_write=row["state"] not in (states.WITHDRAWN, states.REFUSED),
        can_answer=row["state"] == states.CLARIFICATION_REQUESTED,
        errors=errors or {},
        typed=typed or {},
        accept=papers.ACCEPT,
        words={"history": HISTORY_WORDS, "actors": ACTORS, "outcomes": OUTCOMES},
    )


def _registration(row: sqlite3.Row) -> dict[str, Any] | None:
    return json.loads(row["registration"]) if row["registration"] else None
