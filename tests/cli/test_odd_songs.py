"""Songs that are joined, cut, never finished or damaged, all the way through a separation."""

from __future__ import annotations

import json
import shutil

import pytest
import soundfile

from tests.audio.odd_files import CASES, REFUSED, REMARKED, Workshop

NAMES = (
    *("tag_in_front.wav", "crashed.wav", "piped.rf64", "joined.mp3", "count_one_too_many.mp3"),
    *("mono.mp3", "chained.ogg", "junk_behind.ogg", "joined.flac", "cut.ac3", "six.opus"),
    *("three_bytes_short.wav", "garbage_at_0.7_s.mp3", "cut.ogg", "flipped.flac", "cut.caf"),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs the program ffmpeg")
    return Workshop(tmp_path_factory.mktemp("workshop"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_without_a_word(separate, tmp_path, out, shop, name):
    case = next(case for case in CASES if case.name == name)
    path = tmp_path / name
    path.write_bytes(case.make(shop))
    if case.outcome == REFUSED:
        told = separate(path).refused(name, "--accept-incomplete")
        assert "Traceback" not in told
        assert list(out.rglob("*.wav")) == []
    accepting = ["--accept-incomplete"] if case.outcome == REFUSED else []
    manifest = tmp_path / "done.json"
    ran = separate(*accepting, "--manifest", manifest, path)
    assert (ran.status, ran.err) == (0, "")
    assert "the stems null, 0 samples differ" in ran.out
    (song,) = json.loads(manifest.read_text())["songs"]
    told = [note for note in song["notes"] if note.startswith(name)]
    assert bool(told) == (case.outcome in (REMARKED, REFUSED))
    assert all(note in ran.out for note in told)
    if case.frames is not None:
        assert soundfile.info(song["stems"]["vocals"]).frames == case.frames


def test_an_album_is_planned_and_separated_with_one_decoding_each(
    separate, tmp_path, shop, monkeypatch
):
    from stemdesk.audio import ffmpeg

    songs = []
    for name in ("a.m4a", "b.m4a"):
        (tmp_path / name).write_bytes(shop.encoded("m4a"))
        songs.append(tmp_path / name)
    decoded, real = [], ffmpeg.decode

    def counting(path, *arguments, **options):
        decoded.append(path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(ffmpeg, "decode", counting)
    assert separate(*songs).status == 0
    assert decoded == songs
