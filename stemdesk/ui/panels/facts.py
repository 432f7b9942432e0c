"""What is known of a song or stem, as pairs of a name and a value."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from stemdesk.ui.panels.figures import channels, clock_ms, grouped, level, rate
from stemdesk.ui.panels.labels import Line, paragraph
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from stemdesk.app.bench.analysis import SongMeasures
    from stemdesk.project.document import MediaRef, Track

translate = QCoreApplication.translate

Fact = tuple[str, str]

_FORMATS = {"aif": "AIFF", "aiff": "AIFF", "m4a": "AAC (M4A)", "ogg": "Ogg"}


def facts_of(track: Track, measures: SongMeasures | None, lane: str) -> tuple[Fact, ...]:
    """The facts of a lane's file.

    Args:
        track: the song.
        measures: of the file of that lane; None while they are not known.
        lane: a stem; anything else means the song itself.
    """
    stems = track.separated.stems if track.separated else {}
    media = stems.get(lane, track.mixture)
    path = _path(media.path)
    folder = str(path.parent) if path.is_absolute() else _in_project(path)
    # The project keeps its files under names of its own, made from their bytes.
    name = media.name or path.name
    suffix = PurePosixPath(name).suffix[1:].lower()
    facts = [
        (translate("Facts", "File"), name),
        (translate("Facts", "Folder"), folder),
        (translate("Facts", "Format"), _FORMATS.get(suffix, suffix.upper())),
        (translate("Facts", "Sample rate"), rate(media.sample_rate)),
        (translate("Facts", "Channels"), channels(media.channels)),
        (translate("Facts", "Length"), _length(media)),
    ]
    if lane in stems and track.separated is not None:
        model = track.separated.model
        if track.separated.adapted:
            model = translate("Facts", "{0}, adapted to the song").format(model)
        facts.append((translate("Facts", "Model"), model))
        if claims := track.separated.claims:
            said = ", ".join(f"{stem_title(stem)} {level(db, 'dB')}" for stem, db in claims.items())
            facts.append((translate("Facts", "More or less"), said))
    if measures is not None or lane not in stems:  # a stem is not listened to as the song is
        facts += _measured(measures)
    if lane not in stems:
        facts.append((translate("Facts", "Tempo"), _tempo(track)))
    return tuple(facts)


class FactsTable(QWidget):
    """The pairs, in two columns; values that are too long are cut in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("facts")
        self._names: list[QLabel] = []
        self._values: list[Line] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX)
        self._grid.setColumnStretch(1, 1)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return tuple(
            (name.text(), value.text)
            for name, value in zip(self._names, self._values, strict=True)
            if not name.isHidden()
        )

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show others."""
        while len(self._names) < len(facts):
            self._add()
        for place, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            is_used = place < len(facts)
            if is_used:
                name.setText(facts[place][0])
                value.set_text(facts[place][1])
                value.setAccessibleName(facts[place][0])
            name.setVisible(is_used)
            value.setVisible(is_used)

    def _add(self) -> None:
        place = len(self._names)
        name = paragraph(f"fact:{place}", is_dim=True)
        name.setWordWrap(False)
        value = Line(f"value:{place}")
        value.elide = Qt.TextElideMode.ElideMiddle
        self._grid.addWidget(name, place, 0)
        self._grid.addWidget(value, place, 1)
        self._names.append(name)
        self._values.append(value)


def _path(text: str) -> PurePath:
    """Of whichever system it is; the project may come from another."""
    windows = PureWindowsPath(text)
    return windows if windows.drive else PurePosixPath(text)


def _in_project(path: PurePath) -> str:
    inside = str(path.parent)
    return translate("Facts", "in the project") + (f", {inside}" if inside != "." else "")


def _length(media: MediaRef) -> str:
    seconds = media.frames / media.sample_rate
    return translate("Facts", "{0} ({1} frames)").format(clock_ms(seconds), grouped(media.frames))


def _measured(measures: SongMeasures | None) -> list[Fact]:
    if measures is None:
        return [
            (translate("Facts", "Loudness"), translate("Facts", "measuring…")),
            (translate("Facts", "True peak"), translate("Facts", "measuring…")),
        ]
    return [
        (translate("Facts", "Loudness"), level(measures.integrated_lufs, "LUFS")),
        (translate("Facts", "True peak"), level(measures.true_peak_dbtp, "dBTP")),
    ]


def _tempo(track: Track) -> str:
    tempo = track.tempo
    if tempo is None:
        return translate("Facts", "none")
    return translate("Facts", "{0} bpm, {1}/{2}").format(
        f"{tempo.bpm:.1f}", tempo.beats_per_bar, tempo.beat_unit
    )
