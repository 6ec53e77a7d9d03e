"""The citizen's pages."""

from fastapi import FastAPI

from edirect.context import Context


def install(app: FastAPI, context: Context) -> None:
    """Add the pages to the application."""
