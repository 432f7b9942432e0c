"""Finished files without the clock and the dice."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import soundfile

from stemdesk.audio.stable_bytes import set_ogg_serial

RATE = 44_100


@pytest.fixture
def ogg(tmp_path):
    """Thirty seconds of noise, encoded: about 0.5 MB."""
    path = tmp_path / "x.ogg"
    block = np.random.default_rng(0).uniform(-0.5, 0.5, (4096, 2))
    with soundfile.SoundFile(path, "w", RATE, 2, "VORBIS", format="OGG") as file:
        for _ in range(30 * RATE // 4096):
            file.write(block)
    return path


def test_only_the_serial_numbers_and_checksums_change(ogg):
    before = ogg.read_bytes()
    heard = soundfile.read(ogg)[0]
    set_ogg_serial(ogg)
    after = ogg.read_bytes()
    assert len(after) == len(before)
    assert np.array_equal(soundfile.read(ogg)[0], heard)
    first = after[14:18]
    assert first != before[14:18]
    assert after.count(b"OggS\x00") == after.count(first) > 20
    set_ogg_serial(ogg)
    assert ogg.read_bytes() == after, "made of the content, not of itself"


def test_a_long_file_is_not_held_in_memory(ogg):
    size_bytes = ogg.stat().st_size
    assert size_bytes > 400_000
    tracemalloc.start()
    try:
        set_ogg_serial(ogg)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < size_bytes / 2
