"""Formats libsndfile does not read (M4A, WMA, video ...), decoded once by the ffmpeg program."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import soundfile

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from contextlib import ExitStack

_REMEDY_CONVERT = "convert the file to WAV or FLAC"
_LOSSLESS = frozenset(
    {"alac", "ape", "flac", "mlp", "mp4als", "ralf", "shorten", "tak", "truehd", "tta"}
    | {"wavpack", "wmalossless"}
)
_LOSSY_PCM = frozenset({"pcm_alaw", "pcm_mulaw", "pcm_vidc"})
# Containers whose stated length is exact enough to notice a file that ends early.
_TIMED = frozenset(["ape", "caf", "flac", "matroska", "mov", "tta", "wv"])
_LENGTH_TOLERANCE_SECONDS = 0.25
_TAG_NAMES = {"track": "tracknumber", "year": "date"}


@dataclass(frozen=True)
class Decoded:
    """A temporary WAV file that holds the first audio stream of another file.

    Attributes:
        wav: The decoded file, removed when the stack given to `decode` closes.
        format: Container name, e.g. "M4A".
        codec: Codec name in capitals, e.g. "AAC".
        lossy: Whether the codec discards signal.
        tags: Tags of the container and the stream.
    """

    wav: Path
    format: str
    codec: str
    lossy: bool
    tags: dict[str, str]


class _Stream(msgspec.Struct):
    codec_name: str = ""
    sample_fmt: str = ""
    bits_per_raw_sample: str = "0"
    channels: int = 0
    duration: str = ""
    tags: dict[str, str] = {}


class _Container(msgspec.Struct):
    format_name: str = ""
    tags: dict[str, str] = {}


class _Probe(msgspec.Struct):
    streams: list[_Stream] = []
    format: _Container = msgspec.field(default_factory=_Container)


def decode(path: Path, stack: ExitStack) -> Decoded:
    """Decodes the first audio stream at its own rate, channels and depth.

    Args:
        path: The source.
        stack: Takes the private temporary folder, which goes when it closes.

    Raises:
        UserError: ffmpeg is not installed, fails, finds no audio, or finds less than announced.
    """
    ffmpeg, ffprobe = shutil.which("ffmpeg"), shutil.which("ffprobe")
    if ffmpeg is None or ffprobe is None:
        raise UserError(
            f"{path} is in no format that can be read without ffmpeg",
            f"install ffmpeg, or {_REMEDY_CONVERT}",
        )
    probe = _probe(ffprobe, path)
    if not probe.streams:
        raise UserError(f"{path} holds no audio", "name an audio or video file")
    stream = probe.streams[0]
    folder = tempfile.TemporaryDirectory(prefix="stemdesk-", ignore_cleanup_errors=True)
    wav = Path(stack.enter_context(folder)) / "decoded.wav"
    command = [ffmpeg, "-nostdin", "-v", "error", "-protocol_whitelist", "file"]
    command += ["-i", _url(path), "-map", "0:a:0", "-map_metadata", "-1"]
    command += ["-c:a", _pcm_codec(stream), "-rf64", "auto", "-f", "wav", _url(wav)]
    done = _run(command)
    if "No space left" in done.stderr:
        raise UserError(
            f"The disk of {wav.parent.parent} is full: {path.name} could not be decoded",
            "free some space there or set TMPDIR to another folder",
        )
    if done.returncode != 0 or not wav.exists():
        raise UserError(f"ffmpeg cannot decode {path} ({_last_line(done.stderr)})", _REMEDY_CONVERT)
    _check_length(path, probe, wav)
    tags = {**probe.format.tags, **stream.tags}
    return Decoded(
        wav=wav,
        format=path.suffix[1:].upper() or probe.format.format_name.upper(),
        codec=stream.codec_name.upper(),
        lossy=not _lossless(stream.codec_name),
        tags={_TAG_NAMES.get(name.lower(), name.lower()): text for name, text in tags.items()},
    )


def _url(path: Path) -> str:
    # The prefix keeps "-x.m4a", "http:x" and "a|b" from being read as anything but a file.
    return f"file:{path.absolute()}"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, errors="replace"
    )


def _probe(ffprobe: str, path: Path) -> _Probe:
    command = [ffprobe, "-v", "error", "-protocol_whitelist", "file", "-select_streams", "a"]
    command += ["-show_streams", "-show_format", "-of", "json", _url(path)]
    done = _run(command)
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


def _check_length(path: Path, probe: _Probe, wav: Path) -> None:
    if _TIMED.isdisjoint(probe.format.format_name.split(",")):
        return
    stream = probe.streams[0]
    promised_seconds = _clock_seconds(stream.duration or stream.tags.get("DURATION", ""))
    decoded_seconds = _wav_seconds(wav)
    if promised_seconds > decoded_seconds + _LENGTH_TOLERANCE_SECONDS:
        raise UserError(
            f"{path} breaks off at {decoded_seconds:.3f} s of {promised_seconds:.3f} s",
            "export or copy it again",
        )


def _clock_seconds(text: str) -> float:
    """Seconds of "5.02" or "00:00:05.02" (Matroska); 0 where nothing is stated."""
    seconds = 0.0
    for part in text.split(":") if text[:1].isdigit() else []:
        seconds = seconds * 60.0 + float(part)
    return seconds


def _wav_seconds(wav: Path) -> float:
    info = soundfile.info(str(wav))
    return float(info.frames / info.samplerate)
