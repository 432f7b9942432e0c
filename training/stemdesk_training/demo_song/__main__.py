"""``python -m stemdesk_training.demo_song AUDIO_ROOT OUT_DIR``: render the demo song."""

import argparse
import sys
from pathlib import Path

from stemdesk_training.demo_song.render import render, write


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and render; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stemdesk_training.demo_song")
    parser.add_argument("audio_root", type=Path, help="folder with voices/ and instruments/")
    parser.add_argument("out", type=Path, help="folder to write the mix and its four stems to")
    options = parser.parse_args(arguments)
    if not (options.audio_root / "voices" / "utau_yuki").is_dir():
        parser.error(f"{options.audio_root} has no folder voices/utau_yuki")
    path = write(render(options.audio_root), options.out)
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
