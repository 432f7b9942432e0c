"""Options of any stem, `--vocals -3` and `--guitar-reverb 0.2`, and the addresses they mean."""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING, Any

from stemdesk.cli.parser import Parser
from stemdesk.errors import UserError
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

SHOWN = ("vocals", "drums", "bass", "other", MASTER)
_KEY = "key"
_SWITCHES = ("mute", "solo", "invert")
# What producers type, beside the effects' own names.
_SHORT = {"compress": "compressor", "eq": "equaliser"}
_SILENCE = frozenset({"off", "-inf"})
_STRIP_OPTION = re.compile(r"--(?P<strip>[a-z0-9_]+)(-(?P<what>[a-z_]+))?(=(?P<value>.*))?")


def spelled_out(arguments: Sequence[str], known: Collection[str]) -> list[str]:
    """Arguments with `--vocals-reverb 0.2`, for any stem, as `--strip vocals-reverb=0.2`.

    Which stems there are is known once a song's are found, and which effects, once they are
    imported; argparse has to know its options before. So a word that no option has is taken for a
    stem's only if a value follows that one could have: `--josn song.wav` stays as it is.

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
        name = argument.partition("=")[0]
        found = _STRIP_OPTION.fullmatch(argument)
        is_shown = found is not None and found["strip"] in (*SHOWN, _KEY)
        if found is None or (name in known and not is_shown):
            spelled.append(argument)
            if name in known and name == argument and left and not left[0].startswith("--"):
                spelled.append(left.pop(0))
            continue
        value = found["value"]
        if value is None and found["what"] in _SWITCHES:
            value = "1"
        elif value is None and left and is_value(left[0]):
            value = left.pop(0)
        if value is None and not is_shown:
            spelled.append(argument)
        else:
            spelled.append(f"--strip={name.removeprefix('--')}={value or ''}")
    return spelled


class StripAction(argparse.Action):
    """Collects what :func:`spelled_out` spelled; what has no value is refused at once.

    Later argparse would complain of the word that stands in the value's place.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,  # noqa: ARG002 - argparse's
    ) -> None:
        """Take one."""
        assert isinstance(parser, Parser)
        if values.endswith("="):
            strip_choice(values, parser, lambda _: True)
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), values])


def strip_choice(text: str, parser: Parser, is_stem: Callable[[str], bool]) -> tuple[str, float]:
    """`vocals-reverb=0.2` as an address and a value.

    Args:
        text: as from :func:`spelled_out`.
        parser: of the command; it refuses, with the nearest option, what is none.
        is_stem: whether a song has a stem of that name.

    Raises:
        UserError: the value is no number.
    """
    from stemdesk.mixing.effects.kinds import EFFECT_KINDS

    name, _, value = text.partition("=")
    strip, _, what = name.partition("-")
    if strip not in (*SHOWN, _KEY) and not is_stem(strip) and (near := parser.nearest(name)):
        parser.refuse_option(f"--{name}", near)
    if name == _KEY:
        strip, what = MASTER, "pitch"
    kind = EFFECT_KINDS.get(_SHORT.get(what, what))
    if kind is not None:
        address = f"{strip}.{kind.name}.{kind.parameters[0].name}"
    elif what in ("", "level", "pan", *_SWITCHES):
        address = f"{strip}.{what if what not in ('', 'level') else 'level_db'}"
    else:
        known = [*_SHORT, "level", "pan", *_SWITCHES, *EFFECT_KINDS]
        near = parser.nearest(name, [f"--{strip}-{each}" for each in known])
        parser.refuse_option(f"--{name}", near)
    if not value:
        parser.error(f"--{name} has no number after it, such as -3 or 0.2, or off")
    return address, number(value, f"--{name}")


def number(text: str, place: str) -> float:
    """A number; `off` and `-inf` are silence.

    Args:
        text: what was given.
        place: the option it was given to, named in the refusal.

    Raises:
        UserError: it is none.
    """
    if text.strip().lower() in _SILENCE:
        return -math.inf
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if math.isnan(found):
        raise UserError(f"{place}: {text!r} is no number", "write one such as -3 or 0.2, or off")
    return found


def is_value(text: str) -> bool:
    """Whether a word of the command line is meant as a number."""
    if text.strip().lower() in _SILENCE:
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True
