"""Pedalboard's plug-ins, block after block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    import pedalboard

    from stemdesk.mixing.effects.effect import Block


def stream(plugin: pedalboard.Plugin, sound: Block, sample_rate: int) -> Block:
    """What a plug-in without latency makes of the next `[channels, n]`, as one with all before.

    It is taken in blocks, of which the first must not be shorter than later ones: at a longer
    block than ever before a plug-in forgets what it holds.
    """
    # `reset=False`, by its place: as a keyword it would make the call a tenth slower.
    streamed: Block = plugin.process(sound, sample_rate, QUANTUM_FRAMES, False)  # noqa: FBT003
    return streamed
