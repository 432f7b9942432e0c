"""Learning: the first control that is really moved gets the parameter."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk.control.mapping.decoding import LOWER_HALF, PAIR_SECONDS
from stemdesk.control.mapping.gestures import LEAST_STEPS, Finding, Gesture, recognise
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Coding, Kind, Source
from stemdesk.control.target import WHILE_PRESSED
from stemdesk.mixing.parameters import Taper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.control.mapping.decoding import Move
    from stemdesk.mixing.parameters import Parameter

PAIR_WAIT_SECONDS = 0.015  # after an upper half alone, whether a lower one comes
_MEETINGS = 2  # of the halves of a pair; once, two controls may meet by chance
RELEASE_SECONDS = 1.0  # a button that is down for longer latches by itself
OTHER_WAY_SECONDS = 3.0
LOWER_HALF_STEPS = 24  # the lower half of a resting 14-bit fader flickers further
MEMORY_SECONDS = 3.0
_PITCH_STEPS = 328  # 2 % of the range
_FINE_STEPS = LEAST_STEPS * 128

PROMPT = "Move the control, or press the button"
PROMPT_BACK = "Now turn it the other way"


@dataclass(frozen=True)
class Learned:
    """What was learnt.

    Attributes:
        mapping: the new one.
        conflicts: mappings of other parameters by the same control, which it drives as well until
            they are unlearnt.
    """

    mapping: Mapping
    conflicts: tuple[Mapping, ...]


@dataclass
class _Candidate:
    """The recent moves of one control."""

    moves: list[Move] = field(default_factory=list)

    def add(self, move: Move) -> None:
        recent = [each for each in self.moves if move.seconds - each.seconds <= MEMORY_SECONDS]
        self.moves = [*recent, move]

    @property
    def values(self) -> list[int]:
        return [move.value for move in self.moves if move.scale == self.last.scale]

    @property
    def reach(self) -> int:
        return max(self.values) - min(self.values)

    @property
    def is_short(self) -> bool:
        """Whether the last two moves, a press and a release, lie close together."""
        return self.moves[-1].seconds - self.moves[-2].seconds < RELEASE_SECONDS

    @property
    def last(self) -> Move:
        return self.moves[-1]


class Learner:
    """Waits for one control to be moved.

    Args:
        address: of the parameter that is to be driven.
        parameter: what it is.
    """

    def __init__(self, address: str, parameter: Parameter) -> None:
        self.address, self._parameter = address, parameter
        self.mapping: Mapping | None = None
        self.prompt = PROMPT
        self._candidates: dict[tuple[str, int, Kind, int], _Candidate] = {}
        self._notes_down: dict[str, Move] = {}
        self._meetings: Counter[tuple[str, int, int]] = Counter()

    def feed(self, move: Move) -> None:
        """Consider a move."""
        if self.mapping is not None:
            return
        if move.kind is Kind.NOTE:
            self._note(move)
            return
        key = (move.port, move.channel, move.kind, move.number)
        self._candidates.setdefault(key, _Candidate()).add(move)
        if move.kind is Kind.CC and LOWER_HALF <= move.number < 2 * LOWER_HALF:
            self._meet(move)
        self._judge(self._candidates[key], move.seconds)

    def settle(self, seconds: float) -> None:
        """Let time tell what moves alone do not; to be called some ten times a second or more."""
        for candidate in list(self._candidates.values()):
            self._judge(candidate, seconds)
        for note in list(self._notes_down.values()):
            if self.mapping is None and seconds - note.seconds >= RELEASE_SECONDS:
                self._finish(note, self._button_mode)

    def _note(self, move: Move) -> None:
        # A fader tells of the finger by a note before it moves: only a release makes a button.
        if move.value > 0:
            self._notes_down[move.port] = move
            return
        pressed = self._notes_down.pop(move.port, None)
        if pressed is not None and pressed.number == move.number:
            self._finish(pressed, self._button_mode)

    def _meet(self, move: Move) -> None:
        number = move.number - LOWER_HALF
        upper = self._candidates.get((move.port, move.channel, Kind.CC, number))
        if upper is not None and move.seconds - upper.last.seconds < PAIR_SECONDS:
            self._meetings[move.port, move.channel, number] += 1

    def _is_pair(self, move: Move) -> bool:
        pair = (move.port, move.channel, move.number % LOWER_HALF)
        return self._meetings[pair] >= _MEETINGS

    def _judge(self, candidate: _Candidate, seconds: float) -> None:
        if self.mapping is not None:
            return
        move = candidate.last
        if move.kind is Kind.CC:
            self._judge_cc(candidate, seconds)
        elif move.kind is Kind.CC14 and not self._is_pair(move):
            return
        elif move.kind is Kind.PITCH_BEND:
            if candidate.reach >= _PITCH_STEPS:
                self._finish(move, Mode.ABSOLUTE)
        elif candidate.reach >= (_FINE_STEPS if move.scale > 127 else LEAST_STEPS):
            self._finish(move, Mode.PICK_UP)

    def _judge_cc(self, candidate: _Candidate, seconds: float) -> None:
        move = candidate.last
        silence = seconds - move.seconds
        if self._is_half(move, candidate, silence):
            return
        finding = recognise(candidate.values)
        if finding.gesture is Gesture.POSITION:
            if not self._is_flicker(candidate):
                self._finish(move, Mode.PICK_UP)
        elif finding.gesture is Gesture.BUTTON:
            self._finish(move, self._button_mode if candidate.is_short else Mode.ABSOLUTE)
        elif finding.gesture is Gesture.ENCODER:
            self._judge_encoder(candidate, finding, silence)

    def _judge_encoder(self, candidate: _Candidate, finding: Finding, silence: float) -> None:
        if len(finding.codings) > 1 and silence < OTHER_WAY_SECONDS:
            self.prompt = PROMPT_BACK
            return
        self._finish(candidate.last, Mode.RELATIVE, finding.codings[0])

    def _is_half(self, move: Move, candidate: _Candidate, silence: float) -> bool:
        """Whether a control change is, or may yet turn out to be, half of a 14-bit pair."""
        if move.number >= 2 * LOWER_HALF:
            return False
        if self._is_pair(move):
            return True
        if move.number >= LOWER_HALF:
            pair = (move.port, move.channel, move.number - LOWER_HALF)
            return self._meetings[pair] > 0
        return len(candidate.moves) < 3 and silence < PAIR_WAIT_SECONDS

    def _is_flicker(self, candidate: _Candidate) -> bool:
        is_lower = LOWER_HALF <= candidate.last.number < 2 * LOWER_HALF
        return is_lower and candidate.reach < LOWER_HALF_STEPS

    @property
    def _button_mode(self) -> Mode:
        return Mode.MOMENTARY if self.address in WHILE_PRESSED else Mode.TOGGLE

    def _finish(self, move: Move, mode: Mode, coding: Coding = Coding.ABSOLUTE) -> None:
        if self._parameter.taper is Taper.SWITCH and mode is Mode.PICK_UP:
            mode = Mode.ABSOLUTE
        touch = self._notes_down.get(move.port) if move.kind is not Kind.NOTE else None
        self.mapping = Mapping(
            source=_source(move, coding),
            address=self.address,
            mode=mode,
            touch=_source(touch) if touch is not None else None,
        )


def conflicts(mapping: Mapping, others: Iterable[Mapping]) -> tuple[Mapping, ...]:
    """The mappings of other parameters that the same control drives."""
    return tuple(
        other
        for other in others
        if other.address != mapping.address and other.source.collides(mapping.source)
    )


def _source(move: Move, coding: Coding = Coding.ABSOLUTE) -> Source:
    return Source(
        kind=move.kind,
        number=move.number,
        channel=move.channel,
        port=re.sub(r"([*?[])", r"[\1]", move.port),
        coding=coding,
    )
