"""Connections that look where they have arrived before they say a word.

A name may lead to a public address when it is checked and to one inside our walls when
it is used (DNS rebinding), so it is not the name that is judged but the other end of
the open line, before TLS and before the first byte of ours.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from .base import InnerAddress


def is_allowed(address: str, *, own_network: bool) -> bool:
    """Tell whether a platform may live at an address.

    :param own_network: the administrator said that it is in the house. Even then it is
        not at a link-local address, where machines keep their own secrets.

    >>> [is_allowed(a, own_network=False) for a in (
    ...     "8.8.8.8", "10.0.0.1", "127.0.0.1", "169.254.169.254", "::1",
    ...     "::ffff:169.254.169.254")]
    [True, False, False, False, False, False]
    >>> [is_allowed(a, own_network=True) for a in ("10.0.0.1", "169.254.169.254")]
    [True, False]
    """
    place = ipaddress.ip_address(address.partition("%")[0])
    place = getattr(place, "ipv4_mapped", None) or place
    if place.is_link_local or place.is_multicast or place.is_unspecified:
        return False
    return own_network or place.is_global


class GuardedAdapter(HTTPAdapter):
    """Carries the calls of one platform; where a proxy leads is the house's affair."""

    def __init__(self, *, own_network: bool) -> None:
        self.own_network = own_network
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Have every line opened by a connection that looks first."""
        result = super().init_poolmanager(*args, **options)
        guarded = {"own_network": self.own_network}
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, guarded),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, guarded),
        }
        return result


def _pool(pool: type, connection: type, guarded: dict[str, bool]) -> type:
    """Return the pool's class with connections that look where they arrived."""

    class Guarded(connection):
        def _new_conn(self):
            line = super()._new_conn()
            address = line.getpeername()[0]
            if not is_allowed(address, **guarded):
                line.close()
                raise InnerAddress(address)
            return line

    return type("GuardedPool", (pool,), {"ConnectionCls": Guarded})
