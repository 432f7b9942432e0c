"""One client of the engine: a line in, a line out, and what it did not ask for just now."""

from __future__ import annotations

import asyncio
import hmac
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from stemdesk.app.engine.params import AuthParams, convert
from stemdesk.app.engine.rpc import (
    INVALID_REQUEST,
    UNAUTHORISED,
    RpcError,
    answer,
    encode,
    failure,
    request,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from stemdesk.app.engine.rpc import Params

    Serve = Callable[[str, Params, "Connection"], Awaitable[Any]]

MOST_LINE_BYTES = 128 * 1024
AUTH_SECONDS = 5.0
SLOW_SECONDS = 30.0
"""So long a client may let answers wait before it is taken for dead."""

_FULL_BYTES = 64 * 1024  # more waits to be read: news of progress can be left out
_LOST_BYTES = 4 << 20


class Connection:
    """Belongs to the engine's thread.

    Args:
        reader: of the socket; its limit is :data:`MOST_LINE_BYTES`.
        writer: of the socket.
        token: what the client has to show before anything else.
        serve: carries out a method for this client.

    Attributes:
        is_known: it has shown the token.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        token: str,
        serve: Serve,
    ) -> None:
        self._reader, self._writer, self._token, self._serve = reader, writer, token, serve
        self.is_known = False

    async def run(self) -> None:
        """Answer until the client goes, says nonsense before it is known, or stops reading."""
        try:
            await self._answer_lines()
        except (OSError, asyncio.IncompleteReadError):  # TimeoutError is an OSError
            self.drop()
        finally:
            self._writer.close()

    def notify(self, method: str, params: dict[str, Any], *, can_wait: bool) -> bool:
        """Tell the client something; whether it was sent.

        Args:
            method: of the notification.
            params: of it.
            can_wait: leave it out where the client has not read the last ones.
        """
        transport = self._writer.transport
        waiting_bytes = transport.get_write_buffer_size()
        if transport.is_closing() or (can_wait and waiting_bytes > _FULL_BYTES):
            return False
        if waiting_bytes > _LOST_BYTES:
            self.drop()
            return False
        self._writer.write(encode(request(method, params)))
        return True

    def drop(self) -> None:
        """End it, whatever waits to be sent."""
        self._writer.transport.abort()

    async def end(self, patience_seconds: float) -> None:
        """Send what waits to be sent, and end it."""
        self._writer.close()
        with suppress(OSError):
            async with asyncio.timeout(patience_seconds):
                await self._writer.wait_closed()
        self.drop()

    async def _answer_lines(self) -> None:
        goes_on = True
        while goes_on:
            try:
                async with asyncio.timeout(None if self.is_known else AUTH_SECONDS):
                    line = await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError:
                wrong = RpcError(INVALID_REQUEST, f"A line has {MOST_LINE_BYTES} bytes at most")
                await self._send(encode(failure(None, wrong)))
                return
            reply = await answer(line, self._call)
            if reply is not None:
                await self._send(reply)
            goes_on = self.is_known

    async def _send(self, line: bytes) -> None:
        self._writer.write(line)
        async with asyncio.timeout(SLOW_SECONDS):
            await self._writer.drain()

    async def _call(self, method: str, params: Params) -> Any:
        if method == "auth":
            return await self._authenticate(params)
        if not self.is_known:
            raise RpcError(UNAUTHORISED, "Show the token first, with the method `auth`")
        return await self._serve(method, params, self)

    async def _authenticate(self, params: Params) -> Any:
        shown = convert(params, AuthParams).token.encode("utf-8", "surrogatepass")
        # The time this takes says nothing of how much is right.
        self.is_known = hmac.compare_digest(shown, self._token.encode())
        if not self.is_known:
            raise RpcError(UNAUTHORISED, "That is not the token of this engine")
        return await self._serve("version", {}, self)
