"""The citizen's pages: the seven steps of the platform, in Romanian."""

from pathlib import Path

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.staticfiles import StaticFiles

from edirect.context import Context
from edirect.problems import ProblemError, problem_response
from edirect.web import account, login, mine, submit
from edirect.web.gate import PageGate
from edirect.web.pages import LoginNeededError, render

SESSION_SECONDS = 8 * 3600
STATIC = Path(__file__).parent.parent / "static"
_SAID = {
    400: "Cererea trimisă de navigator nu poate fi citită.",
    403: "Pagina a stat deschisă prea mult sau sesiunea s-a încheiat. "
    "Întoarceți-vă, reîncărcați pagina și încercați din nou.",
    404: "Pagina căutată nu există sau nu aveți acces la ea.",
    405: "Pagina nu poate fi cerută în acest fel.",
    409: "Operațiunea nu mai este posibilă: starea solicitării s-a schimbat.",
    410: "Solicitarea sau fișierul nu mai este disponibil.",
    413: "Ați trimis prea mult deodată. Trimiteți mai puține fișiere.",
    429: "Prea multe încercări. Așteptați câteva minute.",
}


def install(app: FastAPI, context: Context) -> None:
    """Add the pages, their session and their errors to the application."""
    for router in (account.router, login.router, submit.router, mine.router):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _install_errors(app)
    app.add_middleware(
        SessionMiddleware,
        secret_key=context.config.session_secret,
        session_cookie="edirect_session",
        max_age=SESSION_SECONDS,
        same_site="lax",
        https_only=context.config.public_url.startswith("https:"),
    )
    app.add_middleware(PageGate, limit=context.config.citizen_form_max_bytes)


def _install_errors(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith("/_control"):
            return JSONResponse({"detail": error.detail}, error.status_code)
        return _page(request, error.status_code)

    @app.exception_handler(ProblemError)
    async def on_problem(request: Request, error: ProblemError) -> Response:
        if request.url.path.startswith("/_control"):
            return problem_response(request, error)
        return _page(request, error.status)

    @app.exception_handler(LoginNeededError)
    async def on_login_needed(request: Request, error: LoginNeededError) -> Response:
        # The page a stranger asked for first counts, not one met on the way there.
        on_the_way = request.session.get("next") and error.where != "/conectare"
        if request.method == "GET" and not on_the_way:
            request.session["next"] = request.url.path
        return RedirectResponse(error.where, 303)

    @app.exception_handler(Exception)
    async def on_bug(_request: Request, _error: Exception) -> Response:
        # No template and no session here: either may be what failed.
        return PlainTextResponse("Ne pare rău, ceva nu a mers. Încercați din nou.", 500)


def _page(request: Request, status: int) -> Response:
    said = _SAID.get(status, "Ne pare rău, ceva nu a mers. Încercați din nou.")
    return render(request, "error.html", status, said=said)
