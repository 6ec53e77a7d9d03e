"""Steps 3 and 4, `Creează solicitare`: institution, procedure, documents, consent.

Nothing typed is lost on an error: texts come back in the form, and files that were
right stay in a draft on the server, because a browser cannot send them back by itself.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from edirect import catalogue, citizens, clock, submissions
from edirect.config import Institution
from edirect.context import Context
from edirect.db import dumps, insert
from edirect.submissions import NewFile, NewSubmission
from edirect.web import papers
from edirect.web.pages import Chosen, Ctx, Form, account_needed, render, texts

router = APIRouter()
CHOSEN = [Depends(account_needed)]
CONSENT = (
    "Sunt de acord ca AADR și instituția {institution} să îmi folosească datele cu"
    " caracter personal!"
)
OTHER = "alte-documente"
DRAFT_DAYS = 7
MAX_OBSERVATIONS = 20000
Staged = dict[str, list[dict[str, Any]]]


@router.get("/solicitari/noua", dependencies=CHOSEN)
def choose_institution(request: Request, ctx: Ctx, q: str = "") -> Response:
    found = [
        item
        for item in ctx.config.institutions
        if catalogue.matches(q, item.name, *item.aliases)
    ]
    return render(request, "submit_institution.html", q=q[:200], found=found)


@router.get("/solicitari/noua/{code}", dependencies=CHOSEN)
def choose_procedure(request: Request, ctx: Ctx, code: str, q: str = "") -> Response:
    institution = _institution(ctx, code)
    found = [
        item
        for item in catalogue.procedures().values()
        if catalogue.matches(q, item["title"], item["description"])
    ]
    return render(
        request,
        "submit_procedure.html",
        institution=institution,
        q=q[:200],
        found=found,
    )


@router.get("/solicitari/noua/{code}/{procedure_code}", dependencies=CHOSEN)
def show_form(request: Request, ctx: Ctx, code: str, procedure_code: str) -> Response:
    institution, procedure = _institution(ctx, code), _procedure(procedure_code)
    if procedure["informational_only"]:
        return render(
            request,
            "submit_information.html",
            institution=institution,
            procedure=procedure,
        )
    return _form_page(request, ctx, institution, procedure, submissions.new_id())


@router.post("/solicitari/noua/{code}/{procedure_code}")
def send(
    request: Request,
    ctx: Ctx,
    user: Chosen,
    form: Form,
    code: str,
    procedure_code: str,
) -> Response:
    institution, procedure = _institution(ctx, code), _procedure(procedure_code)
    if procedure["informational_only"]:
        raise HTTPException(409)
    values = texts(form)
    draft = _draft(ctx, user["id"], values.get("draft", ""))
    if draft["submission_id"]:
        return RedirectResponse(f"/solicitari/trimisa/{draft['submission_id']}", 303)
    staged, errors = _stage(ctx, form, procedure, json.loads(draft["files"]))
    # What is wrong with a file says more than that it is missing.
    errors = {**_check(values, procedure, staged), **errors}
    if errors:
        with ctx.db.write() as tx:
            tx.execute(
                "UPDATE drafts SET files = ? WHERE id = ?",
                (dumps(staged), draft["id"]),
            )
        return _form_page(
            request, ctx, institution, procedure, draft["id"], values, errors, staged
        )
    account = request.session["account"]
    with ctx.db.write() as tx:
        submission_id = _launch(
            ctx, tx, user, account, institution, procedure, values, staged, draft["id"]
        )
    ctx.wakeup.call(institution.code)
    return RedirectResponse(f"/solicitari/trimisa/{submission_id}", 303)


@router.get("/solicitari/trimisa/{submission_id}")
def launched(request: Request, ctx: Ctx, user: Chosen, submission_id: str) -> Response:
    row = submissions.get(ctx.db.read(), submission_id)
    if row["user_id"] != user["id"]:
        raise HTTPException(404)
    return render(request, "submit_done.html", row=row)


def _launch(
    ctx: Context,
    tx: sqlite3.Connection,
    user: sqlite3.Row,
    account: str,
    institution: Institution,
    procedure: dict[str, Any],
    values: dict[str, str],
    staged: Staged,
    draft_id: str,
) -> str:
    """Create the submission once per draft, however often the button is pressed."""
    done = tx.execute(
        "SELECT submission_id FROM drafts WHERE id = ?", (draft_id,)
    ).fetchone()
    if done["submission_id"]:
        return done["submission_id"]
    new = NewSubmission(
        institution=institution.code,
        procedure_code=procedure["code"],
        procedure_title=procedure["title"],
        applicant=citizens.applicant(user, account),
        account_kind=account,
        observations=values.get("observations", ""),
        user_id=user["id"],
        files=[NewFile(**item) for items in staged.values() for item in items],
    )
    created = submissions.create(tx, new, ctx.config.scan_seconds)
    tx.execute(
        "UPDATE drafts SET submission_id = ? WHERE id = ?", (created["id"], draft_id)
    )
    return created["id"]


# -- the form ------------------------------------------------------------------------


def _form_page(
    request: Request,
    ctx: Context,
    institution: Institution,
    procedure: dict[str, Any],
    draft_id: str,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    staged: Staged | None = None,
) -> Response:
    return render(
        request,
        "submit_form.html",
        422 if errors else 200,
        institution=institution,
        procedure=procedure,
        draft=draft_id,
        values=values or {},
        errors=errors or {},
        staged=staged or {},
        consent=CONSENT.format(institution=institution.name),
        accept=papers.ACCEPT,
        kinds=papers.WORDS,
        limit=ctx.config.citizen_file_max_bytes,
        other=OTHER,
    )


def _institution(ctx: Context, code: str) -> Institution:
    found = ctx.config.institution(code)
    if found is None:
        raise HTTPException(404)
    return found


def _procedure(code: str) -> dict[str, Any]:
    found = catalogue.procedures().get(code)
    if found is None:
        raise HTTPException(404)
    return found


def _draft(ctx: Context, user_id: str, draft_id: str) -> sqlite3.Row:
    """Return the draft of this form; somebody else's is never found."""
    with ctx.db.write() as tx:
        row = tx.execute("SELECT * FROM drafts WHERE id = ?", (draft_id,)).fetchone()
        if row is not None and row["user_id"] == user_id:
            return row
        old = clock.to_text(clock.now() - timedelta(days=DRAFT_DAYS))
        tx.execute("DELETE FROM drafts WHERE created_at < ?", (old,))
        fresh = draft_id if row is None and len(draft_id) == 36 else ""
        values = {
            "id": fresh or submissions.new_id(),
            "user_id": user_id,
            "created_at": clock.now_text(),
            "files": "{}",
        }
        insert(tx, "drafts", values)
        return tx.execute(
            "SELECT * FROM drafts WHERE id = ?", (values["id"],)
        ).fetchone()


def _stage(
    ctx: Context, form: FormData, procedure: dict[str, Any], staged: Staged
) -> tuple[Staged, dict[str, str]]:
    """Store the files that came; a new choice for a slot replaces the earlier one."""
    errors: dict[str, str] = {}
    for slot in _slots(procedure):
        if form.get(f"remove-{slot}"):
            staged.pop(slot, None)
        uploads = papers.sent(form.getlist(f"file-{slot}"))
        if not uploads:
            continue
        staged.pop(slot, None)
        for upload in uploads:
            taken = papers.take(
                ctx.blobs,
                upload,
                None if slot == OTHER else slot,
                ctx.config.citizen_file_max_bytes,
            )
            if isinstance(taken, str):
                errors[f"file-{slot}"] = taken
            else:
                staged.setdefault(slot, []).append(asdict(taken))
    return staged, errors


def _slots(procedure: dict[str, Any]) -> Iterable[str]:
    return [*(document["slot"] for document in procedure["documents"]), OTHER]


def _check(
    values: dict[str, str], procedure: dict[str, Any], staged: Staged
) -> dict[str, str]:
    errors = {
        f"file-{document['slot']}": f"Lipsește documentul „{document['name']}”."
        for document in procedure["documents"]
        if document["mandatory"] and not staged.get(document["slot"])
    }
    if len(values.get("observations", "")) > MAX_OBSERVATIONS:
        errors["observations"] = "Observațiile sunt prea lungi (cel mult 20.000)."
    if values.get("consent") != "yes":
        errors["consent"] = "Fără acest acord, solicitarea nu poate fi trimisă."
    return errors
