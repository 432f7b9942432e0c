"""argparse with one-line refusals, a tidy list of commands, and hints for the shells."""

from __future__ import annotations

import argparse
import re
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

EXIT_USAGE = 2
MAX_THREADS = 1024
# What shtab (which only `stemdesk completion` imports) calls its completion of files and folders.
FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}
FOLDERS = {"bash": "_shtab_compgen_dirs", "zsh": "_files -/", "tcsh": "d"}


class UsageError(UserError):
    """A command line that could be right for no song: the exit status is 2."""


@contextmanager
def usage() -> Iterator[None]:
    """Refusals of what the user typed are those of the command line."""
    try:
        yield
    except UserError as error:
        raise UsageError(error.problem, error.remedy) from error


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps line ends, and lists commands flush with options."""

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no other name
            self._dedent()
            lines = "".join(map(self._format_action, self._iter_indented_subactions(action)))
            self._indent()
            return lines
        return super()._format_action(action)


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one line, with the remedy.

    Attributes:
        rewrite: if set, given the arguments and the options that are known, before they are read.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": HelpFormatter, **settings})
        self.rewrite: Callable[[Sequence[str], Collection[str]], list[str]] | None = None
        self.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS,
            help="say in detail what is done, and write it to the log")  # fmt: skip

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse has it, after :attr:`rewrite`; an unknown option is refused first.

        argparse would complain of what else the command lacks, because it takes the word that
        follows for a value or a file.
        """
        if args is not None:
            if self.rewrite is not None:
                args = self.rewrite(args, self._option_string_actions)
            self._refuse_unknown(args)
        return super().parse_known_args(args, namespace)

    def nearest(self, name: str, more: Iterable[str] = ()) -> str:
        """The option that is spelled most like `name`, these others among them; may be none."""
        options = [
            option
            for option, action in self._option_string_actions.items()
            if option.startswith("--") and action.help != argparse.SUPPRESS
        ]
        bare = [option.removeprefix("--") for option in (*options, *more)]
        near = get_close_matches(name.removeprefix("--"), bare, n=1)
        return f"--{near[0]}" if near else ""

    def refuse_option(self, name: str, near: str = "") -> NoReturn:
        """Say that there is no such option, and which one may be meant; exit with status 2."""
        perhaps = f": perhaps {near} is meant, " if near else ""
        self.error(f"there is no option {name}{perhaps}")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and exit with status 2."""
        separator = "" if message.endswith(" ") else ": "
        self.exit(EXIT_USAGE, f"{self.prog}: {message}{separator}see {self.prog} --help.\n")

    def _refuse_unknown(self, args: Sequence[str]) -> None:
        for argument in args:
            is_option = argument.startswith("-")
            if argument == "--" or (self._subparsers is not None and not is_option):
                return  # names from here on, or a command's own options
            name = argument.partition("=")[0]
            if not name.startswith("--") or " " in name:
                continue
            # Unambiguous beginnings of options are taken for them, as by argparse.
            if not any(option.startswith(name) for option in self._option_string_actions):
                self.refuse_option(name, self.nearest(name))


def seconds(text: str) -> float:
    """``90``, ``1:30`` or ``1:02:03.5`` as seconds."""
    if not re.fullmatch(r"(\d+:){0,2}\d+(\.\d*)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 90, 1:30 or 1:02:03.5")
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return total


def count(text: str) -> int:
    """A number of threads, at least one."""
    if not (text.isdecimal() and 1 <= int(text) <= MAX_THREADS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_THREADS}")
    return int(text)


def stage(text: str) -> str:
    """A post-processing stage; what its name and number may be, only the model knows."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all("=" in part for part in parts):
        given = " ".join(f"--post {part}" for part in parts)
        raise argparse.ArgumentTypeError(f"{text!r} is several stages: give {given}")
    if len(parts) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} has a comma: decimals take a point")
    return text


def add_post(group: argparse._ArgumentGroup, *, live: bool = False) -> None:
    """Add what reshapes a model's masks, for the commands that separate: songs, or live sound."""
    bleed = "sharpen=2 or binarise=10 for less bleed"
    if not live:
        bleed = (
            "sharpen=2, binarise=10 or wiener=1 for less bleed;"
            " gate=0.2 silences passages with next to no vocals"
        )
    group.add_argument("--post", action="append", type=stage, default=[], metavar="STAGE=NUMBER",
        help="post-process: vocals=6 claims 6 dB more for the vocals where stems share (-20 to"
        f" 20), bass=-6 less for the bass; {bleed}; comes behind what the model's card"
        " asks for; repeatable")  # fmt: skip
