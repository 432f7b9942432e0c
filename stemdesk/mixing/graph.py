"""The graph: strips through their effects onto the bus and through the master, all in step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stemdesk.mixing.bus import Bus
from stemdesk.mixing.delay_line import DelayLine
from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.fader import Span
from stemdesk.mixing.parameters import BYPASS
from stemdesk.mixing.rack import all_values
from stemdesk.mixing.ramps import Ramp
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.chain import Chain
    from stemdesk.mixing.desk import Desk
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.meter_tap import MeterTap
    from stemdesk.mixing.settings import MixSettings, StripSettings
    from stemdesk.mixing.tape import Take, Tape
    from stemdesk.mixing.way import Way

RUN_UP_SECONDS = 0.5
MAX_RUN_UP_SECONDS = 2.0


class Mix(NamedTuple):
    """A mix, ready to be rendered.

    Attributes:
        desk: its settings and automation.
        chains: strip name -> effects, from :meth:`stemdesk.mixing.rack.Rack.prepare`.
        tail_seconds: how long it sounds on after its stems.
    """

    desk: Desk
    chains: dict[str, Chain]
    tail_seconds: float

    @property
    def settings(self) -> MixSettings:
        """As asked for."""
        return self.desk.settings


class MixGraph:
    """Renders a mix quantum by quantum; belongs to one thread.

    In two steps: what the effects make of the stems, and how that is mixed. The second can be done
    again with other faders, from where it is heard, while effects only ever go on.

    Every strip is delayed to the slowest one, so that they stay sample-aligned whatever their
    effects' latencies. Automation is read where the sound is: a strip's fader moves with the
    sound that reaches it.

    Args:
        sample_rate: Hz.
        channels: strip name -> channels of its stem, in the order of the strips.
        bus: channels of the mix; not fewer than any strip has.
        tap: told the level of every strip after its fader.

    Attributes:
        ramp: how everything in it moves.
        bus: where the strips come together.
        slowest_frames: by how much all strips lie behind their stems when they meet.
        latency_frames: by how much the mix does.
    """

    def __init__(
        self,
        sample_rate: int,
        channels: Mapping[str, int],
        bus: int,
        tap: MeterTap | None = None,
    ) -> None:
        self._sample_rate, self._channels, self._bus_channels = sample_rate, dict(channels), bus
        self.ramp = Ramp(sample_rate)
        self.bus = Bus(sample_rate, bus, self.ramp, tap)
        self._mix: Mix | None = None
        self._next: Mix | None = None
        self._waits = {name: DelayLine(count, 0) for name, count in channels.items()}
        self.slowest_frames = 0
        self._moved: dict[tuple[str, str], dict[str, float]] = {}
        self.latency_frames = 0

    @property
    def mixes(self) -> tuple[Mix, ...]:
        """Those whose effects are in use: one, or two while effects fade out."""
        return tuple(mix for mix in (self._mix, self._next) if mix is not None)

    @property
    def run_up_seconds(self) -> float:
        """How much sound its effects want to have heard before they are."""
        if not any(chain.remembers for chain in self._now.chains.values()):
            return 0.0
        return min(MAX_RUN_UP_SECONDS, max(RUN_UP_SECONDS, self._now.tail_seconds))

    @property
    def master_remembers(self) -> bool:
        """Whether the master has effects."""
        return self._now.chains[MASTER].remembers

    def apply(self, mix: Mix, *, fading: bool) -> None:
        """Take another mix's effects between two quanta; its faders are the bus's affair.

        Args:
            mix: to be rendered from now on.
            fading: whether sound is on: effects that leave, or change places, fade out before the
                mix is taken, and what is new in it fades in.
        """
        old = () if self._mix is None else self._mix.chains.items()
        leaving = [slot for name, chain in old for slot in chain.leaving_for(mix.chains[name])]
        for slot in (slot for _, chain in old for slot in chain.slots):
            slot.leaving = fading and slot in leaving
        if fading and not all(slot.is_dry for slot in leaving):
            self._next = mix
        else:
            self._take(mix, fading=fading)

    @property
    def is_settled(self) -> bool:
        """Whether nothing moves, so that several quanta may be rendered as one.

        What comes out is the same, bit for bit. Meters want each quantum by itself.
        """
        return (
            self._next is None
            and self.bus.is_settled
            and self._now.desk.is_still
            and all(chain.is_settled for chain in self._now.chains.values())
        )

    def sounds(self, blocks: Mapping[str, Block], span: Span) -> dict[str, Block]:
        """What the effects make of one quantum, or of several while :attr:`is_settled`.

        Args:
            blocks: strip name -> its stem's next `[channels, n]`, n being QUANTUM_FRAMES or a
                multiple.
            span: where they come from.

        Returns:
            Strip name -> `[channels, n]`, all equally late.
        """
        self._follow_latencies()
        rests = self._rests(blocks, span)
        sounds = {}
        for strip in self._now.settings.strips:
            chain = self._now.chains[strip.name]
            self._move_effects(strip, span.position, span.way)
            sound = chain.process(blocks[strip.name], rests.get(strip.name), self.ramp)
            sound = self._waits[strip.name].process(sound)
            # What is kept must not be a view of something that will be written again.
            sounds[strip.name] = sound if sound.base is None else sound.copy()
        if self._next is not None and self._has_faded_out(self._next):
            self._take(self._next, fading=True)
        return sounds

    def mix(self, take: Take) -> Block:
        """Mix a take, for the first time or again: float32 `[bus, n]`, without what is dropped."""
        take.before = self.bus.state
        mixed = [
            self._mixed({name: sound[:, part] for name, sound in take.sounds.items()}, span)
            for part, span in self._parts(take)
        ]
        buses, outs = ([pair[place] for pair in mixed] for place in (0, 1))
        take.bus = buses[0] if len(buses) == 1 else np.concatenate(buses, axis=1)
        out = outs[0] if len(outs) == 1 else np.concatenate(outs, axis=1)
        out = out[:, take.drop :]
        take.out = out if take.fade is None else out * take.fade
        return take.out

    def rewind(self, tape: Tape, number: int) -> bool:
        """Go back to before a take, to mix it again; whether that can be done.

        The master's effects cannot go back: they are run up once more, through what they heard.
        """
        take = tape[number]
        assert take.before is not None, "what is on the tape was mixed"
        if self.master_remembers:
            tail_seconds = self._now.chains[MASTER].tail_seconds
            if tail_seconds > MAX_RUN_UP_SECONDS:
                return False
            run_up = round(max(RUN_UP_SECONDS, tail_seconds) * self._sample_rate)
            first = number
            while first and run_up > 0:
                first -= 1
                run_up -= tape[first].rendered_frames
            if run_up > 0 and not tape.is_whole:
                return False
            self._run_master_up(tape, first, number)
        self.bus.go_back(take.before)
        return True

    def reset(self, position: int, way: Way) -> None:
        """Forget all sound, as before a seek; everything jumps to where it is at `position`."""
        if self._next is not None:
            self._take(self._next, fading=False)
        for strip in self._all_strips():
            self._move_effects(strip, position, way)
        for chain in self._now.chains.values():
            chain.reset()
        self._follow_latencies()
        for wait in self._waits.values():
            wait.reset()
        self.bus.reset()

    def aligns_as(self, chains: Mapping[str, Chain]) -> bool:
        """Whether strips through these chains would wait for one another as they do now."""
        return all(chain.waits_as(self._now.chains[name]) for name, chain in chains.items())

    @property
    def _now(self) -> Mix:
        assert self._mix is not None, "apply a mix first"
        return self._mix

    def _all_strips(self) -> tuple[StripSettings, ...]:
        settings = self._now.settings
        return (*settings.strips, settings.master)

    def _has_faded_out(self, mix: Mix) -> bool:
        return all(
            slot.is_dry
            for name, chain in self._now.chains.items()
            for slot in chain.leaving_for(mix.chains[name])
        )

    def _take(self, mix: Mix, *, fading: bool) -> None:
        before = {slot for old in self.mixes[:1] for chain in old.chains.values()
                  for slot in chain.slots}  # fmt: skip
        self._mix, self._next = mix, None
        automated = set(self._moved)
        self._moved.clear()
        for strip in self._all_strips():
            slots = mix.chains[strip.name].slots
            for slot, effect in zip(slots, strip.effects, strict=True):
                was_automated = (strip.name, effect.name) in automated
                if slot.settings.values != effect.values or was_automated:
                    slot.effect.set(all_values(effect))
                slot.settings, slot.bypassed, slot.leaving = effect, effect.bypass, False
                if fading and slot not in before:
                    slot.fade_in()
        self._align()

    def _follow_latencies(self) -> None:
        """A plug-in may change its latency while it plays."""
        chains = self._now.chains.values()
        changes = [chain.follow_latencies() for chain in chains if chain.slots]
        if any(changes):
            self._align()

    def _align(self) -> None:
        """Let every strip wait for the slowest."""
        chains = self._now.chains
        latencies = {name: chains[name].latency_frames for name in self._channels}
        self.slowest_frames = max(latencies.values(), default=0)
        for name, wait in self._waits.items():
            frames = self.slowest_frames - latencies[name]
            if frames != wait.frames:
                self._waits[name] = wait.resized(frames)
        master = chains[MASTER].latency_frames
        self.latency_frames = self.slowest_frames + master + self.bus.latency_frames

    def _move_effects(self, strip: StripSettings, position: int, way: Way) -> None:
        """Carry automation of effects out; values that stay are not written again.

        Each effect is at the place in the song that its sound has come from.
        """
        desk = self._now.desk
        if not desk.moves_effects:
            return
        for slot in self._now.chains[strip.name].slots:
            name = slot.settings.name
            values = desk.effect_moves(
                strip.name, name, way.song_frame(position) / self._sample_rate
            )
            position -= slot.latency_frames
            if not values or self._moved.get((strip.name, name)) == values:
                continue
            self._moved[strip.name, name] = dict(values)
            if BYPASS.name in values:
                slot.bypassed = values.pop(BYPASS.name) >= BYPASS.maximum / 2
            if values:
                slot.effect.set({**all_values(slot.settings), **values})

    def _parts(self, take: Take) -> list[tuple[slice, Span]]:
        """A take in quanta, or as a whole where the quanta would not differ from it."""
        frames = take.rendered_frames
        is_still = self._now.chains[MASTER].is_settled and self.bus.is_still
        step = frames if is_still else QUANTUM_FRAMES
        return [
            (slice(done, done + step), Span(take.way, take.position + done, step))
            for done in range(0, frames, step)
        ]

    def _mixed(self, sounds: Mapping[str, Block], span: Span) -> tuple[Block, Block]:
        """The strips' sum, and what leaves the mixer of it."""
        bus = self.bus.sum(sounds, span)
        sound = self._through_master(bus, span)
        late = self._now.chains[MASTER].latency_frames
        return bus, self.bus.finish(sound, span._replace(position=span.position - late))

    def _through_master(self, bus: Block, span: Span) -> Block:
        self._move_effects(self._now.settings.master, span.position, span.way)
        return self._now.chains[MASTER].process(bus, None, self.ramp)

    def _run_master_up(self, tape: Tape, first: int, end: int) -> None:
        self._now.chains[MASTER].reset()
        for take in tape.between(first, end):
            if take.bus is None:
                continue
            for part, span in self._parts(take):
                self._through_master(take.bus[:, part], span)

    def _rests(self, blocks: Mapping[str, Block], span: Span) -> dict[str, Block]:
        """What sounds besides each strip that wants to know, in that strip's channels.

        Faders count as they stand; mute and solo do not, so that a voice which is soloed to hear
        it alone sounds as it does in the mix. Nor do effects of the others.
        """
        rests: dict[str, Block] = {}
        for name, chain in self._now.chains.items():
            if name == MASTER or not chain.listens:
                continue
            rest = np.zeros((self._bus_channels, span.frames), dtype=np.float32)
            for strip in self._now.settings.strips:
                if strip.name != name:
                    gains = self.bus.gains_before_switches(strip, span)
                    rest[: len(gains)] += blocks[strip.name] * gains
            wanted = self._channels[name]
            rests[name] = rest.mean(axis=0, keepdims=True) if wanted == 1 else rest[:wanted]
        return rests
