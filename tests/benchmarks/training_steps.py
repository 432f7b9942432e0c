"""How fast a recipe trains: the profile before a long run.

    python tests/benchmarks/training_steps.py RECIPE... [--batch N ...] [--pool POOL]
        [--device auto|cpu|cuda] [--threads N] [--repeats N]

One line per recipe and batch: parameters, processor seconds (on a GPU: seconds) of one step and of
its parts, seconds of audio per second, peak memory; on a processor, how many times as long a step
takes whose losses on masks are computed one by one and not block by block, and one that gives freed
memory back to the system. With POOL one more column: the time to make a batch, and for a recipe
that mixes beside the trainer the share of a step that waits for it.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import msgspec
import torch

from stemdesk.separation.checkpoint import build_network
from stemdesk.separation.devices import choose_device, set_threads
from stemdesk.separation.mask_losses import LOSSES
from stemdesk_training.device.mixing import DeviceMixes
from stemdesk_training.losses import objective as objectives
from stemdesk_training.losses.objective import Objective
from stemdesk_training.mixes.model_mixes import ModelMixes
from stemdesk_training.recipe import Recipe, load_recipe
from stemdesk_training.run.memory import keeping_freed_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection


def seconds_of(action: Callable[[], object], device: torch.device, repeats: int) -> float:
    """Median over ``repeats``, after two that warm up; without other programs' share of the CPU."""
    taken = []
    for _ in range(repeats + 2):
        if device.type == "cuda":
            torch.cuda.synchronize()
        clock = time.perf_counter if device.type == "cuda" else time.process_time
        begun = clock()
        action()
        if device.type == "cuda":
            torch.cuda.synchronize()
        taken.append(clock() - begun)
    return sorted(taken[2:])[repeats // 2]


class Step:
    """One step of training on noise, taken apart."""

    def __init__(self, recipe: Recipe, device: torch.device) -> None:
        model, data = recipe.model, recipe.data
        self.network = build_network(model.card()).to(device)
        self.objective = Objective(recipe, device)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-4)
        frames = round(data.seconds * model.sample_rate)
        shape = (data.batch, len(model.stems), model.channels, frames)
        self.stems = torch.randn(shape, device=device) * 0.1

    def forward(self) -> torch.Tensor:
        return self.objective(self.network, self.stems)

    def whole(self) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(self.forward())
        self.optimiser.step()


def one_by_one(factors: Mapping[str, float], *spectra: torch.Tensor) -> torch.Tensor:
    """As :func:`stemdesk.separation.mask_loss_blocks.spectral_loss` says, each over all bins."""
    return torch.stack([factor * LOSSES[name](*spectra) for name, factor in factors.items()]).sum()


def slower_one_by_one(step: Step, device: torch.device, repeats: int) -> float:
    """Median ratio of neighbouring steps, without and with blocks."""
    ratios = []
    for _ in range(repeats):
        with mock.patch.object(objectives, "spectral_loss", one_by_one):
            apart = seconds_of(step.whole, device, 1)
        ratios.append(apart / seconds_of(step.whole, device, 1))
    return statistics.median(ratios)


def send_step_seconds(recipe: Recipe, kept: bool, pipe: Connection) -> None:
    """The seconds of one step on the processor, into a pipe."""
    torch.set_num_threads(1)
    device = torch.device("cpu")
    with keeping_freed_memory() if kept else nullcontext():
        pipe.send(seconds_of(Step(recipe, device).whole, device, 1))


def slower_giving_back(recipe: Recipe, repeats: int) -> float:
    """Median ratio of steps on one thread, each in a process of its own.

    In one process they would not compare: blocks that were kept once are used ever after.
    """
    spawn = get_context("spawn")
    ratios = []
    for _ in range(repeats):
        taken = []
        for kept in (False, True):
            mine, other = spawn.Pipe(duplex=False)
            process = spawn.Process(target=send_step_seconds, args=(recipe, kept, other))
            process.start()
            taken.append(mine.recv())
            process.join()
        ratios.append(taken[0] / taken[1])
    return statistics.median(ratios)


def measure(name: str, recipe: Recipe, options: argparse.Namespace, device: torch.device) -> str:
    on_processor = device.type == "cpu"
    giving_back = slower_giving_back(recipe, options.repeats) if on_processor else 1.0
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    with keeping_freed_memory() if on_processor else nullcontext():
        step = Step(recipe, device)
        forward = seconds_of(step.forward, device, options.repeats)
        whole = seconds_of(step.whole, device, options.repeats)
        apart = slower_one_by_one(step, device, options.repeats) if on_processor else 1.0
    audio = recipe.data.batch * recipe.data.seconds
    parameters = sum(value.numel() for value in step.network.parameters())
    cells = [
        f"{name:<24}{parameters / 1e6:6.2f} M  batch {recipe.data.batch:>3} x "
        f"{recipe.data.seconds:g} s  {recipe.precision:<8}",
        f"forward and loss {forward * 1e3:7.0f} ms, step {whole * 1e3:7.0f} ms, "
        f"{audio / whole:7.1f} x real time",
    ]
    if on_processor:
        cells.append(
            f"losses one by one x {apart:.2f}, freed memory given back x {giving_back:.2f}"
        )
    if device.type == "cuda":
        cells.append(f"{torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
    if options.pool:
        cells.append(mixing(recipe, options, device, whole))
    return "  ".join(cells)


def mixing(
    recipe: Recipe, options: argparse.Namespace, device: torch.device, step_seconds: float
) -> str:
    """How long a batch takes to make; beside the trainer that is done while a step runs."""
    model, data = recipe.model, recipe.data
    if data.mixing == "device":
        mixes = DeviceMixes(options.pool, data.seconds, data.seed, data.batch, device)
        taken = seconds_of(lambda: next(mixes), device, options.repeats)
        return f"mixing {taken * 1e3:.0f} ms"
    beside = ModelMixes(model, data, options.pool, "train", data.seconds, data.seed)
    indices = itertools.count()
    processor = torch.device("cpu")
    taken = seconds_of(lambda: beside.batch(next(indices), data.batch), processor, options.repeats)
    waiting = max(0.0, 1 - step_seconds / taken)
    return f"mixing {taken * 1e3:.0f} ms beside it, waiting {waiting:.0%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", type=Path, nargs="+", metavar="RECIPE")
    parser.add_argument("--batch", type=int, action="append")
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    set_threads(options.threads)
    device = choose_device(options.device)
    for path in options.recipes:
        recipe = load_recipe(path)
        for batch in options.batch or [recipe.data.batch]:
            data = msgspec.structs.replace(recipe.data, batch=batch)
            sized = msgspec.structs.replace(recipe, data=data)
            try:
                print(measure(path.stem, sized, options, device), flush=True)
            except torch.OutOfMemoryError:
                print(f"{path.stem}: batch {batch} does not fit", flush=True)


if __name__ == "__main__":
    main()
