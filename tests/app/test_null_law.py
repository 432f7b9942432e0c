"""The null law for any song: length, rate, channels, depth, weights and chunk sizes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stemdesk.app.model import load_model
from stemdesk.app.separate import SeparateOptions, separate_song
from stemdesk.cli.main import run
from tests.app.tiny import STEMS, music, read_exactly, save_song, save_tiny_model

RATES = (8_000, 22_050, 44_100, 48_000, 88_200, 96_000, 192_000)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Random weights of different loudness with whole and odd chunk sizes."""
    folder = tmp_path_factory.mktemp("models")
    kinds = [(0, 1.0, 64, 8), (1, 0.2, 37, 5), (2, 4.0, 17, 6), (3, 30.0, 23, 1)]
    made = []
    for seed, loudness, steps, overlap_steps in kinds:
        path = folder / f"m{seed}"
        save_tiny_model(
            path, seed=seed, loudness=loudness, steps=steps, overlap_steps=overlap_steps
        )
        made.append(load_model(str(path), device="cpu", threads=1))
    return made


@settings(
    max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seconds=st.floats(0, 1.2),
    rate=st.sampled_from(RATES),
    channels=st.integers(1, 8),
    bits=st.sampled_from([16, 24]),
    kind=st.integers(0, 2),
    karaoke=st.booleans(),
    seed=st.integers(0, 99),
)
@example(seconds=0.0, rate=8_000, channels=1, bits=16, kind=0, karaoke=False, seed=0)
@example(seconds=0.5, rate=192_000, channels=2, bits=24, kind=1, karaoke=False, seed=0)
@example(seconds=0.7, rate=96_000, channels=8, bits=16, kind=2, karaoke=True, seed=0)
@example(seconds=1.0, rate=44_100, channels=2, bits=16, kind=3, karaoke=False, seed=0)
@example(seconds=1.125, rate=48_000, channels=1, bits=16, kind=0, karaoke=False, seed=0)
@example(seconds=1.0, rate=88_200, channels=3, bits=24, kind=0, karaoke=False, seed=0)
def test_delivered_files_sum_to_the_song(
    models, seconds, rate, channels, bits, kind, karaoke, seed
):
    model = models[kind]
    samples = music(max(1, round(seconds * rate)), channels, bits, seed, level=0.5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        song = save_song(folder / "s.wav", samples, rate, f"PCM_{bits}")
        options = SeparateOptions(output=folder / "out", karaoke=karaoke)
        result = separate_song(song, options, model, lambda *_: None, lambda _: False)
        assert set(result.files) == ({"vocals", "instrumental"} if karaoke else set(STEMS))
        for path in result.files.values():
            info = soundfile.info(path)
            assert (info.frames, info.samplerate, info.channels) == (
                samples.shape[1],
                rate,
                channels,
            )
        total = sum(read_exactly(path) for path in result.files.values())
        assert np.count_nonzero(total - samples) == 0
        assert result.null is not None
        assert (result.null.verdict, result.null.nonzero_samples) == ("exact", 0)
        assert run(["null", str(song), *map(str, result.files.values())]) == 0
        assert result.gain == 1.0


def test_the_verdict_comes_from_the_disk(models, tmp_path, monkeypatch):
    """A file that is not what was written is found out."""
    from stemdesk.app import separate as use_case

    real = use_case.render

    def spoiling(job, *rest):
        done = real(job, *rest)
        samples = read_exactly(done.targets["bass"])
        samples[0, 5] += 2**-15
        save_song(done.targets["bass"], samples)
        return done

    monkeypatch.setattr(use_case, "render", spoiling)
    song = save_song(tmp_path / "s.wav", music(9000))
    options = SeparateOptions(output=tmp_path / "out")
    result = separate_song(song, options, models[0], lambda *_: None, lambda _: False)
    assert result.null.verdict == "open"
    assert result.null.nonzero_samples == 1
