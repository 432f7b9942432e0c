"""A stream taken apart and mixed anew while it comes: karaoke of whatever is playing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import numpy as np

from stemdesk.app.model import check_claims
from stemdesk.audio.levels import from_db
from stemdesk.errors import UserError
from stemdesk.mixing.parameters import MAX_LEVEL_DB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stemdesk.separation.live import LiveSeparator

    Samples = NDArray[np.float32]

RAMP_SECONDS = 0.01
IDLE_SECONDS = 0.002


class LiveMix:
    """Levels for the stems of a live stream; at 0 dB all of them together are the stream itself.

    Args:
        separator: takes the stream apart.
    """

    def __init__(self, separator: LiveSeparator) -> None:
        self.stems = list(separator.stems)
        self.sample_rate = separator.sample_rate
        self.latency_frames = separator.latency_frames
        self._separator = separator
        self._wanted = np.ones(len(self.stems), np.float32)
        self._now = self._wanted.copy()
        self._muted = np.zeros(len(self.stems), bool)

    def set_level(self, stem: str, level_db: float) -> None:
        """Make a stem louder or softer from the next frames on, without a click.

        Args:
            stem: name.
            level_db: at most 12; minus infinity silences it.

        Raises:
            UserError: there is no such stem, or it would be too loud.
        """
        if stem not in self.stems:
            raise UserError(
                f"The model has no stem {stem!r}", f"choose one of {', '.join(self.stems)}"
            )
        if not level_db <= MAX_LEVEL_DB:
            raise UserError(
                f"{level_db:g} dB is too loud for the {stem}", f"use at most {MAX_LEVEL_DB:g} dB"
            )
        self._wanted[self.stems.index(stem)] = from_db(level_db)

    def settle(self) -> None:
        """Begin at the levels that are set, without a ramp."""
        self._now = self._wanted.copy()

    def toggle(self, place: int) -> None:
        """Mute a stem, or hear it again."""
        self._muted[place] ^= True

    @property
    def muted(self) -> list[str]:
        """The stems that are switched off."""
        return [stem for stem, muted in zip(self.stems, self._muted, strict=True) if muted]

    def push(self, samples: Samples) -> Samples:
        """Hear ``[2, frames]``; the mix ``[2, frames]`` that is ready, one window late."""
        return self._mixed(self._separator.push(samples))

    def finish(self) -> Samples:
        """The mix of what is left at the stream's end."""
        return self._mixed(self._separator.finish())

    def _mixed(self, stems: Samples) -> Samples:
        frames = stems.shape[-1]
        wanted = np.where(self._muted, np.float32(0), self._wanted)
        out = np.zeros(stems.shape[1:], np.float32)
        if not frames:
            return out
        ramp = min(frames, round(RAMP_SECONDS * self.sample_rate))
        way = np.minimum(1.0, np.arange(1, frames + 1) / ramp)
        for stem, before, after in zip(stems, self._now, wanted, strict=True):
            # A level at rest is multiplied as it is: at 0 dB the sum stays exact.
            gain = after if before == after else before + (after - before) * way
            out += stem * np.asarray(gain, np.float32)
        self._now = wanted
        return out


def live_mix(
    model: str, threads: int, levels_db: Mapping[str, float], post: Sequence[str] = ()
) -> LiveMix:
    """A mix of a model's stems.

    Args:
        model: id or folder of one that hears nothing to come.
        threads: of the processor.
        levels_db: of stems, see :meth:`LiveMix.set_level`.
        post: post-processing stages behind those of the card, of such as hear no whole song.

    Raises:
        UserError: no such model, a model or a stage that needs whole songs, claims that mean
            nothing to the model, or a level that cannot be set.
    """
    # torch takes a second to import; only those who separate pay for it.
    from stemdesk.separation.catalogue import find_model
    from stemdesk.separation.checkpoint import load_network
    from stemdesk.separation.devices import set_threads
    from stemdesk.separation.live import LiveSeparator

    set_threads(threads)
    card, network = load_network(find_model(model))
    check_claims(card, post)
    mix = LiveMix(LiveSeparator(card, network, post))
    for stem, level_db in levels_db.items():
        mix.set_level(stem, level_db)
    mix.settle()
    return mix


class SoundLine(Protocol):
    """A sound input and an output that run together.

    Attributes:
        gaps: how often the output had nothing to play.
    """

    gaps: int

    def take(self) -> Samples:
        """What came in since, ``[2, frames]``."""

    def give(self, samples: Samples) -> None:
        """What is to be played next, ``[2, frames]``."""


class LiveRide:
    """Keeps a sound line supplied with a live mix, in a thread of its own.

    Args:
        line: where the sound comes from and goes to.
        mix: what is made of it.
    """

    def __init__(self, line: SoundLine, mix: LiveMix) -> None:
        self._line, self._mix = line, mix
        self._stop = threading.Event()
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="live", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                heard = self._line.take()
                if not heard.shape[1]:
                    self._stop.wait(IDLE_SECONDS)
                    continue
                self._line.give(self._mix.push(heard))
        except Exception as error:  # noqa: BLE001 - told by whoever looks after the ride
            self.failure = error
