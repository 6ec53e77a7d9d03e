"""Access tokens of institutions: random, kept only as digests, short-lived."""

import hashlib
import hmac
import secrets
import time

from edirect.config import Client, Config
from edirect.db import Database
from edirect.problems import ProblemError

_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Tokens:
    def __init__(self, config: Config, db: Database) -> None:
        self.config = config
        self.db = db

    def issue(self, client_id: str, secret: str) -> tuple[str, int]:
        """Return a new token and its lifetime, or refuse the client."""
        client = self.config.client(client_id)
        # The comparison runs for an unknown client too, so that time tells nothing.
        expected = client.secret if client else secrets.token_urlsafe(32)
        equal = hmac.compare_digest(
            expected.encode(), secret.encode("utf-8", "replace")
        )
        if client is None or not equal:
            raise ProblemError(
                401,
                "invalid_client",
                "The client or its secret is not right.",
                headers={"WWW-Authenticate": 'Basic realm="edirect"'},
                error="invalid_client",
            )
        token, lifetime = secrets.token_urlsafe(32), self.config.token_seconds
        with self.db.write() as tx:
            tx.execute(
                "DELETE FROM tokens WHERE expires_at < ?", (time.time() - 86400,)
            )
            tx.execute(
                "INSERT INTO tokens VALUES (?, ?, ?)",
                (_digest(token), client_id, time.time() + lifetime),
            )
        return token, lifetime

    def client_of(self, authorization: str) -> Client:
        """Return whose token an Authorization header carries, or refuse with 401."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ProblemError(
                401, "token_missing", "A bearer token is needed.", headers=_CHALLENGE
            )
        row = (
            self.db.read()
            .execute(
                "SELECT client_id, expires_at FROM tokens WHERE digest = ?",
                (_digest(token.strip()),),
            )
            .fetchone()
        )
        client = self.config.client(row["client_id"]) if row else None
        if client is None:
            raise ProblemError(
                401, "token_invalid", "The token is not known.", headers=_CHALLENGE
            )
        if row["expires_at"] < time.time():
            raise ProblemError(
                401, "token_expired", "The token has expired.", headers=_CHALLENGE
            )
        return client

    def expire_all(self) -> None:
        with self.db.write() as tx:
            tx.execute("UPDATE tokens SET expires_at = 0")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
