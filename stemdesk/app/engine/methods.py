"""What the engine does when it is asked; `plugins/ENGINE.md` tells clients of it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from stemdesk.app.engine.devices import devices_from_child
from stemdesk.app.engine.params import (
    JobParams,
    LoadParams,
    NoParams,
    SeparateParams,
    choice_of,
    convert,
)
from stemdesk.app.engine.rpc import METHOD_NOT_FOUND, RpcError
from stemdesk.app.model import load_card
from stemdesk.app.plan import check_options, path_refusal
from stemdesk.app.worker.job import Request
from stemdesk.audio.reading import look_at_audio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import msgspec

    from stemdesk.app.engine.connection import Connection
    from stemdesk.app.engine.rpc import Params
    from stemdesk.app.engine.server import Engine
    from stemdesk.app.forecast import Choice
    from stemdesk.app.options import SeparateOptions

    Handler = Callable[[Any, Connection], Awaitable[Any]]

PROTOCOL = 1
"""Raised when a client of the older kind would no longer be understood."""


class Methods:
    """One function for each method.

    Args:
        engine: whose.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._jobs = engine, engine.jobs
        self._started = time.monotonic()
        self._methods: dict[str, tuple[type[msgspec.Struct], Handler]] = {
            "version": (NoParams, self._version),
            "status": (NoParams, self._status),
            "models": (NoParams, self._models),
            "devices": (NoParams, self._devices),
            "load": (LoadParams, self._load),
            "separate": (SeparateParams, self._separate),
            "jobs": (NoParams, self._all_jobs),
            "progress": (JobParams, self._progress),
            "watch": (JobParams, self._watch),
            "cancel": (JobParams, self._cancel),
            "shutdown": (NoParams, self._shutdown),
        }

    async def serve(self, method: str, params: Params, connection: Connection) -> Any:
        """Carry out a method.

        Raises:
            RpcError: no such method, or parameters that it does not take.
            UserError: it cannot be done.
        """
        if method not in self._methods:
            raise RpcError(METHOD_NOT_FOUND, "There is no such method")
        kind, handler = self._methods[method]
        return await handler(convert(params, kind), connection)

    async def _version(self, _params: NoParams, _connection: Connection) -> dict[str, Any]:
        info = self._engine.info
        return {"stemdesk": info.version, "protocol": PROTOCOL, "pid": info.pid}

    async def _status(self, params: NoParams, connection: Connection) -> dict[str, Any]:
        worker = self._jobs.worker
        error = worker.load_error
        return {
            **await self._version(params, connection),
            "address": self._engine.info.address,
            "up_seconds": round(time.monotonic() - self._started, 1),
            "jobs": self._jobs.counts(),
            "worker_pid": worker.process_id,
            "loaded": worker.loaded,
            "load_error": None if error is None else str(error),
        }

    async def _models(self, _params: NoParams, _connection: Connection) -> list[dict[str, Any]]:
        return await asyncio.to_thread(_models_here)

    async def _devices(self, _params: NoParams, _connection: Connection) -> list[dict[str, Any]]:
        return await asyncio.to_thread(devices_from_child)

    async def _load(self, params: LoadParams, _connection: Connection) -> dict[str, Any]:
        choice = choice_of(params, self._engine.settings.usual)
        await asyncio.to_thread(load_card, choice.model)
        self._engine.load(choice)
        return {"key": choice.key}

    async def _separate(self, params: SeparateParams, connection: Connection) -> dict[str, int]:
        choice = choice_of(params, self._engine.settings.usual)
        job = self._engine.begin(await requested(params.song(), params.options(), choice))
        if params.notify:
            self._engine.watching.watch(job, connection)
        if params.stop_on_disconnect:
            self._engine.watching.bind(job, connection)
        return {"job": job.id}

    async def _all_jobs(self, _params: NoParams, _connection: Connection) -> list[dict[str, Any]]:
        return [job.brief() for job in self._jobs.all]

    async def _progress(self, params: JobParams, _connection: Connection) -> dict[str, Any]:
        return self._jobs.job(params.job).told()

    async def _watch(self, params: JobParams, connection: Connection) -> dict[str, Any]:
        job = self._jobs.job(params.job)
        self._engine.watching.watch(job, connection)
        return job.told()

    async def _cancel(self, params: JobParams, _connection: Connection) -> dict[str, Any]:
        return self._jobs.cancel(params.job).brief()

    async def _shutdown(self, _params: NoParams, _connection: Connection) -> dict[str, bool]:
        self._engine.stop()
        return {"ending": True}


async def requested(song: Path, options: SeparateOptions, choice: Choice) -> Request:
    """A separation that has a chance, looked at in a thread.

    Raises:
        UserError: no such song or model, or options that do not fit.
    """
    return await asyncio.to_thread(_checked, song, options, choice)


def _checked(song: Path, options: SeparateOptions, choice: Choice) -> Request:
    check_options(options, load_card(choice.model))
    try:
        info = look_at_audio(
            song,
            options.start_seconds,
            options.duration_seconds,
            accept_incomplete=options.accept_incomplete,
        )
    except OSError as error:
        raise path_refusal(song, error) from error
    return Request(song, info.seconds, options, choice)


def _models_here() -> list[dict[str, Any]]:
    from stemdesk.separation.catalogue import DEFAULT_MODEL, list_models

    return [
        {
            "id": card.id,
            "title": card.title,
            "stems": list(card.stems),
            "sample_rate": card.sample_rate,
            "licence": card.licence,
            "is_default": card.id == DEFAULT_MODEL,
        }
        for card in list_models()
    ]
