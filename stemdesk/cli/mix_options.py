"""Options that describe a mix, and the recipe that they make."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, Parser, count, seconds
from stemdesk.cli.strip_options import SHOWN, StripAction, number, spelled_out, strip_choice
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk.mixing.settings import MASTER, Point, changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.recipe import Recipe
    from stemdesk.mixing.settings import MixSettings

STEM_OPTIONS = """\
Every stem of a song has these options, and the master all but solo; here those
of the vocals:
  --vocals DB                        level, -inf to +12; off is silence
  --vocals-pan -1..1                 from left to right
  --vocals-mute  --vocals-solo       silence it, or all the others
  --vocals-invert                    turn its polarity
  --vocals-reverb AMOUNT             0 to 1
  --vocals-delay AMOUNT              0 to 1
  --vocals-compress THRESHOLD_DB     -60 to 0
  --vocals-gate THRESHOLD_DB         -80 to 0
  --vocals-eq HIGH_PASS_HZ           20 to 1000: take away what is below
  --vocals-pitch SEMITONES           -12 to +12
  --vocals-rider DISTANCE_DB         hold it so far over or under (-) the rest
Effects have more parameters: 'stemdesk effects' lists them, --set reaches them.
"""
_STRIPS = {MASTER: "the whole mix", "other": "the other instruments"}


def add_mix_options(parser: Parser) -> None:
    """Add them to a command."""
    group = parser.add_argument_group("the mix")
    for strip in SHOWN:
        what = _STRIPS.get(strip, f"the {strip}")
        group.add_argument(f"--{strip}", metavar="DB", help=f"level of {what}: -3, +2, off")
    group.add_argument("--key", metavar="SEMITONES",
        help="change the key of the whole song, -12 to +12")  # fmt: skip
    group.add_argument("--set", action="append", default=[], metavar="ADDRESS=NUMBER",
        help="any parameter, such as vocals.reverb.decay_seconds=3; repeatable")  # fmt: skip
    group.add_argument("--automate", action="append", default=[], metavar="ADDRESS=VALUE@TIME,...",
        help="points along the song, straight lines between them; repeatable")  # fmt: skip
    plugin = group.add_argument("--plugin", action="append", default=[], metavar="STEM=FILE",
        help="a VST3 or Audio Unit on a stem; FILE#NAME: one of several; repeatable")  # fmt: skip
    plugin.complete = FILES  # type: ignore[attr-defined]
    recipe = group.add_argument("--recipe", type=Path, metavar="FILE",
        help="begin with a saved recipe; options change it")  # fmt: skip
    recipe.complete = FILES  # type: ignore[attr-defined]
    group.add_argument("--loudness", type=float, metavar="LUFS",
        help="integrated loudness of what 'remix' writes, such as -14")  # fmt: skip
    group.add_argument("--true-peak", type=float, metavar="DBTP",
        help="highest true peak that --loudness may lead to (default: -1)")  # fmt: skip
    group.add_argument("--strip", action=StripAction, default=[], help=argparse.SUPPRESS)
    parser.rewrite = spelled_out
    parser.set_defaults(parser=parser)


def add_model_options(parser: Parser) -> None:
    """Add what separates a song whose stems are not there yet."""
    group = parser.add_argument_group("separating, where that is needed")
    group.add_argument("--model", metavar="ID|DIR", help="see 'stemdesk models'")
    group.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to compute (default: auto, see 'stemdesk devices')")  # fmt: skip
    group.add_argument("--threads", type=count, metavar="N",
        help="processor threads (default: all physical cores)")  # fmt: skip


def recipe_from(options: argparse.Namespace, songs: Sequence[Path]) -> Recipe:
    """The recipe that the options describe.

    Args:
        options: of a command with :func:`add_mix_options`.
        songs: for which; their stems tell an option of a stem from a misspelt one.

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

    def is_stem(name: str) -> bool:
        return recipe.mix.strip(name) is not None or _is_stem(name, songs, options.model)

    choices = dict(strip_choice(text, options.parser, is_stem) for text in options.strip)
    for text in options.set:
        address, value = _pair(text, "--set")
        choices[address] = number(value, f"--set {text}")
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


def check_recipe_path(path: Path, *, replace: bool = False, remedy: str = "name another") -> None:
    """Refuse a place for a recipe before hours of work.

    Args:
        path: where it is to go.
        replace: whether one that is there may be replaced.
        remedy: what to do if it may not.

    Raises:
        UserError: not a .toml file, there already, or in a folder that takes no files.
    """
    if path.suffix.lower() != ".toml":
        raise UserError(f"A recipe cannot be called {path.name}", "end its name in .toml")
    if path.exists() and not replace:
        raise UserError(f"The recipe {path} exists already", remedy)
    ensure_writable_folder(path.parent)


def _is_stem(name: str, songs: Sequence[Path], model: str | None) -> bool:
    """Whether a song, or one in a folder of songs, has a stem of that name."""
    for song in songs:
        if not song.is_dir():
            from stemdesk.app.model import load_card

            if name in load_card(model).stems:
                return True
        elif any(each.stem == name for pattern in ("*", "*/*") for each in song.glob(pattern)):
            return True
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
        points.append(Point(at, number(value, f"--automate {address}")))
    return changed(mix, automation={**mix.automation, address: tuple(points)})


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise UserError(f"{option} {text} is no NAME=VALUE", "see stemdesk remix --help")
    return name.strip(), value.strip()
