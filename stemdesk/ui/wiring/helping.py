"""Settings, MIDI, welcome, shortcuts, models, about, export, recipes: the dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from stemdesk.mixing.recipe import Recipe, fitted, load_recipe, save_recipe
from stemdesk.project.edits.mix import set_mix
from stemdesk.ui.wiring.base import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from stemdesk.app.workbench import Workbench
    from stemdesk.ui.main_window import MainWindow


class Helping(Wiring):
    """Everything that opens a window of its own."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        window.empty.demo_requested.connect(lambda: window.filing.open_demo())
        window.empty.open_requested.connect(lambda: window.filing.ask_songs())
        window.empty.dropped.connect(lambda paths: window.filing.open(paths))
        window.transport.model_chosen.connect(
            lambda model: window.prefer(bench.preferences.but(model=model))
        )

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {
            "export": self.export,
            "settings": self.settings,
            "open_mix": self.open_mix,
            "save_mix": self.save_mix,
            "midi": self.midi,
            "models": self.settings,
            "shortcuts": self.shortcuts,
            "welcome": self.welcome,
            "about": self.about,
        }

    def open_mix(self) -> None:
        """Take a mix from a recipe."""
        name, _ = QFileDialog.getOpenFileName(
            self.window, self.tr("Apply mix recipe"), "", self.tr("Mix recipe (*.toml)")
        )
        track = self.track
        if name and track is not None:
            with self.refusals_shown():
                recipe = load_recipe(Path(name))
                mix = fitted(recipe.mix, [strip.name for strip in track.mix.strips])
                self.edit(self.tr("Apply mix recipe"), lambda track: set_mix(track, mix))

    def save_mix(self) -> None:
        """Keep the mix as a recipe."""
        track = self.track
        if track is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window, self.tr("Save mix recipe"), "mix.toml", self.tr("Mix recipe (*.toml)")
        )
        if name:
            with self.refusals_shown():
                save_recipe(Path(name), Recipe(mix=track.mix))

    def add_learning(self, menu: QMenu, address: str) -> None:
        """What MIDI can do with a parameter."""

    def export(self) -> None:
        """Write files."""

    def settings(self) -> None:
        """What the user prefers."""

    def midi(self) -> None:
        """Control surfaces."""

    def shortcuts(self) -> None:
        """All keys."""

    def welcome(self) -> None:
        """The first steps."""

    def about(self) -> None:
        """Version and licences."""
