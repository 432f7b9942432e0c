"""`stemdesk null`: exit status and reason."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.app.tiny import STEMS, music, read_exactly, save_song


@pytest.fixture
def stems(separate, song, out):
    assert separate(song).status == 0
    return [out / "song" / f"{stem}.wav" for stem in STEMS]


def test_stems_of_stemdesk_null(stemdesk, song, stems):
    ran = stemdesk("null", song, *stems)
    assert (ran.status, ran.err) == (0, "")
    assert "exact" in ran.out.splitlines()[0]
    assert "differing samples 0 of 132300" in ran.out
    assert "digital silence" in ran.out


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda stem: -stem, "bass.wav has inverted polarity"),
        (lambda stem: np.roll(stem, 3, axis=1), "bass.wav arrives 3 samples late"),
        (lambda stem: stem * 0.5, "bass.wav is 6.02 dB too low"),
        (lambda stem: stem[:, :-7], "bass.wav is 7 samples shorter than the mix"),
    ],
)
def test_planted_faults(stemdesk, song, stems, fault, reason):
    path = stems[2]
    samples = read_exactly(path)
    samples[:, -7:] = 0  # so that the shorter file differs in nothing else
    mix = sum(read_exactly(stem) for stem in stems if stem != path) + samples
    save_song(song, mix)
    save_song(path, fault(samples))
    ran = stemdesk("null", song, *stems)
    assert (ran.status, ran.err) == (1, "")
    assert reason in ran.out.splitlines()[0]
    report = json.loads(stemdesk("null", "--json", song, *stems).out)
    assert report["verdict"] == "open"
    assert reason in report["reason"]


def test_stems_of_an_excerpt_null_against_that_part_of_the_mix(stemdesk, separate, song, out):
    excerpt = ("--start", "0.3", "--duration", "0.5")
    assert separate(song, *excerpt).status == 0
    stems = [out / "song" / f"{stem}.wav" for stem in STEMS]
    ran = stemdesk("null", song, *stems, *excerpt)
    assert (ran.status, ran.err) == (0, "")
    assert "differing samples 0 of 44100" in ran.out
    assert stemdesk("null", song, *stems).status == 1
    stemdesk("null", song, *stems, "--start", "9").refused("before the start", status=2)


def test_a_missing_stem(stemdesk, song, stems):
    ran = stemdesk("null", song, *stems[:3])
    assert ran.status == 1
    assert "do not sum to the mix" in ran.out


def test_one_sample_is_found(stemdesk, song, stems):
    samples = read_exactly(stems[0])
    samples[1, 777] += 2**-15
    save_song(stems[0], samples)
    ran = stemdesk("null", song, *stems)
    assert ran.status == 1
    assert "differing samples 1 of 132300" in ran.out
    assert "residual peak     -90.3 dBFS" in ran.out


def test_what_cannot_be_compared(stemdesk, song, stems, tmp_path):
    mono = save_song(tmp_path / "mono.wav", music(66_150, channels=1))
    stemdesk("null", song, mono).refused("different numbers of channels", status=2)
    other = save_song(tmp_path / "other.wav", music(66_150), rate=48_000)
    stemdesk("null", song, other).refused("48000 Hz", "export the stems", status=2)
    stemdesk("null", tmp_path / "absent.wav", song).refused("does not exist", status=2)
    (tmp_path / "text.wav").write_text("text" * 99)
    stemdesk("null", song, tmp_path / "text.wav").refused("text.wav", status=2)


def test_unrelated_files_get_no_alignment(stemdesk, tmp_path):
    one = save_song(tmp_path / "one.wav", music(44_100, seed=1))
    other = save_song(tmp_path / "other.wav", music(44_100, seed=2))
    ran = stemdesk("null", one, other)
    assert ran.status == 1
    assert ran.out.count("no likeness (correlation 0.0") == 2
    assert "frames, polarity" not in ran.out
