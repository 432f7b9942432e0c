"""One strip's effects in a row, with a bypass each that does not click."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.delay_line import DelayLine
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stemdesk.mixing.effects.effect import Block, Effect
    from stemdesk.mixing.settings import EffectSettings

_RISE = np.linspace(0.0, 1.0, QUANTUM_FRAMES, endpoint=False, dtype=np.float32)


class Slot:
    """One effect in its place.

    Args:
        settings: what it is.
        effect: at work.
        channels: of the strip.
        needs_rest: whether the effect listens to the other strips.
    """

    def __init__(
        self, settings: EffectSettings, effect: Effect, channels: int, *, needs_rest: bool
    ) -> None:
        self.settings = settings
        self.effect = effect
        self.bypassed = settings.bypass
        self._bypassed_before = settings.bypass
        self._dry = DelayLine(channels, effect.latency_frames)
        self._rest = DelayLine(channels, effect.latency_frames)
        self._listens = needs_rest
        self.faulty = False

    @property
    def listens(self) -> bool:
        """Whether it is given the rest of the mix."""
        return self._listens and not self.faulty

    @property
    def latency_frames(self) -> int:
        """Delay of the slot, the same when bypassed."""
        return self._dry.frames

    @property
    def is_settled(self) -> bool:
        """Whether several blocks may be given at once, as one."""
        if self.bypassed != self._bypassed_before:
            return False
        asleep = self.faulty or (self.bypassed and not self._dry.frames)
        return asleep or self.effect.is_settled

    def keep_latency(self) -> bool:
        """Follow an effect whose latency has changed; whether it had."""
        if self.effect.latency_frames == self._dry.frames:
            return False
        self._dry = self._dry.resized(self.effect.latency_frames)
        self._rest = self._rest.resized(self.effect.latency_frames)
        return True

    def process(self, block: Block, rest: Block | None) -> Block:
        """The next block; dry (delayed alike) where bypassed or broken."""
        dry = self._dry.process(block)
        if self.faulty:
            return dry
        before, now = self._bypassed_before, self.bypassed
        self._bypassed_before = now
        if before and now:
            if self._dry.frames:
                # An effect with latency goes on unheard: it could not fade in from silence.
                self.effect.process(block, rest if self._listens else None)
            return dry
        if before and not self._dry.frames:
            self.effect.reset()
        wet = self.effect.process(block, rest if self._listens else None)
        # One sum tells of any sample that is no number, in a fraction of the time of a full look.
        if not math.isfinite(np.add.reduce(wet, axis=None)):
            self.faulty = True
            return dry
        if now:
            return dry + (wet - dry) * (1.0 - _RISE)
        return dry + (wet - dry) * _RISE if before else wet

    def fade_in(self) -> None:
        """Begin as if it had been bypassed: it joins a mix that is heard already."""
        self._bypassed_before = True

    def pass_rest(self, rest: Block | None) -> Block | None:
        """The rest of the mix as late as this slot's output."""
        return None if rest is None else self._rest.process(rest)

    def reset(self) -> None:
        """Forget all sound."""
        self.effect.reset()
        self._dry.reset()
        self._rest.reset()
        self._bypassed_before = self.bypassed


class Chain:
    """Effects in order.

    Args:
        slots: the effects.

    Attributes:
        latency_frames: of all effects together, bypassed ones too.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = list(slots)
        self.latency_frames = 0
        self.follow_latencies()

    def follow_latencies(self) -> bool:
        """Take over latencies that have changed, as plug-ins' may; whether any had."""
        changes = [slot.keep_latency() for slot in self.slots]
        before, self.latency_frames = (
            self.latency_frames,
            sum(slot.latency_frames for slot in self.slots),
        )
        return any(changes) or before != self.latency_frames

    @property
    def tail_seconds(self) -> float:
        """How long the chain may sound on."""
        return sum(slot.effect.tail_seconds for slot in self.slots if not slot.bypassed)

    @property
    def listens(self) -> bool:
        """Whether any effect wants the rest of the mix."""
        return any(slot.listens for slot in self.slots)

    @property
    def is_settled(self) -> bool:
        """Whether several blocks may be given at once, as one."""
        return all(slot.is_settled for slot in self.slots)

    def set(self, name: str, values: Mapping[str, float]) -> None:
        """New values for the effect of that name."""
        for slot in self.slots:
            if slot.settings.name == name:
                slot.effect.set(values)

    def process(self, block: Block, rest: Block | None) -> Block:
        """The next block `[channels, n]` through all effects; n as :attr:`is_settled` allows."""
        for slot in self.slots:
            block = slot.process(block, rest)
            rest = slot.pass_rest(rest)
        return block

    def reset(self) -> None:
        """Forget all sound."""
        for slot in self.slots:
            slot.reset()
