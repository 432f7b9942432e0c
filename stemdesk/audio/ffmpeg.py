"""Formats libsndfile does not read (M4A, WMA, video ...), decoded once by the ffmpeg program."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import soundfile

from stemdesk.audio.containers.contents import CUT, DOUBTFUL, Flaw
from stemdesk.errors import UserError
from stemdesk.files import require_space

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    Check = Callable[[], None]

_REMEDY_SPACE = "free some space there or set TMPDIR to another folder"
_REMEDY_CONVERT = "convert the file to WAV or FLAC"
_LOSSLESS = frozenset(
    {"alac", "ape", "flac", "mlp", "mp4als", "ralf", "shorten", "tak", "truehd", "tta"}
    | {"wavpack", "wmalossless"}
)
_LOSSY_PCM = frozenset({"pcm_alaw", "pcm_mulaw", "pcm_vidc"})
# Of streams without a container ffmpeg estimates the length by the bit rate of the beginning.
_UNTIMED = frozenset(
    {"aac", "ac3", "adx", "amr", "amrnb", "amrwb", "dts", "dtshd", "eac3", "g722", "g726", "gsm"}
    | {"latm", "loas", "mlp", "mp2", "mp3", "mpegts", "s16le", "truehd"}
)
_LENGTH_TOLERANCE_SECONDS = 0.25
_POLL_SECONDS = 0.1
_HEADER_BYTES = 1 << 16
_SAMPLE_BYTES = {"pcm_u8": 1, "pcm_s16le": 2, "pcm_s24le": 3, "pcm_f64le": 8}
_SUBTYPES = {
    "pcm_u8": "PCM_U8",
    "pcm_s16le": "PCM_16",
    "pcm_s24le": "PCM_24",
    "pcm_s32le": "PCM_32",
    "pcm_f32le": "FLOAT",
    "pcm_f64le": "DOUBLE",
}
_TAG_NAMES = {"track": "tracknumber", "year": "date"}


@dataclass(frozen=True)
class Decoded:
    """A temporary WAV file that holds an audio stream of another file.

    Attributes:
        wav: The decoded file, removed when the stack given to `decode` closes; None: the stream
            was only looked at.
        format: Container name, e.g. "M4A".
        codec: Codec name in capitals, e.g. "AAC".
        lossy: Whether the codec discards signal.
        tags: Tags of the container and the stream.
        subtype: Encoding of the WAV file, as libsndfile names it.
        sample_rate: Hz.
        channels: Number of channels.
        frames: As the container states them, or as the decoder found them.
        flaws: What the container promises and the decoder did not find, and its errors.
    """

    wav: Path | None
    format: str
    codec: str
    lossy: bool
    tags: dict[str, str]
    subtype: str
    sample_rate: int
    channels: int
    frames: int
    flaws: tuple[Flaw, ...] = ()


class _Stream(msgspec.Struct):
    codec_name: str = ""
    sample_fmt: str = ""
    bits_per_raw_sample: str = "0"
    channels: int = 0
    sample_rate: str = "0"
    duration: str = ""
    tags: dict[str, str] = {}


class _Container(msgspec.Struct):
    format_name: str = ""
    nb_streams: int = 0
    duration: str = ""
    tags: dict[str, str] = {}


class _Probe(msgspec.Struct):
    streams: list[_Stream] = []
    format: _Container = msgspec.field(default_factory=_Container)


def decode(
    path: Path, stack: ExitStack, why: str, *, folder: Path | None, check: Check, stream: int = 0
) -> Decoded:
    """Decodes an audio stream at its own rate, channels and depth.

    Args:
        path: The source.
        stack: Takes the private temporary folder, which goes when it closes.
        why: What the file does that only ffmpeg can help with, for the refusal without it.
        folder: Where to put that folder; None: where temporary files go (TMPDIR).
        check: Called ten times a second; what it raises ends ffmpeg too.
        stream: Which of the file's audio streams.

    Raises:
        UserError: ffmpeg is not installed, fails or finds no audio; or there is no room for what
            it would decode.
    """
    ffmpeg, chosen, container = _look(path, why, check, stream)
    codec = _pcm_codec(chosen)
    expected_bytes = _expected_bytes(chosen, container, codec)
    wav = _private_folder(stack, folder, expected_bytes) / "decoded.wav"
    command = [ffmpeg, "-nostdin", "-v", "error", "-protocol_whitelist", "file"]
    command += ["-i", _url(path), "-map", f"0:a:{stream}", "-map_metadata", "-1"]
    command += ["-c:a", codec, "-rf64", "auto", "-f", "wav", _url(wav)]
    done = _run(command, check)
    if "No space left" in done.stderr:
        raise UserError(
            f"The disk of {wav.parent.parent} is full: {path.name} could not be decoded",
            _REMEDY_SPACE,
        )
    if done.returncode != 0 or not wav.exists():
        raise UserError(f"ffmpeg cannot decode {path} ({_last_line(done.stderr)})", _REMEDY_CONVERT)
    decoded = _described(path, chosen, container, soundfile.info(str(wav)).frames)
    flaws = _flaws(chosen, container, decoded, done.stderr)
    return replace(decoded, wav=wav, flaws=flaws)


def probe(path: Path, stack: ExitStack, why: str, *, check: Check) -> Decoded:
    """What :func:`decode` would deliver; decodes only where the container states no length."""
    _, chosen, container = _look(path, why, check, 0)
    seconds = _stated_seconds(chosen) or _clock_seconds(container.duration)
    frames = round(seconds * int(chosen.sample_rate))
    if not frames or not chosen.channels:
        return decode(path, stack, why, folder=None, check=check)
    return _described(path, chosen, container, frames)


def _look(path: Path, why: str, check: Check, stream: int) -> tuple[str, _Stream, _Container]:
    """The program, and what it knows of the wanted stream and its container."""
    ffmpeg, ffprobe = shutil.which("ffmpeg"), shutil.which("ffprobe")
    if ffmpeg is None or ffprobe is None:
        raise UserError(
            f"{path} {why} without ffmpeg",
            f"install ffmpeg, or {_REMEDY_CONVERT}",
        )
    found = _probe(ffprobe, path, check)
    if not found.streams:
        raise UserError(f"{path} holds no audio", "name an audio or video file")
    if stream >= len(found.streams):
        raise UserError(
            f"{path} has {len(found.streams)} audio streams, not {stream + 1}",
            "export it again with all its streams",
        )
    return ffmpeg, found.streams[stream], found.format


def _described(path: Path, chosen: _Stream, container: _Container, frames: int) -> Decoded:
    tags = {**container.tags, **chosen.tags}
    return Decoded(
        wav=None,
        format=path.suffix[1:].upper() or container.format_name.upper(),
        codec=chosen.codec_name.upper(),
        lossy=not _lossless(chosen.codec_name),
        tags={_TAG_NAMES.get(name.lower(), name.lower()): text for name, text in tags.items()},
        subtype=_SUBTYPES[_pcm_codec(chosen)],
        sample_rate=int(chosen.sample_rate),
        channels=chosen.channels,
        frames=frames,
    )


def _url(path: Path) -> str:
    # The prefix keeps "-x.m4a", "http:x" and "a|b" from being read as anything but a file.
    return f"file:{path.absolute()}"


def _private_folder(stack: ExitStack, folder: Path | None, needed_bytes: int) -> Path:
    """A folder that goes with the stack, on a disk that has the room."""
    place = Path(tempfile.gettempdir()) if folder is None else folder
    try:
        require_space(place, needed_bytes)
    except UserError as error:
        raise UserError(error.problem, _REMEDY_SPACE if folder is None else error.remedy) from error
    made = tempfile.TemporaryDirectory(prefix=".stemdesk-", dir=place, ignore_cleanup_errors=True)
    return Path(stack.enter_context(made))


def _expected_bytes(stream: _Stream, container: _Container, codec: str) -> int:
    """Size of the decoded file, by the length that is stated anywhere."""
    seconds = _stated_seconds(stream) or _clock_seconds(container.duration)
    sample_bytes = _SAMPLE_BYTES.get(codec, 4)
    return _HEADER_BYTES + int(seconds * int(stream.sample_rate) * stream.channels * sample_bytes)


def _run(command: list[str], check: Check) -> subprocess.CompletedProcess[str]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        errors="replace",
    )
    with process:
        try:
            while True:
                check()
                with suppress(subprocess.TimeoutExpired):
                    out, errors = process.communicate(timeout=_POLL_SECONDS)
                    return subprocess.CompletedProcess(command, process.returncode, out, errors)
        except BaseException:
            process.kill()
            raise


def _probe(ffprobe: str, path: Path, check: Check) -> _Probe:
    command = [ffprobe, "-v", "error", "-protocol_whitelist", "file", "-select_streams", "a"]
    command += ["-show_streams", "-show_format", "-of", "json", _url(path)]
    done = _run(command, check)
    if done.returncode != 0:
        raise UserError(
            f"{path} is not audio, or is damaged ({_last_line(done.stderr)})",
            "name an audio or video file, or export it again",
        )
    return msgspec.json.decode(done.stdout, type=_Probe)


def _last_line(text: str) -> str:
    """The last words of ffmpeg, without the path and the full stop it puts around them."""
    lines = text.strip().splitlines() or ["no reason given"]
    return lines[-1].rsplit(": ", 1)[-1].rstrip(". ")


def _lossless(codec: str) -> bool:
    return codec in _LOSSLESS or (codec.startswith("pcm_") and codec not in _LOSSY_PCM)


def _pcm_codec(stream: _Stream) -> str:
    """The WAV encoding that holds every value the decoder delivers."""
    kind = stream.sample_fmt.removesuffix("p")
    if kind == "s32" and stream.bits_per_raw_sample in {"20", "24"}:
        return "pcm_s24le"
    return {"u8": "pcm_u8", "s16": "pcm_s16le", "s32": "pcm_s32le", "dbl": "pcm_f64le"}.get(
        kind, "pcm_f32le"
    )


def _flaws(
    stream: _Stream, container: _Container, decoded: Decoded, errors: str
) -> tuple[Flaw, ...]:
    """What the container promises and was not found, and whether the decoder complained."""
    found: list[Flaw] = []
    promised_seconds = _stated_seconds(stream)
    if not promised_seconds and container.nb_streams == 1:
        promised_seconds = _clock_seconds(container.duration)
    seconds = decoded.frames / max(1, decoded.sample_rate)
    is_timed = _UNTIMED.isdisjoint(container.format_name.split(","))
    if is_timed and promised_seconds > seconds + _LENGTH_TOLERANCE_SECONDS:
        found.append(Flaw(CUT, is_loss=True, seconds=seconds))
    if errors.strip():
        found.append(Flaw(DOUBTFUL))
    return tuple(found)


def _stated_seconds(stream: _Stream) -> float:
    return _clock_seconds(stream.duration or stream.tags.get("DURATION", ""))


def _clock_seconds(text: str) -> float:
    """Seconds of "5.02" or "00:00:05.02" (Matroska); 0 where nothing is stated."""
    seconds = 0.0
    for part in text.split(":") if text[:1].isdigit() else []:
        seconds = seconds * 60.0 + float(part)
    return seconds
