"""A song as a Native Instruments stem file (`.stem.mp4`), for Traktor, Mixxx and other DJ software.

Five stereo tracks in an MP4 file, encoded by ffmpeg: the song, which ordinary players play, and
four stems. ALAC holds 24-bit samples as they are. AAC does not; its encoder begins 1024 samples
early, which the file's edit lists say and which is the same for all five tracks.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from stemdesk.audio.tagging import known_tags, shortened
from stemdesk.daw.closed_pcm import open_closed_pcm, packed
from stemdesk.daw.ni_stem_atom import StemLabel, insert_stem_atom, stem_document
from stemdesk.daw.targets import TARGETS
from stemdesk.daw.xml_text import xml_text
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from stemdesk.daw.closed_pcm import ClosedPcm
    from stemdesk.daw.session import Session, SessionTrack

    Codec = Literal["aac", "alac"]
    Parts = list[tuple[SessionTrack, ...]]

STEMS = 4
NAME_BYTES = 255
_EMPTY = StemLabel("(empty)", "#808080")
_ENCODER = {"aac": ["-c:a", "aac", "-b:a", "256k"], "alac": ["-c:a", "alac"]}
_MP4_TAGS = {"tracknumber": "track"}
_FULL = "No space left"


def write_ni_stem(session: Session, path: Path, codec: Codec = "aac") -> float:
    """Writes the sum of all tracks and four stems.

    The format has neither levels nor pan: the stems are as they were separated. Of more than four
    tracks the fourth and all after it become one stem; fewer are filled up with silence. A mono
    song becomes two equal channels.

    Args:
        session: what to write.
        path: the file to appear, or to be replaced.
        codec: "alac" keeps every sample; "aac" (256 kbit/s a track) is what most players expect.

    Returns:
        The common gain in dB that all took to fit into 24 bits: 0.0, unless a stem or the song
        rises above full scale.

    Raises:
        UserError: ffmpeg is not installed or fails, a file cannot be read or does not fit the
            session, the format knows no such rate or channels, or the disk refuses.
    """
    ffmpeg = _check(session, path)
    parts = _four(session.tracks)
    with ExitStack() as stack:
        pcm = open_closed_pcm(session, parts, stack, with_mix=True)
        with atomic_path(path) as partial:
            command = [ffmpeg, *_input(session), *_tracks(session, parts)]
            command += [*_ENCODER[codec], *_clock(ffmpeg, session), *_output(session, partial)]
            _encode(command, pcm, path)
            try:
                insert_stem_atom(partial, stem_document([_label(part) for part in parts]))
            except OSError as error:
                raise write_refusal(path, error) from error
    return pcm.gain_db


def _check(session: Session, path: Path) -> str:
    """The ffmpeg program, if the format can hold the session."""
    if not session.tracks:
        raise UserError(f"{session.title} has no tracks", "separate the song first")
    TARGETS["ni-stem"].check_form(session.title, session.sample_rate, session.channels)
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise UserError(
            f"{path} cannot be written without ffmpeg", "install ffmpeg, or choose another format"
        )
    return ffmpeg


def _four(tracks: Sequence[SessionTrack]) -> Parts:
    """Tracks as exactly four stems."""
    parts: Parts = [(track,) for track in tracks[: STEMS - 1]]
    parts.append(tuple(tracks[STEMS - 1 :]))
    return [part for part in parts if part] + [()] * (STEMS - sum(map(bool, parts)))


def _label(part: tuple[SessionTrack, ...]) -> StemLabel:
    if not part:
        return _EMPTY
    return StemLabel(" + ".join(track.name for track in part), part[0].colour)


def _input(session: Session) -> list[str]:
    """All ten channels side by side, through a pipe: no copy of the audio lies on the disk."""
    channels = 2 * (1 + STEMS)
    return [
        *("-nostdin", "-v", "error", "-y"),
        *("-f", "s24le", "-ar", str(session.sample_rate), "-ac", str(channels), "-i", "pipe:0"),
    ]


def _tracks(session: Session, parts: Parts) -> list[str]:
    """Five stereo tracks of those channels; only the first is on unless it is asked for."""
    names = [session.title, *(_label(part).name for part in parts)]
    outlets = [f"[track{number}]" for number in range(len(names))]
    chains = [f"[0:a]asplit={len(names)}" + "".join(f"[in{n}]" for n in range(len(names)))]
    chains += [
        f"[in{number}]pan=stereo|c0=c{2 * number}|c1=c{2 * number + 1}{outlet}"
        for number, outlet in enumerate(outlets)
    ]
    arguments = ["-filter_complex", ";".join(chains)]
    for number, (outlet, name) in enumerate(zip(outlets, names, strict=True)):
        arguments += ["-map", outlet, f"-disposition:a:{number}", "0" if number else "default"]
        arguments += [
            f"-metadata:s:a:{number}",
            f"handler_name={shortened(xml_text(name), NAME_BYTES)}",
        ]
    return arguments


def _clock(ffmpeg: str, session: Session) -> list[str]:
    """Lengths in samples: else AAC ends on a millisecond, and ffmpeg before 5.0 knows no other."""
    shown = subprocess.run(
        [ffmpeg, "-hide_banner", "-h", "muxer=ipod"], capture_output=True, check=False
    )
    known = b"-movie_timescale" in shown.stdout
    return ["-movie_timescale", str(session.sample_rate)] if known else []


def _output(session: Session, path: Path) -> list[str]:
    told = {**session.tags, "title": session.title, "artist": session.artist}
    tags = known_tags(told, "mp4")
    arguments = []
    for name, text in tags.items():
        arguments += ["-metadata", f"{_MP4_TAGS.get(name, name)}={xml_text(text)}"]
    # "ipod" is MP4 with the brand "M4A " and iTunes tags, as Native Instruments' own files have.
    arguments += ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
    return [*arguments, "-f", "ipod", f"file:{path.absolute()}"]


def _encode(command: list[str], pcm: ClosedPcm, path: Path) -> None:
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
        )
        with process:
            try:
                _feed(cast("IO[bytes]", process.stdin), pcm)
            except BaseException:
                process.kill()
                raise
        words.seek(0)
        said = words.read().decode("utf-8", "replace")
    if _FULL in said:
        raise UserError(
            f"The disk is full: {path.name} could not be written",
            f"free some space or choose another folder than {path.parent}",
        )
    if process.returncode != 0:
        reason = (said.strip().splitlines() or ["no reason given"])[-1].rstrip(". ")
        raise UserError(
            f"ffmpeg cannot write {path} ({reason})", "update ffmpeg, or choose another format"
        )


def _feed(pipe: IO[bytes], pcm: ClosedPcm) -> None:
    # Where ffmpeg has ended, the reason is in what it said.
    with suppress(BrokenPipeError), pipe:
        for frames in _interleaved(pcm):
            pipe.write(frames)


def _interleaved(pcm: ClosedPcm) -> Iterator[bytes]:
    """Frames of ten channels: left and right of the sum of all stems, then of each stem."""
    for stems in pcm.blocks():
        tracks = np.concatenate([stems.sum(axis=0, dtype=np.int32)[None], stems])
        stereo = np.broadcast_to(tracks, (len(tracks), 2, tracks.shape[2]))
        yield packed(stereo.reshape(-1, tracks.shape[2]).T)
