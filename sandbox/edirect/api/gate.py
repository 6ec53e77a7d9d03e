"""The gate before the interface: trace id, limits, and the faults on request.

Plain ASGI, because it must see answers as they leave, byte by byte.
"""

import logging
import time
import uuid
from typing import Any

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edirect.context import Context
from edirect.problems import ProblemError, problem_response

logger = logging.getLogger("edirect.access")


class Gate:
    def __init__(self, app: ASGIApp, context: Context) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["edirect.trace_id"] = trace = uuid.uuid4().hex
        request = Request(scope)
        allowance = self.context.rate_limit.take(self._key(request))
        extra = {**allowance.headers(), "X-Trace-Id": trace}
        started, seen = time.monotonic(), {"status": 0}

        async def marked_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                pairs = [(k.lower().encode(), v.encode()) for k, v in extra.items()]
                message = {**message, "headers": [*message["headers"], *pairs]}
            await send(message)

        if not allowance.allowed:
            refusal = _throttled(allowance.reset)
            await problem_response(request, refusal)(scope, receive, marked_send)
        else:
            await self._through(request, scope, receive, marked_send)
        spent = (time.monotonic() - started) * 1000
        path, method = request.url.path, request.method
        logger.debug("%s %s %s %.0f ms %s", method, path, seen["status"], spent, trace)

    def _key(self, request: Request) -> str:
        """Count by client; sign-in and strangers are counted by address."""
        address = request.client.host if request.client else "local"
        try:
            header = request.headers.get("authorization", "")
            client = self.context.tokens.client_of(header)
        except ProblemError:
            return f"address {address}"
        request.scope["edirect.client"] = client
        return f"client {client.client_id}"

    async def _through(
        self, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        call = f"{request.method} {request.url.path}"
        faults = self.context.faults
        if pause := faults.latency(call):
            await anyio.sleep(pause)
        if problem := self._early_fault(call):
            await problem_response(request, problem)(scope, receive, send)
            return
        receive = _limited(request, receive, self.context.config.json_max_bytes)
        if faults.hits("cut_request_rate", call):
            await self.app(scope, _cut_request(receive), _nowhere)
            # Headers without their body: the client sees the connection break.
            headers = [(b"content-length", b"1")]
            await send(
                {"type": "http.response.start", "status": 200, "headers": headers}
            )
            return
        if faults.hits("after_rate", call):
            await self.app(scope, receive, _nowhere)
            status = faults.settings.after_status
            problem = ProblemError(status, "fault", "Asked for: done, then failed.")
            await problem_response(request, problem)(scope, receive, send)
            return
        if faults.hits("truncate_rate", call):
            send = _truncated(send)
        elif faults.hits("cut_rate", call):
            send = _cut(send, faults.settings.cut_after_bytes)
        await self.app(scope, receive, send)

    def _early_fault(self, call: str) -> ProblemError | None:
        faults = self.context.faults
        if faults.hits("throttle_rate", call):
            return _throttled(faults.settings.throttle_seconds)
        if faults.hits("expired_token_rate", call):
            headers = {"WWW-Authenticate": "Bearer"}
            return ProblemError(
                401, "token_expired", "The token has expired.", headers=headers
            )
        if faults.hits("error_rate", call):
            return ProblemError(faults.settings.error_status, "fault", "Asked for.")
        return None


def _throttled(seconds: int) -> ProblemError:
    return ProblemError(
        429,
        "too_many_requests",
        f"Too many calls; try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )


def _limited(request: Request, receive: Receive, limit: int) -> Receive:
    """Refuse bodies over the limit; the bytes of an upload have their own."""
    if request.method == "PATCH":
        return receive
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            # FastAPI turns any other exception of a body into 400.
            raise HTTPException(413, f"The body is larger than {limit} bytes.")
        return message

    return counted


def _cut_request(receive: Receive) -> Receive:
    """Let the first piece of the body through, then break off."""
    pieces = 0

    async def broken() -> Message:
        nonlocal pieces
        pieces += 1
        return await receive() if pieces == 1 else {"type": "http.disconnect"}

    return broken


async def _nowhere(_message: Message) -> None:
    """Swallow an answer that the client will not get."""


def _truncated(send: Send) -> Send:
    """Send half of the body as if it were the whole, with status 200."""
    left = 0

    async def halved(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.start":
            headers = []
            for name, value in message["headers"]:
                if name == b"content-length":
                    left = int(value) // 2
                    value = str(left).encode()
                headers.append((name, value))
            message = {**message, "status": 200, "headers": headers}
        elif message["type"] == "http.response.body":
            body = message.get("body", b"")[:left]
            left -= len(body)
            message = {**message, "body": body}
        await send(message)

    return halved


def _cut(send: Send, after: int) -> Send:
    """Stop sending after some bytes; uvicorn then closes the connection."""
    left = after

    async def cutting(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.body":
            body: Any = message.get("body", b"")
            if len(body) > left:
                body = body[:left]
            left -= len(body)
            message = {**message, "body": body, "more_body": True}
        await send(message)

    return cutting
