"""What exported files are held against: the song, or the song without what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.exporting.material import excerpt
from stemdesk.app.exporting.request import span_of
from stemdesk.audio.null import check_comparable
from stemdesk.audio.reading import open_audio

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import ExitStack

    from stemdesk.app.exporting.file import FileInProgress, Samples
    from stemdesk.app.exporting.plan import ExportPlan
    from stemdesk.audio.info import AudioInfo
    from stemdesk.audio.reading import AudioReader

MONO, STEREO = 1, 2


@dataclass(frozen=True)
class Against:
    """A song and what is to sum to it, opened.

    Attributes:
        song: the stretch of it that was exported.
        parts: the files, and the stems that were left out, at the files' common gain.
        without: names of these stems.
        is_whole: False where the files sound on after the song: that part is not looked at.
        findings: how the comparison was made, where it is not plain; one sentence each.
    """

    song: AudioReader
    parts: list[AudioReader]
    without: tuple[str, ...] = ()
    is_whole: bool = True
    findings: tuple[str, ...] = ()


def open_against(
    plan: ExportPlan, unnamed: Mapping[str, FileInProgress], stack: ExitStack
) -> Against:
    """Open it all; the stack closes it.

    An instrumental, or some of the stems, is compared with the song less the stems that are not
    in it as they were separated: these are added, which is the same and takes one pass.

    Args:
        plan: as it was carried out.
        unnamed: lane -> file.
        stack: closes what is opened.

    Raises:
        UserError: a file cannot be read, or cannot be compared: another rate, or other channels.
    """
    order, findings = plan.order, []
    first, end = span_of(order.track, plan.request)
    frames = end - first
    song = stack.enter_context(excerpt(order.files[MIXTURE], first, frames))
    file = next(iter(unnamed.values()))
    tail_frames = file.frames - frames
    if tail_frames > 0:
        seconds = tail_frames / file.spec.sample_rate
        findings.append(
            f"Effects sound on for {seconds:.2f} s after the song; this part is not compared."
        )
    compared_frames = frames if tail_frames > 0 else None
    parts = [stack.enter_context(each.open(compared_frames)) for each in unnamed.values()]
    for path in plan.targets.kept.values():
        whole = stack.enter_context(open_audio(path))
        is_longer = compared_frames is not None and whole.info.frames > frames
        parts.append(stack.enter_context(excerpt(path, 0, frames)) if is_longer else whole)
    channels = song.info.channels
    if channels == MONO and file.spec.channels == STEREO:
        channels = STEREO
        song = _matched(song, channels)
        findings.append("The song is mono: it was compared with both sides.")
    without = left_out(plan)
    separated = order.track.separated
    for name in without:
        stem = stack.enter_context(excerpt(order.files[name], first, frames))
        gain = plan.gain / (separated.gain if separated else 1.0)
        parts.append(_matched(stem, channels, gain))
    check_comparable([song, *parts])
    return Against(song, parts, without, tail_frames <= 0, tuple(findings))


def left_out(plan: ExportPlan) -> tuple[str, ...]:
    """The song's stems that are meant to be in none of the files."""
    request, separated = plan.request, plan.order.track.separated
    if request.what == "minus_one":
        return (request.stem,)
    if request.what == "mix" or separated is None:
        return ()
    delivered = {*plan.targets.write, *plan.targets.kept}
    return tuple(name for name in separated.stems if name not in delivered)


class _Matched:
    """A reader whose samples are given as many channels and the gain of others."""

    def __init__(self, reader: AudioReader, channels: int, gain: float) -> None:
        self._reader, self._gain = reader, gain
        # A mono file sounds on both sides alike; any other keeps its own channels.
        self._copies = channels if reader.info.channels == MONO else 1
        self.info: AudioInfo = replace(
            reader.info, channels=self._copies * reader.info.channels, channel_mask=None
        )

    def seek(self, frame: int) -> None:
        """As :meth:`AudioReader.seek`."""
        self._reader.seek(frame)

    def read(self, frames: int) -> Samples:
        """As :meth:`AudioReader.read`."""
        block: Samples = self._reader.read(frames).repeat(self._copies, axis=0)
        return block * self._gain


def _matched(reader: AudioReader, channels: int, gain: float = 1.0) -> AudioReader:
    """All that a comparison asks of a reader, this has."""
    if channels == reader.info.channels and gain == 1.0:
        return reader
    return cast("AudioReader", _Matched(reader, channels, gain))
