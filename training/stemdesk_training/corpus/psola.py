"""Pitch-synchronous overlap-add: new pitch and timing for a recorded voice, cheaply.

Moulines and Charpentier (1990), "Pitch-synchronous waveform processing techniques". It keeps the
recording's own voice quality and runs a hundred times faster than real time, which a vocoder
does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus.waveform import RATE_HZ

HOP_SECONDS = 0.005
_UNVOICED_STEP = round(0.005 * RATE_HZ)

Mono = NDArray[np.float32]
Contour = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Voiced:
    """A mono recording with its pitch marks.

    ``marks`` are frames, ``periods`` frames between pulses, ``voiced`` tells pulses from noise;
    all ``[marks]``. ``pitch_hz`` is the contour every 5 ms, 0 where unvoiced.
    """

    audio: Mono
    marks: NDArray[np.int64]
    periods: NDArray[np.int64]
    voiced: NDArray[np.bool_]
    pitch_hz: Contour

    @property
    def median_hz(self) -> float:
        """Median pitch of the voiced part, 0 if there is none."""
        sung = self.pitch_hz[self.pitch_hz > 0]
        return float(np.median(sung)) if sung.size else 0.0


def mark(audio: Mono, pitch: Contour) -> Voiced:
    """Find the marks of ``audio [frames]`` by its pitch in Hz every 5 ms (0 where unvoiced)."""
    marks: list[int] = []
    periods: list[int] = []
    voiced: list[bool] = []
    position = 0
    last = len(audio) - 1
    per_frame = 1.0 / (HOP_SECONDS * RATE_HZ)
    pitch_list = pitch.tolist()
    while position < last:
        frequency = pitch_list[min(int(position * per_frame + 0.5), len(pitch_list) - 1)]
        sung = frequency > 0
        period = round(RATE_HZ / frequency) if sung else _UNVOICED_STEP
        if sung:
            # Snap to the strongest pulse near by, so that grains are centred on it.
            reach = period // 2 if not (voiced and voiced[-1]) else max(1, period // 8)
            begin = max(0, position - reach)
            position = begin + int(np.argmax(audio[begin : position + reach + 1]))
            if marks and position <= marks[-1]:
                position = marks[-1] + max(1, period // 2)
        marks.append(min(position, last))
        periods.append(period)
        voiced.append(sung)
        position += period
    return Voiced(
        audio,
        np.array(marks, dtype=np.int64),
        np.array(periods, dtype=np.int64),
        np.array(voiced, dtype=np.bool_),
        pitch,
    )


def _grain(audio: Mono, centre: int, half: int, formant: float) -> Mono:
    reach = int(half * max(1.0, formant)) + 2
    if centre - reach < 0 or centre + reach >= len(audio):
        return np.zeros(2 * half, dtype=np.float32)
    window = _window(half)
    if abs(formant - 1.0) < 0.01:
        return np.asarray(audio[centre - half : centre + half] * window, dtype=np.float32)
    places = centre + np.arange(-half, half) * formant
    whole = places.astype(np.int64)
    part = (places - whole).astype(np.float32)
    first = audio[whole]
    return np.asarray((first + (audio[whole + 1] - first) * part) * window, dtype=np.float32)


_WINDOWS: dict[int, Mono] = {}


def _window(half: int) -> Mono:
    if half not in _WINDOWS:
        angle = np.pi * (np.arange(2 * half) - half + 0.5) / half
        _WINDOWS[half] = (0.5 + 0.5 * np.cos(angle)).astype(np.float32)
    return _WINDOWS[half]


def resynthesise(
    voice: Voiced, source_seconds: Contour, pitch_hz: Contour, formant: float = 1.0
) -> Mono:
    """Sing ``voice`` along new contours.

    Args:
        voice: the recording and its marks.
        source_seconds: ``[steps]``, every 5 ms of output the place in the recording to play.
        pitch_hz: ``[steps]``, the pitch to sing there.
        formant: formants are multiplied by this (above 1: a smaller head).

    Returns:
        Mono float32, ``steps * 5 ms`` long.
    """
    length = round(len(source_seconds) * HOP_SECONDS * RATE_HZ)
    out = np.zeros(length, dtype=np.float32)
    if not len(voice.marks) or not len(source_seconds):
        return out
    per_frame = 1.0 / (HOP_SECONDS * RATE_HZ)
    wanted = (source_seconds * RATE_HZ).astype(np.int64)
    nearest = np.clip(np.searchsorted(voice.marks, wanted), 0, len(voice.marks) - 1).tolist()
    pitches = pitch_hz.tolist()
    position = 0.0
    while position < length:
        step = min(int(position * per_frame), len(nearest) - 1)
        mark = nearest[step]
        sung = bool(voice.voiced[mark])
        period = int(voice.periods[mark])
        spacing = RATE_HZ / pitches[step] if sung else period
        # Grains no wider than twice the new spacing need no level correction.
        half = max(16, int(period / formant)) if sung else 2 * period
        grain = _grain(voice.audio, int(voice.marks[mark]), half, formant)
        gain = min(1.0, spacing / half)
        start = int(position) - half
        begin, end = max(0, start), min(length, start + 2 * half)
        if end > begin:
            out[begin:end] += grain[begin - start : end - start] * np.float32(gain)
        position += spacing
    return out
