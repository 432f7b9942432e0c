"""The engine at the service of the Bridge plug-in: what a DAW captured is separated like a song."""

from __future__ import annotations

import threading
from asyncio import run_coroutine_threadsafe
from typing import TYPE_CHECKING

from stemdesk.app.bridge.service import BridgeService
from stemdesk.app.bridge.slots import slots_folder
from stemdesk.app.engine.complaint import complain, complain_of_fault
from stemdesk.app.engine.methods import requested
from stemdesk.app.options import SeparateOptions
from stemdesk.errors import Cancelled, UserError
from stemdesk.files import OverwritePolicy
from stemdesk.jobs.job import JobState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemdesk.app.engine.jobs import EngineJob
    from stemdesk.app.engine.server import Engine
    from stemdesk.app.options import Report, Separation

POLL_SECONDS = 0.1
REST_SECONDS = 5.0
"""After something went wrong: the disk may refuse for long, and needs no sentence each time."""


class Bridging:
    """Has a thread, for a capture may be looked after as long as it likes.

    Args:
        engine: separates.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._service = BridgeService(self._separate, slots_folder())
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine bridge", daemon=True)

    def start(self) -> None:
        """Look for captures from now on."""
        self._thread.start()

    def close(self) -> None:
        """Look no longer; waits for what is being looked at."""
        self._ending.set()
        self._thread.join()
        self._service.close()

    def _run(self) -> None:
        while not self._ending.wait(POLL_SECONDS):
            try:
                self._service.poll()
            except Cancelled:
                continue
            except UserError as error:
                complain(error)
                self._ending.wait(REST_SECONDS)
            except Exception:  # noqa: BLE001 - one capture must not cost the others
                complain_of_fault()
                self._ending.wait(REST_SECONDS)

    def _separate(self, song: Path, folder: Path, report: Report) -> Mapping[str, Path]:
        """The stems of a capture, in the queue with all other jobs.

        Raises:
            Cancelled: the engine ends, or `report` raised it.
            UserError: it cannot be separated.
        """
        engine = self._engine
        if engine.is_ending:
            raise Cancelled  # the capture is not to blame, and waits for the next engine
        options = SeparateOptions(
            output=folder, name="{stem}", overwrite=OverwritePolicy.YES, resume=False
        )

        async def begun() -> EngineJob:
            request = await requested(song, options, engine.settings.usual)
            if engine.is_ending:
                raise Cancelled
            return engine.begin(request)

        job = run_coroutine_threadsafe(begun(), engine.loop).result()
        try:
            while not job.has_ended and not self._ending.wait(POLL_SECONDS):
                report(job.entry.fraction, job.entry.stage)
        except BaseException:
            engine.loop.call_soon_threadsafe(engine.jobs.cancel, job.id)
            raise
        if not job.has_ended:
            engine.loop.call_soon_threadsafe(engine.jobs.cancel, job.id)
        if not job.has_ended or job.entry.state is JobState.CANCELLED:
            raise Cancelled
        if job.entry.error is not None:
            raise job.entry.error
        result: Separation = job.entry.result
        return result.files
