"""Options of any stem, `--vocals -3` and `--guitar-reverb 0.2`, and the addresses they mean."""

from __future__ import annotations

import argparse
import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from stemdesk.cli.parser import Parser, UsageError
from stemdesk.mixing.settings import MASTER
from stemdesk.mixing.stem_names import matching

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

SHOWN = ("vocals", "drums", "bass", "other", MASTER)
_KEY = "key"
_SWITCHES = ("mute", "solo", "invert")
# What producers type, beside the effects' own names.
_SHORT = {"compress": "compressor", "eq": "equaliser"}
_SILENCE = frozenset({"off", "-inf"})
# Stems have the names that a DAW gave its tracks: `--Lead Vox (2)-reverb`.
_STRIP_OPTION = re.compile(r"--(?P<name>\w[^=]*?)(=(?P<value>.*))?", re.DOTALL)


def spelled_out(arguments: Sequence[str], known: Collection[str]) -> list[str]:
    """Arguments with `--vocals-reverb 0.2`, for any stem, as `--strip vocals-reverb=0.2`.

    Which stems there are is known once a song's are found, and which effects, once they are
    imported; argparse has to know its options before. So a word that no option has is taken for a
    stem's only if a value follows that one could have, or if it ends as the name of an effect:
    `--josn song.wav` stays as it is.

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
        option = argument.partition("=")[0]
        found = _STRIP_OPTION.fullmatch(argument)
        if found is None or (option in known and not _is_shown(found["name"])):
            spelled.append(argument)
            if option in known and option == argument and left and not left[0].startswith("--"):
                spelled.append(left.pop(0))
            continue
        name, value = found["name"], found["value"]
        if value is None and name.casefold().endswith(tuple(f"-{each}" for each in _SWITCHES)):
            value = "1"
        elif value is None and left and is_value(left[0]):
            value = left.pop(0)
        if value is None and not (_is_shown(name) or _ends_in_effect(name)):
            spelled.append(argument)
        else:
            spelled.append(f"--strip={name}={value or ''}")
    return spelled


def _is_shown(name: str) -> bool:
    """Whether it is the option of a strip that the help shows."""
    return name in (*SHOWN, _KEY) or any(name.startswith(f"{strip}-") for strip in SHOWN)


def _ends_in_effect(name: str) -> bool:
    from stemdesk.mixing.effects.kinds import EFFECT_KINDS

    what = name.casefold().rpartition("-")[2]
    return what != name.casefold() and what in (*_SHORT, "level", "pan", *EFFECT_KINDS)


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
            _refuse_missing(values.removesuffix("="), parser)
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), values])


def strip_choice(
    text: str, parser: Parser, stems: Callable[[], Sequence[str]]
) -> tuple[str, float]:
    """`vocals-reverb=0.2` as an address and a value.

    Args:
        text: as from :func:`spelled_out`.
        parser: of the command; it refuses, with the nearest option, what is none.
        stems: the stems that there are; asked only where that matters.

    Raises:
        UsageError: the value is no number.
    """
    name, _, value = text.rpartition("=")
    if name == _KEY:
        strip, what = MASTER, "pitch"
    else:
        strip, what = _strip_and_what(name, parser, stems)
    address = _address(strip, what)
    if address is None:
        near = parser.nearest(name, [f"--{strip}-{each}" for each in _known_parts()])
        parser.refuse_option(f"--{name}", near)
    return address, number(value, f"--{name}")


def _strip_and_what(
    name: str, parser: Parser, stems: Callable[[], Sequence[str]]
) -> tuple[str, str]:
    """The stem of an option, whose name may hold dashes itself, and what is said of it."""
    from stemdesk.mixing.address_hints import nearest_stem

    strip, _, what = name.partition("-")
    if strip in SHOWN and _address(strip, what) is not None:
        return strip, what
    there = [*stems(), MASTER]
    ends = [*(place for place, letter in enumerate(name) if letter == "-"), len(name)]
    for end in reversed(ends):
        stem = matching(name[:end], there)
        if stem is not None:
            return stem, name[end + 1 :].casefold()
    if strip in SHOWN:
        return strip, what
    head, _, last = name.casefold().rpartition("-")
    known = last if head and last in _known_parts() else ""
    if head and not known and (part := get_close_matches(last, _known_parts(), n=1)):
        parser.refuse_option(f"--{name}", f"--{head}-{part[0]}")
    bare = name[: -len(last) - 1] if known else name
    stem = nearest_stem(bare, there)
    near = f"--{stem}-{known}".rstrip("-") if stem else parser.nearest(name)
    if near:
        parser.refuse_option(f"--{name}", near)
    return bare, known


def _address(strip: str, what: str) -> str | None:
    """What an option sets; None if there is nothing of that name."""
    from stemdesk.mixing.effects.kinds import EFFECT_KINDS

    kind = EFFECT_KINDS.get(_SHORT.get(what, what))
    if kind is not None:
        return f"{strip}.{kind.name}.{kind.parameters[0].name}"
    if what in ("", "level"):
        return f"{strip}.level_db"
    return f"{strip}.{what}" if what in ("pan", *_SWITCHES) else None


def _known_parts() -> list[str]:
    from stemdesk.mixing.effects.kinds import EFFECT_KINDS

    return [*_SHORT, "level", "pan", *_SWITCHES, *EFFECT_KINDS]


def _refuse_missing(name: str, parser: Parser) -> None:
    """Refuse an option without its number; a misspelt one by that."""
    strip, _, what = name.partition("-")
    if strip in SHOWN and _address(strip, what) is None:
        near = parser.nearest(name, [f"--{strip}-{each}" for each in _known_parts()])
        parser.refuse_option(f"--{name}", near)
    parser.error(f"--{name} needs a number after it, such as -3 or 0.2, or off")


def number(text: str, place: str) -> float:
    """A number; `off` and `-inf` are silence.

    Args:
        text: what was given.
        place: the option it was given to, named in the refusal.

    Raises:
        UsageError: it is none.
    """
    if text.strip().lower() in _SILENCE:
        return -math.inf
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if math.isnan(found):
        raise UsageError(f"{place}: {text!r} is no number", "write one such as -3 or 0.2, or off")
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
