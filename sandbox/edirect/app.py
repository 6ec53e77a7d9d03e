"""The whole application: the interface, the citizen's pages, the control door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from edirect import control, web
from edirect.api import BASE, create_api
from edirect.api.gate import Gate
from edirect.context import Context


class Front:
    """Sends calls to the interface, everything else to the pages.

    Not a mount of the framework, whose pattern misses a path with a line break in
    it: such a call would get a page instead of a problem.
    """

    def __init__(self, interface: ASGIApp, pages: ASGIApp) -> None:
        self.interface = interface
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{BASE}/"):
            await self.interface({**scope, "root_path": BASE}, receive, send)
        else:
            await self.pages(scope, receive, send)


def create_app(context: Context) -> ASGIApp:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        context.start()
        yield
        context.stop()

    pages = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    pages.state.context = context
    if context.config.control_token:
        pages.include_router(control.router)
    web.install(pages, context)
    return Front(Gate(create_api(context), context), pages)
