"""How far a model is from what its masks could reach, on mixes from a training pool.

    python tests/benchmarks/training_scores.py POOL [--model ID|DIR ...] [--split train|valid]
        [--items N] [--only STEM,STEM] [--post sharpen=1.5 ...] [--mono]

Median uSDR in dB over the mixes in which a stem sounds, as the trainer's own validation counts it
(same mixes for the same --items), and the mean of the stems; `bounded`: the mean of the stems'
means of uSDR within -10 and 30 dB, which moves less by chance than medians do; the last column is
the vocal stem's level under the mixture in the mixes without vocals, median in dB.

Rows: MIX (the mixture as its own estimate), IRM1 (the ideal ratio mask at 4096/1024), each model
with the post-processing of its card, and each with more stages that `stemdesk separate --post`
knows (`--post "vocals=-2 drums=2 bass=-2"` is one row: the shipped models without their claims).
`--split train` beside `--split valid` tells underfitting from overfitting; `--only vocals,other`
leaves the other stems out of the mixes. `--mono` takes the mean of the channels in all stems, as in
old recordings.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.devices import set_threads
from stemdesk.separation.energy_gate import EnergyGate
from stemdesk.separation.masks import masks_for
from stemdesk.separation.postprocess import build_chain, gate_share
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.metrics import usdr
from stemdesk_training.validation import AUDIBLE_RMS, SEED

if TYPE_CHECKING:
    from collections.abc import Callable

IRM = StftSettings(4096, 1024, 4096)
BOUNDS_DB = (-10.0, 30.0)


def mixture_itself(stems: torch.Tensor) -> torch.Tensor:
    return stems.sum(dim=0).expand_as(stems)


def ideal_ratio_mask(stems: torch.Tensor) -> torch.Tensor:
    spectra = stft(stems, IRM)
    shares = spectra.abs() / spectra.abs().sum(0, keepdim=True).clamp_min(1e-10)
    return istft(shares * spectra.sum(0), IRM, stems.shape[-1])


def separator(name: str | None, post: list[str]) -> Callable:
    card, network = load_network(find_model(name))
    stages = [*card.post, *post]
    chain, share = build_chain(stages, card.stems), gate_share(stages)

    def estimate(stems: torch.Tensor) -> torch.Tensor:
        spectrum = stft(stems.sum(dim=0), card.stft)
        masks = masks_for(card.mask_settings, network, spectrum[None])[0]
        for stage in chain:
            masks = stage(masks, spectrum)
        estimates = istft(masks * spectrum, card.stft, stems.shape[-1])
        if share is not None:
            gains = EnergyGate([estimates[0].numpy()], RATE_HZ, share).gains(0, stems.shape[-1])
            shut = estimates[0] * (1 - torch.from_numpy(gains))
            estimates[0] -= shut
            estimates[-1] += shut
        return estimates

    return estimate


def score(estimate: Callable, items: list[np.ndarray]) -> list[float]:
    """Median uSDR per stem where it sounds, their mean, the bounded mean, and vocals' leakage."""
    found: list[list[float]] = [[] for _ in STEMS]
    leaked: list[float] = []
    for stems in items:
        with torch.inference_mode():
            estimates = estimate(torch.from_numpy(stems)).numpy()
        scores = usdr(stems.astype(np.float64), estimates.astype(np.float64))
        for kept, target, value in zip(found, stems, scores, strict=True):
            if np.sqrt(np.mean(target**2)) > AUDIBLE_RMS:
                kept.append(float(value))
        if not stems[0].any():
            ratio = np.mean(estimates[0] ** 2) / np.mean(stems.sum(axis=0) ** 2)
            leaked.append(float(10 * np.log10(ratio + 1e-12)))
    medians = [float(np.median(values)) if values else float("nan") for values in found]
    bounded = [np.mean(np.clip(values, *BOUNDS_DB)) for values in found if values]
    return [
        *medians,
        float(np.nanmean(medians)),
        float(np.mean(bounded)),
        float(np.median(leaked)) if leaked else float("nan"),
    ]


def mixes(pool: Path, split: str, count: int, only: list[str], mono: bool) -> list[np.ndarray]:
    source = RandomMixes(pool, split, 6.0, SEED)
    items = [source.batch(index, 1)[0] for index in range(count)]
    for item in items:
        for place, stem in enumerate(STEMS):
            if stem not in only:
                item[place] = 0
        if mono:
            item[:] = item.mean(axis=1, keepdims=True)
    return items


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pool", type=Path)
    parser.add_argument("--model", action="append")
    parser.add_argument("--split", choices=("train", "valid"), default="valid")
    parser.add_argument("--items", type=int, default=24)
    parser.add_argument("--only", default=",".join(STEMS))
    parser.add_argument("--post", action="append", default=[])
    parser.add_argument("--mono", action="store_true")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    only = options.only.split(",")
    items = mixes(options.pool, options.split, options.items, only, options.mono)
    set_threads(options.threads)
    systems: list[tuple[str, Callable]] = [("MIX", mixture_itself), ("IRM1", ideal_ratio_mask)]
    for name in options.model or [None]:
        plain = Path(name or "default").name
        systems.append((plain, separator(name, [])))
        systems += [(f"{plain} {post}", separator(name, post.split())) for post in options.post]
    width = max(len(name) for name, _ in systems)
    print(f"  {options.split}, {len(items)} mixes, uSDR in dB; vocals where there are none")
    print(
        f"  {'':<{width}}" + "".join(f"{head:>8}" for head in (*STEMS, "mean", "bounded", "leak"))
    )
    for name, estimate in systems:
        values = score(estimate, items)
        print(f"  {name:<{width}}" + "".join(f"{value:8.2f}" for value in values), flush=True)


if __name__ == "__main__":
    main()
