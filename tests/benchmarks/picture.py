"""Draws the README's picture: a song above, the stems it was taken apart into below.

    python tests/benchmarks/picture.py SONG PICTURE.png [--model ID|DIR]

Needs `pip install matplotlib`. Every lane has the same scale, so that levels can be compared.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np

from stemdesk.app.library import separate
from stemdesk.audio.reading import open_audio

# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLOURS = {
    "song": "#9aa1ad",
    "vocals": "#e69f00",
    "drums": "#009e73",
    "bass": "#56b4e9",
    "other": "#cc79a7",
}
COLUMNS = 1400


def columns(path: Path) -> tuple[np.ndarray, np.ndarray, float]:
    """Smallest and largest sample of each column of the picture, and the length in seconds."""
    with open_audio(path) as reader:
        samples = reader.read(reader.info.frames).mean(axis=0)
        seconds = reader.info.frames / reader.info.sample_rate
    parts = np.array_split(samples, COLUMNS)
    return np.array([p.min() for p in parts]), np.array([p.max() for p in parts]), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("song", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    mpl.use("Agg")
    from matplotlib import pyplot

    with tempfile.TemporaryDirectory() as folder:
        result = separate(options.song, folder, model=options.model)
        lanes = {"song": options.song, **result.files}
        verdict = "0 samples differ" if result.null and result.null.verdict == "exact" else "open"
        figure, axes = pyplot.subplots(len(lanes), 1, figsize=(11, 5), sharex=True, sharey=True)
        figure.patch.set_facecolor("#16181c")
        for axis, (name, path) in zip(axes, lanes.items(), strict=True):
            low, high, seconds = columns(path)
            times = np.linspace(0, seconds, COLUMNS)
            axis.fill_between(times, low, high, color=COLOURS[name], linewidth=0)
            axis.set_facecolor("#1e2127")
            axis.set_ylabel(name, rotation=0, ha="right", va="center", color="#e6e8ec", fontsize=12)
            axis.set_yticks([])
            axis.tick_params(colors="#9aa1ad")
            for spine in axis.spines.values():
                spine.set_visible(False)
            axis.margins(x=0)
    axes[-1].set_xlabel(f"seconds      sum of the stems: {verdict}", color="#9aa1ad")
    figure.subplots_adjust(left=0.08, right=0.995, top=0.985, bottom=0.1, hspace=0.06)
    figure.savefig(options.picture, dpi=110, facecolor=figure.get_facecolor())


if __name__ == "__main__":
    main()
