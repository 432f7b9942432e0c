"""An engine in a thread of this process, and a client that may say anything."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

from stemdesk.app.engine.jobs import EngineJobs
from stemdesk.app.engine.server import Engine, EngineSettings
from stemdesk.app.worker.client import Worker

PATIENCE_SECONDS = 60


def wait_until(holds, what="it does not come to pass"):
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def runs(number):
    """Whether there is such a process, and not only its corpse."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    try:
        return stat.read_bytes().rsplit(b")", 1)[1].split()[0] != b"Z"
    except OSError:
        return sys.platform != "linux"


class Running:
    """Serves until :meth:`stop`; what went wrong in it is raised there."""

    def __init__(self, settings=None, make_worker=Worker):
        self.settings = settings or EngineSettings(is_warm=False)
        self._make_worker = make_worker
        self._ready = threading.Event()
        self.engine = self.info = self.error = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(PATIENCE_SECONDS)

    def raw(self, token=None):
        """A connection; with a token, one that has shown it."""
        client = Raw(self.info.port)
        if token:
            assert "result" in client.ask("auth", {"token": token})
        return client

    def known(self):
        return self.raw(self.info.token)

    @property
    def has_ended(self):
        return not self._thread.is_alive()

    def stop(self):
        if not self.has_ended:
            self.engine.stop()
        self._thread.join(PATIENCE_SECONDS)
        assert self.has_ended
        if self.error is not None:
            raise self.error

    def _run(self):
        async def serve():
            self.engine = Engine(self.settings, EngineJobs(self._make_worker))
            await self.engine.serve(self._published)

        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - raised by stop
            self.error = error
        finally:
            self._ready.set()

    def _published(self, info):
        self.info = info
        self._ready.set()


def flood(client, data, most):
    """Send until the other side hangs up, or that much was sent."""
    for _ in range(most):
        client.send(data)


class Raw:
    """A socket and its lines."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self._file = self.socket.makefile("rb")
        self._id = 0

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        """The next message; None at the end."""
        try:
            line = self._file.readline()
        except ConnectionError:
            return None
        return json.loads(line) if line else None

    def ask(self, method, params=None):
        """The answer to a call, past all notifications."""
        self._id += 1
        told = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params or {}}
        self.send(json.dumps(told).encode() + b"\n")
        while True:
            message = self.read()
            if message is None or message.get("id") == self._id:
                return message

    def result(self, method, **params):
        message = self.ask(method, params)
        assert "result" in message, message
        return message["result"]

    def error(self, method, **params):
        return self.ask(method, params)["error"]

    def is_hung_up(self):
        return self.read() is None

    def close(self):
        self._file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
