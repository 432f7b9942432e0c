"""The library's functions, for scripts and notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.adapting import adapted_model
from stemdesk.app.clip_song import ClipReader
from stemdesk.app.closing import Closing, closed_stems
from stemdesk.app.estimating import estimate, layout_of
from stemdesk.app.model import LoadedModel, load_model
from stemdesk.app.options import SeparateOptions, Separation
from stemdesk.app.outputs import plan_outputs
from stemdesk.app.resampled import SeekableMixture
from stemdesk.app.separate import separate_song
from stemdesk.audio.clip import AudioClip
from stemdesk.audio.formats import choose_output
from stemdesk.audio.info import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import UnionType

    from numpy.typing import NDArray

    from stemdesk.app.remixing.remix import Remix, RemixOptions
    from stemdesk.mixing.recipe import Recipe


def separate(
    song: str | Path,
    output: str | Path = "separated",
    *,
    model: str | LoadedModel | None = None,
    options: SeparateOptions | None = None,
    report: Callable[[float, str], None] | None = None,
) -> Separation:
    """Separate a song into files, as ``stemdesk separate`` does.

    Args:
        song: any audio file.
        output: folder for the results.
        model: model id, or one from :func:`stemdesk.app.model.load_model`, which keeps it loaded
            from song to song and knows the reconstruction; None for the default.
        options: everything else that can be chosen; its ``output`` is replaced by ``output``.
        report: told the fraction done and the stage.

    Returns:
        The files, the null report and what else there is to say.

    Raises:
        UserError: the song cannot be read, or a result exists and may not be replaced.
    """
    _demand(song, str | Path, "The song", "the name of a file; separate_clip takes samples")
    loaded = model if isinstance(model, LoadedModel) else load_model(model)
    chosen = replace(options or SeparateOptions(), output=Path(output))
    return separate_song(Path(song), chosen, loaded, report or _ignore, _refuse)


def separate_clip(
    clip: AudioClip, model: str | LoadedModel | None = None, *, adapt: bool = False
) -> dict[str, AudioClip]:
    """Separate samples in memory.

    Args:
        clip: the mixture, 1 to 8 channels, 8 to 192 kHz.
        model: as for :func:`separate`.
        adapt: let the model learn from the clip first, as ``stemdesk separate --adapt`` does; one
            that is too short or silent is separated by the model as it is.

    Returns:
        Stem name -> clip of the same length, rate and channels. For a mixture of 16- or 24-bit
        values their float32 sum equals the mixture in every sample, in any order (but not of a
        model loaded with ``reconstruction="paper"``).

    Raises:
        UserError: no such model, a clip that cannot be separated, or a model that cannot be
            adapted to one.
        TypeError: what is given is no clip of floats.
    """
    _check(clip, "A clip", "separated")
    loaded = model if isinstance(model, LoadedModel) else load_model(model)
    reader = ClipReader(clip)
    if adapt:
        source = SeekableMixture(reader, loaded.card.sample_rate)
        loaded = adapted_model(loaded, source, lambda _: None)
    from stemdesk.separation.memory_spool import MemorySpool

    spool = MemorySpool(layout_of(loaded, reader))
    estimate(reader, spool, loaded, _ignore)
    names = loaded.card.stems
    closing = Closing.of(loaded, plan_outputs(names, (), karaoke=False))
    grid_bits = choose_output(reader.info, "wav", "match").grid_bits
    stems = {name: np.empty((clip.channels, clip.frames), np.float32) for name in names}
    done = 0
    with closed_stems(closing, reader, spool, grid_bits) as pieces:
        for blocks in pieces:
            end = done + next(iter(blocks.values())).shape[1]
            for name, block in blocks.items():
                stems[name][:, done:end] = block
            done = end
    return {name: AudioClip(stem, clip.sample_rate) for name, stem in stems.items()}


def remix(
    song: str | Path,
    mix: Mapping[str, float] | Recipe | str | Path,
    output: str | Path,
    *,
    options: RemixOptions | None = None,
    model: str | None = None,
    report: Callable[[float, str], None] | None = None,
) -> Remix:
    """Remix a song into one file, as ``stemdesk remix`` does.

    Args:
        song: any audio file, separated first if need be, or a folder of stems.
        mix: parameters by address (``{"vocals.level_db": -3, "vocals.reverb.amount": 0.2}``;
            effects that are named are added), a recipe
            (:class:`stemdesk.mixing.recipe.Recipe`: automation, plug-ins, loudness too), or the
            file of one.
        output: the file to write; its suffix is the format.
        options: everything else that can be chosen; its ``output`` is replaced.
        model: model id; None for the default.
        report: told the fraction done and the stage.

    Returns:
        The file, its loudness and true peak, the stems, and what else there is to say.

    Raises:
        UserError: the song cannot be read, the mix does not fit it, or the file exists and may not
            be replaced.
    """
    from stemdesk.app.remixing.remix import RemixOptions, remix_song
    from stemdesk.app.remixing.stems import Models

    _demand(song, str | Path, "The song", "the name of a file or of a folder of stems")
    _demand(output, str | Path, "The output", "the name of a file")
    chosen = replace(options or RemixOptions(output=Path()), output=Path(output))
    return remix_song(Path(song), _recipe(mix), chosen, Models(model), report or _ignore, _refuse)


def mix(
    stems: Mapping[str, AudioClip],
    settings: Mapping[str, float] | Recipe | str | Path,
    *,
    report: Callable[[float, str], None] | None = None,
) -> AudioClip:
    """Mix samples in memory, as :func:`remix` does files; neutral, it is their float32 sum.

    Args:
        stems: stem name -> clip, as from :func:`separate_clip`: 1 to 8 channels, all of one rate.
        settings: what to do, as the ``mix`` of :func:`remix`.
        report: told the fraction done and the stage.

    Returns:
        The mix, as long as the longest stem and what its effects sound on, with as many channels
        as the widest (two where mono stems are panned).

    Raises:
        UserError: clips that cannot be mixed, a mix that does not fit them, or an effect that
            cannot work.
        TypeError: what is given are no clips of floats, or no mix.
    """
    from stemdesk.app.remixing.mixdown import LimitTap, mix_down
    from stemdesk.mixing.recipe import fitted
    from stemdesk.mixing.renderer import Renderer
    from stemdesk.mixing.sources import ClipStem

    _demand(stems, Mapping, "The stems", 'a dict such as {"vocals": clip}')
    if not stems:
        raise UserError("There are no stems to mix", "give one clip at least")
    for name, clip in stems.items():
        _check(clip, f"The stem {name}", "mixed")
    recipe = _recipe(settings)
    tell = report or _ignore
    blocks: list[NDArray[np.float32]] = []

    @contextmanager
    def kept() -> Iterator[Callable[[NDArray[np.float32]], None]]:
        blocks.clear()
        yield blocks.append

    sources = {name: ClipStem(clip) for name, clip in stems.items()}
    tap = LimitTap()
    with closing(Renderer(sources, fitted(recipe.mix, list(stems)), tap=tap)) as renderer:
        mix_down(renderer, tap, recipe, kept, lambda done: tell(done, "mixing"))
        return AudioClip(np.concatenate(blocks, axis=1), renderer.sample_rate)


def _recipe(mix: Mapping[str, float] | Recipe | str | Path) -> Recipe:
    from stemdesk.mixing.recipe import Recipe, load_recipe, recipe_of

    if isinstance(mix, Recipe):
        return mix
    if isinstance(mix, Mapping):
        for address in mix:
            _demand(address, str, "An address of the mix", 'text such as "vocals.level_db"')
        return recipe_of(mix)
    wanted = 'a dict such as {"vocals.level_db": -3}, a Recipe, or the name of a recipe\'s file'
    _demand(mix, str | Path, "The mix", wanted)
    return load_recipe(Path(mix))


def _demand(given: object, wanted: type | UnionType, title: str, in_words: str) -> None:
    if not isinstance(given, wanted):
        raise TypeError(f"{title} must be {in_words}, not {type(given).__name__}")


def _check(clip: AudioClip, title: str, deed: str) -> None:
    wanted = "an AudioClip(samples, sample_rate)"
    _demand(clip, AudioClip, title, wanted)
    kinds = "a NumPy array of floats [channels, frames], nominally within +-1.0"
    _demand(clip.samples, np.ndarray, f"The samples of {title[0].lower()}{title[1:]}", kinds)
    if clip.samples.dtype.kind != "f":
        raise TypeError(f"{title} must hold {kinds}, not {clip.samples.dtype}")
    _demand(clip.sample_rate, Integral, f"The rate of {title[0].lower()}{title[1:]}", "whole Hz")
    if clip.samples.ndim != 2 or not 1 <= clip.channels <= MAX_CHANNELS or not clip.frames:
        raise UserError(
            f"{title} of the shape {clip.samples.shape} cannot be {deed}",
            f"give [channels, frames] with 1 to {MAX_CHANNELS} channels",
        )
    if not MIN_RATE_HZ <= clip.sample_rate <= MAX_RATE_HZ:
        raise UserError(
            f"{title} has {clip.sample_rate} Hz, outside 8 to 192 kHz", "give its sample rate in Hz"
        )
    # The negation is true of what is no number, too.
    if not (np.abs(clip.samples) <= np.finfo(np.float32).max).all():
        raise UserError(f"{title} has samples that are not numbers", "replace them by 0")


def _ignore(fraction: float, stage: str) -> None:
    """No one wants to know."""


def _refuse(path: Path) -> bool:
    raise UserError(
        f"The file {path} exists already",
        "choose another folder, or set overwrite to rename, skip or yes",
    )
