"""Do the stems sum to the mix? The answer comes from the files, sample by sample."""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.audio.null_cause import NO_CAUSE, Diagnosis, find_cause, stated_cause
from stemdesk.audio.null_meter import NullMeter, decibel_or_none
from stemdesk.audio.reading import AudioReader, open_audio
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk.audio.info import AudioInfo

__all__ = ["Diagnosis", "NullMeter", "NullReport", "measure_null"]

# Sixteen stems rounded to 24 bits on their own add up to 8 steps of 2^-23 at worst: 2^-20. The
# steps of integers are of full scale; those of floats, with 24 significant bits, of their level.
ROUNDING_PEAK = 2.0**-20
_BLOCK_FRAMES = 65_536
_WINDOW_SECONDS = 30
_WINDOW_MAX_SAMPLES = 6_000_000


class NullReport(msgspec.Struct, frozen=True):
    """What is left of the mix when all stems are subtracted. Levels: None is digital silence.

    Attributes:
        frames: Length compared: the longest of the files.
        sample_rate: Hz.
        channels: Number of channels.
        nonzero_samples: Samples that differ, over all channels.
        peak_dbfs: Largest residual.
        rms_dbfs: Residual over the whole length.
        worst_second: Second with the most residual, counted from 0; None where it is silent.
        by_second: Residual RMS in dBFS of each second.
        by_band: (low Hz, high Hz, RMS dBFS) of the residual per octave.
        lag_frames: By how much the sum arrives late against the mix, within a second; 0 where the
            two are not alike.
        polarity: -1 where the sum is upside down, else 1.
        gain_db: Least-squares gain of the sum against the mix; None where they are not alike.
        stems: Each stem against the mix without the others; empty where the sum nulls.
        verdict: "exact" (no sample differs), "rounding" (the peak is at most 2^-20 of full
            scale, -120.4 dBFS, which is what separately rounded 24-bit files leave; of the level
            where that is higher or all files are floating point) or "open".
        reason: One sentence for the user.
        makeup_db: Gain that was put back onto the stems first, because all were lowered by it.
        correlation: 0..1, how alike sum and mix are at their best lag.
    """

    frames: int
    sample_rate: int
    channels: int
    nonzero_samples: int
    peak_dbfs: float | None
    rms_dbfs: float | None
    worst_second: int | None
    by_second: list[float | None]
    by_band: list[tuple[float, float, float | None]]
    lag_frames: int
    polarity: int
    gain_db: float | None
    stems: list[Diagnosis]
    verdict: str
    reason: str
    makeup_db: float = 0.0
    correlation: float = 1.0


def measure_null(
    mix: Path,
    stems: Sequence[Path],
    report: Callable[[float, str], None] | None = None,
    *,
    gain: float = 1.0,
    start_seconds: float = 0.0,
    duration_seconds: float | None = None,
) -> NullReport:
    """Compares a mix with the sum of its stems, summed in float64, which is exact.

    Integer samples and their sums of up to 32 + 20 bits have an exact float64, so "exact" means
    that a summing bus would lose nothing. Memory is constant: the files are streamed.

    Args:
        mix: The original.
        stems: The stem files; a shorter one counts as silent after its end.
        report: Called with a fraction and a stage; what it raises stops the work.
        gain: A gain that all stems are known to share; it is taken out first.
        start_seconds: Where in the mix the stems begin.
        duration_seconds: How much of the mix they are of; None: the rest.

    Raises:
        UserError: No stems, a file that cannot be read, or rates or channel counts that differ.
    """
    if not stems:
        raise UserError("There are no stems to sum", "name at least one stem file")
    with ExitStack() as stack:
        excerpt = stack.enter_context(open_audio(mix, start_seconds, duration_seconds))
        readers = [stack.enter_context(open_audio(path)) for path in stems]
        return compare(excerpt, readers, gain=gain, report=report)


def compare(
    mix: AudioReader,
    stems: Sequence[AudioReader],
    *,
    gain: float = 1.0,
    report: Callable[[float, str], None] | None = None,
) -> NullReport:
    """Compares an open mix, which may be an excerpt, with open stems; see `measure_null`.

    Args:
        mix: The original; read from its start.
        stems: Read from their starts.
        gain: A gain that all stems are known to share; it is taken out first.
        report: Called with a fraction and a stage.
    """
    readers = [mix, *stems]
    check_comparable(readers)
    for reader in readers:
        reader.seek(0)
    frames = max(reader.info.frames for reader in readers)
    meter = NullMeter(mix.info.sample_rate, mix.info.channels)
    _stream(readers, meter, gain, report, frames)
    return _report(readers, meter, gain)


def check_comparable(readers: Sequence[AudioReader]) -> None:
    """Refuses stems that cannot be subtracted from the mix, the first of the readers.

    Raises:
        UserError: Rates or channel counts differ.
    """
    mix = readers[0].info
    for info in (reader.info for reader in readers[1:]):
        if info.sample_rate != mix.sample_rate:
            raise UserError(
                f"{info.path} has {info.sample_rate} Hz and {mix.path} {mix.sample_rate} Hz",
                "export the stems at the sample rate of the mix",
            )
        if info.channels != mix.channels:
            raise UserError(
                f"{info.path} and {mix.path} have different numbers of channels"
                f" ({info.channels} and {mix.channels})",
                "export the stems with the channels of the mix",
            )


def _stream(
    readers: list[AudioReader],
    meter: NullMeter,
    gain: float,
    report: Callable[[float, str], None] | None,
    frames: int,
) -> None:
    for first in range(0, frames, _BLOCK_FRAMES):
        count = min(_BLOCK_FRAMES, frames - first)
        mix_block = _padded(readers[0], count)
        sum_block = np.zeros_like(mix_block)
        for reader in readers[1:]:
            stem_block = _padded(reader, count)
            meter.reach(stem_block / gain)
            sum_block += stem_block
        meter.push(mix_block, sum_block / gain)
        if report is not None:
            report((first + count) / frames, "Comparing the stems with the mix")


def _padded(reader: AudioReader, frames: int) -> NDArray[np.float64]:
    block = reader.read(frames)
    return np.pad(block, ((0, 0), (0, frames - block.shape[1])))


def _window(reader: AudioReader, first: int, frames: int) -> NDArray[np.float64]:
    reader.seek(min(first, reader.info.frames))
    return _padded(reader, frames)


def _rounding_peak(infos: Sequence[AudioInfo], meter: NullMeter) -> float:
    """The largest residual that rounding leaves, relative to the level of what was compared."""
    is_floating = all(info.grid_bits is None for info in infos)
    return ROUNDING_PEAK * (meter.level if is_floating else max(1.0, meter.level))


def _report(readers: list[AudioReader], meter: NullMeter, gain: float) -> NullReport:
    infos = [reader.info for reader in readers]
    lengths_agree = len({info.frames for info in infos}) == 1
    cause = NO_CAUSE
    makeup_db = 0.0 if gain == 1.0 else -20.0 * math.log10(gain)
    after = f" after {makeup_db:+.2f} dB" if makeup_db else ""
    if meter.nonzero_samples == 0 and lengths_agree:
        verdict, reason = "exact", f"The stems sum to the mix in every sample{after}"
    elif meter.peak <= _rounding_peak(infos, meter) and lengths_agree:
        verdict = "rounding"
        reason = f"The stems sum to the mix up to the rounding of their samples{after}"
    else:
        if meter.nonzero_samples:
            window_frames = min(
                meter.frames,
                _WINDOW_SECONDS * meter.sample_rate,
                _WINDOW_MAX_SAMPLES // meter.channels,
            )
            first = meter.loudest_start(window_frames)
            windows = [_window(reader, first, window_frames) for reader in readers]
            windows[1:] = [window / gain for window in windows[1:]]
            cause = find_cause([info.path.name for info in infos[1:]], windows, meter.sample_rate)
        verdict, reason = "open", cause.reason or stated_cause(infos, meter.worst_second)
    return NullReport(
        frames=meter.frames,
        sample_rate=meter.sample_rate,
        channels=meter.channels,
        nonzero_samples=meter.nonzero_samples,
        peak_dbfs=decibel_or_none(meter.peak),
        rms_dbfs=decibel_or_none(meter.rms),
        worst_second=meter.worst_second,
        by_second=meter.by_second(),
        by_band=meter.by_band(),
        lag_frames=cause.whole.lag_frames,
        polarity=cause.whole.polarity,
        gain_db=cause.whole.gain_db,
        stems=cause.stems,
        verdict=verdict,
        reason=reason,
        makeup_db=makeup_db,
        correlation=cause.whole.correlation,
    )
