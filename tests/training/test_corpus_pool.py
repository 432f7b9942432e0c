"""Building a pool: order, atomic files, repeatability; and each generator on real material."""

import json
from importlib.util import find_spec

import numpy as np
import pytest

from stemdesk_training.corpus import pool as pool_module
from stemdesk_training.corpus import soundfont
from stemdesk_training.corpus.__main__ import main
from stemdesk_training.corpus.accompaniment import OtherStem
from stemdesk_training.corpus.bass import BassStem
from stemdesk_training.corpus.drums import DrumStem
from stemdesk_training.corpus.pool import build_pool, plan
from stemdesk_training.corpus.samples import SampleShelf, load
from stemdesk_training.corpus.vocals import VocalStem
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS

needs_pyworld = pytest.mark.skipif(
    find_spec("pyworld") is None, reason="needs pyworld, from the extra `corpus`"
)
MINUTES = {"train": dict.fromkeys(STEMS, 0.1), "valid": dict.fromkeys(STEMS, 0.05)}
MAKERS = {"vocals": VocalStem, "drums": DrumStem, "bass": BassStem, "other": OtherStem}


class Noise:
    """Stands in for a stem generator."""

    def __init__(self, _audio_root, split, _shelf):
        self.split = split

    def draw(self, seconds, rng):
        clip = 0.1 * rng.standard_normal((2, round(seconds * RATE_HZ))).astype(np.float32)
        return clip, f"noise/{self.split}"


@pytest.fixture
def noise_makers(monkeypatch):
    monkeypatch.setattr(pool_module, "_MAKERS", dict.fromkeys(STEMS, Noise))
    pool_module._maker.cache_clear()
    yield
    pool_module._maker.cache_clear()


def test_validation_comes_first_and_stems_take_turns(tmp_path):
    tasks = plan(tmp_path, tmp_path, 1, pool_module.MINUTES)
    assert [task.split for task in tasks[:4]] == ["valid"] * 4
    assert {task.stem for task in tasks[4:8]} == set(STEMS)
    assert {task.stem for task in tasks[8:13]} == set(STEMS)
    total = sum(task.seconds for task in tasks if task.split == "train")
    assert total == pytest.approx(200 * 60)


def test_a_pool_is_repeatable_and_described(noise_makers, tmp_path):
    lines = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        build_pool(tmp_path, tmp_path / name, 5, MINUTES, lines.append)
    assert len(lines) == 16
    first = np.load(tmp_path / "a" / "train" / "vocals_00.npy", mmap_mode="r")
    assert first.dtype == np.int16
    assert first.shape == (6 * RATE_HZ, 2)
    assert np.array_equal(first, np.load(tmp_path / "b" / "train" / "vocals_00.npy"))
    other = np.load(tmp_path / "a" / "train" / "drums_00.npy")
    assert not np.array_equal(first, other)
    described = json.loads((tmp_path / "a" / "pool.json").read_text(encoding="utf-8"))
    assert described["seed"] == 5
    assert described["seconds"]["train"]["noise/train"] == pytest.approx(24, abs=0.1)
    assert described["held_out"]["vocals"]
    assert not list((tmp_path / "a").rglob("*partial*"))


def test_the_command_wants_the_material(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([str(tmp_path), str(tmp_path / "pool")])
    assert "voices" in capsys.readouterr().err


def test_the_command_names_missing_programs(tmp_path, capsys, monkeypatch):
    (tmp_path / "voices").mkdir()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit):
        main([str(tmp_path), str(tmp_path / "pool")])
    assert "fluidsynth" in capsys.readouterr().err


def test_mono_files_are_doubled(tmp_path):
    import soundfile

    soundfile.write(tmp_path / "a.wav", np.full(4800, 0.25), 48_000)
    clip = load(tmp_path / "a.wav")
    assert clip.shape[0] == 2
    assert abs(clip.shape[1] - 4410) <= 1
    assert clip[0, 2000] == pytest.approx(0.25, abs=0.01)


@pytest.mark.skipif(bool(soundfont.missing()), reason="needs fluidsynth and two soundfonts")
@pytest.mark.parametrize("stem", [pytest.param("vocals", marks=needs_pyworld), *STEMS[1:]])
def test_generators_make_plausible_sound(shared, stem):
    shelf = SampleShelf(200)
    maker = MAKERS[stem](shared / "audio", "train", shelf)
    for seed in (1, 2, 3):
        # Long enough for no player to rest all the time.
        clip, source = maker.draw(8.0, np.random.default_rng(seed))
        assert clip.shape == (2, 8 * RATE_HZ)
        assert clip.dtype == np.float32
        assert np.isfinite(clip).all()
        assert 0.02 < np.abs(clip).max() <= 0.9
        assert abs(clip.mean()) < 0.01
        assert source.startswith(stem)


@needs_pyworld
def test_a_segment_does_not_depend_on_what_was_made_before(shared):
    shelf = SampleShelf(200)
    used = VocalStem(shared / "audio", "train", shelf)
    used.draw(2.0, np.random.default_rng(1))
    fresh = VocalStem(shared / "audio", "train", SampleShelf(200))
    first, _ = used.draw(2.0, np.random.default_rng(8))
    second, _ = fresh.draw(2.0, np.random.default_rng(8))
    assert np.array_equal(first, second)
