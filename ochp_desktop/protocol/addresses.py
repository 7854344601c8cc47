"""Web addresses: taken apart, compared, and shown without secrets."""

from __future__ import annotations

import contextlib
import ipaddress
from urllib.parse import SplitResult, urlsplit

from ochp_desktop.errors import UsageError
from ochp_desktop.texts import _


def split_address(address: str) -> SplitResult:
    """The parts of an http or https address.

    Raises:
        UsageError: it is none.
    """
    try:
        parts = urlsplit(address.strip())
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        port_ok, parts = False, urlsplit("")
    clean = address.strip().isascii() and address.strip().isprintable() and " " not in address.strip()
    if not clean or not port_ok or parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            _("Address not understood"),
            _("The address must look like https://house.example/service; check it for typing errors."),
        )
    if parts.username or parts.password:
        raise UsageError(
            _("Address not understood"),
            _("User and password do not belong into the address. Enter them in their own fields."),
        )
    return parts


def same_server(one: str, other: str) -> bool:
    """Whether two addresses have the same scheme, host and port."""

    def server(address: str) -> tuple[str, str, int | None]:
        parts = urlsplit(address)
        scheme = parts.scheme.lower()
        return scheme, (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(scheme)

    return server(one) == server(other)


def is_loopback(host: str) -> bool:
    """Whether the host is this very computer."""
    if host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost"):
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def path_of(target: SplitResult) -> str:
    """What is asked of the server: path and query."""
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


def shown(address: str) -> str:
    """The address as a message may show it: without a login, cut off where it is long."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:200]
