"""The user's own plug-ins: found, added, shown in their windows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFileDialog, QMenu

from stemdesk.errors import UserError
from stemdesk.jobs.job import Job
from stemdesk.mixing.plugins.answers import News
from stemdesk.mixing.plugins.scan import FoundPlugin, known_plugins, scan
from stemdesk.mixing.settings import PLUGIN, EffectSettings
from stemdesk.project.edits.effects import add_effect
from stemdesk.project.edits.tracks import with_track
from stemdesk.ui.wiring.base import Wiring

if TYPE_CHECKING:
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.mixing.plugins.effect import PluginEffect
    from stemdesk.ui.main_window import MainWindow

    Place = tuple[str, str]


class Plugins(Wiring):
    """VST3 plug-ins and Audio Units. Whatever asks one of them runs in the background."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self._shown: dict[Place, str] = {}  # whose window is open -> their state before that
        self._poll: Job | None = None
        self._told: object = None
        window.mixer.plugin_chosen.connect(self.choose)
        for widget in (window.mixer, window.effect_editor):
            widget.plugin_window_requested.connect(self.show_window)
        window.effect_editor.plugin_restart_requested.connect(self.restart)

    def choose(self, strip: str) -> None:
        """A menu of what is installed."""
        menu = QMenu(self.window)
        found = [each for each in known_plugins() if each.is_effect and not each.fault]
        for plugin in found:
            label = plugin.name
            if plugin.manufacturer:
                label = f"{plugin.name} ({plugin.manufacturer})"
            menu.addAction(label, partial(self.add, strip, plugin))
        if not found:
            nothing = menu.addAction(self.tr("No plug-ins were found yet"))
            nothing.setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("Look for plug-ins"), self.scan)
        menu.addAction(self.tr("Choose a file…"), partial(self.choose_file, strip))
        menu.exec(QCursor.pos())

    def scan(self) -> None:
        """Look through the system's places for plug-ins, each in a process of its own."""

        def done(_entry: object) -> None:
            count = sum(each.is_effect and not each.fault for each in known_plugins())
            self.window.tell(self.tr("{count} plug-ins were found.").format(count=count))

        self.bench.errands.start(
            self.tr("Plug-ins"), "scan", lambda report: scan(report=report), done
        )

    def choose_file(self, strip: str) -> None:
        """A plug-in from anywhere."""
        name = QFileDialog.getExistingDirectory(self.window, self.tr("Choose a VST3 plug-in"))
        if name:
            self.add(strip, FoundPlugin(path=name, name=""))

    def add(self, strip: str, plugin: FoundPlugin) -> None:
        """Load a plug-in, then put it at the end of a chain."""
        track = self.track
        if track is None or self.bench.stage is None:
            return
        title = plugin.name or Path(plugin.path).stem
        effect = EffectSettings(
            kind=PLUGIN,
            name=title.replace(".", " ").strip() or PLUGIN,
            plugin=plugin.path,
            plugin_name=plugin.name,
        )
        with self.refusals_shown():
            found = add_effect(track, strip, effect).mix.strip(strip)
            assert found is not None
            named = found.effects[-1]

            def loaded(_entry: object) -> None:
                now = self.bench.project.track(track.id)
                if now is not None:
                    project = with_track(self.bench.project, add_effect(now, strip, named))
                    self.bench.edit(self.tr("Add {effect}").format(effect=title), project)
                    self.window.show_document()

            self.bench.plugins.add(strip, named, loaded)

    def show_window(self, strip: str, effect: str) -> None:
        """Open a plug-in's own window."""
        plugin = self._plugin(strip, effect)
        if plugin is None or plugin.is_loading:
            self.window.tell(self.tr("{effect} is not loaded yet.").format(effect=effect))
        else:

            def show(_report: object) -> None:
                self._shown[strip, effect] = plugin.state
                plugin.show_editor()

            self.bench.errands.start(effect, "show", show, lambda _: None)

    def restart(self, strip: str, effect: str) -> None:
        """Start a plug-in again that has failed, or that was not waited for."""
        plugin = self._plugin(strip, effect)
        if plugin is None:
            self.bench.plugins.again(strip, effect)
        elif not plugin.is_loading:
            self.bench.errands.start(
                effect,
                "restart",
                lambda _report: plugin.restart(),
                lambda _: self.window.show_document(),
            )

    def pump(self) -> None:
        """Take over what was turned in open windows, show what has come; ten times a second."""
        self._show_coming()
        if self._poll is None:
            if self._shown:
                places = {place: self._plugin(*place) for place in tuple(self._shown)}
                self._poll = Job(lambda _report: _news(places))
                self._poll.start()
            return
        if not self._poll.state.has_ended:
            return
        poll, self._poll = self._poll, None
        if poll.error is not None:
            raise poll.error
        for place, (news, state) in poll.result.items():
            if not news.window_is_open and state != self._shown.pop(place):
                self.bench.papers.plugin_changed()
            self._take(place, news)
        if any(news.values for news, _ in poll.result.values()):
            self.window.show_document()

    def _show_coming(self) -> None:
        """A plug-in that has been loaded, or has failed, is no edit of the document."""
        stage = self.bench.stage
        listening = None if stage is None else stage.listening
        told = listening and (listening.loading(), listening.faults_by_place())
        if told != self._told:
            self._told = told
            self.window.mixing.show(self.track)

    def _take(self, place: Place, news: News) -> None:
        strip, effect = place
        if news.window_problem:
            self.window.show_problem(
                UserError(
                    f"The window of {effect} does not open ({news.window_problem})",
                    "turn its parameters in the inspector",
                )
            )
        for name, value in news.values.items():
            with self.refusals_shown():
                self.bench.controls.set(f"{strip}.{effect}.{name}", value)

    def _plugin(self, strip: str, effect: str) -> PluginEffect | None:
        stage = self.bench.stage
        return None if stage is None else stage.listening.plugin(strip, effect)


def _news(places: dict[Place, PluginEffect | None]) -> dict[Place, tuple[News, str]]:
    """What was turned, and the state of those whose window is closed."""
    told = {}
    for place, plugin in places.items():
        news = News() if plugin is None else plugin.poll()
        told[place] = (news, "" if plugin is None or news.window_is_open else plugin.state)
    return told
