"""Options that describe a mix, and the recipe that they make."""

from __future__ import annotations

import argparse
import functools
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.cli.parser import FILES, Parser, UsageError, add_post, count, seconds, usage
from stemdesk.cli.strip_options import SHOWN, StripAction, number, spelled_out, strip_choice
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk.mixing.settings import MASTER, Point, changed
from stemdesk.mixing.stem_names import matching, strip_and_rest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
A stem "Lead Vox" answers to --lead-vox, --lead_vox and "--Lead Vox".
Pan lowers the side that a stereo stem leaves; a mono stem keeps its power, 3 dB
up at the edges, and makes the mix stereo; in surround, rear and side pairs move
with the front one, and centre and LFE stay.
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
    add_post(group)


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
        load_recipe,
        respelled,
        with_choices,
        with_plugin,
        with_strips,
    )

    recipe = load_recipe(options.recipe) if options.recipe else Recipe()

    @functools.cache
    def stems() -> list[str]:
        known = [*(strip.name for strip in recipe.mix.strips), *_stems_of(songs, options.model)]
        return list(dict.fromkeys(known))

    with usage():
        choices = dict(strip_choice(text, options.parser, stems) for text in options.strip)
        for text in options.set:
            address, value = _pair(text, "--set")
            choices[_spelled(address, stems)] = number(value, f"--set {text}")
        courses = _courses(options.automate, stems)
        plugins = [_pair(text, "--plugin") for text in options.plugin]
        plugins = [(matching(strip, stems()) or strip, file) for strip, file in plugins]
        named = [*choices, *courses, *(strip for strip, _ in plugins)]
        mix = with_strips(recipe.mix, named, stems() if named else ())
        for strip, file in plugins:
            path, _, name = file.partition("#")
            mix = with_plugin(mix, strip, Path(path), name)
        mix = with_choices(mix, choices)
        for address, text in courses.items():
            mix = _automated(mix, respelled(mix, address), text)
        return _as_loud(changed(recipe, mix=mix), options)


def _as_loud(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    from stemdesk.mixing.recipe import check_loudness

    if options.loudness is not None:
        recipe = changed(recipe, loudness_lufs=options.loudness)
    if options.true_peak is not None:
        if recipe.loudness_lufs is None:
            raise UsageError("--true-peak goes with --loudness", "give both")
        recipe = changed(recipe, true_peak_dbtp=options.true_peak)
    check_loudness(recipe)
    return recipe


def _courses(texts: Sequence[str], stems: Callable[[], Sequence[str]]) -> dict[str, str]:
    courses: dict[str, str] = {}
    for text in texts:
        address, course = _pair(text, "--automate")
        address = _spelled(address, stems)
        if address in courses:
            raise UsageError(f"--automate names {address} twice", "put all its points into one")
        courses[address] = course
    return courses


def _spelled(address: str, stems: Callable[[], Sequence[str]]) -> str:
    """An address with the stem's own spelling of its name."""
    if address.partition(".")[0] in SHOWN:
        return address
    strip, rest = strip_and_rest(address, stems())
    return f"{strip}.{rest}" if rest else address


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
        raise UsageError(f"A recipe cannot be called {path.name}", "end its name in .toml")
    if path.exists() and not replace:
        raise UserError(f"The recipe {path} exists already", remedy)
    ensure_writable_folder(path.parent)


def _stems_of(songs: Sequence[Path], model: str | None) -> list[str]:
    """The stems of all songs; a folder may be one of stems, or of songs and such folders."""
    stems: list[str] = []
    for song in songs:
        if not song.is_dir():
            from stemdesk.app.model import load_card

            with suppress(UserError):  # refused when the song's turn comes
                stems += load_card(model).stems
            continue
        for pattern in ("*", "*/*"):
            files = [file for file in song.glob(pattern) if file.suffix.lower() in AUDIO_SUFFIXES]
            stems += [file.stem for file in files if not file.name.startswith(".")]
    return stems


def _automated(mix: MixSettings, address: str, text: str) -> MixSettings:
    if text.partition("@")[1] == "":
        raise UsageError(
            f"--automate {address}={text} has no times", "write VALUE@TIME, such as -6@0:30"
        )
    from stemdesk.mixing.addresses import find
    from stemdesk.mixing.automation import check_points
    from stemdesk.mixing.recipe import including

    mix = including(mix, address)
    points = []
    for part in text.split(","):
        value, _, time = part.partition("@")
        try:
            at = seconds(time)
        except argparse.ArgumentTypeError as error:
            raise UsageError(f"--automate {address}: {error}", "give each value a time") from error
        points.append(Point(at, number(value, f"--automate {address}")))
    check_points(points, find(mix, address).parameter, address)
    return changed(mix, automation={**mix.automation, address: tuple(points)})


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise UsageError(f"{option} {text} is no NAME=VALUE", "see stemdesk remix --help")
    return name.strip(), value.strip()
