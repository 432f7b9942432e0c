"""Which decoder reads a file: libsndfile by content, ffmpeg for everything it does not know."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO

import soundfile

from stemdesk.audio.channel_mask import read_mask
from stemdesk.audio.decoder import Decoder
from stemdesk.audio.info import LOSSY_GRID_BITS, AudioInfo, grid_of, is_lossy
from stemdesk.audio.mpeg import states_length
from stemdesk.audio.source import open_source
from stemdesk.audio.tagging import TAG_NAMES, several_values
from stemdesk.audio.truncation import is_cut_short, readable_frames
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from stemdesk.audio.ffmpeg import Decoded

    Decode = Callable[[Path, ExitStack, str], Decoded]

_TAGS = frozenset((*TAG_NAMES, "license"))
_REMEDY_AGAIN = "export or copy it again, or repair it"


def open_decoder(path: Path, stack: ExitStack, decode: Decode) -> tuple[Decoder, AudioInfo]:
    """Opens a whole file with libsndfile, or with what `decode` makes of it.

    Raises:
        UserError: The file is missing, unreadable, not audio, or cut short.
    """
    file = stack.enter_context(open_source(path))
    try:
        decoder = stack.enter_context(closing(Decoder(file)))
    except soundfile.LibsndfileError:
        return open_decoded(path, stack, decode, "is in no format that can be read")
    sound = decoder.sound
    if _length_unknown(sound, file):
        why = "does not state its length, which cannot be found"
        return open_decoded(path, stack, decode, why)
    if is_cut_short(file, sound.extra_info):
        raise breaks_off(path, sound.frames, sound.samplerate)
    if sound.format == "FLAC" and not _has_last_frame(decoder):
        raise breaks_off(path, readable_frames(file, sound.frames), sound.samplerate)
    return decoder, AudioInfo(
        path=path,
        format=sound.format,
        subtype=sound.subtype,
        sample_rate=sound.samplerate,
        channels=sound.channels,
        frames=sound.frames,
        grid_bits=grid_of(sound.subtype),
        lossy=is_lossy(sound.subtype),
        tags=_known_tags({**sound.copy_metadata(), **several_values(file)}),
        channel_mask=read_mask(file),
    )


def _has_last_frame(decoder: Decoder) -> bool:
    frames = decoder.sound.frames
    if not frames:
        return True
    try:
        decoder.seek(frames - 1)
        return len(decoder.read(1)) == 1
    except soundfile.LibsndfileError:
        return False


def _length_unknown(sound: soundfile.SoundFile, file: BinaryIO) -> bool:
    # FLAC written to a pipe states no length, which libsndfile reports as the largest number.
    if sound.frames > 1 << 60:
        return True
    if not sound.subtype.startswith("MPEG_"):
        return False
    return sound.format != "MP3" or not states_length(file)


def open_decoded(
    path: Path, stack: ExitStack, decode: Decode, why: str
) -> tuple[Decoder, AudioInfo]:
    """Opens what `decode` makes of a file; `why` says what the file does without it."""
    decoded = decode(path, stack, why)
    file = stack.enter_context(open_source(decoded.wav))
    decoder = stack.enter_context(closing(Decoder(file)))
    sound = decoder.sound
    with open_source(path) as original:
        several = several_values(original)
    pcm = decoded.codec.startswith("PCM_") or sound.subtype in {"FLOAT", "DOUBLE"}
    return decoder, AudioInfo(
        path=path,
        format=decoded.format,
        subtype=sound.subtype if pcm and not decoded.lossy else decoded.codec,
        sample_rate=sound.samplerate,
        channels=sound.channels,
        frames=sound.frames,
        grid_bits=LOSSY_GRID_BITS if decoded.lossy else grid_of(sound.subtype),
        lossy=decoded.lossy,
        tags=_known_tags({**decoded.tags, **several}),
        channel_mask=read_mask(file),
    )


def _known_tags(tags: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in tags.items() if name in _TAGS and text.strip()}


def breaks_off(path: Path, frame: int, sample_rate: int) -> UserError:
    """The refusal of a file whose audio ends at `frame`."""
    seconds = frame / sample_rate
    return UserError(
        f"{path} breaks off at {seconds:.3f} s, before the end its header states", _REMEDY_AGAIN
    )
