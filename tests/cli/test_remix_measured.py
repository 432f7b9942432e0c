"""Six seconds of the demo song, separated and remixed by the program, and measured from outside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy import signal

from stemdesk.cli import main
from stemdesk.mixing.recipe import load_recipe
from tests.app.tiny import RATE, read_exactly

DEMO = Path(__file__).parents[2] / "stemdesk" / "demo" / "first_light.flac"
STEMS = ("vocals", "drums", "bass", "other")
LUFS, DECAY_SECONDS = -19.0, 1.2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Holds `song.wav`, `separated/song/` with its stems, and its neutral remix."""
    folder = tmp_path_factory.mktemp("measured")
    samples, rate = soundfile.read(DEMO, start=14 * RATE, frames=6 * RATE, dtype="int16")
    soundfile.write(folder / "song.wav", samples, rate, "PCM_16")
    remix_in(folder, "song.wav", "neutral.wav", "--subtype", "match")
    return folder


def remix_in(folder, song, target, *options):
    """Remix with the shipped model; samples `[channels, frames]` and messages go by files."""
    stems = ("--stems", folder / "separated", "--threads", 1, "--device", "cpu")
    words = ("remix", folder / song, "-o", folder / target, *stems, "--subtype", "float", *options)
    assert main.run([str(word) for word in words]) == 0
    return read_exactly(folder / target)


@pytest.fixture(scope="module")
def stems(folder):
    return {name: read_exactly(folder / "separated" / "song" / f"{name}.wav") for name in STEMS}


@pytest.fixture(scope="module")
def recipe(folder):
    """The recipe that a producer would save, and its mix."""
    remix_in(
        *(folder, "song.wav", "mix.wav", "--vocals", "-3", "--vocals-reverb", "0.6"),
        *("--set", f"vocals.reverb.decay_seconds={DECAY_SECONDS}", "--set=vocals.reverb.damping=0"),
        *("--drums-eq", "600", "--loudness", LUFS, "--save-recipe", folder / "mine.toml"),
    )
    return folder / "mine.toml"


def level_db(sound):
    return 10 * np.log10(np.mean(np.square(sound)))


def band(sound, low_hz, high_hz):
    sections = signal.butter(4, [low_hz, high_hz], "band", fs=RATE, output="sos")
    return signal.sosfiltfilt(sections, sound)


def test_neutral_is_the_song(folder):
    mix, song = read_exactly(folder / "neutral.wav"), read_exactly(folder / "song.wav")
    np.testing.assert_array_equal(mix, song)


# No mix may reach full scale, where a limiter would act.
@pytest.mark.parametrize(("name", "wanted_db"), [("vocals", -3), ("bass", 1.5), ("other", -11)])
def test_a_stem_changes_by_its_level_and_nothing_else_does(folder, stems, name, wanted_db):
    mix = remix_in(folder, "song.wav", f"{name}.wav", f"--{name}", wanted_db)
    left = mix - sum(stems[each] for each in STEMS if each != name)
    assert level_db(left) - level_db(stems[name]) == pytest.approx(wanted_db, abs=0.01)
    assert level_db(left - 10 ** (wanted_db / 20) * stems[name]) < -130


def test_the_mix_is_as_loud_as_it_was_asked_for(folder, recipe):
    mix = read_exactly(folder / "mix.wav")
    measured = pyloudnorm.Meter(RATE).integrated_loudness(mix.T)
    assert measured == pytest.approx(LUFS, abs=0.5)
    between = signal.resample_poly(mix, 8, 1, axis=1)
    assert 20 * np.log10(np.abs(between).max()) < -1.0 + 0.1
    told = pyloudnorm.Meter(RATE).integrated_loudness(read_exactly(folder / "song.wav").T)
    assert abs(told - LUFS) > 2  # the song itself is not


def test_the_equaliser_takes_the_low_end_of_the_drums_alone(folder, recipe, stems):
    out = remix_in(folder, "song.wav", "drums.wav", "--recipe", recipe, "--drums-solo")
    drums = stems["drums"]
    out = out[:, : drums.shape[1]]

    hertz, both = signal.csd(drums[0], out[0], RATE, nperseg=8192)
    passed = np.abs(both / signal.welch(drums[0], RATE, nperseg=8192)[1])

    def gain_db(hz):
        return 20 * np.log10(passed[np.argmin(np.abs(hertz - hz))])

    # Two first-order filters in a row, 3 dB down at 600 Hz; the loudness moves all alike.
    high = gain_db(6000)
    corner_hz = 600 * np.sqrt(10 ** (3 / 20) - 1)
    for hz in (80, 200, 400, 600, 2000):
        expected_db = -20 * np.log10(1 + (corner_hz / hz) ** 2)
        assert gain_db(hz) == pytest.approx(high + expected_db, abs=0.5), hz


def _unit(sound):
    return sound / np.sqrt(np.mean(sound**2))


def test_the_reverb_rings_on_after_the_song_and_decays_as_it_was_set(folder, recipe, stems):
    frames = stems["vocals"].shape[1]
    out = remix_in(folder, "song.wav", "wet.wav", "--recipe", recipe, "--vocals-solo")
    tail = band(out, 700, 1400)[:, frames:]
    energy = np.cumsum(np.sum(tail**2, axis=0)[::-1])[::-1]
    course_db = 10 * np.log10(energy / energy[0] + 1e-30)
    first, last = np.argmax(course_db < -5), np.argmax(course_db < -35)
    assert 0 < first < last
    slope = np.polyfit(np.arange(first, last) / RATE, course_db[first:last], 1)[0]
    assert -60 / slope == pytest.approx(DECAY_SECONDS, rel=0.15)
    dry = remix_in(folder, "song.wav", "dry.wav", "--vocals", "-3")
    assert dry.shape[1] == frames < out.shape[1]


@pytest.mark.parametrize("semitones", [-2, 3])
def test_the_key_changes_by_so_many_semitones(folder, semitones):
    song = read_exactly(folder / "song.wav")
    out = remix_in(folder, "song.wav", f"key{semitones}.wav", "--drums", "off", "--key", semitones)
    frames = slice(0, song.shape[1])
    assert _shift_semitones(song[:, frames], out[:, frames]) == pytest.approx(semitones, abs=0.2)
    sound = remix_in(folder, "song.wav", f"not{semitones}.wav", "--drums", "off")
    assert _shift_semitones(song[:, frames], sound[:, frames]) == pytest.approx(0, abs=0.2)


def _shift_semitones(before, after):
    """By how much the partials of a sound have moved, from its spectrum over a scale of pitch."""
    pitches_hz = 150 * 2 ** (np.arange(0, 48, 0.1) / 12)

    def profile(sound):
        hz, power = signal.welch(sound.mean(axis=0), RATE, nperseg=16_384)
        level = np.interp(pitches_hz, hz, 10 * np.log10(power + 1e-12))
        return level - signal.savgol_filter(level, 61, 2)

    one, other = profile(before), profile(after)
    steps = range(-60, 61)
    match = [
        np.corrcoef(one[60:-60], other[60 + step : len(other) - 60 + step])[0, 1] for step in steps
    ]
    return steps[int(np.argmax(match))] / 10


def test_the_recipe_does_the_same_to_a_folder_of_songs(folder, recipe):
    assert load_recipe(recipe).loudness_lufs == LUFS
    album = folder / "album"
    album.mkdir()
    for name, start in (("one", 14), ("two", 4)):
        samples, _ = soundfile.read(DEMO, start=start * RATE, frames=6 * RATE, dtype="int16")
        soundfile.write(album / f"{name}.wav", samples, RATE, "PCM_16")
    stems = ("--stems", folder / "separated", "--threads", 1, "--device", "cpu")
    words = ("remix", album, "--recipe", recipe, "-o", folder / "remixes", *stems)
    assert main.run([*map(str, words), "--subtype", "float"]) == 0
    one, two = (read_exactly(folder / "remixes" / f"{name} (remix).wav") for name in ("one", "two"))
    np.testing.assert_array_equal(one, read_exactly(folder / "mix.wav"))
    assert pyloudnorm.Meter(RATE).integrated_loudness(two.T) == pytest.approx(LUFS, abs=0.5)
