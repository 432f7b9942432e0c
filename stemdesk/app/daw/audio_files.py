"""Stems as every DAW takes them: WAV files of one rate, length and channel count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.reading import BLOCK_FRAMES, open_audio
from stemdesk.audio.writing import AudioWriter, WouldClip, choose_output
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stemdesk.audio.info import AudioInfo

_SUFFIXES = {".wav", ".wave"}
_CONTAINERS = {"WAV", "WAVEX"}
_SUBTYPES = {"PCM_16", "PCM_24", "PCM_32", "FLOAT"}


@dataclass(frozen=True)
class Form:
    """What all files of a session have in common.

    Attributes:
        sample_rate: Hz.
        channels: how many.
        frames: length in samples per channel.
    """

    sample_rate: int
    channels: int
    frames: int


def common_form(paths: Sequence[Path]) -> Form:
    """The form in which some files go together: as wide as the widest, as long as the longest.

    Raises:
        UserError: a file cannot be read, or they do not go together.
    """
    infos = []
    for path in paths:
        with open_audio(path) as reader:
            infos.append(reader.info)
    first, channels = infos[0], max(info.channels for info in infos)
    for info in infos:
        if info.sample_rate != first.sample_rate:
            raise UserError(
                f"{info.path} has {info.sample_rate} Hz and {first.path} {first.sample_rate} Hz",
                "name stems of one sample rate",
            )
        if info.channels not in (1, channels):
            raise UserError(
                f"{info.path} has {info.channels} channels, and another stem {channels}",
                "name stems of the same channels",
            )
    return Form(first.sample_rate, channels, max(info.frames for info in infos))


def in_form(path: Path, form: Form, target: Path, tell: Callable[[float], None]) -> Path:
    """The file itself where it is a WAV file of that form; otherwise a copy that is.

    Mono sounds on all channels, and a file that ends early goes on in silence.

    Args:
        path: any audio file.
        form: from :func:`common_form`.
        target: where a copy goes.
        tell: told the fraction done; may raise Cancelled.

    Raises:
        UserError: it cannot be read, or the copy cannot be written.
    """
    with open_audio(path) as reader:
        info = reader.info
    if _suits(info, form):
        tell(1.0)
        return path
    try:
        _convert(info, form, target, "match", tell)
    except WouldClip:
        # A lossy file may rise above full scale.
        _convert(info, form, target, "float", tell)
    return target


def _suits(info: AudioInfo, form: Form) -> bool:
    return (
        info.path.suffix.lower() in _SUFFIXES
        and info.format in _CONTAINERS
        and info.subtype in _SUBTYPES
        and (info.sample_rate, info.channels, info.frames)
        == (form.sample_rate, form.channels, form.frames)
    )


def _convert(
    info: AudioInfo, form: Form, target: Path, subtype: str, tell: Callable[[float], None]
) -> None:
    mask = info.channel_mask if info.channels == form.channels else None
    wide = replace(info, channels=form.channels, channel_mask=mask)
    spec = choose_output(wide, "wav", subtype)
    with (
        open_audio(info.path) as reader,
        AudioWriter(target, spec, form.frames, info.tags) as writer,
    ):
        for first in range(0, form.frames, BLOCK_FRAMES):
            count = min(BLOCK_FRAMES, form.frames - first)
            block = reader.read(count)
            block = np.pad(block, ((0, 0), (0, count - block.shape[1])))
            writer.write(np.repeat(block, form.channels // len(block), axis=0))
            tell((first + count) / form.frames)
