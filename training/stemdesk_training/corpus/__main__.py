"""``python -m stemdesk_training.corpus AUDIO_ROOT POOL_DIR``: build the training pool."""

import argparse
import sys
from pathlib import Path

from stemdesk_training.corpus import hydrogen_kits, soundfont
from stemdesk_training.corpus.pool import KINDS, MINUTES, build_pool, plan, unmade


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and build; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stemdesk_training.corpus")
    parser.add_argument("audio_root", type=Path, help="folder with voices/, instruments/, midi/")
    parser.add_argument("pool", type=Path, help="folder to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="minutes of train, times this")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--only", nargs="+", choices=KINDS, default=KINDS, help="what to make; the rest stays"
    )
    parser.add_argument(
        "--resume", action="store_true", help="keep what pool.json lists for the same seed"
    )
    options = parser.parse_args(arguments)
    if not (options.audio_root / "voices").is_dir():
        parser.error(f"{options.audio_root} has no folder voices/")
    lacking = soundfont.missing() + hydrogen_kits.missing()
    if lacking:
        parser.error(f"install what is missing first: {', '.join(lacking)}")
    minutes = {
        split: {kind: MINUTES[split][kind] * scale for kind in options.only}
        for split, scale in (("valid", 1.0), ("train", options.scale))
    }

    def report(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    tasks = plan(options.audio_root, options.pool, options.seed, minutes)
    build_pool(unmade(tasks) if options.resume else tasks, report, options.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
