"""How good the stems are: the model beside doing nothing and beside the ideal ratio mask.

    python tests/benchmarks/quality.py FOLDER [--model ID|DIR] [--threads N]

FOLDER holds one folder per song with ``mixture``, ``vocals``, ``drums``, ``bass`` and ``other`` in
any format. Rows: MIX (the mixture as its own estimate), the model through the whole `separate`
command, IRM1 (the ideal ratio mask |S| / sum |S| at 2048/1024, Vincent 2007: what a magnitude mask
could reach). SDR is the median over the seconds in which the stem sounds; uSDR is over the whole
song. A stem that a song does not have has no score.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch

from stemdesk.app.library import separate
from stemdesk.app.model import load_model
from stemdesk.audio.reading import open_audio
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_training.metrics import median_sdr, usdr

STEMS = ("vocals", "drums", "bass", "other")
IRM = StftSettings(2048, 1024, 2048)
SILENT_PEAK = 1e-4
Audio = np.ndarray


def read(path: Path) -> tuple[Audio, int]:
    with open_audio(path) as reader:
        return reader.read(reader.info.frames), reader.info.sample_rate


def song_file(folder: Path, name: str) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.stem == name)


def ideal_ratio_mask(references: Audio) -> Audio:
    spectra = stft(torch.from_numpy(references.astype(np.float32)), IRM)
    shares = spectra.abs() / spectra.abs().sum(0, keepdim=True).clamp_min(1e-10)
    return istft(shares * spectra.sum(0), IRM, references.shape[-1]).numpy().astype(np.float64)


def score(references: Audio, estimates: Audio, rate: int) -> list[tuple[float, float]]:
    return list(
        zip(median_sdr(references, estimates, rate), usdr(references, estimates), strict=True)
    )


def row(name: str, scores: list[tuple[float, float]], present: list[bool]) -> str:
    cells = [
        f"{sdr:6.2f} {whole:6.2f}" if there else f"{'—':>6} {'—':>6}"
        for (sdr, whole), there in zip(scores, present, strict=True)
    ]
    return f"  {name:<16} " + "   ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    model = load_model(options.model, threads=options.threads)
    systems = ("MIX", model.card.id, "IRM1")
    collected: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in systems}
    print(f"  {'':<16} " + "   ".join(f"{stem:^13}" for stem in STEMS))
    print(f"  {'dB':<16} " + "   ".join(f"{'SDR':>6} {'uSDR':>6}" for _ in STEMS))
    songs = sorted(path for path in options.folder.iterdir() if path.is_dir())
    for song in songs:
        references = np.stack([read(song_file(song, stem))[0] for stem in STEMS])
        mixture, rate = read(song_file(song, "mixture"))
        with tempfile.TemporaryDirectory() as folder:
            result = separate(song_file(song, "mixture"), folder, model=model)
            estimates = np.stack([read(result.files[stem])[0] for stem in STEMS])
            verdict = result.null.verdict if result.null else "none"
        present = [bool(np.abs(reference).max() > SILENT_PEAK) for reference in references]
        print(f"{song.name} ({references.shape[-1] / rate:.0f} s, null {verdict})")
        for name, given in zip(
            systems,
            (np.broadcast_to(mixture, references.shape), estimates, ideal_ratio_mask(references)),
            strict=True,
        ):
            scores = score(references, given, rate)
            print(row(name, scores, present))
            collected[name].append(
                [
                    pair if there else (np.nan, np.nan)
                    for pair, there in zip(scores, present, strict=True)
                ]
            )
    print("median over songs")
    for name in systems:
        table = np.array(collected[name])
        medians = [tuple(np.nanmedian(table[:, stem], axis=0)) for stem in range(len(STEMS))]
        print(row(name, medians, [True] * len(STEMS)))


if __name__ == "__main__":
    main()
