"""A server on 127.0.0.1 that never waits, for who knows the token in a file of the user's own."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from StemDesk.clips import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = Path(__file__).absolute().with_name("connection.json")
"""Where StemDesk finds port and token; only the user may read it."""
MAX_LINE_BYTES = 1 << 20
REFUSED = -32000


class _Peer:
    def __init__(self, link: socket.socket) -> None:
        self.link, self.incoming, self.outgoing = link, b"", b""


class Listener:
    """Takes lines, gives each to `answer`, and sends what that returns."""

    def __init__(self, answer: Callable[[str, dict[str, Any]], Any]) -> None:
        self._answer = answer
        self._token = secrets.token_hex(16)
        self._server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._server.bind(("127.0.0.1", 0))
        self._server.listen(2)
        self._server.settimeout(0.0)
        self._peers: list[_Peer] = []
        _write_private({"port": self._server.getsockname()[1], "token": self._token})

    def poll(self) -> None:
        """What has come since the last time; returns at once."""
        try:
            link, _ = self._server.accept()
            link.settimeout(0.0)
            self._peers.append(_Peer(link))
        except BlockingIOError:
            pass
        self._peers = [peer for peer in self._peers if self._serve(peer)]

    def close(self) -> None:
        """Stop listening; the file goes too."""
        for peer in self._peers:
            peer.link.close()
        self._server.close()
        PLACE.unlink(missing_ok=True)

    def _serve(self, peer: _Peer) -> bool:
        """False once the peer has gone, or has not behaved."""
        try:
            if not self._take(peer):
                peer.link.close()
                return False
            if peer.outgoing:
                peer.outgoing = peer.outgoing[peer.link.send(peer.outgoing) :]
        except BlockingIOError:
            pass
        except OSError:
            peer.link.close()
            return False
        return True

    def _take(self, peer: _Peer) -> bool:
        try:
            data = peer.link.recv(1 << 16)
        except BlockingIOError:
            return True
        if not data:
            return False
        peer.incoming += data
        while b"\n" in peer.incoming:
            line, peer.incoming = peer.incoming.split(b"\n", 1)
            reply = self._reply(line)
            if reply is None:
                return False
            peer.outgoing += json.dumps(reply).encode("ascii") + b"\n"
        return len(peer.incoming) <= MAX_LINE_BYTES

    def _reply(self, line: bytes) -> dict[str, Any] | None:
        """None for who is no StemDesk: a browser that was sent here, for one."""
        try:
            request = json.loads(line)
            token, method = request["token"], request["method"]
            parameters = request.get("params", {})
            known = hmac.compare_digest(token.encode("utf-8"), self._token.encode("ascii"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        if not known or not isinstance(method, str) or not isinstance(parameters, dict):
            return None
        told = {"jsonrpc": "2.0", "id": request.get("id")}
        try:
            return {**told, "result": self._answer(method, parameters)}
        except Refusal as refusal:
            return {**told, "error": {"code": REFUSED, "message": str(refusal)}}
        except Exception as error:  # noqa: BLE001 - Live would drop the script; StemDesk shows it
            message = f"Live refused ({type(error).__name__}: {error})"
            return {**told, "error": {"code": REFUSED, "message": message}}


def _write_private(told: dict[str, Any]) -> None:
    partial = PLACE.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(told, file)
    partial.replace(PLACE)
