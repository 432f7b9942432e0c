"""Finds files that end before their header says.

libsndfile clamps the length of a cut WAV, RF64, W64, AIFF or AU file without a word, and reads a
cut Ogg file up to its last whole page. A cut FLAC file fails as soon as its end is sought. (Cut MP3
files fail while reading.) Chunk layouts:
Microsoft RIFF, EBU Tech 3306 (RF64), Sony Wave64, Apple AIFF-C, Sun AU, RFC 3533 (Ogg).
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

import soundfile

# Programs that write to a pipe leave a length near 2^31 or 2^32 because they cannot know it.
_UNKNOWN_LENGTHS = (range(0x7FFE_0000, 0x8000_0000), range(0xFFFE_0000, 0x1_0000_0000))
_AUDIO_CHUNKS = (b"data", b"SSND")


def is_cut_short(file: BinaryIO, log: str) -> bool:
    """Whether audio that the header promises is missing at the end of the file.

    Args:
        file: The opened file; its position is kept.
        log: libsndfile's notes on the file (`SoundFile.extra_info`).
    """
    if "lacks an end-of-stream bit" in log and "Junk after the last page" in log:
        return True
    position = file.tell()
    size_bytes = file.seek(0, os.SEEK_END)
    try:
        promised_bytes = _promised_end(file)
    finally:
        file.seek(position)
    # One missing byte is a pad byte that some programs count and do not write.
    return promised_bytes is not None and promised_bytes > size_bytes + 1


def readable_frames(file: BinaryIO, frames: int) -> int:
    """How many frames of a cut file can be decoded, found by bisection.

    Args:
        file: One that libsndfile reads; its position is lost.
        frames: As many as its header promises, the last of which cannot be decoded.
    """
    there, missing = 0, frames - 1
    while missing - there > 1:
        middle = (there + missing) // 2
        if _is_readable(file, middle):
            there = middle
        else:
            missing = middle
    return missing


def _is_readable(file: BinaryIO, frame: int) -> bool:
    file.seek(0)
    try:
        with soundfile.SoundFile(file) as sound:
            sound.seek(frame)
            return len(sound.read(1)) == 1
    except soundfile.LibsndfileError:
        return False


def _promised_end(file: BinaryIO) -> int | None:
    """Offset at which the audio should end, or None where the header does not say."""
    file.seek(0)
    head = file.read(24)
    magic = head[:4]
    if magic in {b"RIFF", b"RF64"}:
        return _chunk_end(file, "<")
    if magic in {b"FORM", b"RIFX"}:
        return _chunk_end(file, ">")
    if magic == b"riff" and len(head) == 24:
        return int(struct.unpack_from("<Q", head, 16)[0])
    if magic == b".snd" and len(head) == 24:
        offset, size_bytes = struct.unpack_from(">II", head, 4)
        return None if _unknown(size_bytes) else int(offset + size_bytes)
    return None


def _chunk_end(file: BinaryIO, order: str) -> int | None:
    file.seek(12)
    long_size_bytes = 0
    while len(header := file.read(8)) == 8:
        name, size_bytes = struct.unpack(f"{order}4sI", header)
        if name == b"ds64":
            long_size_bytes = struct.unpack("<8xQ", file.read(16))[0]
            file.seek(-16, os.SEEK_CUR)
        if name in _AUDIO_CHUNKS:
            if long_size_bytes:
                return int(file.tell() + long_size_bytes)
            return None if _unknown(size_bytes) else int(file.tell() + size_bytes)
        file.seek(size_bytes + size_bytes % 2, os.SEEK_CUR)
    return None


def _unknown(size_bytes: int) -> bool:
    return size_bytes == 0 or any(size_bytes in lengths for lengths in _UNKNOWN_LENGTHS)
