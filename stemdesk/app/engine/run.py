"""An engine from its start to its end: the place, the signals, the Bridge plug-in."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stemdesk.app.engine.place import claimed_place
from stemdesk.app.engine.server import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.app.engine.info import EngineInfo
    from stemdesk.app.engine.place import Place
    from stemdesk.app.engine.server import EngineSettings

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # as far as the system has them


def run_engine(
    settings: EngineSettings, told: Callable[[EngineInfo, Place], None], *, bridge: bool
) -> None:
    """Serve hosts until a signal, a client or the clock ends it; for the main thread.

    Args:
        settings: how it is to be.
        told: called once clients may come.
        bridge: look after Bridge plug-ins too.

    Raises:
        UserError: an engine runs already, or the system refuses what it needs.
    """
    with claimed_place() as place:

        def publish(info: EngineInfo) -> None:
            place.publish(info)
            told(info, place)

        asyncio.run(_serve(settings, publish, bridge=bridge))


async def _serve(
    settings: EngineSettings, publish: Callable[[EngineInfo], None], *, bridge: bool
) -> None:
    engine = Engine(settings)
    bridging = None

    def ready(info: EngineInfo) -> None:
        nonlocal bridging
        if bridge:
            from stemdesk.app.engine.bridging import Bridging

            bridging = Bridging(engine)
            bridging.start()
        publish(info)

    with _ended_by_signals(engine):
        try:
            await engine.serve(ready)
        finally:
            if bridging is not None:
                await asyncio.to_thread(bridging.close)


@contextmanager
def _ended_by_signals(engine: Engine) -> Iterator[None]:
    """A signal ends the engine in good order; a second one changes nothing."""
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: engine.stop()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
