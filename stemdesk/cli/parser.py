"""argparse with one-line refusals, a tidy list of commands, and hints for the shells."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

EXIT_USAGE = 2
# What shtab (which only `stemdesk completion` imports) calls its completion of files and folders.
FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}
FOLDERS = {"bash": "_shtab_compgen_dirs", "zsh": "_files -/", "tcsh": "d"}


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
    """A parser that refuses in one line, with the remedy."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": HelpFormatter, **settings})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and exit with status 2."""
        self.exit(EXIT_USAGE, f"{self.prog}: {message}: see {self.prog} --help.\n")
