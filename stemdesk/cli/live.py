"""``stemdesk live``: take apart and mix what is playing, as it comes."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.cli.keys import single_keys
from stemdesk.cli.parser import UsageError, add_post, count
from stemdesk.cli.sound_outputs import list_both
from stemdesk.cli.strip_options import is_value, number
from stemdesk.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.app.realtime import LiveMix
    from stemdesk.cli.parser import Parser

MODEL = "bandmask_live"
POLL_SECONDS = 0.1
TOLD_EVERY_SECONDS = 5.0
USUAL_BUFFER_MS, MOST_BUFFER_MS = 30.0, 500.0
USUAL_RATE = 44_100
BYTES_A_FRAME = 8  # two float32
PIPED_FRAMES = 512
# How files of sound begin; as float32 these four bytes would be far above any level.
FILES = {b"RIFF": "WAV", b"RF64": "WAV", b"FORM": "AIFF", b"fLaC": "FLAC", b"OggS": "Ogg"}
STEMS = {"vocals": "vocals", "drums": "drums", "bass": "bass", "other": "other instruments"}
FEEDBACK = (
    "stemdesk: {} hears the room, not another program. If it is a microphone, it hears the mix"
    " from your speakers too: the vocals are not gone from the room, and it may howl. Use"
    " headphones; or, to change what another program plays, send that to a loopback device and"
    " choose it with --input-device (stemdesk live --devices lists them)."
)
EPILOG = """\
keys:
  1 2 3 4  a stem off or on        q  end

examples:
  stemdesk live --vocals off
  stemdesk live --vocals off --post vocals=4
  stemdesk live --input-device Loopback --output-device Headphones --vocals -12
  ffmpeg -i song.mp3 -f f32le -ac 2 -ar 44100 - | stemdesk live --pipe --vocals off \\
    | ffmpeg -f f32le -ac 2 -ar 44100 -i - karaoke.wav

Sound comes out about an eighth of a second after it came in, and what the sound
devices take. At their places (0 dB) the stems sum to what came in, rounded to 24
bits, sample for sample. Levels go up to +12 dB. To hear another program without its
vocals, send it to a loopback device and choose that as the input.
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "live",
        usage="stemdesk live [OPTION ...]",
        help="take apart what comes in, while it comes",
        description="Mix the stems of a sound input anew while it plays: karaoke of anything.",
        epilog=EPILOG,
    )
    group = parser.add_argument_group("the mix")
    for stem, what in STEMS.items():
        group.add_argument(f"--{stem}", metavar="DB", help=f"level of the {what}: -3, +2, off")
    group = parser.add_argument_group("sound")
    group.add_argument("--input-device", metavar="NAME", help="sound input (default: the system's)")
    group.add_argument(
        "--output-device", metavar="NAME", help="sound output (default: the system's)"
    )
    group.add_argument("--devices", action="store_true", help="list both and end")
    group.add_argument("--pipe", action="store_true",
        help="standard input to standard output instead: float32, stereo, at the model's"
             " rate, which is 44.1 kHz for ours")  # fmt: skip
    group.add_argument("--buffer-ms", type=float, metavar="MS",
        help="delay beside the model's own, against gaps"
             f" (default: {USUAL_BUFFER_MS:g})")  # fmt: skip
    group = parser.add_argument_group("separating")
    group.add_argument("--model", metavar="ID|DIR", default=MODEL,
        help=f"a model that hears nothing to come (default: {MODEL}); stems of other names"
             " are switched by keys")  # fmt: skip
    add_post(group, live=True)
    group.add_argument("--threads", type=count, metavar="N", default=1,
        help="processor threads (default: 1, which is quickest for short blocks)")  # fmt: skip
    parser.rewrite = _with_levels
    parser.set_defaults(run=run)


def _with_levels(arguments: Sequence[str], _known: Collection[str]) -> list[str]:
    """`--vocals -inf` as `--vocals=-inf`: argparse would take the number for an option."""
    words: list[str] = []
    for word in arguments:
        if words and words[-1] in {f"--{stem}" for stem in STEMS} and is_value(word):
            words[-1] += f"={word}"
        else:
            words.append(word)
    return words


def run(options: argparse.Namespace) -> int:
    """Run until the user ends it, or the pipe does."""
    if options.devices:
        return list_both()
    if options.pipe:
        _check_pipe(options)
    elif options.buffer_ms is None:
        options.buffer_ms = USUAL_BUFFER_MS
    elif not 0 <= options.buffer_ms <= MOST_BUFFER_MS:
        raise UsageError(
            f"--buffer-ms {options.buffer_ms:g} is not possible", f"use 0 to {MOST_BUFFER_MS:g}"
        )
    mix = _mix(options)
    if options.pipe:
        if mix.sample_rate != USUAL_RATE:
            print(f"stemdesk: The pipe runs at {mix.sample_rate} Hz.", file=sys.stderr)
        return _pipe(mix, sys.stdin.buffer, sys.stdout.buffer)
    return _ride(options, mix)


def _check_pipe(options: argparse.Namespace) -> None:
    if options.input_device or options.output_device:
        raise UsageError("A pipe has no sound devices", "leave --pipe or the devices out")
    if options.buffer_ms is not None:
        raise UsageError("A pipe waits for no sound device", "leave --pipe or --buffer-ms out")
    if sys.stdin.isatty() or sys.stdout.isatty():
        raise UsageError(
            "--pipe is for raw sound from one program to another",
            "give it both, as in the example of stemdesk live --help",
        )


def _mix(options: argparse.Namespace) -> LiveMix:
    from stemdesk.app.realtime import live_mix

    levels = {stem: getattr(options, stem) for stem in STEMS if getattr(options, stem) is not None}
    levels_db = {stem: number(text, f"--{stem}") for stem, text in levels.items()}
    return live_mix(options.model, options.threads, levels_db, options.post)


def _pipe(mix: LiveMix, source: BinaryIO, target: BinaryIO) -> int:
    """As fast as the other ends of the pipes go."""
    import numpy as np

    blocks = iter(partial(source.read, PIPED_FRAMES * BYTES_A_FRAME), b"")
    for place, block in enumerate(blocks):
        if place == 0 and (kind := FILES.get(block[:4])):
            raise UserError(
                f"A {kind} file came in, and --pipe takes raw sound",
                "turn it into that, as in the example of stemdesk live --help",
            )
        whole = block[: len(block) - len(block) % BYTES_A_FRAME]
        heard = np.frombuffer(whole, "<f4").reshape(-1, 2).T
        target.write(_packed(mix.push(np.ascontiguousarray(heard))))
        target.flush()
    target.write(_packed(mix.finish()))
    target.flush()
    return 0


def _packed(samples: NDArray[np.float32]) -> bytes:
    return samples.T.astype("<f4").tobytes()


def _ride(options: argparse.Namespace, mix: LiveMix) -> int:
    from stemdesk.app.realtime import LiveRide
    from stemdesk.playback.choosing import is_loopback
    from stemdesk.playback.portaudio import sound_cards

    line = sound_cards().open_duplex(
        options.input_device,
        options.output_device,
        mix.sample_rate,
        mix.latency_frames,
        options.buffer_ms / 1000,
    )
    with closing(line), closing(LiveRide(line, mix)) as ride, single_keys() as keys:
        ends = "Ctrl-C ends"
        if keys.are_read:
            ends = f"Keys 1 to {len(mix.stems)} switch {', '.join(mix.stems)}; q ends"
        delay_ms = 1000 * line.latency_seconds
        print(f"{line.source.name} to {line.target.name}, {delay_ms:.0f} ms later. {ends}.",
            file=sys.stderr)  # fmt: skip
        if not is_loopback(line.source.name):
            print(FEEDBACK.format(line.source.name), file=sys.stderr)
        gaps = Gaps()
        while True:
            for key in keys.pressed(POLL_SECONDS):
                if key == "q":
                    return 0
                if key.isdecimal() and 1 <= int(key) <= len(mix.stems):
                    mix.toggle(int(key) - 1)
                    print(f"off: {', '.join(mix.muted) or 'nothing'}", file=sys.stderr)
            for failure in (ride.failure, line.failure):
                if failure is not None:
                    raise failure
            if line.has_ended:
                raise UserError("The sound device is gone", "connect it again and start anew")
            gaps.tell(line.gaps)


class Gaps:
    """Says how often there was nothing to play, but not all the time."""

    def __init__(self) -> None:
        self._told, self._quiet_until = 0, 0.0

    def tell(self, gaps: int) -> None:
        """What the line has counted."""
        if gaps == self._told or time.monotonic() < self._quiet_until:
            return
        self._told, self._quiet_until = gaps, time.monotonic() + TOLD_EVERY_SECONDS
        times = "once" if gaps == 1 else f"{gaps} times"
        print(
            f"stemdesk: The sound broke off {times} so far: close other programs, or give"
            " --buffer-ms more.",
            file=sys.stderr,
        )
