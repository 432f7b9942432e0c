"""How much room on the disk a run asks for."""

from __future__ import annotations

import pytest

from stemdesk.app import room
from stemdesk.app.model import load_model
from stemdesk.app.separate import SeparateOptions, separate_song
from stemdesk.errors import UserError
from tests.app.tiny import music, save_song

SECONDS, RATE = 8, 44_100
SPOOL_BYTES = SECONDS * RATE * 2 * 3 * 4
SPARE_BYTES = 1 << 20


@pytest.fixture
def asked(monkeypatch):
    sizes = []
    monkeypatch.setattr(room, "require_space", lambda _, size: sizes.append(size))
    return sizes


def run(model, song, out, **options):
    options = SeparateOptions(output=out, **options)
    return separate_song(song, options, model, lambda *_: None, lambda _: True)


@pytest.mark.parametrize(
    ("options", "file_bytes"),
    [
        ({}, SECONDS * RATE * 4),
        ({"subtype": "pcm24"}, SECONDS * RATE * 6),
        ({"subtype": "float"}, SECONDS * RATE * 8),
        ({"format": "flac"}, SECONDS * RATE * 4),
        ({"format": "ogg"}, SECONDS * 40_000),
        ({"format": "mp3"}, SECONDS * 40_000),
    ],
)
def test_room_for_the_files(tiny, tmp_path, asked, options, file_bytes):
    song = save_song(tmp_path / "s.wav", music(SECONDS * RATE, level=0.2))
    result = run(tiny, song, tmp_path / "out", **options)
    assert asked == [pytest.approx(SPOOL_BYTES + 4 * file_bytes + SPARE_BYTES, abs=2)]
    if "format" in options:
        written = sum(path.stat().st_size for path in result.files.values())
        assert written <= 4 * file_bytes * 1.02  # the headers and tags of so short a song


def test_what_is_spooled_already_needs_no_room(tiny_folder, tmp_path, asked):
    model = load_model(str(tiny_folder), device="cpu", threads=1)
    song = save_song(tmp_path / "s.wav", music(SECONDS * RATE))
    told = []

    def stop_half_way(fraction, stage):
        told.append(fraction)
        if fraction > 0.5:
            raise UserError("Stopped", "go on")

    options = SeparateOptions(output=tmp_path / "out")
    with pytest.raises(UserError, match="Stopped"):
        separate_song(song, options, model, stop_half_way, lambda _: True)
    (spool,) = (tmp_path / "out").glob(".stemdesk-*")
    spooled = sum(path.stat().st_size for path in spool.iterdir())
    assert spooled > SPOOL_BYTES / 3
    run(model, song, tmp_path / "out")
    assert asked[1] == pytest.approx(asked[0] - spooled, abs=2)
