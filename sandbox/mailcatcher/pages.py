"""The small web side: a list, one message, and JSON for tests."""

import html
import re
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from mailcatcher.box import Box, body, view

_PAGE = """<!doctype html><html lang="ro"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#1b2430}}
table{{width:100%;border-collapse:collapse}}
td,th{{text-align:left;padding:.5rem .6rem;border-bottom:1px solid #c6cfda;
vertical-align:top}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f7fa;padding:1rem;
border-radius:.4rem;font:inherit}}
iframe{{width:100%;height:32rem;border:1px solid #c6cfda;border-radius:.4rem}}
a{{color:#14447a}}</style></head><body>{content}</body></html>"""
_LINK = re.compile(r"https?://[^\s<>\"']+")
# The HTML of a mail is shown in a frame without rights and without a network.
_SANDBOX = {
    "Content-Security-Policy": "sandbox allow-popups; default-src 'none';"
    " style-src 'unsafe-inline'; img-src data:"
}


def create_app(box: Box) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/api/messages")
    def messages() -> list[dict[str, Any]]:
        """Return all messages, oldest first."""
        return box.messages()

    @app.delete("/api/messages", status_code=204)
    def clear() -> Response:
        box.clear()
        return Response(status_code=204)

    @app.get("/")
    def index() -> Response:
        rows = "".join(
            f'<tr><td><a href="/messages/{quote(m["id"])}">'
            f"{html.escape(m['subject'] or '(fără subiect)')}</a></td>"
            f"<td>{html.escape(m['to'])}</td><td>{html.escape(m['date'])}</td></tr>"
            for m in reversed(box.messages())
        )
        table = (
            "<table><thead><tr><th>Subiect</th><th>Către</th><th>Data</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            if rows
            else "<p>Niciun mesaj.</p>"
        )
        return _page("Mesaje prinse", f"<h1>Mesaje prinse</h1>{table}")

    @app.get("/messages/{message_id}")
    def one(message_id: str) -> Response:
        message = box.read(message_id)
        if message is None:
            raise HTTPException(404)
        shown = view(message_id, message)
        heads = "".join(
            f"<tr><th>{label}</th><td>{html.escape(shown[key])}</td></tr>"
            for label, key in (
                ("De la", "from"),
                ("Către", "to"),
                ("Data", "date"),
                ("Message-ID", "message_id"),
            )
        )
        attached = "".join(f"<li>{html.escape(n)}</li>" for n in shown["attachments"])
        frame = (
            f'<h2>HTML</h2><iframe sandbox="allow-popups" title="Mesajul HTML"'
            f' src="/messages/{quote(message_id)}/html"></iframe>'
            if shown["has_html"]
            else ""
        )
        return _page(
            shown["subject"],
            f'<p><a href="/">← Toate mesajele</a></p>'
            f"<h1>{html.escape(shown['subject'])}</h1><table>{heads}</table>"
            f"<h2>Text</h2><pre>{_linked(shown['text'])}</pre>{frame}"
            + (f"<h2>Atașamente</h2><ul>{attached}</ul>" if attached else ""),
        )

    @app.get("/messages/{message_id}/html")
    def one_html(message_id: str) -> Response:
        message = box.read(message_id)
        if message is None:
            raise HTTPException(404)
        return HTMLResponse(body(message, "html"), headers=_SANDBOX)

    return app


def _page(title: str, content: str) -> Response:
    return HTMLResponse(_PAGE.format(title=html.escape(title), content=content))


def _linked(text: str) -> str:
    """Return text for HTML in which addresses can be clicked."""
    result, end = [], 0
    for match in _LINK.finditer(text):
        url = html.escape(match.group().rstrip(".,;)"))
        result.append(html.escape(text[end : match.start()]))
        result.append(f'<a href="{url}" rel="noreferrer">{url}</a>')
        end = match.start() + len(match.group().rstrip(".,;)"))
    return "".join(result) + html.escape(text[end:])
