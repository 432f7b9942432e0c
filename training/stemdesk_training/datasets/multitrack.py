"""One training song: which files hold its stems and its mixture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.reading import open_audio_stream
from stemdesk.audio.resample import StreamResampler
from stemdesk.errors import UserError
from stemdesk.playback.folding import speaker_gains

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

STEMS = ("vocals", "drums", "bass", "other")


@dataclass(frozen=True)
class Part:
    """One source of sound.

    Attributes:
        path: audio file.
        stream: which audio stream of a container.
        channel: only this channel, counted from 0; None for all.
    """

    path: Path
    stream: int = 0
    channel: int | None = None

    def read(self) -> AudioClip:
        """All of it.

        Raises:
            UserError: the file cannot be read, or lacks the channel; it is named.
        """
        with open_audio_stream(self.path, self.stream) as reader:
            info = reader.info
            samples = reader.read(info.frames).astype(np.float32)
        if self.channel is not None:
            if self.channel >= info.channels:
                raise UserError(
                    f"{self.path} has {info.channels} channels, not {self.channel + 1}",
                    "put the right file there, or leave the song out",
                )
            samples = samples[self.channel : self.channel + 1]
        return AudioClip(samples, info.sample_rate)


@dataclass(frozen=True)
class Multitrack:
    """A song in stems.

    Attributes:
        name: unique in its library.
        stems: stem name -> the sources whose sum it is.
        mixture: the finished mix; empty where there is none but the sum.
        split: `train`, `valid`, `test`, or empty where the library does not say.
        artist: for splits that share no artist; empty if unknown.
        unused: files of the song that belong to no stem.
    """

    name: str
    stems: Mapping[str, tuple[Part, ...]]
    mixture: tuple[Part, ...] = ()
    split: str = ""
    artist: str = ""
    unused: tuple[Path, ...] = field(default=())

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, each once, in a fixed order."""
        parts = [*self.mixture, *(part for name in sorted(self.stems) for part in self.stems[name])]
        return tuple(dict.fromkeys(part.path for part in parts))


def read_sum(
    parts: Sequence[Part], sample_rate: int | None = None, channels: int | None = None
) -> AudioClip:
    """The sum of some sources, as long as the longest.

    Args:
        parts: at least one.
        sample_rate: Hz to convert to; the first one's by default.
        channels: how many to give, see :func:`with_channels`; those of the widest by default.

    Raises:
        UserError: one cannot be read; it is named, and never taken for silence.
    """
    clips = [part.read() for part in parts]
    rate = sample_rate or clips[0].sample_rate
    clips = [converted(clip, rate) for clip in clips]
    width = channels or max(clip.channels for clip in clips)
    total = np.zeros((width, max(clip.frames for clip in clips)), np.float32)
    for clip in clips:
        total[:, : clip.frames] += with_channels(clip.samples, width)
    return AudioClip(total, rate)


def with_channels(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """`[channels, frames]` as the player hands channels to loudspeakers.

    Mono sits in the middle, stereo among surround in front, and what is wider is folded down after
    ITU-R BS.775, by the number of its channels (see :mod:`stemdesk.playback.folding`).
    """
    if len(samples) == channels:
        return samples
    return speaker_gains(len(samples), channels) @ samples


def converted(clip: AudioClip, sample_rate: int) -> AudioClip:
    """The clip at another sample rate; zero phase, so that stems stay aligned."""
    if clip.sample_rate == sample_rate:
        return clip
    resampler = StreamResampler(clip.channels, clip.sample_rate, sample_rate, clip.frames)
    parts = [resampler.push(clip.samples.astype(np.float64)), resampler.finish()]
    return AudioClip(np.concatenate(parts, axis=1).astype(np.float32), sample_rate)
