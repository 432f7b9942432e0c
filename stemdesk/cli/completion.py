"""``stemdesk completion``: a script that lets the shell complete commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

INSTALL = """\
install it for good, in bash, zsh (with ~/.zfunc in fpath) or tcsh:
  stemdesk completion bash > ~/.local/share/bash-completion/completions/stemdesk
  stemdesk completion zsh > ~/.zfunc/_stemdesk
  stemdesk completion tcsh >> ~/.tcshrc
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "completion",
        help="print a completion script for your shell",
        description="Print a completion script for your shell.",
        epilog=INSTALL,
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="which shell")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the script for ``options.whole``, the parser of all commands."""
    import shtab

    print(shtab.complete(options.whole, shell=options.shell))
    return 0
