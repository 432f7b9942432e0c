"""What every effect is to the mixer: a block in, a block out, and the facts about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.mixing.parameters import Parameter

    Block = NDArray[np.float32]

QUANTUM_FRAMES = 512
"""Every effect is given blocks of this length and no other, on a fixed grid of the song, so that
what is heard does not depend on the sound card's or the exporter's block size."""


class Effect(Protocol):
    """One effect at work on one strip. Its owner gives it one block after the other."""

    @property
    def latency_frames(self) -> int:
        """By how many frames the output lies behind the input."""

    @property
    def tail_seconds(self) -> float:
        """How long it may sound on after its input has ended (to -90 dB), with its settings."""

    def set(self, values: Mapping[str, float]) -> None:
        """Take new values, all of them, checked by the caller; heard from the next block on.

        No step in a value may be heard as a click.
        """

    @property
    def is_settled(self) -> bool:
        """Whether nothing in it moves now, so that it takes several blocks at once as one.

        What comes out is the same, bit for bit; the calls cost less. Kinds that work by blocks
        say no.
        """

    def process(self, block: Block, rest: Block | None) -> Block:
        """The next block `[channels, QUANTUM_FRAMES]`; never changes its input in place.

        While `is_settled`, it may be a multiple of that long.

        Args:
            block: the strip's signal.
            rest: what sounds besides this strip, delayed like `block`, for kinds with
                `needs_rest`; else None.
        """

    def reset(self) -> None:
        """Forget all sound so far, as after a seek; settings stay."""

    def close(self) -> None:
        """Give back what is held (processes, libraries); not used afterwards."""


@dataclass(frozen=True)
class EffectKind:
    """A kind of effect the user can choose.

    Attributes:
        name: identifier (`reverb`), also on the command line.
        title: for people.
        parameters: in the order of the interface; the first is the one that the short form
            `--vocals-reverb 0.2` sets.
        make: called with sample rate in Hz and number of channels.
        needs_rest: whether `process` wants the other strips' sum.
        on_master: whether it may sit on the master strip.
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    make: Callable[[int, int], Effect]
    needs_rest: bool = False
    on_master: bool = True

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((each for each in self.parameters if each.name == name), None)
