"""``stemdesk cache``: what StemDesk keeps that can be made again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stemdesk.app.cache import EVERYDAY, cache_parts, empty_cache
from stemdesk.cli.parser import usage

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "cache",
        help="show what the cache holds, and empty it",
        description="Show what StemDesk keeps that can be made again, and how large it is. "
        "Projects, settings, models and finished stems are never part of it.",
    )
    parser.add_argument("--empty", nargs="*", metavar="PART",
        help=f"remove these parts; without a name {', '.join(EVERYDAY)}. Remove training only "
        "while no model is being trained")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run_cache)


def run_cache(options: argparse.Namespace) -> int:
    """Empty what is named, then print what there is."""
    freed_bytes = None
    if options.empty is not None:
        with usage():
            freed_bytes = empty_cache(options.empty or EVERYDAY)
    parts = cache_parts()
    if options.json:
        told = {
            part.name: {
                "bytes": part.size_bytes,
                "files": part.files,
                "paths": [str(path) for path in part.paths],
            }
            for part in parts
        }
        print(json.dumps({"parts": told, "freed_bytes": freed_bytes}, indent=1))
        return 0
    if freed_bytes is not None:
        print(f"{_megabytes(freed_bytes)} freed.")
    for part in parts:
        print(f"{part.name:<12} {_megabytes(part.size_bytes):>12}  {part.title}")
        for path in part.paths:
            print(f"{'':<12} {'':>12}  {path}")
    return 0


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
