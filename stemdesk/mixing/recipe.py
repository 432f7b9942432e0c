"""Recipes: a mix as a small text file that fits every song."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk.mixing.address_hints import nearest_stem
from stemdesk.mixing.addresses import check_mix, find, with_effect, with_strip, with_value
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.recipe_mistakes import mistaken, not_text, unreadable
from stemdesk.mixing.settings import (
    MASTER,
    PLUGIN,
    EffectSettings,
    MixSettings,
    StripSettings,
    changed,
)
from stemdesk.mixing.stem_names import matching, strip_and_rest
from stemdesk.parsing.bounds import MOST_BYTES_BY_HAND, Unreadable, file_bytes, text_of
from stemdesk.parsing.toml_text import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

FORMAT = 1


class Recipe(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A mix and how loud it shall be.

    Attributes:
        format: version of this form.
        mix: strips, effects, automation.
        loudness_lufs: bring the mix to this integrated loudness (BS.1770); None leaves it.
        true_peak_dbtp: and let no true peak exceed this; used with `loudness_lufs` alone.
        tail: let effects sound on after the song's end; false cuts them off there.
    """

    format: int = FORMAT
    mix: MixSettings = msgspec.field(default_factory=lambda: MixSettings(strips=()))
    loudness_lufs: float | None = None
    true_peak_dbtp: float = -1.0
    tail: bool = True


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        UserError: missing, not a recipe, of a newer format, or of no mix that could be; it names
            the file, and the line and field as far as they are known.
    """
    try:
        text = text_of(file_bytes(path, MOST_BYTES_BY_HAND))
    except OSError as error:
        raise unreadable(path, error) from error
    except Unreadable as error:
        raise not_text(path) from error
    try:
        given = read_toml(text)
        written = given.get("format", FORMAT)
        if isinstance(written, int) and written > FORMAT:
            raise UserError(
                f"The recipe {path} has the format {written}, this StemDesk knows {FORMAT}",
                "use a newer StemDesk",
            )
        recipe = msgspec.convert(given, Recipe)
    except Unreadable as error:
        raise UserError(f"The recipe {path} is no TOML: {error}", "mend it") from error
    except msgspec.ValidationError as error:
        own = [each.name for each in msgspec.structs.fields(Recipe)]
        raise mistaken(path, text, error, own) from error
    try:
        check_loudness(recipe)
        check_mix(with_strips(recipe.mix, recipe.mix.automation))
    except UserError as error:
        raise UserError(f"The recipe {path} cannot be: {error.problem}", error.remedy) from error
    return recipe


def check_loudness(recipe: Recipe) -> None:
    """Refuse a loudness or a true peak that no mix could have.

    Raises:
        UserError: naming it.
    """
    if recipe.loudness_lufs is not None and not -70.0 <= recipe.loudness_lufs <= 0.0:
        raise UserError(
            f"The loudness cannot be {recipe.loudness_lufs} LUFS", "choose from -70 to 0"
        )
    if not -20.0 <= recipe.true_peak_dbtp <= 0.0:
        raise UserError(
            f"The true peak cannot be {recipe.true_peak_dbtp} dBTP", "choose from -20 to 0"
        )


def save_recipe(path: Path, recipe: Recipe, *, replace: bool = True) -> None:
    """Write a recipe, whole or not at all.

    Args:
        path: where to.
        recipe: what.
        replace: whether a file that is there may go.

    Raises:
        UserError: it cannot be written there.
    """
    # `omit_defaults` would leave the version out as well, and a later StemDesk could not tell.
    given = {"format": FORMAT, **msgspec.to_builtins(recipe)}
    try:
        with atomic_path(path, replace=replace) as partial:
            partial.write_bytes(msgspec.toml.encode(given))
    except OSError as error:
        raise write_refusal(path, error) from error


def fitted(mix: MixSettings, stems: Sequence[str]) -> MixSettings:
    """A mix for other stems: strips that it lacks are neutral.

    A strip `lead-vox` is one for the stem `Lead Vox`.

    Raises:
        UserError: it does something to a stem that is not there.
    """
    mix = _respelled(mix, stems)
    for strip in mix.strips:
        if strip.name not in stems and strip != StripSettings(name=strip.name):
            near = nearest_stem(strip.name, stems)
            remedy = "separate it with a model that has this stem, or leave it out of the mix"
            raise UserError(
                f"The mix works on the stem {strip.name}, but the song has {', '.join(stems)}",
                f"perhaps {near} is meant" if near else remedy,
            )
    strips = tuple(mix.strip(name) or StripSettings(name=name) for name in stems)
    new: MixSettings = changed(mix, strips=strips)
    check_mix(new)
    return new


def _respelled(mix: MixSettings, stems: Sequence[str]) -> MixSettings:
    """A mix whose strips have their stems' names, where these are only spelled otherwise."""
    old = [strip.name for strip in mix.strips]
    free = [name for name in stems if name not in old]
    names: dict[str, str] = {}
    for name in old:
        meant = matching(name, free) if name not in stems else None
        if meant is not None:
            free.remove(meant)
            names[name] = meant
    strips = tuple(changed(each, name=names.get(each.name, each.name)) for each in mix.strips)
    automation = {}
    for address, points in mix.automation.items():
        strip, rest = strip_and_rest(address, [*old, *free, MASTER])
        automation[f"{names.get(strip, strip)}.{rest}"] = points
    new: MixSettings = changed(mix, strips=strips, automation=automation)
    return new


def with_choices(mix: MixSettings, choices: Mapping[str, float]) -> MixSettings:
    """A mix with parameters set; effects that an address names and no strip has are added.

    They are put in the order of :data:`EFFECT_KINDS`.

    Args:
        mix: where to begin.
        choices: address -> value.

    Raises:
        UserError: an unknown address, or a value out of range.
    """
    for given, value in choices.items():
        address = respelled(mix, given)
        mix = with_value(including(mix, address), address, value)
    return mix


def respelled(mix: MixSettings, address: str) -> str:
    """An address with the strip's own spelling of its name, if there is such a strip."""
    strip, rest = strip_and_rest(address, [*(each.name for each in mix.strips), MASTER])
    return f"{strip}.{rest}" if rest else address


def including(mix: MixSettings, address: str) -> MixSettings:
    """A mix that has the effect which an address names, in its usual place.

    Raises:
        UserError: the effect has no such parameter.
    """
    for strip in (*mix.strips, mix.master):
        if not address.startswith(f"{strip.name}."):
            continue
        kind = address.removeprefix(f"{strip.name}.").partition(".")[0]
        there = any(effect.name == kind for effect in strip.effects)
        if kind in EFFECT_KINDS and not there:
            mix = _with_new(mix, strip, EffectSettings(kind=kind))
            find(mix, address)
    return mix


def recipe_of(choices: Mapping[str, float]) -> Recipe:
    """A recipe from parameters by address; strips and effects come into being as they are named.

    Raises:
        UserError: an unknown address, or a value out of range.
    """
    return Recipe(mix=with_choices(with_strips(MixSettings(strips=()), choices), choices))


def with_strips(mix: MixSettings, named: Iterable[str], stems: Sequence[str] = ()) -> MixSettings:
    """A mix with a strip for each stem that is named, by itself or in an address.

    Args:
        mix: where to begin.
        named: stems and addresses.
        stems: whose names may hold dots.
    """
    for address in named:
        name = address
        if address not in stems:
            name, _ = strip_and_rest(address, [*(each.name for each in mix.strips), *stems, MASTER])
        if name and mix.strip(name) is None:
            mix = changed(mix, strips=(*mix.strips, StripSettings(name=name)))
    return mix


def with_plugin(
    mix: MixSettings, strip_name: str, path: Path, plugin_name: str = ""
) -> MixSettings:
    """A mix with a plug-in at the end of a strip's effects.

    Raises:
        UserError: no such strip.
    """
    effect = EffectSettings(
        kind=PLUGIN, plugin=str(path.resolve()), plugin_name=plugin_name, name=_plain(path.stem)
    )
    return with_effect(mix, strip_name, effect)


def _with_new(mix: MixSettings, strip: StripSettings, effect: EffectSettings) -> MixSettings:
    """A built-in effect put where it usually stands, before those that usually follow it."""
    order = {kind: place for place, kind in enumerate(EFFECT_KINDS)}
    place = order[effect.kind]
    followers = [
        index for index, each in enumerate(strip.effects) if order.get(each.kind, -1) > place
    ]
    index = followers[0] if followers else len(strip.effects)
    effects = (*strip.effects[:index], effect, *strip.effects[index:])
    return with_strip(mix, changed(strip, effects=effects))


def _plain(name: str) -> str:
    """A plug-in's name as part of an address."""
    return "".join(letter if letter.isalnum() else "_" for letter in name).lower()
