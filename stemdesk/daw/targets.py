"""Every format in which a session can be written, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from stemdesk.daw.session import Session
from stemdesk.errors import UserError

Writer = Callable[[Session, Path], float | None]
"""Writes a session as one file, or one folder, which takes its name only when all went well.

Gives the common gain of all audio in dB, where the format can make one necessary.
"""

ALL = "all"
NI_STEM_RATES_HZ = (44_100, 48_000)
_REMEDY_FORM = "choose another format, such as dawproject or broadcast-wave"


@dataclass(frozen=True)
class Target:
    """One format.

    Attributes:
        name: as it is asked for.
        summary: what it is for, in a few words.
        ending: what follows a session's title in the name of its file or folder.
        is_folder: whether it is a folder.
        has_audio: whether the audio goes along.
        writer: module and function; loaded when it is used.
        options: of the writer.
        rates_hz: the sample rates it knows; None for all that can be read.
        max_channels: the most channels of a track; None for all that can be read.
        tag_format: what `stemdesk.audio.tagging` calls the tags that it holds; empty for none.
        lack: what keeps it from holding a session, such as "it has no markers"; empty for nothing.
    """

    name: str
    summary: str
    ending: str
    writer: tuple[str, str]
    is_folder: bool = False
    has_audio: bool = True
    options: tuple[tuple[str, str], ...] = ()
    rates_hz: tuple[int, ...] | None = None
    max_channels: int | None = None
    tag_format: str = ""
    lack: Callable[[Session], str] = lambda _: ""

    @property
    def suffix(self) -> str:
        """Of its file, with the dot; empty for a folder."""
        return "" if self.is_folder else self.ending[self.ending.index(".") :]

    def check_form(self, title: str, sample_rate: int, channels: int) -> None:
        """Refuse a rate or channels that the format cannot hold.

        Args:
            title: of the song.
            sample_rate: Hz, of all its tracks.
            channels: of each of them.

        Raises:
            UserError: it cannot.
        """
        if self.max_channels is not None and channels > self.max_channels:
            raise UserError(
                f"A stem file is stereo, and {title} has {channels} channels", _REMEDY_FORM
            )
        if self.rates_hz is not None and sample_rate not in self.rates_hz:
            known = " or ".join(map(str, self.rates_hz))
            raise UserError(
                f"A stem file has {known} Hz, and {title} {sample_rate} Hz", _REMEDY_FORM
            )

    def write(self, session: Session, path: Path) -> float:
        """Write a session.

        Args:
            session: what to write.
            path: the file or folder to appear.

        Returns:
            Gain in dB by which all audio in it lies below the session's, so that nothing clips.

        Raises:
            UserError: the format cannot hold it, or it cannot be written there.
        """
        if lack := self.lack(session):
            raise UserError(
                f"{session.title} cannot be written as {self.name} ({lack})",
                "leave this format out",
            )
        self.check_form(session.title, session.sample_rate, session.channels)
        module, name = self.writer
        writer: Writer = getattr(import_module(f"stemdesk.daw.{module}"), name)
        gain_db = partial(writer, **dict(self.options))(session, path)
        return 0.0 if gain_db is None else gain_db


def _no_markers(session: Session) -> str:
    return "" if session.markers else "it has no markers"


def _no_tempo(session: Session) -> str:
    return "" if session.tempo or session.markers else "it has neither a tempo nor markers"


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target(
            "dawproject",
            "Bitwig Studio, Studio One, Cubase, n-Track: one file",
            ".dawproject",
            ("dawproject", "write_dawproject"),
        ),
        Target(
            "ardour",
            "Ardour 7 and later: a session folder",
            " (Ardour)",
            ("ardour", "write_ardour"),
            is_folder=True,
        ),
        Target(
            "reaper",
            "REAPER: a project folder",
            " (REAPER)",
            ("reaper", "write_reaper"),
            is_folder=True,
        ),
        Target(
            "aaf",
            "Pro Tools, Logic, Media Composer: one file, 24 bits",
            ".aaf",
            ("aaf", "write_aaf"),
        ),
        Target(
            "broadcast-wave",
            "any DAW: WAV files that know their place in time",
            " (Broadcast WAV)",
            ("broadcast_wave", "write_broadcast_waves"),
            is_folder=True,
        ),
        Target(
            "ni-stem",
            "Traktor and DJ programs: a stem file, AAC",
            ".stem.mp4",
            ("ni_stem", "write_ni_stem"),
            options=(("codec", "aac"),),
            rates_hz=NI_STEM_RATES_HZ,
            max_channels=2,
            tag_format="mp4",
        ),
        Target(
            "ni-stem-alac",
            "the same without loss, ALAC",
            " (ALAC).stem.mp4",
            ("ni_stem", "write_ni_stem"),
            options=(("codec", "alac"),),
            rates_hz=NI_STEM_RATES_HZ,
            max_channels=2,
            tag_format="mp4",
        ),
        Target(
            "tempo-map",
            "any DAW: tempo, metre and markers as MIDI",
            ".mid",
            ("tempo_map_midi", "write_tempo_map"),
            has_audio=False,
            lack=_no_tempo,
        ),
        Target(
            "labels",
            "Audacity: markers as a label track",
            " (labels).txt",
            ("labels", "write_labels"),
            has_audio=False,
            lack=_no_markers,
        ),
    )
}


def chosen_targets(names: list[str]) -> tuple[Target, ...]:
    """The formats of some names, in the order of the table; :data:`ALL` stands for each of them.

    Raises:
        UserError: there is no format of a name.
    """
    unknown = [name for name in names if name not in TARGETS and name != ALL]
    if unknown:
        raise UserError(
            f"There is no format {unknown[0]!r}", f"choose from {', '.join(TARGETS)}, {ALL}"
        )
    return tuple(target for name, target in TARGETS.items() if name in names or ALL in names)
