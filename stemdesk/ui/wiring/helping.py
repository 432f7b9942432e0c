"""Settings, welcome, shortcuts, about, recovery, recipes: the dialogs."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialog, QFileDialog

from stemdesk.app.bench.model_list import model_choices, model_credits
from stemdesk.errors import UserError
from stemdesk.mixing.recipe import Recipe, fitted, load_recipe, save_recipe
from stemdesk.playback.portaudio import sound_cards
from stemdesk.project.edits.mix import set_mix
from stemdesk.project.recovery import discard_recovery
from stemdesk.ui.dialogs.about import AboutDialog
from stemdesk.ui.dialogs.choices import Choices
from stemdesk.ui.dialogs.hand_keys import hand_shortcuts
from stemdesk.ui.dialogs.recovery import RecoveryDialog
from stemdesk.ui.dialogs.settings import SettingsDialog
from stemdesk.ui.dialogs.shortcuts import ShortcutSheet
from stemdesk.ui.dialogs.welcome import WelcomeDialog
from stemdesk.ui.wiring.base import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.project.recovery import Recoverable
    from stemdesk.ui.main_window import MainWindow

LANGUAGES = (("en", "English"), ("de", "Deutsch"))


class Helping(Wiring):
    """Everything that opens a window of its own."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        window.empty.demo_requested.connect(lambda: window.filing.open_demo())
        window.empty.open_requested.connect(lambda: window.filing.ask_songs())
        window.empty.dropped.connect(lambda paths: window.filing.open(paths))
        self.show_models()
        window.transport.model_chosen.connect(self.choose_model)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {
            "settings": self.settings,
            "models": self.settings,
            "open_mix": self.open_mix,
            "save_mix": self.save_mix,
            "shortcuts": self.shortcuts,
            "welcome": self.welcome,
            "about": self.about,
        }

    def show_models(self) -> None:
        """The models in the bar on top."""
        models = model_choices()
        chosen = self.bench.preferences.model or next((each[0] for each in models), "")
        self.window.transport.set_models([(each[0], each[1]) for each in models], chosen)

    def choose_model(self, model: str) -> None:
        """Another model separates from now on."""
        self.window.prefer(self.bench.preferences.but(model=model))
        self.bench.processor.warm_up()

    def settings(self) -> None:
        """What the user prefers."""
        choices = Choices(
            models=model_choices(),
            devices=self.bench.processor.devices,
            audio_devices=_outputs(),
            languages=LANGUAGES,
        )
        dialog = SettingsDialog(self.bench.preferences, choices, self.window)
        dialog.changed.connect(self.window.prefer)
        dialog.finished.connect(lambda _: self.show_models())
        dialog.open()

    def shortcuts(self) -> None:
        """All keys."""
        ShortcutSheet(hand_shortcuts(), self.window).open()

    def about(self) -> None:
        """Version, licences and credits."""
        system = [
            f"Python {platform.python_version()}, Qt {qVersion()}",
            platform.platform(),
            self.bench.processor.device_text,
        ]
        AboutDialog(
            importlib.metadata.version("stemdesk"),
            model_credits(),
            [line for line in system if line],
            self.window,
        ).open()

    def welcome(self) -> None:
        """The first steps."""
        window = self.window
        dialog = WelcomeDialog(self.bench.preferences, _outputs(), window)
        dialog.theme_chosen.connect(
            lambda name: window.prefer(self.bench.preferences.but(theme=name))
        )
        dialog.audio_device_chosen.connect(
            lambda name: window.prefer(self.bench.preferences.but(audio_device=name))
        )
        dialog.demo_requested.connect(window.filing.open_demo)
        dialog.open_requested.connect(window.filing.ask_songs)
        dialog.dropped.connect(window.filing.open)
        dialog.finished.connect(lambda _: window.prefer(self.bench.preferences.but(welcomed=True)))
        dialog.show()

    def offer_recovery(self, found: Sequence[Recoverable]) -> None:
        """After a crash: what can be gone on with."""
        if not found:
            return
        dialog = RecoveryDialog(found, self.window)

        def discard(given_up: Recoverable) -> None:
            with self.refusals_shown():
                discard_recovery(given_up.folder)
                dialog.removed(given_up)

        dialog.discarded.connect(discard)
        is_meant = dialog.exec() == QDialog.DialogCode.Accepted
        chosen = dialog.chosen
        dialog.deleteLater()
        if is_meant and chosen is not None:
            with self.refusals_shown():
                self.recover(chosen.folder)

    def recover(self, folder: Path) -> None:
        """Go on from what a crash left.

        Raises:
            UserError: it cannot be read.
        """
        self.bench.files.open(folder)
        if self.bench.papers.file.loaded.recovery is not None:
            self.bench.files.take_recovery()
        self.window.show_document()

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
        stage = self.bench.stage
        if stage is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window, self.tr("Save mix recipe"), "mix.toml", self.tr("Mix recipe (*.toml)")
        )
        if name:
            with self.refusals_shown():
                save_recipe(Path(name), Recipe(mix=stage.kept_mix))


def _outputs() -> list[str]:
    try:
        return [device.name for device in sound_cards().devices()]
    except UserError:
        return []
