"""``python -m stemdesk_training.nmf_dictionaries POOL OUT``: learn the model ``simpson2015_nmf``.

Simpson, Roma and Plumbley 2015: windows of 20 frames, 60 frames apart, of each source alone; mixes
and budget as for their network. Prints one JSON event a line, as the trainer does.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import Chunking
from stemdesk.separation.checkpoint import build_network
from stemdesk.separation.stft import stft
from stemdesk_models.framing import channel_magnitudes, windows
from stemdesk_models.simpson2015 import FRAMES
from stemdesk_training.mixes.model_mixes import ModelMixes
from stemdesk_training.nmf_learning import Pass, learn_dictionaries
from stemdesk_training.recipe import Data, Model, Optimiser, Recipe, Windows
from stemdesk_training.run import events
from stemdesk_training.run.model_writer import ModelWriter, machine_notes
from stemdesk_training.validation import Validation

if TYPE_CHECKING:
    from collections.abc import Callable

NETWORK = "simpson2015_nmf"
SECONDS_A_MINUTE = 60
# Of the time there is, what reading may take before learning begins with what was found.
READING_SHARE = 0.25
# Of a full-scale window's magnitude; quieter ones say nothing of a source.
SILENT_MAGNITUDE = 1e-3
# A source that is silent in most mixes is drawn for so much longer, and no more.
MOST_DRAWS = 4
CPU = torch.device("cpu")


def learn(
    recipe: Recipe,
    pool: Path,
    folder: Path,
    emit: events.Emit,
    is_over: Callable[[], bool] = lambda: False,
) -> Path:
    """Learn the two dictionaries of a recipe and write its model.

    Of the recipe count: model, data, ``windows.count`` (of each source) and ``windows.stride``,
    ``optimiser.steps`` (passes over all windows), ``optimiser.minutes`` (reading included,
    validation not) and seed. Nothing is kept of a run that was killed.

    Args:
        recipe: of a network ``simpson2015_nmf``.
        pool: folder of a pool.
        folder: the model's folder is made in it.
        emit: told of every pass.
        is_over: asked after every pass; True ends the learning, the model is made all the same.

    Returns:
        The folder of the model.

    Raises:
        UserError: a source is silent, or the model's options do not fit.
    """
    clock = _clock(recipe)
    started = clock()
    model, limit = recipe.model, recipe.optimiser
    minutes = limit.minutes
    deadline = float("inf") if minutes is None else started + SECONDS_A_MINUTE * minutes
    network = build_network(model.card())
    bases = network.get_parameter("vocals").shape[0]
    parameters = sum(value.numel() for value in network.parameters())
    emit(events.Started(step=0, steps=limit.steps, device="cpu", parameters=parameters,
        model=model.id))  # fmt: skip
    sources = source_windows(recipe, pool, started + READING_SHARE * (deadline - started))
    last, passes = clock(), 0

    def report(done: Pass) -> bool:
        nonlocal last, passes
        seconds, passes = clock() - last, done.number
        last += seconds
        left = min((limit.steps - passes) * seconds, deadline - last)
        emit(events.Stepped(step=passes, loss=done.vocals + done.other, seconds=seconds,
            waited_seconds=0.0, learning_rate=0.0, seconds_left=max(0.0, left)))  # fmt: skip
        # A pass that would end too late is not begun.
        return not is_over() and last + seconds <= deadline

    vocals, other = learn_dictionaries(*sources, bases, limit.steps, recipe.seed, report)
    weights = {"vocals": vocals, "accompaniment": other}
    network.load_state_dict(weights)
    validated = clock()
    scores = Validation(recipe, pool).score(network.eval())
    scores = {stem: round(score_db, 3) for stem, score_db in scores.items()}
    emit(events.Validated(step=passes, scores=scores, seconds=clock() - validated))
    made = {
        "steps": passes,
        "optimiser": "multiplicative updates",
        "losses": {"kullback_leibler": 1.0},
        "windows": [len(source) for source in sources],
        "minutes": round((validated - started) / SECONDS_A_MINUTE, 2),
        **machine_notes(CPU, 1),
    }
    writer = ModelWriter(folder, recipe, pool, None)
    writer.write(weights, scores, made)
    emit(events.Finished(step=passes, model=str(writer.folder), scores=scores))
    return writer.folder


def _clock(recipe: Recipe) -> Callable[[], float]:
    return time.process_time if recipe.optimiser.clock == "processor" else time.monotonic


def source_windows(recipe: Recipe, pool: Path, until: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows of the first stem's magnitudes, and of the second's, ``[count, 20, bins]``.

    In half precision, which takes 41 KB a window and moves no magnitude by more than 0.05 %.

    Args:
        recipe: see :func:`learn`.
        pool: folder of a pool.
        until: time of the recipe's clock at which to go on with what there is.

    Raises:
        UserError: a source is silent.
    """
    clock = _clock(recipe)
    model, data, wanted = recipe.model, recipe.data, recipe.windows
    if len(model.stems) != 2 or model.channels != 1:
        raise UserError(
            f"The network {NETWORK} names one stem of two in one channel",
            'write stems = ["vocals", "accompaniment"] and channels = 1',
        )
    mixes = ModelMixes(model, data, pool, "train", data.seconds, data.seed)
    found: list[list[torch.Tensor]] = [[], []]
    item_windows = max(1, model.stft.steps(round(data.seconds * model.sample_rate)) - FRAMES + 1)
    draws = MOST_DRAWS * -(-wanted.count * wanted.stride // item_windows)
    for index in range(draws):
        side = (
            index % 2
        )  # a network of one channel hears the left of one item, the right of the next
        stems = mixes.batch(index // 2, 2, slice(side, side + 1))[0]
        for stem, rows in zip(found, _cut(recipe, stems), strict=True):
            stem.extend(rows[: wanted.count - len(stem)])
        full = all(len(stem) == wanted.count for stem in found)
        if full or (clock() > until and all(found)):
            break
    if not all(found):
        name = model.stems[0 if found[1] else 1]
        raise UserError(f"The pool {pool} holds no {name}", "name another pool")
    return torch.stack(found[0]), torch.stack(found[1])


def _cut(recipe: Recipe, stems: object) -> list[torch.Tensor]:
    """Windows of each of ``[2, 1, frames]`` in which something is heard."""
    spectra = stft(torch.as_tensor(stems), recipe.model.stft)
    rows = windows(channel_magnitudes(spectra), FRAMES, 0, 0)[:, :: recipe.windows.stride]
    heard = rows.amax(dim=(2, 3)) > SILENT_MAGNITUDE * recipe.model.n_fft
    return [source[loud].half() for source, loud in zip(rows, heard, strict=True)]


def paper_recipe(model_id: str, bases: int, minutes: float | None, seed: int) -> Recipe:
    """The paper's baseline at a size and budget of one's own."""
    return Recipe(
        model=Model(
            id=model_id,
            title=f"NMF of {bases} patterns a source (Simpson 2015): vocals, accompaniment",
            network=NETWORK,
            stems=["vocals", "accompaniment"],
            masks="binary",
            chunk=Chunking(steps=860, overlap_steps=40),
            licence="GPL-3.0-or-later",
            options={"bases": bases},
            channels=1,
            n_fft=2048,
            hop=512,
            win_length=2048,
        ),
        data=Data(seconds=6.0, batch=1, seed=seed, balance="peak", validation_items=12),
        optimiser=Optimiser(steps=200, minutes=minutes),
        windows=Windows(count=3600, stride=60),
        losses={},
        seed=seed,
        note="Dictionaries learnt on windows of each source alone.",
    )


def main(arguments: list[str] | None = None) -> int:
    """Learn; the exit status tells whether there is a model."""
    parser = argparse.ArgumentParser(prog="python -m stemdesk_training.nmf_dictionaries")
    parser.add_argument("pool", type=Path, help="folder of training audio")
    parser.add_argument("out", type=Path, help="folder of the model; its name is the model's id")
    parser.add_argument("--bases", type=int, default=200, help="patterns of each source")
    parser.add_argument("--minutes", type=float, help="most time to learn, reading included")
    parser.add_argument("--seed", type=int, default=1, help="of the mixes and the start")
    options = parser.parse_args(arguments)
    recipe = paper_recipe(options.out.name, options.bases, options.minutes, options.seed)
    try:
        learn(recipe, options.pool, options.out.parent, _print)
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    return 0


def _print(event: events.Event) -> None:
    print(event.line().decode(), end="", flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    sys.exit(main())
