import json

import numpy as np
import pytest

from tests.app.tiny import RATE, save_song


@pytest.fixture
def tone(tmp_path):
    """5 s of a stereo sine of 997 Hz at -20 dBFS: -20.0 LUFS."""
    wave = 0.1 * np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE)
    return save_song(tmp_path / "tone.wav", np.stack([wave, wave]), RATE, "PCM_24")


def test_a_tone_is_as_loud_as_it_is(stemdesk, tone):
    assert "-20.0 LUFS" in stemdesk("loudness", tone).out
    told = json.loads(stemdesk("loudness", tone, "--json").out)
    assert told["integrated_lufs"] == pytest.approx(-20.0, abs=0.1)
    assert told["true_peak_dbtp"] == pytest.approx(-20.0, abs=0.1)
    assert told["file"] == str(tone)


def test_silence_has_no_loudness(stemdesk, tmp_path):
    path = save_song(tmp_path / "silence.wav", np.zeros((2, RATE)))
    assert "-inf LUFS" in stemdesk("loudness", path).out
    assert json.loads(stemdesk("loudness", path, "--json").out)["integrated_lufs"] is None


def test_it_says_what_remix_says_of_the_same_file(stemdesk, tone, tmp_path):
    (tmp_path / "song").mkdir()
    tone.rename(tmp_path / "song" / "vocals.wav")
    mix = tmp_path / "mix.wav"
    words = ("remix", tmp_path / "song", "-o", mix, "--vocals", "-3.21", "--subtype", "float")
    remixed = stemdesk(*words, "--json").events[-1]
    told = json.loads(stemdesk("loudness", mix, "--json").out)
    assert told["integrated_lufs"] == remixed["loudness_lufs"] == pytest.approx(-23.2, abs=0.1)
    assert told["true_peak_dbtp"] == remixed["true_peak_dbtp"]
    assert all(value == round(value, 3) for value in told.values() if isinstance(value, float))


def test_what_is_no_audio_is_refused(stemdesk, tmp_path):
    stemdesk("loudness", tmp_path / "none.wav").refused("none.wav does not exist")


def test_a_bad_file_does_not_keep_the_others_from_being_measured(stemdesk, tone, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_text("no audio")
    ran = stemdesk("loudness", tone, bad, tmp_path / "none.wav", tone)
    assert ran.status == 1
    assert ran.out.count("-20.0 LUFS") == 2 * 3
    assert [line.startswith("stemdesk: ") for line in ran.err.splitlines()] == [True, True]
    assert "none.wav does not exist" in ran.err
    ran = stemdesk("loudness", bad, tone, "--json")
    assert ran.status == 1
    first, second = ran.events
    assert "bad.wav" in first["error"]
    assert second["file"] == str(tone)
