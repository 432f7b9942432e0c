"""What a model takes deep basses and kicks for, when nothing else plays.

    python tests/benchmarks/deep_basses.py [--model ID|DIR ...] [--draws N]

An 808 is a sine that falls to its pitch and hums on, or rings down as the machine's own did; a kick
falls likewise and ends. "Wide": with a faint room that differs left and right. The table has the
share of the energy under 200 Hz that each model gives to the bass (for kicks: to the drums), mean
of so many drawn patches: notes by pitch and length, each on one pitch in uneven rhythm.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.devices import set_threads
from stemdesk.separation.masks import masks_for
from stemdesk.separation.postprocess import build_chain
from stemdesk.separation.stft import stft
from stemdesk_training.corpus import production
from stemdesk_training.corpus.drum_synthesis import kick
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.synth_basses import SynthBass
from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng, add_at, frames, silence

SECONDS = 8.0
STEPS_S = (0.2, 0.4, 0.6, 0.8)  # from one note to the next
PITCHES = (28, 31, 34, 38)  # MIDI: 41 to 73 Hz
LENGTHS_S = (0.15, 0.3, 0.6)
LOW_HZ = 200.0
# Name of the row: kind of patch, whether it rings, whether it is wide.
BASSES = {
    "808": ("808", False, False),
    "ringing 808": ("808", True, False),
    "wide ringing 808": ("808", True, True),
    "sub": ("sub", False, False),
}


def starts(rng: Rng) -> list[float]:
    times = np.cumsum(rng.choice(STEPS_S, 40))
    return [float(time) for time in times if time < SECONDS - 1]


def bass_of(name: str, pitch: int, length: float, rng: Rng) -> Audio:
    kind, ringing, wide = BASSES[name]
    notes = [Note(time, length, pitch, 100) for time in starts(rng)]
    clip = SynthBass(rng, kind, ringing=ringing).play(notes, SECONDS)
    return production.spread(rng, clip) if wide else clip


def kicks_of(rng: Rng) -> Audio:
    clip, hit = silence(SECONDS), kick(rng)
    for time in starts(rng):
        add_at(clip, hit, frames(time), 0.4)
    return clip


def share(model: tuple, clip: Audio, stem: str) -> float:
    """Of the energy under ``LOW_HZ``, how much the stem gets."""
    card, network = model
    with torch.inference_mode():
        spectrum = stft(torch.from_numpy(clip), card.stft)
        masks = masks_for(card.mask_settings, network, spectrum[None])[0]
        for stage in build_chain(card.post, card.stems):
            masks = stage(masks, spectrum)
    low = round(LOW_HZ * card.n_fft / RATE_HZ)
    estimate = masks[card.stems.index(stem)][:, :low] * spectrum[:, :low]
    energy = estimate.abs().square().sum() / spectrum[:, :low].abs().square().sum()
    return float(energy)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append")
    parser.add_argument("--draws", type=int, default=4)
    options = parser.parse_args()
    set_threads(1)
    models = [load_network(find_model(name)) for name in options.model or [None]]
    print(f"{'':>33}" + "".join(f"{card.id[-16:]:>18}" for card, _ in models))

    def row(name: str, stem: str, clips: list[Audio]) -> None:
        means = [np.mean([share(model, clip, stem) for clip in clips]) for model in models]
        print(f"{name:>33}" + "".join(f"{mean:>18.2f}" for mean in means))

    draws = range(options.draws)
    for name in BASSES:
        for pitch in PITCHES:
            for length in LENGTHS_S:
                clips = [bass_of(name, pitch, length, np.random.default_rng(n)) for n in draws]
                row(f"{name}, MIDI {pitch}, {length} s", "bass", clips)
    row("kicks: drums", "drums", [kicks_of(np.random.default_rng(n)) for n in draws])


if __name__ == "__main__":
    main()
