"""Draws the README's pictures of the window, dark and light, with the demo song taken apart.

    python tests/benchmarks/pictures.py FOLDER

Without a screen; settings and projects of the person who runs it are left alone.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication, QWidget

    from stemdesk.ui.main_window import MainWindow

SIZE = (1280, 800)
ROWS_PX = (420, 260)
LARGEST_BYTES = 250_000
WAIT_SECONDS = 300.0
PLAYED_SECONDS = 9.0
THEMES = ("dark", "light")
LOG = Path(__file__).with_name("trainer_log.jsonl")
EXCERPTS = ("Ada - Evening", "Ada - First light", "Bo - Northwind", "Cy - Glass")
EXCERPT_SECONDS = 6.5


class Photographer:
    """Looks at one window in both themes.

    Args:
        app: Qt's.
        folder: for the pictures.
    """

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app, self._folder = app, folder

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            self._app.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float = 0.5) -> None:
        """Let the window live for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def take(self, name: str, widget: QWidget) -> None:
        """A picture of a widget in each theme: NAME_dark.png and NAME_light.png."""
        from stemdesk.ui.theme import apply_theme

        for theme in reversed(THEMES):
            apply_theme(self._app, theme)
            self.rest(0.3)
            file = self._folder / f"{name}_{theme}.png"
            image = widget.grab().toImage()
            image.save(str(file), "PNG", 0)
            size = file.stat().st_size
            print(f"{file}: {image.width()} x {image.height()}, {size / 1000:.0f} kB")
            assert size <= LARGEST_BYTES, f"{file} is too large for a page"


def arrange(window: MainWindow) -> None:
    """A mix worth looking at: what a person would have done by the end of an evening."""
    from stemdesk.mixing.settings import EffectSettings, Point
    from stemdesk.project.document import Span
    from stemdesk.project.edits.automation import set_points
    from stemdesk.project.edits.effects import add_effect
    from stemdesk.project.edits.places import add_marker, set_loop
    from stemdesk.project.edits.regions import set_range

    bench, rate = window.bench, window.bench.track.mixture.sample_rate

    def span(first: float, end: float) -> Span:
        return Span(first_frame=round(first * rate), end_frame=round(end * rate))

    track = bench.track
    for seconds, name in ((0.0, "Intro"), (4.4, "Verse"), (13.2, "Chorus"), (24.0, "End")):
        track = add_marker(track, round(seconds * rate), name)
    track = set_loop(track, span(13.2, 22.0), looping=True)
    track = set_range(track, "drums", span(4.4, 8.8), mute=True)
    track = set_range(track, "other", span(13.2, 22.0), gain_db=-4.0)
    points = [Point(2.0, -12.0), Point(5.0, 0.0), Point(13.0, 0.0), Point(14.0, 3.0)]
    track = set_points(track, "vocals.level_db", [*points, Point(24.0, 3.0), Point(26.0, -20.0)])
    for strip, effect in (
        (
            "vocals",
            EffectSettings(kind="equaliser", values={"high_pass_hz": 90.0, "high_shelf_db": 2.5}),
        ),
        ("vocals", EffectSettings(kind="compressor", values={"threshold_db": -28.0})),
        ("vocals", EffectSettings(kind="reverb", values={"amount": 0.25})),
        ("drums", EffectSettings(kind="compressor")),
        ("other", EffectSettings(kind="delay", bypass=True)),
    ):
        track = add_effect(track, strip, effect)
    bench.edit_track("Mix", track)
    for address, value in {
        "drums.level_db": -2.0,
        "other.level_db": -3.5,
        "other.pan": -0.25,
    }.items():
        window.mixing.set_parameter(address, value)
    bench.end_gesture()


def photograph(window: MainWindow, at: Photographer) -> None:
    """All pictures, in the order in which a person would come to see them."""
    from stemdesk.app.demo import demo_song
    from stemdesk.ui.export.dialog import ExportDialog

    bench = window.bench
    at.rest()
    at.take("empty", window)
    window.helping.welcome()
    at.rest()
    welcome = next(each for each in window.findChildren(_dialog()) if each.isVisible())
    at.take("welcome", welcome)
    welcome.close()
    window.filing.open([demo_song()])
    shown = bench.shown
    at.until(lambda: len(shown.coverage) and shown.coverage[-1][1] > bench.track.mixture.frames / 4)
    at.take("jobs", window)
    at.until(lambda: bench.track.separated is not None)
    at.until(lambda: window.null.words.word == "Exact")
    arrange(window)
    window.timeline.unfold("vocals", "vocals.level_db")
    window.playing.play_or_pause()
    rate = bench.track.mixture.sample_rate
    at.until(lambda: bench.stage.position_frames > PLAYED_SECONDS * rate)
    window.side.setCurrentWidget(window.null)
    window._rows.setSizes(ROWS_PX)
    at.take("main", window)
    window._rows.setSizes(ROWS_PX[::-1])
    at.take("null", window.side)
    window.mixing.select_effect("vocals", "compressor")
    at.rest()
    at.take("mixer", window.mixer.parentWidget())
    window.playing.play_or_pause()
    preferences = bench.preferences.but(exports="/home/ada/Music/Remixes")
    dialog = ExportDialog(bench.track, None, preferences, parent=window)
    dialog.show()
    at.rest()
    at.take("export", dialog)
    dialog.close()


def show_training(window: MainWindow, at: Photographer, folder: Path) -> None:
    """The trainer: excerpts of the demo song as a library, and a run that was made before.

    The run is a real one on made-up songs, of half an hour; its log lies beside this file.
    """
    from stemdesk.app.training.runs import Record, Standing, new_run

    library = folder / "Studio songs"
    write_library(window, library)
    page = window.training.open()
    page.songs.folder_chosen.emit(library)
    at.until(lambda: len(page.songs.table.songs) == len(EXCERPTS))
    page.songs.table.setCurrentItem(page.songs.table.topLevelItem(1))
    page.songs._place.set_text("/home/ada/Music/Studio songs")
    at.until(lambda: page.recipe.text and not page.recipe._waiting.isVisible())
    at.rest()
    at.take("trainer_songs", page)
    page.show_page(page.recipe)
    at.rest(2.0)
    at.take("trainer_recipe", page)
    record = Record(title="Studio songs", base="bandmask_small", library=str(library))
    run = new_run(record, page.recipe.text)
    run.work.mkdir()
    (run.work / "log.jsonl").write_bytes(LOG.read_bytes())
    run.keep(Standing.FINISHED)
    window.training._look_at(run)
    at.rest()
    at.take("trainer", page)
    page.close()


def write_library(window: MainWindow, library: Path) -> None:
    """Songs in stems: one that is late in a stem, and one that lacks a stem."""
    import numpy as np
    import soundfile

    track = window.bench.track
    stems = window.bench.papers.files_of(track.separated)
    sounds = {name: soundfile.read(path)[0] for name, path in stems.items()}
    for place, name in enumerate(EXCERPTS):
        first = round(EXCERPT_SECONDS * place * track.mixture.sample_rate)
        end = first + round(EXCERPT_SECONDS * track.mixture.sample_rate)
        parts = {stem: sound[first:end] for stem, sound in sounds.items()}
        parts["mixture"] = np.sum([*parts.values()], axis=0)
        if place == 1:
            parts["drums"] = np.pad(parts["drums"], ((441, 0), (0, 0)))[:-441]
        elif place == 2:
            del parts["other"]
        for stem, sound in parts.items():
            path = library / name / f"{stem}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, sound, track.mixture.sample_rate, subtype="FLOAT")


def _dialog() -> type[QWidget]:
    from PySide6.QtWidgets import QDialog

    return QDialog


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    home = tempfile.TemporaryDirectory()
    os.environ.update(QT_QPA_PLATFORM="offscreen", HOME=home.name, STEMDESK_HOME=home.name)

    from PySide6.QtWidgets import QApplication

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.settings import Preferences
    from stemdesk.ui.main_window import MainWindow
    from stemdesk.ui.theme import apply_theme

    app = QApplication([])
    apply_theme(app, THEMES[0])
    window = MainWindow(Workbench(Preferences(audio_device="silent", theme="dark", welcomed=True)))
    window.resize(*SIZE)
    window.show()
    photograph(window, Photographer(app, folder))
    show_training(window, Photographer(app, folder), Path(home.name))
    window.bench.papers.give_up()
    window.filing.may_leave = lambda _then: True
    window.close()
    home.cleanup()


if __name__ == "__main__":
    main()
