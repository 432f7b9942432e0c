"""``stemdesk effects``: what a mix can do, and the plug-ins that were found."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from stemdesk.mixing.parameters import Parameter


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "effects",
        help="list the effects, their parameters, and plug-ins",
        description="List the built-in effects with every parameter, and the installed plug-ins.",
        epilog="Use them as in: stemdesk remix song.wav --set vocals.reverb.decay_seconds=3",
    )
    parser.add_argument("--plugins", action="store_true",
        help="look for VST3 plug-ins (and Audio Units on a Mac) instead")  # fmt: skip
    parser.add_argument("--folder", action="append", type=Path, metavar="DIR",
        help="look for plug-ins here, not in the usual places; repeatable")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print effects, or plug-ins."""
    if options.plugins or options.folder:
        return _plugins(options)
    from stemdesk.mixing.effects.kinds import EFFECT_KINDS
    from stemdesk.mixing.parameters import BYPASS, STRIP_PARAMETERS
    from stemdesk.mixing.settings import CEILING_DB

    groups = {
        "strip": ("Every strip", tuple(STRIP_PARAMETERS.values())),
        "master": ("The master besides", (CEILING_DB,)),
        "effect": ("Every effect", (BYPASS,)),
    } | {kind.name: (kind.title, kind.parameters) for kind in EFFECT_KINDS.values()}
    if options.json:
        listed = {name: [_fields(each) for each in given] for name, (_, given) in groups.items()}
        print(json.dumps(listed, indent=1))
        return 0
    for name, (title, parameters) in groups.items():
        print(f"{name}: {title}" if name in EFFECT_KINDS else title)
        for parameter in parameters:
            print(f"  {parameter.name:<18} {_range(parameter)}")
    return 0


def _range(parameter: Parameter) -> str:
    unit = f" {parameter.unit}" if parameter.unit else ""
    least = "-inf" if parameter.minimum == -math.inf else f"{parameter.minimum:g}"
    return f"{least} to {parameter.maximum:g}{unit}, normally {parameter.default:g}"


def _fields(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "title": parameter.title,
        "unit": parameter.unit,
        "minimum": None if parameter.minimum == -math.inf else parameter.minimum,
        "maximum": parameter.maximum,
        "default": parameter.default,
    }


def _plugins(options: argparse.Namespace) -> int:
    from stemdesk.cli.progress import run_with_progress
    from stemdesk.mixing.plugins.scan import scan

    def work(report: Callable[[float, str], None]) -> Any:
        return scan(options.folder, report, retry_faulty=True)

    with run_with_progress(as_json=False) as progress:
        found = progress.run(work)
    if options.json:
        print(json.dumps([msgspec.to_builtins(plugin) for plugin in found], indent=1))
        return 0
    if not found:
        print("No plug-ins were found; name their folder with --folder.")
    for plugin in found:
        what = "" if plugin.is_effect else " (an instrument, of no use on a stem)"
        print(f"{plugin.name}{what}")
        print(f"  {plugin.path}")
        if plugin.fault:
            print(f"  {plugin.fault}")
    return 0
