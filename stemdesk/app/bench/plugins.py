"""Plug-ins of the song that is shown are loaded in the background, each in a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import Cancelled, UserError
from stemdesk.jobs.job import Job, JobState
from stemdesk.jobs.queue import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.bench.errands import Errands
    from stemdesk.app.bench.showing import Showing
    from stemdesk.app.listening import Listening
    from stemdesk.jobs.entry import Entry
    from stemdesk.mixing.plugins.awaited import AwaitedPlugin
    from stemdesk.mixing.plugins.effect import PluginEffect
    from stemdesk.mixing.settings import EffectSettings

    Report = Callable[[float, str], None]

LOAD = "load"


class PluginLoads:
    """Sees to it that what a song awaits is loaded, and nothing else. One thread.

    Args:
        errands: where the jobs go.
        shown: the song that is shown.
    """

    def __init__(self, errands: Errands, shown: Showing) -> None:
        self._errands, self._shown = errands, shown
        self._begun: list[tuple[AwaitedPlugin, Entry]] = []

    def pump(self) -> None:
        """Begin to load what is awaited, and forget what is not any more; ten times a second."""
        stage = self._shown.stage
        awaited = [] if stage is None else list(stage.listening.awaited().values())
        for each, entry in tuple(self._begun):
            if each not in awaited:
                self._begun.remove((each, entry))
                if not entry.state.has_ended and entry in self._errands.jobs.entries:
                    self._errands.jobs.remove(entry.id)
            elif entry.state is JobState.CANCELLED and each.fault is None:
                each.give_up()  # before it was begun
        begun = [each for each, _ in self._begun]
        for each in awaited:
            if stage is not None and each not in begun and each.fault is None:
                self._begin(stage.listening, each)

    def again(self, strip: str, effect: str) -> None:
        """Load a plug-in after all that was given up, or whose loading was broken off."""
        stage = self._shown.stage
        awaited = None if stage is None else stage.listening.awaited().get((strip, effect))
        if awaited is not None and awaited.fault is not None:
            self._begun = [(each, entry) for each, entry in self._begun if each is not awaited]
            awaited.take_up()

    def add(self, strip: str, effect: EffectSettings, finish: Callable[[Entry], None]) -> None:
        """Load a plug-in that is to be added; one that fails at once is not taken into the mix.

        Args:
            strip: where it goes.
            effect: as the mix will name it.
            finish: called once it is loaded; puts it into the mix.
        """
        if self._shown.stage is None:
            return
        listening = self._shown.stage.listening
        awaited = listening.expect(strip, effect)

        def work(report: Report) -> None:
            try:
                if awaited is not None:
                    _check(listening.load(awaited))
            except Cancelled:
                listening.forget(strip, effect)
                # Where the user has not said so, only the song began to sound from other files.
                report(0.0, "")
            except UserError:
                listening.forget(strip, effect)
                raise

        def loaded(entry: Entry) -> None:
            finish(entry)
            listening.forget(strip, effect)  # if it has come into no mix after all

        title = effect.plugin_name or effect.name
        self._errands.add(title, LOAD, lambda: _Loading(work, awaited), loaded, PLUGINS)

    def _begin(self, listening: Listening, awaited: AwaitedPlugin) -> None:
        entry = self._errands.add(
            awaited.title,
            LOAD,
            lambda: _Loading(lambda _: listening.load(awaited), awaited),
            lambda _: listening.hear_anew(),
            PLUGINS,
        )
        self._begun.append((awaited, entry))


def _check(plugin: PluginEffect) -> None:
    if plugin.fault:
        raise UserError(plugin.fault.rstrip("."), "choose another plug-in, or update this one")


class _Loading(Job):
    """Loads one plug-in; a stop ends the plug-in's process."""

    def __init__(self, work: Callable[[Report], object], awaited: AwaitedPlugin | None) -> None:
        super().__init__(work)
        self._awaited = awaited
        if awaited is not None:
            awaited.take_up()

    def cancel(self) -> None:
        """End the process, which ends the work."""
        super().cancel()
        if self._awaited is not None:
            self._awaited.give_up()
