"""How good the stems are: models beside doing nothing and beside the ideal ratio mask.

    python tests/benchmarks/quality.py [FOLDER] [--pool POOL [--items N]]
        [--model "ID|DIR [OPTION ...]" ...] [--threads N]

FOLDER is a library of songs in stems with their mixtures. POOL is a training pool, of whose
held-out half N mixes of 6 s are taken, those on which the trainer validates. Rows: MIX (the mixture
as its own estimate), each model through the whole `stemdesk separate` command, IRM1 (the ideal
ratio mask |S| / sum |S|, Vincent 2007: what a magnitude mask could reach).

SDR is the median over the seconds in which the stem sounds (with a pool: over each mix in one),
SDRi the same less that of MIX, uSDR is over the whole song, each then the median over songs. A stem
that a song does not have has no score, a system none for stems it does not give; `rest` is
everything but the vocals. `leak` is the level of the vocal stem against the mixture, in dB, over
the seconds without vocals. A stem's MIX row says how far it lies under the rest; a second for which
an estimate is all silence has no score, as in museval.

--model "bandmask_fast --adapt" gives the command an option. Without --model: what needs no
training, and all trained models that are shipped. The papers' systems are folders under the OUT of
`python -m stemdesk_training.papers`, in runs/.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.separation.catalogue import list_models
from stemdesk.separation.devices import set_threads
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.evaluation.systems import Model
from stemdesk_training.evaluation.truth import Truth, read_truth
from stemdesk_training.evaluation.voice_and_rest import (
    COLUMNS,
    estimates,
    ideal_ratio_mask,
    leak_db,
    mixture_itself,
    scored,
)
from stemdesk_training.validation import SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ITEM_SECONDS = 6.0
MEASURES = ("SDR", "SDRi", "uSDR")
Audio = np.ndarray


def through(model: Model) -> Callable[[Truth], Audio]:
    return lambda truth: next(estimates(model, [truth]))


def row(name: str, scores: Audio, leak: float) -> str:
    cells = [
        " ".join(f"{value:6.2f}" if np.isfinite(value) else f"{'-':>6}" for value in cell)
        for cell in scores
    ]
    shown = f"{leak:7.1f}" if np.isfinite(leak) else f"{'-':>7}"
    return f"  {name:<18} " + "   ".join(cells) + "  " + shown


def table(title: str, truths: Iterator[Truth], systems: list[str], *, each: bool) -> None:
    """Print the scores of songs, if wanted, and their medians."""
    width = 7 * len(MEASURES) - 1
    print(f"\n{title}")
    print(f"  {'':<18} " + "   ".join(f"{column:^{width}}" for column in COLUMNS))
    head = " ".join(f"{measure:>6}" for measure in MEASURES)
    print(f"  {'dB':<18} " + "   ".join([head] * len(COLUMNS)) + "  " + f"{'leak':>7}")
    run: dict[str, Callable[[Truth], Audio]] = {"MIX": mixture_itself}
    for name, *options in map(str.split, systems):
        model = Model(name, options)
        run[model.name] = through(model)
    run["IRM1"] = ideal_ratio_mask
    collected: dict[str, list[Audio]] = {name: [] for name in run}
    leaks: dict[str, list[float]] = {name: [] for name in run}
    for truth in truths:
        if each:
            print(f"{truth.name} ({truth.mixture.shape[-1] / truth.sample_rate:.0f} s)")
        nothing_done = scored(truth, mixture_itself(truth))
        for name, estimate in run.items():
            given = estimate(truth)
            sdr, whole = scored(truth, given).T
            scores = np.stack([sdr, sdr - nothing_done[:, 0], whole], axis=1)
            collected[name].append(scores)
            leaks[name].append(leak_db(truth, given[0]))
            if each:
                print(row(name, scores, leaks[name][-1]), flush=True)
    print("median over songs" if each else "median over mixes")
    for name in run:
        print(row(name, nan_median(np.array(collected[name])), float(nan_median(leaks[name]))))


def nan_median(values: Audio | list[float]) -> Audio:
    """Median along the first axis of what is there; NaN of nothing."""
    array = np.asarray(values)
    some = np.isfinite(array).any(axis=0)
    return np.where(some, np.nanmedian(np.where(some, array, 0.0), axis=0), np.nan)


def songs_in(folder: Path) -> Iterator[Truth]:
    for song in find_songs(folder):
        yield read_truth(song, STEMS)


def mixes_in(pool: Path, count: int) -> Iterator[Truth]:
    source = RandomMixes(pool, "valid", ITEM_SECONDS, SEED)
    for index in range(count):
        stems = source.batch(index, 1)[0].astype(np.float64)
        yield Truth(f"mix_{index}", STEMS, stems, stems.sum(axis=0), RATE_HZ)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--items", type=int, default=24)
    parser.add_argument("--model", action="append")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    set_threads(options.threads)
    shipped = [card.id for card in list_models() if card.id.startswith("bandmask_")]
    systems = options.model or ["repet", "rpca", *shipped]
    if options.folder:
        table("Songs", songs_in(options.folder), systems, each=True)
    if options.pool:
        title = f"{options.items} held-out mixes of {ITEM_SECONDS:.0f} s"
        table(title, mixes_in(options.pool, options.items), systems, each=False)


if __name__ == "__main__":
    main()
