"""How good vocals are on real sound: singing and instrumentals that no training has heard.

    python tests/benchmarks/real_voices.py --music FOLDER [--audio FOLDER] [--items 75] [--leaks 15]
        [--model "ID|DIR [OPTION ...]" ...] [--threads N] [--list] [--scores FILE]

FOLDER of --music is that of `python -m stemdesk_training.real_music fetch --held-out FOLDER`;
--audio has voices/, and is `shared/audio` beside the repository by default. An excerpt is 10 to
12 s of sung phrases as recorded, dry, in a room or compressed, over an instrumental. A third of the
excerpts has the voice at -6, a third at 0, a third at +6 dB against the instrumental, measured
while it sounds. By default 75 excerpts with a voice and 15 without.

Each model runs through the whole `stemdesk separate` command. Rows: MIX (the mixture as its own
estimate), the models, IRM1 (the ideal ratio mask). Vocals and rest (all but the vocals): median
over excerpts of each excerpt's median SDR over its seconds, in dB. Leak: level of the vocal stem
against the mixture where nobody sings, median in dB. Brackets: 95 % of a bootstrap over excerpts;
it says nothing of singers or kinds of music that are not among them. Below, each pair of models:
the median of their differences on the same excerpts. Two models are different where the bracket
leaves out 0.

--scores FILE keeps the scores of each model by its card: what is there for the same excerpts is not
computed again, and is compared with what is new. It does not notice a change of the program.

The singers: a song, phrases and chant; of the chants other files of the same recordings are trained
on. The instrumentals: electronic, ambient, folk and orchestral. No pop, no rock, no rap.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from functools import partial
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.separation.card import CARD_NAME
from stemdesk.separation.catalogue import DEFAULT_MODEL, find_model
from stemdesk.separation.devices import set_threads
from stemdesk_training.evaluation.real_voices import (
    BLOCK,
    LEVELS_DB,
    Item,
    fingerprint,
    leak_items,
    mixed,
    sung_items,
)
from stemdesk_training.evaluation.statistics import bootstrap
from stemdesk_training.evaluation.systems import Model
from stemdesk_training.evaluation.voice_and_rest import (
    estimates,
    ideal_ratio_mask,
    leak_db,
    mixture_itself,
    scored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from stemdesk_training.evaluation.truth import Truth

AUDIO = Path(__file__).resolve().parents[3] / "shared" / "audio"
ITEMS, LEAKS = 5 * BLOCK, 15
AT_ONCE = 15  # excerpts a call of the command: their files wait on disk
LEVELS = {f"{level:+.0f} dB": (level,) for level in LEVELS_DB} | {"all": LEVELS_DB}
Audio = np.ndarray


class Scores(NamedTuple):
    """Of one system, in dB by excerpt: SDR of those that are sung, leak of those that are not."""

    vocals: Audio
    rest: Audio
    leak: Audio

    def less(self, other: Scores) -> Scores:
        return Scores(*(one - two for one, two in zip(self, other, strict=True)))


def scores_of(
    run: dict[str, Callable[[Sequence[Truth]], Iterable[Audio]]],
    items: Sequence[Item],
    music: Path,
) -> dict[str, Scores]:
    """What each system reaches."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in run}
    waiting = iter(items if run else [])
    while some := list(islice(waiting, AT_ONCE)):
        truths = [mixed(item, music) for item in some]
        for name, estimate in run.items():
            for truth, given in zip(truths, estimate(truths), strict=True):
                sdr = scored(truth, given, truth.sample_rate)[:, 0]
                found[name].append((sdr[0], sdr[-1], leak_db(truth, given[0])))
            print(f"{name}: {len(found[name])} of {len(items)} excerpts", file=sys.stderr)
    is_sung = np.array([item.phrase is not None for item in items])
    scores = {}
    for name, rows in found.items():
        vocals, rest, leak = np.array(rows).T
        scores[name] = Scores(vocals[is_sung], rest[is_sung], leak[~is_sung])
    return scores


class Kept:
    """Scores in a file, by system; those of other excerpts are refused."""

    def __init__(self, path: Path | None, excerpts: str) -> None:
        self._path, self._excerpts = path, excerpts
        self._systems = self._read()

    def get(self, key: str) -> Scores | None:
        kept = self._systems.get(key)
        return kept and Scores(**{name: np.array(values) for name, values in kept.items()})

    def add(self, key: str, scores: Scores) -> None:
        values = {name: each.tolist() for name, each in scores._asdict().items()}
        # Others may have been added meanwhile by a run beside this one.
        self._systems |= self._read() | {key: values}
        if self._path is not None:
            content = {"excerpts": self._excerpts, "systems": self._systems}
            write_text_atomic(self._path, json.dumps(content))

    def _read(self) -> dict[str, dict[str, list[float]]]:
        if self._path is None or not self._path.exists():
            return {}
        content = json.loads(self._path.read_text(encoding="utf-8"))
        if content["excerpts"] != self._excerpts:
            raise UserError(f"{self._path} has scores of other excerpts", "name another file")
        return content["systems"]


def key_of(name: str, words: Sequence[str]) -> str:
    """A model with its options; its card says which weights it has."""
    card = (find_model(name) / CARD_NAME).read_bytes()
    return " ".join([name, *words, hashlib.sha256(card).hexdigest()[:12]])


def cell(values: Audio) -> str:
    middle, low, high = bootstrap(values.tolist())
    return f"{middle:6.2f} [{low:6.2f},{high:6.2f}]" if np.isfinite(middle) else f"{'-':>22}"


def table(title: str, rows: dict[str, Scores], sung: Sequence[Item]) -> None:
    width = max(map(len, rows))
    levels = np.array([item.level_db for item in sung])
    for measure in ("vocals", "rest"):
        print(f"\n{title}: SDR of the {measure}, dB, voice at")
        print(" " * width + "".join(f"  {name:^22}" for name in LEVELS))
        for name, scores in rows.items():
            values = getattr(scores, measure)
            cells = [cell(values[np.isin(levels, wanted)]) for wanted in LEVELS.values()]
            print(f"{name:<{width}}" + "".join(f"  {each:>22}" for each in cells))
    print(f"\n{title}: leak, dB")
    for name, scores in rows.items():
        print(f"{name:<{width}}  {cell(scores.leak)}")


def by_singer(rows: dict[str, Scores], sung: Sequence[Item]) -> None:
    width = max(map(len, rows))
    singers = np.array([item.singer for item in sung])
    print("\nSDR of the vocals by singer at all levels, median, dB (excerpts)")
    for part in (singers, np.array([item.music.package for item in sung])):
        kinds = dict.fromkeys(part)
        print(" " * width + "".join(f"  {f'{k} ({sum(part == k)})':>24}" for k in kinds))
        for name, scores in rows.items():
            medians = [bootstrap(scores.vocals[part == kind].tolist()).median for kind in kinds]
            print(f"{name:<{width}}" + "".join(f"  {each:24.2f}" for each in medians))


def listed(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        phrase = item.phrase
        voice = f"{phrase.path.name} {phrase.start_seconds:.2f}" if phrase else "-"
        music = f"{item.music.package}/{Path(item.music.path).name}"
        yield (
            f"{item.name:<18} {item.seconds:5.2f} s  {voice:<32} {item.level_db:+3.0f} dB"
            f"  {item.production:<10} {music} {item.music_start_seconds:.2f}"
        )


def check_music(items: Sequence[Item], music: Path) -> None:
    """Refuse at once what would else be missed after half an hour."""
    for item in items:
        if not item.music.below(music).exists():
            raise UserError(
                f"{music} lacks {item.music.below(music).relative_to(music)}",
                f"run python -m stemdesk_training.real_music fetch --held-out {music}",
            )


def report(options: argparse.Namespace) -> None:
    sung = sung_items(options.audio, options.items)
    items = [*sung, *leak_items(options.leaks)]
    if options.list:
        print("\n".join(listed(items)))
        return
    if options.music is None:
        raise UserError("the instrumentals are missing", "name their folder with --music")
    check_music(items, options.music)
    keys = {"MIX": "MIX", "IRM1": "IRM1"}
    run: dict[str, Callable[[Sequence[Truth]], Iterable[Audio]]] = {
        "MIX": lambda truths: map(mixture_itself, truths),
        "IRM1": lambda truths: map(ideal_ratio_mask, truths),
    }
    for name, *words in map(str.split, options.model):
        model = Model(name, words)
        label = " ".join([name, *words]) if model.name in run else model.name
        run[label] = partial(estimates, model)
        keys[label] = key_of(name, words)
    kept = Kept(options.scores, fingerprint(items))
    new = {name: estimate for name, estimate in run.items() if kept.get(keys[name]) is None}
    for name, found in scores_of(new, items, options.music).items():
        kept.add(keys[name], found)
    names = ["MIX", *(name for name in run if name not in ("MIX", "IRM1")), "IRM1"]
    scores = {name: kept.get(keys[name]) for name in names}
    print(f"{len(sung)} excerpts with a voice, {options.leaks} without ({fingerprint(items)})")
    table("Median [95 %]", scores, sung)
    by_singer(scores, sung)
    pairs = combinations(names[1:-1], 2)
    differences = {f"{one} - {two}": scores[one].less(scores[two]) for one, two in pairs}
    if differences:
        table("Median difference [95 %]", differences, sung)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path)
    parser.add_argument("--audio", type=Path, default=AUDIO)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--leaks", type=int, default=LEAKS)
    parser.add_argument("--model", nargs="+", action="extend")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--scores", type=Path, help="keep the scores here, and use what is there")
    parser.add_argument("--list", action="store_true", help="print the excerpts only")
    options = parser.parse_args(arguments)
    options.model = options.model or [DEFAULT_MODEL]
    set_threads(options.threads)
    try:
        report(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
