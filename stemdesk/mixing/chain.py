"""One strip's effects in a row, each of which comes, goes and is bypassed without a click."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.delay_line import DelayLine
from stemdesk.mixing.ramps import Fade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.effects.effect import Block, Effect
    from stemdesk.mixing.ramps import Ramp
    from stemdesk.mixing.settings import EffectSettings


class Slot:
    """One effect in its place.

    Args:
        settings: what it is.
        effect: at work.
        channels: of the strip.
        needs_rest: whether the effect listens to the other strips.

    Attributes:
        bypassed: the sound is to pass as it is.
        leaving: so it is, for the effect is about to go or to take another place.
        faulty: it gave something that is no number, and is left out.
    """

    def __init__(
        self, settings: EffectSettings, effect: Effect, channels: int, *, needs_rest: bool
    ) -> None:
        self.settings = settings
        self.effect = effect
        self.bypassed = settings.bypass
        self.leaving = False
        self.faulty = False
        self._fade = Fade(is_up=not settings.bypass)
        self._has_rested = False
        self._dry = DelayLine(channels, effect.latency_frames)
        self._rest = DelayLine(channels, effect.latency_frames)
        self._listens = needs_rest

    @property
    def listens(self) -> bool:
        """Whether it is given the rest of the mix."""
        return self._listens and not self.faulty

    @property
    def latency_frames(self) -> int:
        """Delay of the slot, the same when bypassed."""
        return self._dry.frames

    @property
    def is_dry(self) -> bool:
        """Whether nothing of the effect is heard."""
        return self.faulty or not (self._fade.is_up or self._fade.is_moving)

    @property
    def is_settled(self) -> bool:
        """Whether several blocks may be given at once, as one."""
        if self._fade.is_moving or self.leaving or self.bypassed == self._fade.is_up:
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

    def process(self, block: Block, rest: Block | None, ramp: Ramp) -> Block:
        """The next block; dry (delayed alike) where bypassed or broken."""
        dry = self._dry.process(block)
        if self.faulty:
            return dry
        self._fade.head(ramp, up=not (self.bypassed or self.leaving))
        if self.is_dry:
            if self._dry.frames:
                # An effect with latency goes on unheard: it could not fade in from silence.
                self.effect.process(block, rest if self._listens else None)
            else:
                self._has_rested = True
            return dry
        if self._has_rested:
            self._has_rested = False
            self.effect.reset()
        wet = self.effect.process(block, rest if self._listens else None)
        # One sum tells of any sample that is no number, in a fraction of the time of a full look.
        if not math.isfinite(np.add.reduce(wet, axis=None)):
            self.faulty = True
            return dry
        if self._fade.is_moving:
            return dry + (wet - dry) * self._fade.gains(ramp, block.shape[1])
        return wet

    def fade_in(self) -> None:
        """Begin as if it had been bypassed: it joins a mix that is heard already."""
        self._fade = Fade(is_up=False)
        self._has_rested = True

    def pass_rest(self, rest: Block | None) -> Block | None:
        """The rest of the mix as late as this slot's output."""
        return None if rest is None else self._rest.process(rest)

    def reset(self) -> None:
        """Forget all sound."""
        self.effect.reset()
        self.faulty = False  # what it choked on is forgotten; it may try again
        self._dry.reset()
        self._rest.reset()
        self._has_rested = False
        self._fade = Fade(is_up=not (self.bypassed or self.leaving))


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
        """How long the chain may sound on, as its effects stand."""
        return sum(slot.effect.tail_seconds for slot in self.slots if not slot.bypassed)

    @property
    def listens(self) -> bool:
        """Whether any effect wants the rest of the mix."""
        return any(slot.listens for slot in self.slots)

    @property
    def remembers(self) -> bool:
        """Whether anything in it remembers sound."""
        return any(
            slot.latency_frames or not (slot.bypassed and slot.is_dry) for slot in self.slots
        )

    @property
    def is_settled(self) -> bool:
        """Whether several blocks may be given at once, as one."""
        return all(slot.is_settled for slot in self.slots)

    def leaving_for(self, other: Chain) -> list[Slot]:
        """What must not be heard when `other` takes over: what it has not, or elsewhere."""
        kept = [slot for slot in self.slots if slot in other.slots]
        moved = kept if kept != [slot for slot in other.slots if slot in kept] else []
        return [slot for slot in self.slots if slot not in kept or slot in moved]

    def waits_as(self, other: Chain) -> bool:
        """Whether both delay the sound in the very same places."""
        late = ([slot for slot in each.slots if slot.latency_frames] for each in (self, other))
        return self.latency_frames == other.latency_frames and next(late) == next(late)

    def process(self, block: Block, rest: Block | None, ramp: Ramp) -> Block:
        """The next block `[channels, n]` through all effects; n as :attr:`is_settled` allows."""
        for slot in self.slots:
            block = slot.process(block, rest, ramp)
            rest = slot.pass_rest(rest)
        return block

    def reset(self) -> None:
        """Forget all sound."""
        for slot in self.slots:
            slot.reset()
