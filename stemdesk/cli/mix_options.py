"""Options that describe a mix, and the recipe that they make."""

from __future__ import annotations

import argparse
import math
import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, Parser, seconds
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk.mixing.settings import MASTER, Point, changed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from stemdesk.mixing.recipe import Recipe
    from stemdesk.mixing.settings import MixSettings

SHOWN = ("vocals", "drums", "bass", "other", MASTER)
_SWITCHES = ("mute", "solo", "invert")
# What producers type, beside the effects' own names.
_SHORT = {"compress": "compressor", "eq": "equaliser"}
_SILENCE = frozenset({"off", "-inf"})
_STRIP_OPTION = re.compile(r"--(?P<strip>[a-z0-9_]+)(-(?P<what>[a-z_]+))?(=(?P<value>.*))?")

EPILOG = """\
Every stem that a song has, and the master, has these options; here those of the vocals:
  --vocals DB  --vocals-pan -1..1  --vocals-mute  --vocals-solo  --vocals-invert
  --vocals-reverb AMOUNT  --vocals-delay AMOUNT  --vocals-compress THRESHOLD_DB
  --vocals-gate THRESHOLD_DB  --vocals-eq HIGH_PASS_HZ  --vocals-rider DISTANCE_DB
  --vocals-pitch SEMITONES
--set reaches all other parameters: 'stemdesk effects' lists them.

examples:
  stemdesk remix song.flac --vocals -3 --vocals-reverb 0.2 -o mix.wav
  stemdesk remix song.mp3 --vocals off --key -2 -o karaoke.mp3
  stemdesk remix song.wav --set vocals.reverb.amount=0.3 --set vocals.reverb.decay_seconds=4
  stemdesk remix song.wav --automate 'drums.level_db=off@0,off@0:08,0@0:08'
  stemdesk remix album/ --recipe quiet-vocals.toml --loudness -14 -o remixes
"""


def add_mix_options(parser: Parser) -> None:
    """Add them to a command."""
    group = parser.add_argument_group("the mix")
    for strip in SHOWN:
        what = "the whole mix" if strip == MASTER else f"the {strip}"
        group.add_argument(f"--{strip}", metavar="DB", help=f"level of {what}: -3, +2, off")
    group.add_argument("--key", metavar="SEMITONES", help="change the key of the whole song")
    group.add_argument("--set", action="append", default=[], metavar="ADDRESS=NUMBER",
        help="any parameter, such as vocals.reverb.decay_seconds=3; repeatable")  # fmt: skip
    group.add_argument("--automate", action="append", default=[], metavar="ADDRESS=VALUE@TIME,...",
        help="points along the song, straight lines between them; repeatable")  # fmt: skip
    plugin = group.add_argument("--plugin", action="append", default=[], metavar="STEM=FILE",
        help="a VST3 or Audio Unit on a stem; FILE#NAME: one of several")  # fmt: skip
    plugin.complete = FILES  # type: ignore[attr-defined]
    recipe = group.add_argument("--recipe", type=Path, metavar="FILE",
        help="begin with a saved recipe; options change it")  # fmt: skip
    recipe.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--loudness", type=float, metavar="LUFS",
        help="bring the mix to this integrated loudness, such as -14")  # fmt: skip
    group.add_argument("--true-peak", type=float, metavar="DBTP",
        help="highest true peak under --loudness (default: -1)")  # fmt: skip
    group.add_argument("--strip", action="append", default=[], help=argparse.SUPPRESS)
    parser.rewrite = spelled_out


def spelled_out(arguments: Sequence[str], known: Collection[str]) -> list[str]:
    """Arguments with `--vocals-reverb 0.2`, for any stem, as `--strip vocals-reverb=0.2`.

    Which stems there are is known once a song's are found, and which effects, once they are
    imported; argparse has to know its options before.

    Args:
        arguments: of the command.
        known: options that are what they are.
    """
    spelled: list[str] = []
    left = list(arguments)
    while left:
        argument = left.pop(0)
        if argument == "--":
            return [*spelled, argument, *left]
        found = _STRIP_OPTION.fullmatch(argument)
        name = argument.partition("=")[0]
        is_stem = name.removeprefix("--") in SHOWN or name == "--key"
        if not found or (name in known and not is_stem):
            spelled.append(argument)
            if name in known and name == argument and left and not left[0].startswith("--"):
                spelled.append(left.pop(0))
            continue
        value = found["value"]
        if value is None:
            value = "1" if found["what"] in _SWITCHES else left.pop(0) if left else ""
        spelled.append(f"--strip={name.removeprefix('--')}={value}")
    return spelled


def recipe_from(options: argparse.Namespace) -> Recipe:
    """The recipe that the options describe.

    Raises:
        UserError: an address, value or file that cannot be.
    """
    # The effects take a second to import; only those who mix pay for it.
    from stemdesk.mixing.recipe import (
        Recipe,
        check_loudness,
        load_recipe,
        with_choices,
        with_plugin,
        with_strips,
    )

    recipe = load_recipe(options.recipe) if options.recipe else Recipe()
    choices = dict(_strip_choice(text) for text in options.strip)
    for text in options.set:
        address, value = _pair(text, "--set")
        choices[address] = _number(value, f"--set {text}")
    courses: dict[str, str] = {}
    for text in options.automate:
        address, course = _pair(text, "--automate")
        if address in courses:
            raise UserError(f"--automate names {address} twice", "put all its points into one")
        courses[address] = course
    plugins = [_pair(text, "--plugin") for text in options.plugin]
    mix = with_strips(recipe.mix, [*choices, *courses, *(strip for strip, _ in plugins)])
    for strip, file in plugins:
        path, _, name = file.partition("#")
        mix = with_plugin(mix, strip, Path(path), name)
    mix = with_choices(mix, choices)
    for address, text in courses.items():
        mix = _automated(mix, address, text)
    new = changed(recipe, mix=mix)
    if options.loudness is not None:
        new = changed(new, loudness_lufs=options.loudness)
    if options.true_peak is not None:
        if new.loudness_lufs is None:
            raise UserError("--true-peak goes with --loudness", "give both")
        new = changed(new, true_peak_dbtp=options.true_peak)
    check_loudness(new)
    return new


def check_recipe_path(path: Path, *, replace: bool = False) -> None:
    """Refuse a place for a recipe before hours of work.

    Raises:
        UserError: not a .toml file, there already, or in a folder that takes no files.
    """
    if path.suffix.lower() != ".toml":
        raise UserError(f"A recipe cannot be called {path.name}", "end its name in .toml")
    if path.exists() and not replace:
        raise UserError(f"The recipe {path} exists already", "name another")
    ensure_writable_folder(path.parent)


def _strip_choice(text: str) -> tuple[str, float]:
    """`vocals-reverb=0.2` as an address and a value."""
    from stemdesk.mixing.effects.kinds import EFFECT_KINDS

    name, _, value = text.partition("=")
    strip, _, what = name.partition("-")
    if name == "key":
        strip, what = MASTER, "pitch"
    kind = EFFECT_KINDS.get(_SHORT.get(what, what))
    if kind is not None:
        address = f"{strip}.{kind.name}.{kind.parameters[0].name}"
    elif what in ("", "level", "pan", *_SWITCHES):
        address = f"{strip}.{what if what not in ('', 'level') else 'level_db'}"
    else:
        known = [*(short for short in _SHORT), "level", "pan", *_SWITCHES, *EFFECT_KINDS]
        near = get_close_matches(what, known, n=1)
        raise UserError(
            f"There is no option --{name}",
            f"perhaps --{strip}-{near[0]} is meant" if near else "see the command's --help",
        )
    if strip not in SHOWN and name == strip and _is_word(value):
        raise UserError(f"There is no option --{name}", "see the command's --help")
    return address, _number(value, f"--{name}")


def _is_word(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return value not in _SILENCE
    return False


def _automated(mix: MixSettings, address: str, text: str) -> MixSettings:
    if text.partition("@")[1] == "":
        raise UserError(
            f"--automate {address}={text} has no times", "write VALUE@TIME, such as -6@0:30"
        )
    from stemdesk.mixing.recipe import including

    mix = including(mix, address)
    points = []
    for part in text.split(","):
        value, _, time = part.partition("@")
        try:
            at = seconds(time)
        except argparse.ArgumentTypeError as error:
            raise UserError(f"--automate {address}: {error}", "give each value a time") from error
        points.append(Point(at, _number(value, f"--automate {address}")))
    return changed(mix, automation={**mix.automation, address: tuple(points)})


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise UserError(f"{option} {text} is no NAME=VALUE", "see stemdesk remix --help")
    return name.strip(), value.strip()


def _number(text: str, place: str) -> float:
    """A number; `off` and `-inf` are silence."""
    if text.strip().lower() in _SILENCE:
        return -math.inf
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise UserError(f"{place}: {text!r} is no number", "write one such as -3 or 0.2, or off")
    return number
