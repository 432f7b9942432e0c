"""The engine itself: a socket, its clients, and a round of work some times a second."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from stemdesk.app.engine.complaint import complain, complain_of_fault
from stemdesk.app.engine.connection import MOST_LINE_BYTES, Connection
from stemdesk.app.engine.info import HOST, EngineInfo
from stemdesk.app.engine.jobs import EngineJobs
from stemdesk.app.engine.methods import Methods
from stemdesk.app.engine.rpc import INVALID_REQUEST, RpcError, encode, failure
from stemdesk.app.engine.watching import Watching
from stemdesk.app.forecast import Choice
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.engine.jobs import EngineJob
    from stemdesk.app.worker.client import Worker
    from stemdesk.app.worker.job import Request

MOST_CONNECTIONS = 64
ROUND_SECONDS = 0.05
CALM_ROUND_SECONDS = 0.5
ENDING_SECONDS = 10.0
"""So long the piece of work at hand may take at the end; what is on disk is safe at any moment."""
GOODBYE_SECONDS = 1.0
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class EngineSettings:
    """How an engine is to be.

    Attributes:
        usual: the model of calls that name none.
        is_warm: load it at the start.
        unload_seconds: give the models' memory back after so long without a job; None: never.
        exit_seconds: end after so long without a job or a client; None: never.
    """

    usual: Choice = field(default_factory=Choice)
    is_warm: bool = True
    unload_seconds: float | None = None
    exit_seconds: float | None = None


class Engine:
    """Made in a running event loop; all its methods but :meth:`stop` belong to that loop's thread.

    Args:
        settings: how it is to be.
        jobs: what separates; its own by default.

    Attributes:
        settings: the same.
        jobs: all jobs.
        watching: who is told of them.
        loop: where it lives.
        info: where it is found; once it serves.
    """

    info: EngineInfo

    def __init__(self, settings: EngineSettings, jobs: EngineJobs | None = None) -> None:
        self.settings = settings
        self.jobs = jobs or EngineJobs()
        self.watching = Watching(self.jobs)
        self.loop = asyncio.get_running_loop()
        self._methods = Methods(self)
        self._connections: dict[Connection, None] = {}
        self._wake = asyncio.Event()
        self._is_stopping = False
        self._worked_at = self._used_at = time.monotonic()
        self._loading = ""
        self._told_error: UserError | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def serve(self, publish: Callable[[EngineInfo], None]) -> None:
        """Answer clients until :meth:`stop`; then end all jobs and say goodbye.

        Args:
            publish: told the address and the token, once clients may come.
        """
        server = await asyncio.start_server(self._welcome, HOST, 0, limit=MOST_LINE_BYTES)
        self.info = EngineInfo(
            port=server.sockets[0].getsockname()[1],
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            pid=os.getpid(),
            version=version("stemdesk"),
        )
        try:
            if self.settings.is_warm:
                self.load(self.settings.usual)
            publish(self.info)
            await self._work()
        finally:
            server.close()
            await self._end()

    @property
    def is_ending(self) -> bool:
        """Whether nothing new is begun any more."""
        return self._is_stopping

    def begin(self, request: Request) -> EngineJob:
        """Queue a separation.

        Raises:
            UserError: the engine is ending, or too many wait.
        """
        if self._is_stopping:
            raise UserError("The engine is ending", "start it again with 'stemdesk engine'")
        self._wake.set()
        return self.jobs.add(request)

    def load(self, choice: Choice) -> None:
        """Have a model ready before it is needed.

        Raises:
            UserError: the system starts no more processes.
        """
        self._loading = choice.key
        self.jobs.worker.load(choice)

    def stop(self) -> None:
        """End it soon; from any thread, or a signal's handler."""
        self.loop.call_soon_threadsafe(self._stop_here)

    def _stop_here(self) -> None:
        self._is_stopping = True
        self._wake.set()

    async def _work(self) -> None:
        while not self._is_stopping:
            self._round()
            self._wake.clear()
            pause = ROUND_SECONDS if self.jobs.is_busy else CALM_ROUND_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    def _round(self) -> None:
        self.jobs.pump()
        self.watching.tell()
        self._look_after_loading()
        now = time.monotonic()
        if self.jobs.is_busy or self._loading:
            self._worked_at = self._used_at = now
        if any(each.is_known for each in self._connections):
            self._used_at = now
        unload, leave = self.settings.unload_seconds, self.settings.exit_seconds
        has_models = self.jobs.worker.process_id is not None
        if unload is not None and has_models and now - self._worked_at > unload:
            self._close_later(self.jobs.unload())
        if leave is not None and now - self._used_at > leave:
            self._is_stopping = True

    def _look_after_loading(self) -> None:
        worker = self.jobs.worker
        is_ready = worker.loaded is not None and worker.loaded["key"] == self._loading
        if is_ready or worker.load_error is not None or worker.process_id is None:
            self._loading = ""
        if worker.load_error is not None and worker.load_error is not self._told_error:
            self._told_error = worker.load_error
            complain(worker.load_error)

    def _close_later(self, worker: Worker) -> None:
        task = self.loop.create_task(asyncio.to_thread(worker.close))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self.info.token, self._methods.serve)
        if not self._has_room():
            writer.write(encode(failure(None, RpcError(INVALID_REQUEST, "Too many clients"))))
            writer.close()
            return
        self._connections[connection] = None
        try:
            await connection.run()
        except Exception:  # noqa: BLE001 - the other clients are not to suffer, and it is told
            complain_of_fault()
        finally:
            self._connections.pop(connection, None)
            self.watching.forget(connection)

    def _has_room(self) -> bool:
        """Whether one more may come; of those that did not show a token the first has to go."""
        if self._is_stopping:
            return False
        if len(self._connections) < MOST_CONNECTIONS:
            return True
        stranger = next((each for each in self._connections if not each.is_known), None)
        if stranger is None:
            return False
        del self._connections[stranger]
        stranger.drop()
        return True

    async def _end(self) -> None:
        self._is_stopping = True
        self.jobs.cancel_all()
        until = time.monotonic() + ENDING_SECONDS
        while self.jobs.is_busy and time.monotonic() < until:
            await asyncio.sleep(ROUND_SECONDS)
        self.watching.tell()
        self._look_after_loading()
        await asyncio.gather(*(each.end(GOODBYE_SECONDS) for each in list(self._connections)))
        self._close_later(self.jobs.worker)
        await asyncio.gather(*self._closing)
