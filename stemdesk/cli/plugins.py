"""``stemdesk plugins``: what StemDesk puts into hosts, and hosts that are driven from here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.cli.parser import FOLDERS
from stemdesk.cli.plain_text import one_line

if TYPE_CHECKING:
    import argparse

    from stemdesk.cli.parser import Parser
    from stemdesk_plugins.placing import Report

EPILOG = """\
hosts:
  reaper    a ReaScript: selected items to stems, on tracks below
  ardour    an editor action for selected regions
  audacity  its selection, through mod-script-pipe
  ableton   the selected clip, through a remote script
  protools  the selection, through the Pro Tools Scripting Library
  bridge    the plug-in StemDesk Bridge, where it was built

examples:
  stemdesk plugins                        what is where
  stemdesk plugins install reaper
  stemdesk plugins separate audacity      what is selected in it
  stemdesk plugins remove reaper

No file that StemDesk did not write is replaced, or removed.
"""
_HOSTS = ("reaper", "ardour", "audacity", "ableton", "protools", "bridge")
_DRIVEN = ("audacity", "ableton", "protools")


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "plugins",
        usage="stemdesk plugins [ACTION ...]",
        help="put StemDesk into DAWs: install, list, remove, separate",
        description="Show, install or remove what StemDesk puts into DAWs.",
        epilog=EPILOG,
    )
    parser.set_defaults(run=_list)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    listing = actions.add_parser(
        "list",
        usage="stemdesk plugins list",
        help="hosts that were found, and what is installed",
        description="List the hosts, whether they were found, and what is installed where.",
    )
    listing.set_defaults(run=_list)
    install = actions.add_parser(
        "install",
        usage="stemdesk plugins install [OPTION ...] HOST",
        help="put StemDesk's files into the user's folder of a host",
        description="Install, or bring up to date, what a host needs to use StemDesk.",
    )
    install.add_argument("host", choices=_HOSTS, metavar="HOST", help=", ".join(_HOSTS))
    to = install.add_argument("--to", type=Path, metavar="DIR",
        help="the host's own folder, where it is not the usual one")  # fmt: skip
    to.complete = FOLDERS  # type: ignore[attr-defined]
    install.set_defaults(run=_install)
    remove = actions.add_parser(
        "remove",
        usage="stemdesk plugins remove HOST",
        help="take away what was installed, and nothing else",
        description="Take away what was installed; a file that was changed since stays.",
    )
    remove.add_argument("host", choices=_HOSTS, metavar="HOST", help=", ".join(_HOSTS))
    remove.set_defaults(run=_remove)
    separate = actions.add_parser(
        "separate",
        usage="stemdesk plugins separate [OPTION ...] HOST",
        help="separate what is selected in a running host",
        description="Separate what is selected in a running host, and put the stems beside it.",
    )
    separate.add_argument("host", choices=_DRIVEN, metavar="HOST", help=", ".join(_DRIVEN))
    separate.add_argument("--model", default="", metavar="ID|DIR", help="see 'stemdesk models'")
    output = separate.add_argument("-o", "--output", type=Path, metavar="DIR",
        help="folder for the stems (default: a new one in Music/StemDesk)")  # fmt: skip
    output.complete = FOLDERS  # type: ignore[attr-defined]
    separate.set_defaults(run=_separate)
    # For the scripts in hosts; no help, because nobody types it.
    job = actions.add_parser("job", usage="stemdesk plugins job FOLDER")
    job.add_argument("folder", type=Path)
    job.set_defaults(run=_job)


def _list(options: argparse.Namespace) -> int:  # noqa: ARG001
    from stemdesk_plugins.listing import host_states
    from stemdesk_plugins.machine import Machine

    for state in host_states(Machine.this()):
        print(f"{state.id:<9} {state.title:<16} {state.found:<10} {state.installed}")
        for path in state.paths:
            print(f"          {one_line(path)}")
    return 0


def _install(options: argparse.Namespace) -> int:
    from stemdesk_plugins.installing import install
    from stemdesk_plugins.machine import Machine

    done = install(options.host, Machine.this(), options.to)
    _show(done.report)
    for note in done.notes:
        print(note)
    return 0


def _remove(options: argparse.Namespace) -> int:
    from stemdesk_plugins.installing import remove

    done = remove(options.host)
    _show(done.report)
    for note in done.notes:
        print(note)
    return 0


def _show(report: Report) -> None:
    for path in report.written:
        print(path)
    for path in report.kept_aside:
        print(f"{path}: your changed version, kept aside")
    for path in report.removed:
        print(f"{path}: removed")
    for path in report.left:
        print(f"{path}: left, because it was changed")


def _separate(options: argparse.Namespace) -> int:
    from stemdesk.cli.progress import run_with_progress
    from stemdesk_plugins.driving import separate_in

    with run_with_progress(as_json=False) as progress:
        stems = progress.run(
            lambda report: separate_in(options.host, options.model, options.output, report)
        )
    for stem in stems:
        print(one_line(stem.path))
    return 0


def _job(options: argparse.Namespace) -> int:
    from stemdesk_plugins.job import run_job

    if not options.folder.is_dir():
        print(f"stemdesk: There is no folder {options.folder}.", file=sys.stderr)
        return 1
    return 0 if run_job(options.folder) else 1
