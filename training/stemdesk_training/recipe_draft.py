"""``python -m stemdesk_training.recipe_draft``: a recipe to tune a model, for a form to begin with.

Prints ``{"event": "recipe", "text": TOML}`` twice, one JSON object a line: at once with a guess of
how many steps go into a minute, and again when that was measured on this machine; or
``{"event": "refused", ...}``.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import msgspec
import tomli_w

from stemdesk.errors import UserError
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.devices import CHOICES, choose_device, set_threads
from stemdesk_training.prepared import VALID_SHARE
from stemdesk_training.recipe import Recipe
from stemdesk_training.tuning.plan import Cost, make_recipe, measure, with_minutes
from stemdesk_training.tuning.tuned_card import Material
from stemdesk_training.tuning_settings import Tuning

_GUESSED_SECONDS = 1.0
_SOME_SECONDS = 600.0
# What a person may want to see and change; of the rest only what is not as usual.
_SHOWN = {
    "data": ("seconds", "batch", "validation_items", "validation_seconds"),
    "optimiser": ("steps", "minutes", "learning_rate", "warm_up_steps", "ema_decay"),
    "tuning": ("base", "freeze", "l2_sp", "replay", "guard_db"),
}


def main(arguments: list[str] | None = None) -> int:
    """Print the recipe."""
    parser = argparse.ArgumentParser(prog="stemdesk_training.recipe_draft")
    parser.add_argument("--model", required=True, help="id or folder of the base model")
    parser.add_argument("--id", required=True, help="of the model to make")
    parser.add_argument("--title", required=True, help="of the model to make")
    parser.add_argument("--seconds", type=float, default=0.0, help="of music there is")
    parser.add_argument("--minutes", type=float, default=30.0, help="to train")
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    parser.add_argument("--threads", type=int, help="processor threads")
    options = parser.parse_args(arguments)
    set_threads(options.threads)
    try:
        card, network = load_network(find_model(options.model))
        names = (options.id, options.title)
        recipe = make_recipe(card, Tuning(base=options.model), names, _material(options.seconds))
        _tell(recipe, options.minutes, _GUESSED_SECONDS)
        cost = measure(recipe, network, choose_device(options.device))
        _tell(recipe, options.minutes, cost.step_seconds)
    except UserError as error:
        _say({"event": "refused", "problem": error.problem, "remedy": error.remedy})
        return 1
    return 0


def _material(seconds: float) -> Material:
    """As the songs will be divided; some songs where there are none yet."""
    seconds = seconds or _SOME_SECONDS
    return Material([], (1 - VALID_SHARE) * seconds, VALID_SHARE * seconds, ends=False)


def _tell(recipe: Recipe, minutes: float, step_seconds: float) -> None:
    # Checks of the model come on top of the minutes: how long they take depends on the songs.
    timed = with_minutes(recipe, minutes, Cost(step_seconds, 0.0))
    _say({"event": "recipe", "text": as_toml(timed)})


def as_toml(recipe: Recipe) -> str:
    """A recipe as a person would write it: what is as usual is left out, but the main points."""
    whole = msgspec.to_builtins(recipe)
    written: dict[str, Any] = {
        name: value
        for name, value in whole.items()
        if not isinstance(value, dict) and value is not None and value != _usual(Recipe, name)
    }
    for name in ("model", "data", "optimiser", "losses", "tuning"):
        kind = type(getattr(recipe, name))
        table = whole[name]
        if isinstance(table, dict):
            written[name] = {
                key: _tidy(value)
                for key, value in table.items()
                if value is not None and (key in _SHOWN.get(name, ()) or value != _usual(kind, key))
            }
    return tomli_w.dumps(written)


def _usual(kind: Any, name: str) -> Any:
    """A field's default; what nothing equals where it has none."""
    for field in msgspec.structs.fields(kind) if issubclass(kind, msgspec.Struct) else ():
        if field.name == name:
            made = field.default_factory
            return made() if made is not msgspec.NODEFAULT else field.default
    return msgspec.NODEFAULT


def _tidy(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _say(event: dict[str, str]) -> None:
    print(json.dumps(event), flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    sys.exit(main())
