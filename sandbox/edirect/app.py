"""The whole application: the interface, the citizen's pages, the control door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from edirect import control, web
from edirect.api import BASE, create_api
from edirect.api.gate import Gate
from edirect.context import Context


def create_app(context: Context) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        context.start()
        yield
        context.stop()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.context = context
    app.include_router(control.router)
    app.mount(BASE, Gate(create_api(context), context))
    web.install(app, context)
    return app
