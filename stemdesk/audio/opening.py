"""Which decoder reads a file: libsndfile by content, ffmpeg for everything it does not know."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import soundfile

from stemdesk.audio.channel_mask import read_mask
from stemdesk.audio.containers.contents import (
    CUT,
    FIRST_ONLY,
    JOINED,
    LENGTH_UNKNOWN,
    MIXED,
    Contents,
    Flaw,
)
from stemdesk.audio.containers.examining import examine
from stemdesk.audio.decoder import Decoder, MixedError
from stemdesk.audio.info import LOSSY_GRID_BITS, AudioInfo, grid_of, is_lossy
from stemdesk.audio.recording import UnreadableError
from stemdesk.audio.source import open_source
from stemdesk.audio.splice import Splice
from stemdesk.audio.tagging import TAG_NAMES
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from stemdesk.audio.ffmpeg import Decoded

    Decode = Callable[[Path, ExitStack, str], Decoded]

_TAGS = frozenset((*TAG_NAMES, "license"))
_REMEDY = "export or copy it again, repair it, or separate what is there"
_NO_FORMAT = "is in no format that can be read"
# A second decoder that counts less has lost something; encoders pad, so that it may count more.
_COUNT_TOLERANCE = 0.999


class IncompleteAudioError(UserError):
    """A file lacks sound that it promises; what is there can be read if the user accepts that."""


def open_decoder(
    path: Path, stack: ExitStack, decode: Decode, *, accept_incomplete: bool = False
) -> tuple[Decoder | None, AudioInfo]:
    """Opens a whole file with libsndfile, or with what `decode` makes of it.

    Returns:
        A decoder, None where `decode` only looks; and the facts.

    Raises:
        IncompleteAudioError: It is cut short or damaged, and that is not accepted.
        UserError: It is missing, unreadable or not audio.
    """
    file = stack.enter_context(open_source(path))
    contents = examine(file)
    if contents.for_ffmpeg:
        return _open_decoded(path, stack, decode, contents, accept_incomplete=accept_incomplete)

    def second() -> Decoder:
        decoded = decode(path, stack, "cannot be decoded")
        if decoded.wav is None or any(flaw.is_loss for flaw in decoded.flaws):
            raise incomplete(path, Flaw(CUT), 0.0)
        wav = stack.enter_context(open_source(decoded.wav))
        return stack.enter_context(closing(Decoder(wav, examine(wav).links)))

    try:
        made = Decoder(file, contents.links, second, fills_gaps=accept_incomplete)
    except MixedError as error:
        if not accept_incomplete:
            raise incomplete(path, Flaw(MIXED), 0.0) from error
        made = Decoder(file, contents.links[:1], second, fills_gaps=True)
        told = tuple(flaw for flaw in contents.flaws if flaw.text != JOINED)
        contents = Contents(contents.links[:1], (*told, Flaw(FIRST_ONLY, is_loss=True)))
    except soundfile.LibsndfileError:
        unknown = replace(contents, for_ffmpeg=_NO_FORMAT)
        return _open_decoded(path, stack, decode, unknown, accept_incomplete=accept_incomplete)
    decoder = stack.enter_context(closing(made))
    sound = decoder.sound
    if sound.frames > 1 << 60 or (sound.format == "MP3" and not contents.is_known):
        unknown = replace(contents, for_ffmpeg=LENGTH_UNKNOWN)
        return _open_decoded(path, stack, decode, unknown, accept_incomplete=accept_incomplete)
    tags = _known_tags(sound.copy_metadata())
    contents = _with_missing_end(decoder, contents)
    info = AudioInfo(
        path=path,
        format=sound.format,
        subtype=sound.subtype,
        sample_rate=sound.samplerate,
        channels=sound.channels,
        frames=decoder.frames,
        grid_bits=grid_of(sound.subtype),
        lossy=is_lossy(sound.subtype),
        tags=tags,
        channel_mask=read_mask(Splice(file, contents.links[0])),
    )
    return decoder, with_remarks(info, contents.flaws, accept_incomplete=accept_incomplete)


def _with_missing_end(decoder: Decoder, contents: Contents) -> Contents:
    """Lowers the length of a FLAC file to what of it can be decoded, found by bisection."""
    if decoder.sound.format != "FLAC" or not decoder.frames or _can_read(decoder, -1):
        return contents
    there, missing = 0, decoder.frames - 1
    while missing - there > 1:
        middle = (there + missing) // 2
        there, missing = (middle, missing) if _can_read(decoder, middle) else (there, middle)
    decoder.frames = missing
    return contents.with_flaws([Flaw(CUT, is_loss=True)])


def _can_read(decoder: Decoder, frame: int) -> bool:
    decoder.seek(frame % decoder.frames)
    try:
        return len(decoder.read(1)) == 1 and not decoder.gaps
    except UnreadableError:
        return False
    finally:
        decoder.gaps.clear()
        decoder.seek(0)


def open_stream(path: Path, stack: ExitStack, decode: Decode) -> tuple[Decoder | None, AudioInfo]:
    """Opens another stream than a file's first, which only ffmpeg can; as :func:`open_decoder`."""
    with open_source(path) as file:
        contents = replace(examine(file), for_ffmpeg="cannot be read")
    return _open_decoded(path, stack, decode, contents, accept_incomplete=False)


def _open_decoded(
    path: Path, stack: ExitStack, decode: Decode, contents: Contents, *, accept_incomplete: bool
) -> tuple[Decoder | None, AudioInfo]:
    certain = [flaw for flaw in contents.flaws if flaw.is_loss and flaw.seconds is not None]
    if certain and not accept_incomplete:
        raise incomplete(path, certain[0], 0.0)
    decoded = decode(path, stack, contents.for_ffmpeg)
    flaws = [*contents.flaws, *decoded.flaws]
    decoder, channel_mask = None, None
    if decoded.wav is not None:
        file = stack.enter_context(open_source(decoded.wav))
        decoder = stack.enter_context(closing(Decoder(file, examine(file).links)))
        channel_mask = read_mask(file)
        if contents.frames is not None and decoder.frames < contents.frames * _COUNT_TOLERANCE:
            flaws.append(Flaw(CUT, is_loss=True))
    pcm = decoded.codec.startswith("PCM_") or decoded.subtype in {"FLOAT", "DOUBLE"}
    info = AudioInfo(
        path=path,
        format=decoded.format,
        subtype=decoded.subtype if pcm and not decoded.lossy else decoded.codec,
        sample_rate=decoded.sample_rate,
        channels=decoded.channels,
        frames=decoded.frames,
        grid_bits=LOSSY_GRID_BITS if decoded.lossy else grid_of(decoded.subtype),
        lossy=decoded.lossy,
        tags=_known_tags(decoded.tags),
        channel_mask=channel_mask,
    )
    return decoder, with_remarks(info, tuple(flaws), accept_incomplete=accept_incomplete)


def with_remarks(info: AudioInfo, flaws: tuple[Flaw, ...], *, accept_incomplete: bool) -> AudioInfo:
    """The facts with a sentence about each flaw.

    Raises:
        IncompleteAudioError: One of them is a loss that is not accepted.
    """
    losses = [flaw for flaw in flaws if flaw.is_loss]
    if losses and not accept_incomplete:
        raise incomplete(info.path, losses[0], info.seconds)
    texts = dict.fromkeys(f"{info.path.name} {flaw.filled(info.seconds)}." for flaw in flaws)
    return replace(info, remarks=tuple(texts), is_complete=not losses)


def incomplete(path: Path, flaw: Flaw, end_seconds: float) -> IncompleteAudioError:
    """The refusal of a file with such a flaw."""
    return IncompleteAudioError(f"{path} {flaw.filled(end_seconds)}", _REMEDY)


def _known_tags(tags: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in tags.items() if name in _TAGS and text.strip()}
