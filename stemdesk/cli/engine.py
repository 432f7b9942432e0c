"""``stemdesk engine``: a warm model for hosts and scripts."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from stemdesk.cli.parser import UsageError, count, seconds
from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from stemdesk.app.engine.info import EngineInfo
    from stemdesk.app.engine.place import Place
    from stemdesk.cli.parser import Parser

END_SECONDS = 30.0
EPILOG = """\
examples:
  stemdesk engine                                  until Ctrl-C
  stemdesk engine --unload-after 10:00 --idle-exit 1:00:00
  stemdesk engine call separate input=/music/song.wav output=/music/stems --follow
  stemdesk engine status
  stemdesk engine stop

Hosts speak JSON-RPC with it, see plugins/ENGINE.md. It listens on this computer
only, and only for who can read its file in your StemDesk folder.
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "engine",
        usage="stemdesk engine [OPTION ...] [ACTION ...]",
        help="keep a model warm for hosts and scripts",
        description="Keep a model loaded and separate for hosts and scripts, until it is stopped.",
        epilog=EPILOG,
    )
    _add_options(parser)
    parser.set_defaults(run=_serve)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    status = actions.add_parser(
        "status",
        usage="stemdesk engine status",
        help="say what the engine that runs is at",
        description="Say what the engine that runs is at, as JSON.",
    )
    status.set_defaults(run=_status)
    stop = actions.add_parser(
        "stop",
        usage="stemdesk engine stop",
        help="end the engine that runs",
        description="End the engine that runs; its jobs are cancelled.",
    )
    stop.set_defaults(run=_stop)
    call = actions.add_parser(
        "call",
        usage="stemdesk engine call [OPTION ...] METHOD [NAME=VALUE ...]",
        help="call a method of the engine that runs",
        description="Call a method of the engine that runs, and print its result as JSON.",
    )
    call.add_argument("method", metavar="METHOD", help="such as separate, jobs, devices, models")
    call.add_argument("params", nargs="*", metavar="NAME=VALUE",
        help="parameters; values are JSON, or else text")  # fmt: skip
    call.add_argument("--follow", action="store_true",
        help="print the progress of the job, a JSON object a line, to its end")  # fmt: skip
    call.set_defaults(run=_call)


def _add_options(parser: Parser) -> None:
    parser.add_argument("--model", metavar="ID|DIR", help="see 'stemdesk models'")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to compute (default: auto, see 'stemdesk devices')")  # fmt: skip
    parser.add_argument("--threads", type=count, metavar="N",
        help="processor threads (default: all physical cores but one)")  # fmt: skip
    parser.add_argument("--cold", action="store_true",
        help="load the model with the first job, not at the start")  # fmt: skip
    parser.add_argument("--unload-after", type=seconds, metavar="TIME",
        help="free the memory of the model after so long without a job")  # fmt: skip
    parser.add_argument("--idle-exit", type=seconds, metavar="TIME",
        help="end after so long without a job or a client")  # fmt: skip
    parser.add_argument("--bridge", action=argparse.BooleanOptionalAction, default=True,
        help="separate what StemDesk Bridge plug-ins capture, too (default: yes)")  # fmt: skip
    parser.add_argument("--devices", action="store_true",
        help="list what can compute here as JSON, and end")  # fmt: skip


def _serve(options: argparse.Namespace) -> int:
    from stemdesk.app.engine.devices import devices_here
    from stemdesk.app.engine.run import run_engine
    from stemdesk.app.engine.server import EngineSettings
    from stemdesk.app.forecast import Choice
    from stemdesk.app.model import load_card

    if options.devices:
        print(json.dumps(devices_here()))
        return 0
    load_card(options.model)  # refused at once, not by the first job
    settings = EngineSettings(
        usual=Choice(options.model, options.device, options.threads),
        is_warm=not options.cold,
        unload_seconds=options.unload_after,
        exit_seconds=options.idle_exit,
    )
    run_engine(settings, _told, bridge=options.bridge)
    return 0


def _told(info: EngineInfo, place: Place) -> None:
    from stemdesk.app.engine.info import info_path

    if place.is_stale:
        print("stemdesk: The engine before this one was killed.", file=sys.stderr)
    print(f"The engine listens at {info.address} (process {info.pid}); {info_path()} has its key.")
    print("Ctrl-C ends it.", flush=True)


def _status(options: argparse.Namespace) -> int:  # noqa: ARG001
    from stemdesk.app.engine.client import EngineClient

    with EngineClient.connect() as client:
        _print(client.call("status"), indent=1)
    return 0


def _stop(options: argparse.Namespace) -> int:  # noqa: ARG001
    from stemdesk.app.engine.client import EngineClient, wait_for_end

    with EngineClient.connect() as client:
        client.call("shutdown")
    if not wait_for_end(client.info, END_SECONDS):
        raise UserError(
            f"The engine (process {client.info.pid}) does not come to its end",
            "end that process",
        )
    return 0


def _call(options: argparse.Namespace) -> int:
    from stemdesk.app.engine.client import EngineClient

    params = dict(map(_param, options.params))
    with EngineClient.connect() as client:
        result = client.call(options.method, **params)
        job = result.get("job") if isinstance(result, dict) else None
        if options.follow and job is not None:
            result = client.wait(job, _print)
        else:
            _print(result, indent=1)
    return 0


def _param(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise UsageError(f"The parameter {text} has no value", "write it as NAME=VALUE")
    try:
        return name, read_json(value, names=True)
    except Unreadable:
        return name, value


def _print(told: Any, indent: int | None = None) -> None:
    print(json.dumps(told, indent=indent), flush=True)
