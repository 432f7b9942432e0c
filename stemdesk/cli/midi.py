"""``stemdesk midi``: which controls of which devices drive the mixer."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from stemdesk.cli.parser import seconds
from stemdesk.cli.plain_text import one_line
from stemdesk.errors import UserError

if TYPE_CHECKING:
    import argparse

    from stemdesk.cli.parser import Parser
    from stemdesk.control.mapping.mappings import Mapping

POLL_SECONDS = 0.01
LEARN_SECONDS = 60.0

EPILOG = """\
examples:
  stemdesk midi                                    ports, and what is set up
  stemdesk midi learn vocals.level_db              then move a fader
  stemdesk midi learn vocals.mute transport.play   then press two buttons
  stemdesk midi forget vocals.mute
  stemdesk midi desk 'X-Touch*'                    speaks Mackie Control
  stemdesk midi follow time-code --port 'DAW*'     start and stop with a DAW

An ADDRESS is one of 'stemdesk remix --set', or transport.play, .stop, .record,
.rewind, .forward or .loop. What is set up works in 'stemdesk play'.
"""
_ADDRESS = "a parameter, such as vocals.level_db, vocals.reverb.amount or transport.play"


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "midi",
        usage="stemdesk midi [ACTION ...]",
        help="set up control surfaces and synchronisation",
        description="Show, or with an action set up, which MIDI controls drive the mixer.",
        epilog=EPILOG,
    )
    parser.set_defaults(run=_show)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    learn = actions.add_parser(
        "learn",
        usage="stemdesk midi learn ADDRESS ...",
        help="bind the next control that is moved",
        description="Wait a minute for a fader, knob or button to be moved, and bind it.",
    )
    learn.add_argument("addresses", nargs="+", metavar="ADDRESS", help=_ADDRESS)
    learn.set_defaults(run=_learn)
    forget = actions.add_parser(
        "forget",
        usage="stemdesk midi forget ADDRESS ...",
        help="unbind the controls of parameters",
        description="Unbind the controls of parameters.",
    )
    forget.add_argument("addresses", nargs="+", metavar="ADDRESS", help=_ADDRESS)
    forget.set_defaults(run=_forget)
    desk = actions.add_parser(
        "desk",
        usage="stemdesk midi desk [OPTION ...] PORT",
        help="use a whole desk that speaks Mackie Control",
        description="Use a desk that speaks Mackie Control: faders, meters, names, transport.",
    )
    desk.add_argument("port", metavar="PORT",
        help="name of its port as 'stemdesk midi' lists it, * for any letters")  # fmt: skip
    desk.add_argument("--extender", action="store_true", help="it is an extender of eight strips")
    desk.add_argument("--remove", action="store_true", help="use it no longer")
    desk.set_defaults(run=_desk)
    follow = actions.add_parser(
        "follow",
        usage="stemdesk midi follow [OPTION ...] time-code|clock|off",
        help="start, stop and locate with a master",
        description="Let 'stemdesk play' start, stop and locate with a DAW or a tape machine.",
    )
    follow.add_argument("master", choices=("time-code", "clock", "off"),
        help="MIDI time code, MIDI clock, or nobody")  # fmt: skip
    follow.add_argument("--port", default="*", metavar="PORT",
        help="name of the input, * for any letters (default: any)")  # fmt: skip
    follow.add_argument("--offset", type=seconds, default=0.0, metavar="SECONDS",
        help="time code at which the song begins, such as 1:00:00 (default: 0)")  # fmt: skip
    follow.set_defaults(run=_follow)


def _show(options: argparse.Namespace) -> int:  # noqa: ARG001
    from stemdesk.control.midi.system import MidiSystem
    from stemdesk.control.settings import load_settings

    system, settings = MidiSystem(), load_settings()
    if system.reason:
        print(system.reason)
    else:
        for title, ports in (("input ", system.inputs()), ("output", system.outputs())):
            for name in ports:
                print(f"{title}  {one_line(name)}")
    for mapping in settings.mappings:
        print(_told(mapping))
    for desk in settings.desks:
        print(f"desk    {desk.port} ({desk.kind.value})")
    sync = settings.sync
    if sync.kind.value != "off":
        print(f"follow  {sync.kind.value} from {sync.port}, song at {sync.offset_seconds:g} s")
    return 0


def _learn(options: argparse.Namespace) -> int:
    from stemdesk.app.addressing import AnyMix
    from stemdesk.control.hub import MidiControl
    from stemdesk.control.midi.system import MidiSystem
    from stemdesk.control.settings import load_settings, save_settings

    control = MidiControl(AnyMix(), MidiSystem(), load_settings())
    try:
        for address in options.addresses:
            control.learn(address)
            told = ""
            until = time.monotonic() + LEARN_SECONDS
            while (learned := control.take_learned()) is None:
                if control.learning and control.learning != told:
                    told = control.learning
                    print(f"{address}: {told}.", file=sys.stderr)
                if time.monotonic() > until:
                    raise UserError(f"No control was moved for {address}", "try again")
                control.pump()
                time.sleep(POLL_SECONDS)
            save_settings(control.settings)
            print(_told(learned.mapping))
            for other in learned.conflicts:
                print(f"  it drives {other.address} as well")
    finally:
        control.close()
    return 0


def _forget(options: argparse.Namespace) -> int:
    import msgspec

    from stemdesk.control.settings import load_settings, save_settings

    settings = load_settings()
    bound = {mapping.address for mapping in settings.mappings}
    for address in options.addresses:
        if address not in bound:
            known = ", ".join(sorted(bound)) or "none"
            raise UserError(f"No control is bound to {address}", f"bound are: {known}")
    kept = tuple(each for each in settings.mappings if each.address not in options.addresses)
    save_settings(msgspec.structs.replace(settings, mappings=kept))
    return 0


def _desk(options: argparse.Namespace) -> int:
    import msgspec

    from stemdesk.control.settings import Desk, DeskKind, load_settings, save_settings

    settings = load_settings()
    others = tuple(desk for desk in settings.desks if desk.port != options.port)
    if options.remove and len(others) == len(settings.desks):
        raise UserError(f"No desk {options.port} is set up", "see 'stemdesk midi'")
    kind = DeskKind.MACKIE_EXTENDER if options.extender else DeskKind.MACKIE
    desks = others if options.remove else (*others, Desk(port=options.port, kind=kind))
    save_settings(msgspec.structs.replace(settings, desks=desks))
    if options.remove:
        print(f"{options.port} is used no longer as a desk.")
        return 0
    what = "an extender" if options.extender else "a desk"
    print(f"{options.port} is used as {what} that speaks Mackie Control, in 'stemdesk play'.")
    _warn_without_midi()
    return 0


def _follow(options: argparse.Namespace) -> int:
    import msgspec

    from stemdesk.control.settings import Sync, SyncKind, load_settings, save_settings

    kind = SyncKind(options.master.replace("-", "_"))
    sync = Sync(kind=kind, port=options.port, offset_seconds=options.offset)
    save_settings(msgspec.structs.replace(load_settings(), sync=sync))
    if kind is SyncKind.OFF:
        print("'stemdesk play' follows nobody.")
        return 0
    port = "any input" if options.port == "*" else options.port
    begins = f", the song beginning at {options.offset:g} s" if options.offset else ""
    print(f"'stemdesk play' follows MIDI {options.master} from {port}{begins}.")
    _warn_without_midi()
    return 0


def _warn_without_midi() -> None:
    """What is set up stays, but does nothing for now."""
    from stemdesk.control.midi.system import MidiSystem

    if reason := MidiSystem().reason:
        print(f"It is kept, but for now it does nothing. {reason}", file=sys.stderr)


def _told(mapping: Mapping) -> str:
    source = mapping.source
    channel = "any channel" if source.channel is None else f"channel {source.channel}"
    control = f"{source.kind.value} {source.number}, {channel}"
    return f"mapped  {mapping.address} <- {source.port}: {control}, {mapping.mode.value}"
