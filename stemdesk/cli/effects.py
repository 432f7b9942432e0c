"""``stemdesk effects``: what a mix can do, and the plug-ins that were found."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.cli.parser import FILES, UsageError
from stemdesk.cli.plain_text import one_line
from stemdesk.mixing.parameters import Taper

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from stemdesk.mixing.parameters import Parameter
    from stemdesk.mixing.plugins.client import PluginClient
    from stemdesk.mixing.plugins.parameter import PluginParameter
    from stemdesk.mixing.settings import EffectSettings, MixSettings


EPILOG = """\
Use them by their first number, or by any:
  stemdesk remix song.wav --vocals-reverb 0.2
  stemdesk remix song.wav --set vocals.reverb.decay_seconds=3
A plug-in's parameters go from 0 to 1, whatever they mean to it:
  stemdesk remix song.wav --plugin drums=Punch.vst3 --set drums.punch.drive=0.4
Its own window sets the rest, for a recipe:
  stemdesk effects Punch.vst3 --edit mix.toml --on drums
  stemdesk remix song.wav --recipe mix.toml
"""


_UNITS = {"st": "semitones"}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "effects",
        help="list the effects, their parameters, and plug-ins",
        description="List the built-in effects with every parameter, and the installed plug-ins.",
        epilog=EPILOG,
    )
    plugin = parser.add_argument("plugin", nargs="?", metavar="PLUGIN",
        help="list the parameters of this plug-in instead; FILE#NAME: one of several")  # fmt: skip
    plugin.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--plugins", action="store_true",
        help="look for VST3 plug-ins (and Audio Units on a Mac) instead")  # fmt: skip
    parser.add_argument("--folder", action="append", type=Path, metavar="DIR",
        help="look for plug-ins here, not in the usual places; repeatable")  # fmt: skip
    edit = parser.add_argument("--edit", type=Path, metavar="RECIPE",
        help="show the plug-in's window; closing it keeps its settings in the recipe")  # fmt: skip
    edit.complete = FILES  # type: ignore[attr-defined]
    parser.add_argument("--on", metavar="STEM", help="the stem that --edit has the plug-in on")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print effects, or plug-ins, or one plug-in's parameters."""
    if options.edit or options.on:
        return _edit(options)
    if options.plugin:
        return _plugin(options)
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
    if parameter.taper is Taper.SWITCH:
        return f"0 or 1, normally {parameter.default:g}"
    unit = f" {_UNITS.get(parameter.unit, parameter.unit)}" if parameter.unit else ""
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
        print(one_line(f"{plugin.name}{what}"))
        print(f"  {one_line(plugin.path)}")
        if plugin.fault:
            print(f"  {plugin.fault}")
    return 0


def _plugin(options: argparse.Namespace) -> int:
    from stemdesk.mixing.plugins.client import PluginChoice
    from stemdesk.mixing.plugins.editing import opened

    path, _, name = options.plugin.partition("#")
    with opened(PluginChoice(path, name)) as client:
        if options.json:
            print(json.dumps(_told(client), indent=1))
            return 0
        loaded = client.loaded
        maker = f" by {loaded.manufacturer}" if loaded.manufacturer else ""
        print(f"{loaded.name} {loaded.version}{maker}, {client.latency_frames} frames late")
        for parameter in loaded.parameters:
            print(f"  {parameter.name:<18} {_meaning(client, parameter)}")
    return 0


def _meaning(client: PluginClient, parameter: PluginParameter) -> str:
    default = parameter.with_unit(client.text(parameter.name, parameter.default))
    steps = f" in {parameter.steps} steps" if parameter.steps else ""
    ends = f"{parameter.with_unit(parameter.lowest)} to {parameter.with_unit(parameter.highest)}"
    return f"0 to 1{steps} ({ends}), normally {parameter.default:.4g} ({default})"


def _told(client: PluginClient) -> dict[str, Any]:
    loaded = client.loaded
    parameters = [
        {
            **msgspec.to_builtins(parameter),
            "minimum": 0.0,
            "maximum": 1.0,
            "default_text": client.text(parameter.name, parameter.default),
        }
        for parameter in loaded.parameters
    ]
    return {
        "name": loaded.name,
        "manufacturer": loaded.manufacturer,
        "version": loaded.version,
        "latency_frames": client.latency_frames,
        "tail_seconds": loaded.tail_seconds,
        "parameters": parameters,
    }


def _edit(options: argparse.Namespace) -> int:
    if not (options.plugin and options.edit and options.on):
        raise UsageError("--edit needs a plug-in and --on its stem", "see stemdesk effects --help")
    if options.edit.suffix.lower() != ".toml":
        raise UsageError(f"A recipe cannot be called {options.edit.name}", "end its name in .toml")
    from stemdesk.mixing.addresses import with_strip
    from stemdesk.mixing.plugins.client import PluginChoice
    from stemdesk.mixing.plugins.editing import edited
    from stemdesk.mixing.recipe import Recipe, load_recipe, save_recipe, with_plugin, with_strips
    from stemdesk.mixing.settings import changed
    from stemdesk.mixing.stem_names import matching

    recipe = load_recipe(options.edit) if options.edit.exists() else Recipe()
    file, _, name = options.plugin.partition("#")
    stem = matching(options.on, [each.name for each in recipe.mix.strips]) or options.on
    mix = with_strips(recipe.mix, [stem], [stem])
    if _plugin_on(mix, stem, file, name) is None:
        mix = with_plugin(mix, stem, Path(file), name)
    effect = _plugin_on(mix, stem, file, name)
    strip = mix.strip(stem)
    assert effect is not None
    assert strip is not None
    state = edited(PluginChoice(effect.plugin, name, effect.state), effect.values)
    kept = changed(effect, state=state, values={})  # the values are in the state
    effects = tuple(kept if each is effect else each for each in strip.effects)
    mix = with_strip(mix, changed(strip, effects=effects))
    save_recipe(options.edit, changed(recipe, mix=mix))
    print(f"{options.edit}: {strip.name}.{effect.name} is kept as it was left")
    return 0


def _plugin_on(mix: MixSettings, stem: str, file: str, name: str) -> EffectSettings | None:
    """The first plug-in of that file on a stem."""
    strip = mix.strip(stem)
    wanted = (str(Path(file).resolve()), name)
    there = strip.effects if strip else ()
    return next((each for each in there if (each.plugin, each.plugin_name) == wanted), None)
