"""The user's own song, separated by a checkpoint and by the base model, matched in loudness.

What is louder sounds better, so each stem of the tuned model is brought to the loudness (ITU-R
BS.1770-4, integrated) of the base's; where that would clip, both are lowered alike.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from stemdesk.audio.loudness import measure_loudness
from stemdesk.separation.engine import MaskEngine
from stemdesk.separation.postprocess import build_chain
from stemdesk.separation.separator import ArraySource, Separator
from stemdesk_training.datasets.multitrack import Part, converted
from stemdesk_training.doctor.excerpts import loudest

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork

    Samples = NDArray[np.float32]

LISTEN = "listen"
LEVELS_NAME = "levels.json"
BASE, TUNED = "base", "tuned"
CEILING = 0.98
_STEPS = 20


def step_folder(run: Path, step: int) -> Path:
    """Where the renderings of a step lie: ``base/<stem>.flac``, ``tuned/<stem>.flac``, levels."""
    return run / LISTEN / f"step_{step}"


def newest(run: Path) -> Path | None:
    """The renderings of the latest step; None where there are none."""
    found = [path.parent for path in run.glob(f"{LISTEN}/step_*/{LEVELS_NAME}")]
    return max(found, key=lambda path: int(path.name.partition("_")[2]), default=None)


class Listening:
    """A stretch of a song, separated again and again.

    Args:
        card: of the models, both alike.
        base: the base network.
        song: an audio file.
        seconds: its loudest stretch of that length is taken; 0 for all.
        device: where networks run.

    Raises:
        UserError: the song cannot be read.
    """

    def __init__(
        self,
        card: ModelCard,
        base: MaskNetwork,
        song: Path,
        seconds: float,
        device: torch.device,
    ) -> None:
        self._card, self._device = card, device
        clip = converted(Part(song).read(), card.sample_rate)
        frames = round(seconds * card.sample_rate) or clip.frames
        first, end = loudest(clip.samples, frames, _STEPS)
        self._mixture = clip.samples[:, first:end]
        self._first_second = first / card.sample_rate
        self._base = self._separated(base)

    def render(self, network: MaskNetwork, folder: Path) -> Path:
        """Write the base's and this network's stems into ``folder``, whole or not at all."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as space:
            made = Path(space) / "made"
            levels = {}
            for stem, tuned in self._separated(network).items():
                pair, levels[stem] = matched(self._base[stem], tuned, self._card.sample_rate)
                for name, samples in zip((BASE, TUNED), pair, strict=True):
                    (made / name).mkdir(parents=True, exist_ok=True)
                    path = made / name / f"{stem}.flac"
                    soundfile.write(path, samples.T, self._card.sample_rate, subtype="PCM_24")
            told = {"first_second": self._first_second, "gain_db": levels}
            (made / LEVELS_NAME).write_text(json.dumps(told, indent=1), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)
        return folder

    def _separated(self, network: MaskNetwork) -> dict[str, Samples]:
        was_training = network.training
        chain = build_chain(self._card.post, self._card.stems)
        engine = MaskEngine(self._card, network.eval(), self._device, chain, _unsaid)
        separator = Separator(engine)
        scale = 1.0
        if self._card.song_peak:
            scale = separator.song_scale(ArraySource(self._mixture))
        pieces = separator.estimate(ArraySource(self._mixture), scale=scale)
        estimates = np.concatenate([piece.samples for piece in pieces], axis=-1)
        network.train(was_training)
        stems = [*estimates, self._mixture - estimates.sum(axis=0)]
        return dict(zip(self._card.stems, stems, strict=True))


def _unsaid(_: str) -> None:
    """Memory was short while rendering: the sound is the same."""


def matched(
    base: Samples, tuned: Samples, sample_rate: int
) -> tuple[tuple[Samples, Samples], dict[str, float]]:
    """Two stems ``[channels, frames]`` at one loudness, neither clipping, and the gains in dB."""
    lufs = [measure_loudness(each, sample_rate).integrated_lufs for each in (base, tuned)]
    gain_db = lufs[0] - lufs[1] if all(map(math.isfinite, lufs)) else 0.0
    gains = np.array([1.0, 10 ** (gain_db / 20)])
    peak = max(float(np.abs(e).max()) * g for e, g in zip((base, tuned), gains, strict=True))
    gains *= min(1.0, CEILING / max(peak, 1e-9))
    scaled = (base * np.float32(gains[0]), tuned * np.float32(gains[1]))
    told = dict(zip((BASE, TUNED), np.round(20 * np.log10(gains), 3).tolist(), strict=True))
    return scaled, told
