"""The graph: strips through their effects and faders into the master, all in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.limiter import Limiter
from stemdesk.mixing.delay_line import DelayLine
from stemdesk.mixing.desk import Desk, FaderGain
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.parameters import BYPASS
from stemdesk.mixing.rack import all_values
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.chain import Chain
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.meter_tap import MeterTap
    from stemdesk.mixing.settings import MixSettings, StripSettings

AUTOMATED_TAIL_SECONDS = 10.0
RELEASE_MS = 100.0  # of the limiter: quick enough for drums, slow enough not to distort bass
_RISE = np.linspace(0.0, 1.0, QUANTUM_FRAMES, endpoint=False, dtype=np.float32)


class MixGraph:
    """Renders a mix quantum by quantum; belongs to one thread.

    Every strip is delayed to the slowest one, so that they stay sample-aligned whatever their
    effects' latencies. Automation is read where the sound is: a strip's fader moves with the
    sound that reaches it. Gains run in straight lines over a quantum.

    Args:
        sample_rate: Hz.
        channels: strip name -> channels of its stem, in the order of the strips.
        bus: channels of the mix; not fewer than any strip has.
        tap: told the level of every strip after its fader.

    Attributes:
        latency_frames: by how much the mix lies behind its stems.
        tail_seconds: how long it may sound on after them.
    """

    def __init__(
        self,
        sample_rate: int,
        channels: Mapping[str, int],
        bus: int,
        tap: MeterTap | None = None,
    ) -> None:
        self._tap = tap
        self._sample_rate, self._channels, self._bus = sample_rate, dict(channels), bus
        self._limiter = Limiter(sample_rate, bus)
        self._settings: MixSettings | None = None
        self._chains: dict[str, Chain] = {}
        self._waits = {name: DelayLine(count, 0) for name, count in channels.items()}
        self._gains: dict[str, FaderGain] = {}
        self._moved: dict[tuple[str, str], dict[str, float]] = {}
        self.latency_frames = 0
        self.tail_seconds = 0.0
        self._next: tuple[MixSettings, dict[str, Chain]] | None = None

    @property
    def limiter_latency_frames(self) -> int:
        """The part of the latency that every mix has."""
        return self._limiter.latency_frames

    @property
    def has_effects(self) -> bool:
        """Whether anything in it remembers sound."""
        return any(chain.slots for chain in self._chains.values())

    def apply(self, settings: MixSettings, chains: dict[str, Chain], *, fading: bool) -> None:
        """Take a new mix between two quanta.

        Args:
            settings: the mix.
            chains: from :meth:`stemdesk.mixing.rack.Rack.prepare`.
            fading: whether sound is on, so that effects come and go by cross-fades: those that
                leave are bypassed for one quantum before they do.
        """
        self._next = None
        old = {id(slot) for chain in self._chains.values() for slot in chain.slots}
        new = {id(slot) for chain in chains.values() for slot in chain.slots}
        if fading:
            for chain in chains.values():
                for slot in chain.slots:
                    if id(slot) not in old:
                        slot.fade_in()
            leaving = [
                slot
                for chain in self._chains.values()
                for slot in chain.slots
                if id(slot) not in new and not slot.bypassed
            ]
            if leaving:
                for slot in leaving:
                    slot.bypassed = True
                self._next = (settings, chains)
                return
        self._take(settings, chains)

    @property
    def is_settled(self) -> bool:
        """Whether nothing moves, so that several quanta may be rendered as one.

        What comes out is the same, bit for bit. Meters want each quantum by itself.
        """
        return (
            self._tap is None
            and self._next is None
            and self._desk.is_still
            and all(chain.is_settled for chain in self._chains.values())
            and all(
                self._gains.get(strip.name) is self._desk.gain_at(strip, 0.0)
                for strip in self._all_strips()
            )
        )

    def process(self, blocks: Mapping[str, Block], frame: int) -> Block:
        """Render one quantum, or several while :attr:`is_settled`.

        Args:
            blocks: strip name -> its stem's next `[channels, n]`, n being QUANTUM_FRAMES or a
                multiple.
            frame: of the song, at the blocks' first sample.

        Returns:
            float32 `[bus, n]` of the mix, `latency_frames` behind the stems.
        """
        settings = self._settings
        assert settings is not None, "apply a mix first"
        self._follow_latencies()
        rests = self._rests(settings, blocks, frame)
        frames = next(iter(blocks.values())).shape[1]
        out = np.zeros((self._bus, frames), dtype=np.float32)
        slowest = 0
        if self._tap is not None:
            self._tap.begin(frame - self.latency_frames)
        for strip in settings.strips:
            chain = self._chains[strip.name]
            self._move_effects(strip, frame)
            sound = chain.process(blocks[strip.name], rests.get(strip.name))
            sound = self._waits[strip.name].process(sound)
            late = chain.latency_frames + self._waits[strip.name].frames
            slowest = max(slowest, late)
            self._add(out, strip, sound, frame - late)
        out = self._master(settings.master, out, frame - slowest)
        if self._tap is not None:
            self._tap.end()
        if self._next is not None:
            self._take(*self._next)
            self._next = None
        return out

    def reset(self, frame: int) -> None:
        """Forget all sound, as before a seek; everything jumps to where it is at `frame`."""
        for strip in self._all_strips():
            self._move_effects(strip, frame)
        for chain in self._chains.values():
            chain.reset()
        self._follow_latencies()
        for wait in self._waits.values():
            wait.reset()
        self._limiter.reset()
        self._gains.clear()

    def aligns_as(self, chains: Mapping[str, Chain]) -> bool:
        """Whether strips through these chains would wait for one another as they do now."""
        return all(
            chain.latency_frames == self._chains[name].latency_frames
            for name, chain in chains.items()
        )

    @property
    def reduction_db(self) -> float:
        """By how much the limiter turns down at the moment."""
        return self._limiter.reduction_db

    def _all_strips(self) -> tuple[StripSettings, ...]:
        assert self._settings is not None
        return (*self._settings.strips, self._settings.master)

    def _take(self, settings: MixSettings, chains: dict[str, Chain]) -> None:
        self._settings, self._chains = settings, chains
        automated = set(self._moved)
        self._desk = Desk(settings, {**self._channels, MASTER: self._bus}, self._bus)
        self._moved.clear()
        for strip in (*settings.strips, settings.master):
            chain = chains[strip.name]
            for slot, effect in zip(chain.slots, strip.effects, strict=True):
                was_automated = (strip.name, effect.name) in automated
                if slot.settings.values != effect.values or was_automated:
                    slot.effect.set(all_values(effect))
                slot.settings, slot.bypassed = effect, effect.bypass
        self._align()

    def _follow_latencies(self) -> None:
        """A plug-in may change its latency while it plays."""
        changes = [chain.follow_latencies() for chain in self._chains.values() if chain.slots]
        if any(changes):
            self._align()

    def _align(self) -> None:
        """Let every strip wait for the slowest."""
        slowest = max((self._chains[name].latency_frames for name in self._channels), default=0)
        for name, wait in self._waits.items():
            frames = slowest - self._chains[name].latency_frames
            if frames != wait.frames:
                self._waits[name] = wait.resized(frames)
        master = self._chains[MASTER].latency_frames
        self.latency_frames = slowest + master + self._limiter.latency_frames
        longest = max((self._chains[name].tail_seconds for name in self._channels), default=0.0)
        self.tail_seconds = longest + self._chains[MASTER].tail_seconds
        if self._desk.moves_effects:
            # A reverb that automation opens later has no tail yet.
            self.tail_seconds = max(self.tail_seconds, AUTOMATED_TAIL_SECONDS)

    def _move_effects(self, strip: StripSettings, frame: int) -> None:
        """Carry automation of effects out; values that stay are not written again.

        Each effect is at the place in the song that its sound has come from.
        """
        if not self._desk.moves_effects:
            return
        for slot in self._chains[strip.name].slots:
            name = slot.settings.name
            values = self._desk.effect_moves(strip.name, name, frame / self._sample_rate)
            frame -= slot.latency_frames
            if not values or self._moved.get((strip.name, name)) == values:
                continue
            self._moved[strip.name, name] = dict(values)
            if BYPASS.name in values:
                slot.bypassed = values.pop(BYPASS.name) >= BYPASS.maximum / 2
            if values:
                slot.effect.set({**all_values(slot.settings), **values})

    def _add(self, out: Block, strip: StripSettings, sound: Block, frame: int) -> None:
        """Add a strip to the bus through its fader, which moves from where it was."""
        end = self._desk.gain_at(strip, (frame + QUANTUM_FRAMES) / self._sample_rate)
        start = self._gains.get(strip.name)
        if start is None:
            start = self._desk.gain_at(strip, frame / self._sample_rate)
        self._gains[strip.name] = end
        if start is not end and not np.array_equal(start.values, end.values):
            sound = sound * (start.values + (end.values - start.values) * _RISE)
        elif not end.is_unity:
            sound = sound * end.values
        out[: len(end.values)] += sound
        if self._tap is not None:
            self._tap.note(strip.name, np.broadcast_to(sound, (len(end.values), sound.shape[1])))

    def _master(self, strip: StripSettings, bus: Block, frame: int) -> Block:
        self._move_effects(strip, frame)
        chain = self._chains[MASTER]
        sound = chain.process(bus, None)
        late = chain.latency_frames
        out = np.zeros_like(bus)
        self._add(out, strip, sound, frame - late)
        ceiling_db = self._desk.ceiling_db((frame - late) / self._sample_rate)
        self._limiter.set(ceiling_db, RELEASE_MS)
        return self._limiter.process(out)

    def _rests(
        self, settings: MixSettings, blocks: Mapping[str, Block], frame: int
    ) -> dict[str, Block]:
        """What sounds besides each strip that wants to know, in that strip's channels.

        Faders count as they stood after the last quantum; effects of the others do not.
        """
        rests: dict[str, Block] = {}
        for name, chain in self._chains.items():
            if name == MASTER or not chain.listens:
                continue
            rest = np.zeros((self._bus, QUANTUM_FRAMES), dtype=np.float32)
            for strip in settings.strips:
                gain = self._gains.get(strip.name)
                if gain is None:
                    gain = self._desk.gain_at(strip, frame / self._sample_rate)
                if strip.name != name:
                    rest[: len(gain.values)] += blocks[strip.name] * gain.values
            wanted = self._channels[name]
            rests[name] = rest.mean(axis=0, keepdims=True) if wanted == 1 else rest[:wanted]
        return rests
