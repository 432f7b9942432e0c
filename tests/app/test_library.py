"""The library: the same law for files and for samples in memory."""

from __future__ import annotations

from importlib import resources
from itertools import permutations

import numpy as np
import pytest

import stemdesk
from stemdesk.app.estimating import ESTIMATE_SHARE
from tests.app.tiny import STEMS, music, save_song, save_tiny_model


def test_separate(tiny, song, tmp_path):
    told = []
    result = stemdesk.separate(
        song, tmp_path / "out", model=tiny, report=lambda fraction, _: told.append(fraction)
    )
    assert isinstance(result, stemdesk.Separation)
    assert result.null.verdict == "exact"
    assert list(result.files) == list(STEMS)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    clip = result.load("vocals")
    assert isinstance(clip, stemdesk.AudioClip)
    assert (clip.channels, clip.frames, clip.sample_rate) == (2, 66_150, 44_100)
    with pytest.raises(stemdesk.UserError, match="exists already"):
        stemdesk.separate(song, tmp_path / "out", model=tiny)


def test_the_fraction_never_falls_when_stems_are_written_twice(tmp_path):
    samples = music(300_000)
    samples[:, :270_000] = 0.0  # nothing clips in the first two blocks
    song = save_song(tmp_path / "song.wav", samples, rate=192_000)
    loud = save_tiny_model(tmp_path / "loud", loudness=20.0)
    told = []
    result = stemdesk.separate(
        song, tmp_path / "out", model=str(loud), report=lambda fraction, _: told.append(fraction)
    )
    assert result.subtype == "FLOAT"
    assert told == sorted(told)


def test_the_fraction_goes_by_length_where_the_first_chunk_is_short(tmp_path):
    model = save_tiny_model(tmp_path / "m", steps=48, overlap_steps=4, first_steps=12)
    song = save_song(tmp_path / "song.wav", music(1024 * 96))
    told = []
    stemdesk.separate(
        song, tmp_path / "out", model=str(model), report=lambda fraction, _: told.append(fraction)
    )
    # 96 of 97 steps: 8 of the first chunk, then 44 and what is left; half a window is not done.
    shares = np.array([(8 - 2) / 96, (8 + 44 - 2) / 96, 1]) * ESTIMATE_SHARE
    assert [share for share in shares if np.abs(np.array(told) - share).min() > 1e-6] == []
    assert sum(0 < fraction < shares[-1] - 1e-6 for fraction in set(told)) == 2


def test_separate_takes_names_of_models_and_files(tiny_folder, song, tmp_path):
    result = stemdesk.separate(str(song), str(tmp_path / "out"), model=str(tiny_folder))
    assert result.model == "tiny"


@pytest.mark.parametrize(
    ("rate", "channels", "bits"),
    [(44_100, 2, 16), (48_000, 1, 24), (96_000, 6, 16), (8_000, 2, 24)],
)
def test_separate_clip_sums_in_any_order(tiny, rate, channels, bits):
    samples = music(rate // 2, channels, bits, level=0.5).astype(np.float32)
    stems = stemdesk.separate_clip(stemdesk.AudioClip(samples, rate), tiny)
    assert list(stems) == list(STEMS)
    for order in permutations(STEMS):
        total = np.zeros_like(samples)
        for name in order:
            assert stems[name].samples.dtype == np.float32
            assert stems[name].sample_rate == rate
            total += stems[name].samples
        assert np.array_equal(total, samples)
    assert stems["vocals"].samples.any()


def test_files_and_samples_agree(tiny, tmp_path):
    samples = music(60_000)
    song = save_song(tmp_path / "s.wav", samples)
    options = stemdesk.app.separate.SeparateOptions(subtype="float")
    result = stemdesk.separate(song, tmp_path / "out", model=tiny, options=options)
    stems = stemdesk.separate_clip(stemdesk.AudioClip(samples.astype(np.float32), 44_100), tiny)
    for name in STEMS:
        assert np.array_equal(result.load(name).samples, stems[name].samples)


@pytest.mark.parametrize("frames", [1, 100])
def test_short_clips(tiny, frames):
    clip = stemdesk.AudioClip(music(frames).astype(np.float32), 44_100)
    total = sum(stem.samples for stem in stemdesk.separate_clip(clip, tiny).values())
    assert np.array_equal(total, clip.samples)


@pytest.mark.parametrize("samples", [np.zeros((9, 5)), np.zeros((2, 0)), np.zeros(5)])
def test_clips_of_no_use(tiny, samples):
    with pytest.raises(stemdesk.UserError, match="cannot be separated"):
        stemdesk.separate_clip(stemdesk.AudioClip(samples.astype(np.float32), 44_100), tiny)


def test_clips_with_samples_that_are_no_numbers(tiny):
    samples = np.full((2, 5), np.nan, np.float32)
    with pytest.raises(stemdesk.UserError, match="not numbers"):
        stemdesk.separate_clip(stemdesk.AudioClip(samples, 44_100), tiny)


def test_the_package_says_what_it_holds():
    assert stemdesk.__version__
    with pytest.raises(AttributeError, match="no attribute 'seperate'"):
        _ = stemdesk.seperate
    assert {"mix", "remix", "separate", "AudioClip"} <= set(dir(stemdesk))
    assert dir(stemdesk) == sorted(stemdesk.__all__)
    assert all(getattr(stemdesk, name) for name in dir(stemdesk))


CLIP = stemdesk.AudioClip(np.zeros((1, 9), np.float32), 44_100)
SAMPLES = np.zeros((2, 9), np.float32)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stemdesk.separate_clip(SAMPLES), r"A clip must be an AudioClip\(.*not ndarray"),
        (lambda: stemdesk.separate_clip("song.wav"), "must be an AudioClip.*not str"),
        (
            lambda: stemdesk.separate_clip(stemdesk.AudioClip([[0.1]], 44_100)),
            "The samples of a clip must be a NumPy array of floats .*not list",
        ),
        (
            lambda: stemdesk.separate_clip(stemdesk.AudioClip(SAMPLES.astype(np.int16), 44_100)),
            "floats .*not int16",
        ),
        (
            lambda: stemdesk.separate_clip(stemdesk.AudioClip(SAMPLES, 44_100.5)),
            "The rate of a clip must be whole Hz, not float",
        ),
        (lambda: stemdesk.separate(CLIP), "The song must be the name of a file.*not AudioClip"),
        (
            lambda: stemdesk.mix([CLIP], {}),
            r'The stems must be a dict such as \{"vocals".*not list',
        ),
        (lambda: stemdesk.mix({"a": SAMPLES}, {}), "The stem a must be an AudioClip"),
        (lambda: stemdesk.mix({"a": CLIP}, 3), "The mix must be a dict such as .*not int"),
        (lambda: stemdesk.mix({"a": CLIP}, {1: 2}), "An address of the mix must be text .*not int"),
        (lambda: stemdesk.remix(CLIP, {}, "a.wav"), "The song must be the name .*not AudioClip"),
        (lambda: stemdesk.remix("a", [("a", 1)], "a.wav"), "The mix must be a dict .*not list"),
        (lambda: stemdesk.remix("a", {}, None), "The output must be the name .*not NoneType"),
    ],
)
def test_what_is_of_no_use_is_named_with_what_would_be(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_clips_of_rates_that_no_one_has(tiny):
    with pytest.raises(stemdesk.UserError, match="has 100 Hz, outside 8 to 192 kHz"):
        stemdesk.separate_clip(stemdesk.AudioClip(SAMPLES, 100), tiny)
    with pytest.raises(stemdesk.UserError, match="loud"):
        stemdesk.mix({"a": CLIP}, {"a.level_db": "loud"})


@pytest.mark.parametrize("options", [stemdesk.SeparateOptions, stemdesk.RemixOptions])
@pytest.mark.parametrize("policy", list(stemdesk.OverwritePolicy))
def test_policies_by_name_are_the_policies(options, policy, tmp_path):
    for given in (policy, policy.value):
        assert options(output=tmp_path, overwrite=given).overwrite is policy


@pytest.mark.parametrize("options", [stemdesk.SeparateOptions, stemdesk.RemixOptions])
@pytest.mark.parametrize("given", ["always", "YES", "", None, True, 1])
def test_policies_that_there_are_not(options, given, tmp_path):
    with pytest.raises(stemdesk.UserError, match="choose one of ask, skip, rename, yes"):
        options(output=tmp_path, overwrite=given)


def test_a_policy_by_name_does_what_it_says(tiny, song, tmp_path):
    first = stemdesk.separate(song, tmp_path / "out", model=tiny)
    first.files["vocals"].write_bytes(b"mine")
    for policy, left in (("skip", b"mine"), ("rename", b"mine")):
        options = stemdesk.SeparateOptions(overwrite=policy)
        result = stemdesk.separate(song, tmp_path / "out", model=tiny, options=options)
        assert first.files["vocals"].read_bytes() == left
        assert bool(result.files) == (policy == "rename")
    options = stemdesk.SeparateOptions(overwrite="yes")
    stemdesk.separate(song, tmp_path / "out", model=tiny, options=options)
    assert first.files["vocals"].read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stemdesk.SeparateOptions(format="wave"), "'wave' is not a format"),
        (lambda: stemdesk.SeparateOptions(format=None), "None is not a format"),
        (lambda: stemdesk.SeparateOptions(subtype="pcm8"), "'pcm8' is not a sample format"),
        (lambda: stemdesk.RemixOptions("a.wav", subtype="16"), "'16' is not a sample format"),
        (lambda: stemdesk.load_model(reconstruction="papers"), "choose one of null, paper"),
        (lambda: stemdesk.load_model(device="gpu"), "There is no device 'gpu'"),
    ],
)
def test_choices_that_there_are_not_are_refused(call, message):
    with pytest.raises(stemdesk.UserError, match=message):
        call()


@pytest.mark.parametrize(
    "package", ["stemdesk", "stemdesk_training", "stemdesk_models", "stemdesk_plugins"]
)
def test_packages_are_typed(package):
    assert (resources.files(package) / "py.typed").is_file()
