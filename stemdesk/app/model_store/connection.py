"""Requests over HTTPS, and one sentence for everything that can go wrong on the way."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SILENCE_SECONDS = 30.0
"""How long a server may say nothing."""

_HERE = ("localhost", "127.0.0.1", "::1")


def checked_address(address: str, remedy: str) -> str:
    """The address, if nobody on the way can change what it gives.

    Raises:
        UserError: it is not HTTPS, nor on this computer.
    """
    try:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    except ValueError:
        is_safe = False
    if not is_safe:
        raise UserError(f"The address {address[:200]} is not a secure one (https)", remedy)
    return address


@contextmanager
def opened(
    address: str, headers: Mapping[str, str], remedy: str
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a request; proxies are those of the environment or the system.

    What goes wrong while it is read is told by a sentence as well.

    Args:
        address: of what is wanted.
        headers: of the request.
        remedy: what the user can do where the network fails.

    Raises:
        UserError: no answer, no permission, or an insecure address.
    """
    request = urllib.request.Request(checked_address(address, remedy), headers=dict(headers))
    host = urlsplit(address).hostname or address
    opener = urllib.request.build_opener(_SecureRedirects(remedy))
    try:
        with opener.open(request, timeout=SILENCE_SECONDS) as response:
            yield response
    except urllib.error.HTTPError as error:
        error.close()
        raise UserError(_refusal(host, error.code), remedy) from error
    except urllib.error.URLError as error:
        raise UserError(_failure(host, error.reason), remedy) from error
    except (OSError, http.client.HTTPException) as error:
        raise UserError(_failure(host, error), remedy) from error


class _SecureRedirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, remedy: str) -> None:
        self._remedy = remedy

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Follow to secure addresses only."""
        try:
            checked_address(newurl, self._remedy)
        except UserError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refusal(host: str, status: int) -> str:
    if status in (404, 410):
        return f"{host} does not have the file (any more)"
    if status == 407:
        return "The proxy asks for a name and a password"
    if status in (401, 403):
        return f"{host} or a proxy on the way does not give the file away (status {status})"
    return f"{host} cannot give the file at the moment (status {status})"


def _failure(host: str, reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return f"{host} does not answer within {SILENCE_SECONDS:g} seconds"
    if isinstance(reason, socket.gaierror):
        return f"{host} cannot be found, or this computer is offline"
    if isinstance(reason, ssl.SSLError):
        return f"{host} or a proxy on the way cannot prove who it is"
    if isinstance(reason, OSError) and "Tunnel connection failed" in str(reason):
        return f"The proxy refuses the way to {host}"
    return f"The connection to {host} failed"
