"""How far a model is from what its masks could reach, on mixes from a training pool.

    python tests/benchmarks/training_scores.py POOL [--model ID|DIR ...] [--split train|valid]
        [--items N] [--only STEM,STEM] [--post sharpen=1.5 ...] [--wiener N ...] [--gate]

Median uSDR in dB over the mixes in which a stem sounds, as the trainer's own validation counts it
(same mixes for the same --items); the last column is the vocal stem's level under the mixture in
the mixes without vocals, median in dB. Rows: MIX (the mixture as its own estimate), IRM1 (the ideal
ratio mask at 4096/1024), each model, and each model behind each post-processing: the stages of
model cards, a multichannel Wiener filter, an energy gate on the vocals. `--split train` beside
`--split valid` tells underfitting from overfitting; `--only vocals,other` leaves the other stems
out of the mixes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.devices import set_threads
from stemdesk.separation.masks import masks_for
from stemdesk.separation.postprocess import build_chain
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.metrics import usdr
from stemdesk_training.validation import AUDIBLE_RMS, SEED

if TYPE_CHECKING:
    from collections.abc import Callable

IRM = StftSettings(4096, 1024, 4096)


def mixture_itself(stems: torch.Tensor) -> torch.Tensor:
    return stems.sum(dim=0).expand_as(stems)


def ideal_ratio_mask(stems: torch.Tensor) -> torch.Tensor:
    spectra = stft(stems, IRM)
    shares = spectra.abs() / spectra.abs().sum(0, keepdim=True).clamp_min(1e-10)
    return istft(shares * spectra.sum(0), IRM, stems.shape[-1])


def wiener(spectra: torch.Tensor, mixture: torch.Tensor, rounds: int) -> torch.Tensor:
    """Multichannel Wiener filter (Duong et al. 2010; Nugraha et al. 2016), ``rounds`` of EM.

    Args:
        spectra: first estimates ``[stems, channels, bins, steps]``.
        mixture: ``[channels, bins, steps]``.
        rounds: how often covariances are taken from the estimates.
    """
    level = mixture.abs().amax()
    spectra, mixture = (
        (spectra / level).to(torch.complex128),
        (mixture / level).to(torch.complex128),
    )
    eye = 1e-10 * torch.eye(mixture.shape[0], dtype=torch.complex128)
    for _ in range(rounds):
        power = spectra.abs().square().mean(dim=1)
        spatial = torch.einsum("scft,sdft->sfcd", spectra, spectra.conj())
        spatial = spatial / power.sum(dim=-1)[..., None, None].clamp_min(1e-12)
        parts = power[..., None, None] * spatial[:, :, None]
        inverse = torch.linalg.inv(parts.sum(dim=0) + eye)
        gains = parts @ inverse
        spectra = torch.einsum("sftcd,dft->scft", gains, mixture)
    return (spectra * level).to(torch.complex64)


def gate(estimates: torch.Tensor) -> torch.Tensor:
    """Energy gate on the vocals (Pretet 2018): what it takes away goes to other, the last stem.

    Energy over 0.23 s under a fifth of its maximum for longer than a second is faded to nothing.
    """
    block = RATE_HZ // 100
    frames = estimates.shape[-1]
    energy = estimates[0].square().mean(dim=0)[None, None]
    energy = functional.avg_pool1d(energy, block, ceil_mode=True)
    energy = functional.avg_pool1d(energy, 23, 1, 11, count_include_pad=False)
    low = (energy < 0.2 * energy.max()).float()
    # Erosion, then dilation: only what lasts longer than a second stays shut.
    eroded = -functional.max_pool1d(-low, 101, 1, 50)
    shut = functional.max_pool1d(eroded, 101, 1, 50)
    shut = functional.interpolate(shut, shut.shape[-1] * block, mode="linear")
    smooth = shut[0, :, :frames]
    gated = estimates.clone()
    gated[0] *= 1 - smooth
    gated[-1] += estimates[0] - gated[0]
    return gated


def separator(
    name: str | None, post: list[str], wiener_rounds: int, *, gated: bool = False
) -> Callable:
    card, network = load_network(find_model(name))
    chain = build_chain(post)

    def estimate(stems: torch.Tensor) -> torch.Tensor:
        spectrum = stft(stems.sum(dim=0), card.stft)
        masks = masks_for(card.mask_settings, network, spectrum[None])[0]
        for stage in chain:
            masks = stage(masks, spectrum)
        spectra = masks * spectrum
        if wiener_rounds:
            spectra = wiener(spectra, spectrum, wiener_rounds)
        estimates = istft(spectra, card.stft, stems.shape[-1])
        return gate(estimates) if gated else estimates

    return estimate


def score(estimate: Callable, items: list[np.ndarray]) -> list[float]:
    """Median uSDR per stem over the items in which it sounds, their mean, and vocals' leakage."""
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
    return [
        *medians,
        float(np.nanmean(medians)),
        float(np.median(leaked)) if leaked else float("nan"),
    ]


def mixes(pool: Path, split: str, count: int, only: list[str]) -> list[np.ndarray]:
    source = RandomMixes(pool, split, 6.0, SEED)
    items = [source.batch(index, 1)[0] for index in range(count)]
    for item in items:
        for place, stem in enumerate(STEMS):
            if stem not in only:
                item[place] = 0
    return items


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pool", type=Path)
    parser.add_argument("--model", action="append")
    parser.add_argument("--split", choices=("train", "valid"), default="valid")
    parser.add_argument("--items", type=int, default=24)
    parser.add_argument("--only", default=",".join(STEMS))
    parser.add_argument("--post", action="append", default=[])
    parser.add_argument("--wiener", type=int, action="append", default=[])
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    items = mixes(options.pool, options.split, options.items, options.only.split(","))
    set_threads(options.threads)
    systems: list[tuple[str, Callable]] = [("MIX", mixture_itself), ("IRM1", ideal_ratio_mask)]
    for name in options.model or [None]:
        plain = Path(name or "default").name
        systems.append((plain, separator(name, [], 0)))
        systems += [(f"{plain} {post}", separator(name, [post], 0)) for post in options.post]
        systems += [
            (f"{plain} wiener={rounds}", separator(name, [], rounds)) for rounds in options.wiener
        ]
        if options.gate:
            systems.append((f"{plain} gate", separator(name, [], 0, gated=True)))
    print(f"  {options.split}, {len(items)} mixes, median uSDR in dB; vocals where there are none")
    print(f"  {'':<32}" + "".join(f"{head:>8}" for head in (*STEMS, "mean", "leak")))
    for name, estimate in systems:
        values = score(estimate, items)
        print(f"  {name:<32}" + "".join(f"{value:8.2f}" for value in values), flush=True)


if __name__ == "__main__":
    main()
