"""``stemdesk tune SONGS``: from a folder of songs to a tuned model, in one go."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.files import write_text_atomic
from stemdesk.processes import environment, training_command
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.devices import choose_device
from stemdesk_training.prepared import prepare
from stemdesk_training.recipe import Recipe, load_recipe
from stemdesk_training.tuning.display import Display, duration
from stemdesk_training.tuning.freezing import policy_for
from stemdesk_training.tuning.plan import (
    REFERENCE_ITEMS,
    VALIDATIONS,
    make_recipe,
    measure,
    with_minutes,
    with_steps,
)
from stemdesk_training.tuning.request import RECIPE_NAME, Request, claim, pool_folder, run_folder
from stemdesk_training.tuning.tuned_card import material_of
from stemdesk_training.tuning_settings import Tuning

if TYPE_CHECKING:
    import argparse

    from stemdesk_training.tuning.plan import Cost
    from stemdesk_training.tuning.tuned_card import Material

TRAINER = "stemdesk_training"
EXIT_INTERRUPTED = 130


def tune(options: argparse.Namespace) -> int:
    """Prepare the songs, choose a recipe, train in a child process and tell what came of it.

    Raises:
        UserError: there is no such base model, no song, or the run was asked for in other words.
    """
    began = time.time()
    display = Display(as_json=options.json)
    find_model(options.model)
    run = run_folder(options)
    request = claim(options, run)
    pool = prepare(Path(request.songs), request.layout, pool_folder(request), display.preparing)
    material = material_of(pool)
    display.say(_told(material))
    recipe = _recipe(options, request, run, material, (display, began))
    display.say(f"The run is in {run}; the same command goes on with it.")
    write_text_atomic(run / RECIPE_NAME, _as_toml(recipe))
    return _train(options, run, pool, display, _wall_time(request, began))


def _recipe(
    options: argparse.Namespace,
    request: Request,
    run: Path,
    material: Material,
    told: tuple[Display, float],
) -> Recipe:
    """That of the run where it has one already, with today's wishes; else by what there is."""
    tuning = Tuning(
        base=request.base,
        freeze=request.freeze,  # type: ignore[arg-type] # a choice of the command line
        l2_sp=request.l2_sp,
        replay=request.replay,
        reference=request.reference,
        guard_db=options.guard_db,
        save_anyway=options.save_anyway,
        listen=None if options.listen is None else str(Path(options.listen).resolve()),
        listen_seconds=options.listen_seconds,
    )
    if (run / RECIPE_NAME).exists():
        return msgspec.structs.replace(load_recipe(run / RECIPE_NAME), tuning=tuning)
    display, began = told
    card, network = load_network(find_model(request.base))
    recipe = make_recipe(card, tuning, (request.id, request.title), material)
    cost = measure(recipe, network, choose_device(options.device))
    if request.steps is not None:
        recipe = with_steps(recipe, request.steps)
    elif request.minutes is not None:
        recipe = with_minutes(recipe, request.minutes, cost, time.time() - began)
    display.say(_forecast(recipe, request, material, cost))
    return recipe


def _told(material: Material) -> str:
    held_out = "the last fifth of each song" if material.ends else "whole songs"
    if material.ends:
        held_out += ", for there are too few to hold out whole ones"
    count = len(material.names)
    return (
        f"{count} song{'s' * (count != 1)}: {duration(material.train_seconds)} to learn from,"
        f" {duration(material.valid_seconds)} held out ({held_out})."
    )


def _forecast(recipe: Recipe, request: Request, material: Material, cost: Cost) -> str:
    policy = request.freeze
    if policy == "auto":
        policy = str(policy_for(material.train_seconds))
    moved = {
        "all_but_heads": "only what lies next to the masks is trained",
        "lower_half": "the upper half of the network is trained",
        "nothing": "the whole network is trained",
    }[policy]
    if request.minutes is not None:
        return f"As many steps as fit, {moved}: {duration(60 * request.minutes)} in all."
    items = recipe.data.validation_items + REFERENCE_ITEMS
    seconds = cost.seconds(recipe.optimiser.steps, VALIDATIONS + 1, items)
    length = f"{recipe.optimiser.steps} steps"
    return f"{length}, {moved}: about {duration(seconds)}."


def _as_toml(recipe: Recipe) -> str:
    # TOML knows no null: what is not set is left out.
    return msgspec.toml.encode(_without_none(msgspec.to_builtins(recipe))).decode()


def _without_none(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return value


def _wall_time(request: Request, began: float) -> list[str]:
    """The trainer's options for minutes that were asked for."""
    if request.minutes is None:
        return []
    return [f"--wall-seconds={60 * request.minutes}", f"--began={began}"]


def _train(
    options: argparse.Namespace, run: Path, pool: Path, display: Display, more: list[str]
) -> int:
    """The trainer as a child: its events come line by line, and its end of input stops it."""
    places = [f"--pool={pool}", f"--run={run}"]
    command = training_command(TRAINER, str(run / RECIPE_NAME), *places)
    command += ["--control=stdin", f"--device={options.device}", "--install", *more]
    if options.threads:
        command.append(f"--threads={options.threads}")
    if options.name_songs:
        command.append("--name-songs")
    # Handed through, or else a pipe that nobody writes to and that ends when we do.
    source = None if options.control else subprocess.PIPE
    with subprocess.Popen(
        command, stdin=source, stdout=subprocess.PIPE, env=environment()
    ) as child:
        assert child.stdout
        while True:
            try:
                for line in child.stdout:
                    display.take(line)
                break
            except KeyboardInterrupt:
                continue  # Ctrl-C reached the trainer too: it stops after a checkpoint
        status = child.wait()
    display.end()
    return status
