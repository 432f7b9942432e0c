"""``stemdesk play``: hear a song's mix, and ride its faders with a control surface."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.cli.keys import single_keys
from stemdesk.cli.mix_options import (
    STEM_OPTIONS,
    add_mix_options,
    add_model_options,
    check_recipe_path,
    recipe_from,
)
from stemdesk.cli.osc_options import add_osc_options, check_osc, osc_pumps
from stemdesk.cli.parser import FILES, FOLDERS, UsageError, seconds
from stemdesk.cli.plain_text import one_line, steerable
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.sound_outputs import check_output, list_outputs
from stemdesk.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from stemdesk.app.listening import Listening
    from stemdesk.app.surfaces import Surfaces
    from stemdesk.cli.keys import Keys
    from stemdesk.cli.parser import Parser
    from stemdesk.mixing.recipe import Recipe
    from stemdesk.mixing.sources import StemSource

POLL_SECONDS = 0.04
STEP_SECONDS = 5.0
SPEED_STEP = 0.05
SHOWN_REDUCTION_DB = 0.05
RATES = {"24": "24", "25": "25", "29.97": "30_DROP", "30": "30"}
EPILOG = f"""\
keys:
  space        play or pause          up, down   faster, slower
  left, right  5 s back or on         l          loop on or off
  1 2 ...      solo a stem            r          record rides, end recording
  q            end

{STEM_OPTIONS}
examples:
  stemdesk play song.wav --vocals off
  stemdesk play song.mp3 --loop 1:02-1:20 --speed 0.75
  stemdesk play song.wav --recipe mine.toml --save-recipe ridden.toml
  stemdesk play song.wav --wait --osc 9000

Control surfaces, and a master to follow, work as set up with 'stemdesk midi'.
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "play",
        usage="stemdesk play [OPTION ...] SONG",
        help="hear a song's stems through a mix",
        description="Play a song from its stems; separate it first where that is needed.",
        epilog=EPILOG,
    )
    song = parser.add_argument("song", type=Path, metavar="SONG", nargs="?",
        help="a song, or a folder of stems")  # fmt: skip
    song.complete = FILES  # type: ignore[attr-defined]
    add_mix_options(parser)
    group = parser.add_argument_group("playback")
    group.add_argument("--from", type=seconds, default=0.0, dest="start", metavar="TIME",
        help="begin here (seconds, or minutes:seconds)")  # fmt: skip
    group.add_argument("--loop", metavar="FROM-TO", help="repeat this part, such as 0:30-0:45")
    group.add_argument("--speed", type=float, default=1.0, metavar="FACTOR",
        help="slower or faster at the same pitch, 0.5 to 2")  # fmt: skip
    group.add_argument("--wait", action="store_true",
        help="wait for the space bar, a control surface or a master's time")  # fmt: skip
    group.add_argument("--output-device", metavar="NAME", help="sound output, or 'silent'")
    group.add_argument("--devices", action="store_true", help="list the sound outputs and end")
    group.add_argument("--save-recipe", type=Path, metavar="FILE",
        help="write the mix as it is at the end, rides included, to a new .toml")  # fmt: skip
    group.add_argument("--send-time-code", metavar="PORT",
        help="send MIDI time code there, for a DAW to follow")  # fmt: skip
    group.add_argument("--fps", choices=tuple(RATES), default="25",
        help="frames a second of the time code (default: 25)")  # fmt: skip
    add_osc_options(group)
    stems = group.add_argument("--stems", type=Path, default=Path("separated"), metavar="DIR",
        help="where the song's stems are or will be (default: separated)")  # fmt: skip
    stems.complete = FOLDERS  # type: ignore[attr-defined]
    add_model_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Play to the end, or until the user has heard enough."""
    if options.devices:
        return list_outputs()
    if options.song is None:
        raise UsageError("There is nothing to play", "name a song or a folder of stems")
    loop = _loop(options.loop) if options.loop else None
    if options.save_recipe:
        check_recipe_path(options.save_recipe)
    if options.output_device:
        check_output(options.output_device)
    check_osc(options)
    _play(options, recipe_from(options, [options.song]), loop)
    return 0


def _play(options: argparse.Namespace, recipe: Recipe, loop: tuple[float, float] | None) -> None:
    from stemdesk.app.listening import Listening
    from stemdesk.app.remixing.remarks import automation_remarks
    from stemdesk.app.remixing.stems import Models, stems_of
    from stemdesk.app.surfaces import Surfaces
    from stemdesk.app.time_code_out import TimeCodeOut
    from stemdesk.control.midi.system import MidiSystem
    from stemdesk.control.sync.timecode import FrameRate
    from stemdesk.mixing.recipe import fitted, save_recipe
    from stemdesk.mixing.settings import changed
    from stemdesk.mixing.sources import FileStem

    models = Models(options.model, options.device, options.threads, options.post)
    with run_with_progress(as_json=False) as progress:
        stems, remarks = progress.run(
            lambda report: stems_of(options.song, options.stems, models, report)
        )
    with ExitStack() as stack:
        files = {name: stack.enter_context(closing(FileStem(path))) for name, path in stems.items()}
        mix = fitted(recipe.mix, list(stems))
        _check_start(options, files)
        for remark in (*remarks, *automation_remarks(files, mix)):
            print(f"stemdesk: {remark}", file=sys.stderr)
        listening = stack.enter_context(Listening(files, mix, options.output_device))
        if loop is not None:
            listening.set_loop(*loop)
        listening.player.set_speed(options.speed)
        listening.seek(options.start or (loop[0] if loop else 0.0))
        system = MidiSystem()
        surfaces = stack.enter_context(closing(Surfaces(listening, system)))
        if options.send_time_code:
            rate = FrameRate[f"FPS_{RATES[options.fps]}"]
            out = TimeCodeOut(listening, system, options.send_time_code, rate)
            stack.enter_context(closing(out))
        pumps = [surfaces.pump, *osc_pumps(options, listening, stack)]
        keys = stack.enter_context(single_keys())
        wait = options.wait or surfaces.is_following
        if surfaces.is_following:
            print("The song follows its master; Ctrl-C or q ends.", file=sys.stderr)
        if not wait:
            listening.player.play()
        try:
            _listen(listening, surfaces, keys, pumps, wait=wait)
        finally:
            print(file=sys.stderr)
            if options.save_recipe:
                kept = changed(recipe, mix=listening.kept_mix())
                save_recipe(options.save_recipe, kept, replace=False)


def _check_start(options: argparse.Namespace, stems: Mapping[str, StemSource]) -> None:
    """Refuse to begin where there is no song any more."""
    length = max(stem.frames / stem.sample_rate for stem in stems.values())
    if options.start >= length:
        raise UserError(
            f"--from {_clock(options.start)} is not before the end of {options.song}"
            f" at {_clock(length)}",
            "choose an earlier time",
        )


def _told(sentence: str, listening: Listening) -> str:
    """What is the matter, and what that means for the ears."""
    from stemdesk.playback.silent import SilentDevice

    is_silent = listening.player.device_name == SilentDevice.name
    if sentence == listening.player.message and is_silent:
        return f"{sentence} Until then the song plays silently."
    return sentence


def _listen(
    listening: Listening,
    surfaces: Surfaces,
    keys: Keys,
    pumps: Sequence[Callable[[], None]],
    *,
    wait: bool,
) -> None:
    """Until the song's end, a failure, or `q`."""
    from stemdesk.playback.transport import State

    listening.player.settle(1.0)
    told: set[str] = set()
    ended = has_played = False
    while not ended:
        for sentence in (*surfaces.problems, listening.player.message, *listening.faults()):
            if sentence and sentence not in told:
                told.add(sentence)
                text = f"stemdesk: {one_line(_told(sentence, listening))}"
                text = f"\r\x1b[K{text}" if _tty() else text
                print(text, file=steerable(sys.stderr))
        if listening.player.error is not None:
            raise listening.player.error
        _show(listening)
        for key in keys.pressed(POLL_SECONDS):
            ended = ended or _press(listening, key)
        for pump in pumps:
            pump()
        has_played = has_played or listening.player.state is not State.STOPPED
        stopped = has_played and listening.player.state is State.STOPPED
        ended = ended or (stopped and not wait)


def _press(listening: Listening, key: str) -> bool:
    """Do what a key asks for; whether it asks for the end."""
    from stemdesk.control.target import LOOP, PLAY, RECORD
    from stemdesk.mixing.addresses import solo_only

    player = listening.player
    if key == "q":
        return True
    if key in (" ", "l", "r"):
        address = {" ": PLAY, "l": LOOP, "r": RECORD}[key]
        listening.set(address, 1.0 - listening.get(address))
    elif key in ("left", "right"):
        step = STEP_SECONDS if key == "right" else -STEP_SECONDS
        listening.seek(listening.position_seconds + step)
    elif key in ("up", "down"):
        step = SPEED_STEP if key == "up" else -SPEED_STEP
        player.set_speed(min(2.0, max(0.5, round(player.speed + step, 2))))
    elif key.isdigit() and 1 <= int(key) <= len(listening.strips()):
        listening.change(solo_only(listening.mix, listening.strips()[int(key) - 1]))
    return False


def _show(listening: Listening) -> None:
    """One line, written over itself."""
    if not _tty():
        return
    soloed = [strip.name for strip in listening.mix.strips if strip.solo]
    reduction_db = listening.reduction_db
    extras = [
        listening.player.state.value,
        f"{listening.player.speed:g}x" if listening.player.speed != 1.0 else "",
        "loop" if listening.player.loop else "",
        f"solo {', '.join(soloed)}" if soloed else "",
        f"limiter -{reduction_db:.1f} dB" if reduction_db >= SHOWN_REDUCTION_DB else "",
        listening.player.device_name,
    ]
    place = f"{_clock(listening.position_seconds)} / {_clock(listening.seconds)}"
    line = "  ".join([place, *filter(None, extras)])
    # A line that wraps could not be written over.
    line = one_line(line)[: shutil.get_terminal_size().columns - 1]
    print(f"\r\x1b[K{line}", end="", file=steerable(sys.stderr), flush=True)


def _tty() -> bool:
    return sys.stderr.isatty()


def _clock(at_seconds: float) -> str:
    minutes, rest = divmod(max(0.0, at_seconds), 60.0)
    return f"{int(minutes)}:{rest:04.1f}"


def _loop(text: str) -> tuple[float, float]:
    import argparse

    first, _, end = text.partition("-")
    try:
        return seconds(first), seconds(end)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"--loop {text}: {error}", "write it as 0:30-0:45") from error
