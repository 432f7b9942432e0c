"""`stemdesk separate --truth`: what masks can do at best, as files."""

import os

import numpy as np
import pytest

from stemdesk.app.options import SeparateOptions
from stemdesk.app.oracle import open_oracle
from tests.app.tiny import RATE, music, read_exactly, save_song

FRAMES = 3 * RATE
CHANGE_SECONDS = 1.4
NAMES = ("vocals", "drums", "accompaniment")


@pytest.fixture
def truth(tmp_path):
    """Three stems on a coarse grid, and their exact sum, which is no stem."""
    seconds = np.arange(FRAMES) / RATE
    pitches_hz = {"vocals": (300, 4000), "drums": (1000, 1000), "accompaniment": (4000, 300)}
    tones = {
        name: 0.2 * np.sin(2 * np.pi * np.where(seconds < CHANGE_SECONDS, *hz) * seconds)
        for name, hz in pitches_hz.items()
    }
    noise = music(FRAMES, level=0.01)
    stems = {name: np.rint((tone + noise) * 2**15) / 2**15 for name, tone in tones.items()}
    for name, samples in stems.items():
        save_song(tmp_path / "truth" / f"{name}.wav", samples)
    save_song(tmp_path / "truth" / "mixture.wav", sum(stems.values()))
    return tmp_path / "truth"


@pytest.fixture
def oracle(stemdesk, truth, tmp_path):
    def run(name, *further, truth=truth):
        return stemdesk(
            *("separate", truth / "mixture.wav", "--model", name, "--truth", truth),
            *("-o", tmp_path / "out", *further),
        )

    return run


def error_db(found, true):
    return 10 * np.log10(np.square(found - true).sum() / np.square(true).sum())


@pytest.mark.parametrize("name", ["MIX", "IBM1", "IRM1", "IRM2", "MWF"])
def test_every_oracle_nulls(oracle, out, truth, name):
    ran = oracle(name, "--subtype", "float")
    assert (ran.status, ran.err) == (0, "")
    assert "the stems null, 0 samples differ" in ran.out
    found = {stem: read_exactly(out / "mixture" / f"{stem}.wav") for stem in NAMES}
    true = {stem: read_exactly(truth / f"{stem}.wav") for stem in NAMES}
    worst = max(error_db(found[stem], true[stem]) for stem in NAMES)
    assert worst < -15 if name != "MIX" else worst > -5


def test_paper_mode_closes_nothing(oracle, out, truth):
    assert oracle("MIX", "--reconstruction", "paper", "--subtype", "float").status == 0
    mixture = read_exactly(truth / "mixture.wav")
    for stem in NAMES:
        found = read_exactly(out / "mixture" / f"{stem}.wav")
        np.testing.assert_allclose(found, mixture, atol=1e-6)


def test_a_part_of_the_song_is_held_against_that_part_of_the_truth(oracle, out, truth):
    ran = oracle("IRM1", "--start", "1", "--duration", "1.5", "--subtype", "float")
    assert "the stems null, 0 samples differ" in ran.out
    for stem in NAMES:
        found = read_exactly(out / "mixture" / f"{stem}.wav")
        true = read_exactly(truth / f"{stem}.wav")[:, RATE : RATE + round(1.5 * RATE)]
        assert found.shape == true.shape
        assert error_db(found, true) < -15


def test_a_truth_at_another_rate_is_brought_to_the_song_s(oracle, out, truth):
    stem = read_exactly(truth / "vocals.wav")
    save_song(truth / "vocals.wav", np.round(stem[:, ::2] * 2**15) / 2**15, rate=RATE // 2)
    assert oracle("IRM1", "--subtype", "float").status == 0
    assert error_db(read_exactly(out / "mixture" / "vocals.wav"), stem) < -15


def test_a_mixture_beside_the_stems_is_none(stemdesk, truth, out):
    song = (truth / "mixture.wav").replace(truth.parent / "song.wav")
    save_song(truth / "mix.flac", read_exactly(song))
    assert stemdesk("separate", song, "--model", "IRM1", "--truth", truth, "-o", out).status == 0
    assert {path.stem for path in (out / "song").iterdir()} == set(NAMES)


def test_other_true_stems_are_another_model_to_a_run_that_goes_on(truth, out):
    def fingerprint():
        options = SeparateOptions(output=out)
        with open_oracle("IRM1", truth, truth / "mixture.wav", options) as model:
            return model.fingerprint

    before = fingerprint()
    os.utime(truth / "vocals.wav", ns=(1, 1))
    assert fingerprint() == before
    vocals = bytearray((truth / "vocals.wav").read_bytes())
    vocals[-1] ^= 1
    (truth / "vocals.wav").write_bytes(vocals)
    os.utime(truth / "vocals.wav", ns=(1, 1))
    assert fingerprint() != before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--post", "sharpen=2"), "--post, --alpha and --adapt are for models"),
        (("--adapt",), "--post, --alpha and --adapt are for models"),
        (("--alpha", "0.5"), "--post, --alpha and --adapt are for models"),
    ],
)
def test_what_only_models_have_is_refused(oracle, words, told):
    ran = oracle("IRM1", *words)
    assert ran.status == 2
    assert told in ran.err


def test_a_model_is_not_made_from_the_truth_and_an_oracle_needs_it(oracle, separate, song):
    assert "--truth is for masks made from it" in oracle("bandmask_small").err
    assert "name their folder with --truth" in separate(song, model="MWF").err


def test_true_stems_are_those_of_one_song(stemdesk, truth, song):
    songs = (song, truth / "mixture.wav")
    ran = stemdesk("separate", *songs, "--model", "IRM1", "--truth", truth)
    assert ran.status == 2
    assert "name one song" in ran.err


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda truth: (truth / "vocals.wav").rename(truth / "drums.flac"), "the same stem"),
        (lambda truth: [(truth / f"{n}.wav").unlink() for n in NAMES[:2]], "holds no stems"),
        (lambda truth: save_song(truth / "vocals.wav", music(FRAMES, 1)), "has 1 channels"),
        (lambda truth: (truth / "vocals.wav").write_bytes(b"no sound"), "vocals.wav"),
    ],
)
def test_a_truth_that_does_not_fit_is_named(oracle, out, truth, spoil, told):
    spoil(truth)
    ran = oracle("IRM1")
    assert ran.status == 1
    assert told in ran.err
    assert not (out / "mixture" / "drums.wav").exists()
