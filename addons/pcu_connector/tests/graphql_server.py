"""A small GraphQL server over real HTTP: as much of the language as clients here use.

Fields, aliases, arguments from variables, fragments. What the schema does not have is
an error with HTTP 200, as with every GraphQL server.
"""

import http.server
import json
import re
import threading
from contextlib import suppress

TOKEN = re.compile(r"\.\.\.|\$?\w+|[{}()\[\]:!=]")


class GraphQLError(Exception):
    """An error of the kind that comes with HTTP 200."""

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code

    def as_answer(self):
        extensions = {"extensions": {"code": self.code}} if self.code else {}
        return {"errors": [{"message": str(self), **extensions}], "data": None}


class Document:
    """A parsed document: one operation and its fragments."""

    def __init__(self, text):
        self._tokens = TOKEN.findall(text)
        self.kind, self.name, self.fragments = None, None, {}
        while self._tokens:
            word = self._take()
            if word == "fragment":
                name, _on, _kind = self._take(), self._take(), self._take()
                self.fragments[name] = self._selections()
            else:
                self.kind, self.name = word, self._take()
                while self._tokens[0] != "{":
                    self._take()
                self.selections = self._selections()

    def _take(self, expected=None):
        token = self._tokens.pop(0)
        if expected not in (None, token):
            raise GraphQLError(f"expected {expected}, got {token}")
        return token

    def _selections(self):
        self._take("{")
        found = []
        while self._tokens[0] != "}":
            found.append(self._selection())
        self._take()
        return found

    def _selection(self):
        name = self._take()
        if name == "...":
            if self._tokens[0] == "on":
                self._take()
                return ("inline", self._take(), self._selections())
            return ("spread", self._take(), None)
        arguments = {}
        if self._tokens[0] == "(":
            self._take()
            while self._tokens[0] != ")":
                argument = self._take()
                self._take(":")
                arguments[argument] = self._take().removeprefix("$")
            self._take()
        nested = self._selections() if self._tokens[:1] == ["{"] else None
        return (name, arguments, nested)


class Execution:
    """Answers one operation.

    :param schema: type -> field -> type, or None for a scalar
    :param root: object whose attributes are the fields of the operation
    """

    def __init__(self, schema, root, document, variables):
        self._schema, self._root = schema, root
        self._document, self._variables = document, variables

    def run(self):
        kind = self._document.kind.capitalize()
        return self._select(kind, self._root, self._document.selections)

    def _select(self, kind, source, selections):
        if isinstance(source, list):
            return [self._select(kind, row, selections) for row in source]
        if source is None:
            return None
        answer = {}
        for name, detail, nested in selections:
            if name == "spread":
                answer |= self._select(kind, source, self._document.fragments[detail])
            elif name == "inline":
                if source.get("__typename") == detail:
                    answer |= self._select(detail, source, nested)
            else:
                answer[name] = self._field(kind, source, name, detail, nested)
        return answer

    def _field(self, kind, source, name, arguments, nested):
        if name == "__typename":
            return source.get(name, kind) if isinstance(source, dict) else kind
        known = self._schema[kind]
        if name not in known:
            raise GraphQLError(f"Field '{name}' doesn't exist on type '{kind}'")
        if bool(known[name]) != bool(nested):
            raise GraphQLError(f"Field '{name}' of '{kind}': selections do not fit")
        value = source[name] if isinstance(source, dict) else getattr(source, name)
        if callable(value):
            given = {key: self._variables.get(v) for key, v in arguments.items()}
            value = value(**given)
        return self._select(known[name], value, nested) if nested else value


class Server:
    """HTTP on a free port of this machine; ``answer`` decides what it says."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                size = int(self.headers.get("Content-Length") or 0)
                status, headers, body = answer(self, self.rfile.read(size))
                if status is None:
                    self.close_connection = True
                    return
                cut = headers.pop("cut", None)
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:cut])
                if cut is not None:
                    self.close_connection = True

            do_GET = do_PUT = do_POST  # noqa: N815 -- names of the standard library

            def log_message(self, *_args):
                """Say nothing: the log of the tests is read by people."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.netloc = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def stop(self):
        with suppress(OSError):
            self._server.shutdown()
            self._server.server_close()
        self._thread.join(timeout=10)


def as_json(value):
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()
