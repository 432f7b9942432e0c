"""Building a pool: order, atomic files, repeatability; and each generator on real material."""

import json

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from stemdesk_training.corpus import hydrogen_kits, soundfont
from stemdesk_training.corpus import pool as pool_module
from stemdesk_training.corpus.__main__ import main
from stemdesk_training.corpus.accompaniment import OtherStem
from stemdesk_training.corpus.bass import BassStem
from stemdesk_training.corpus.drums import DrumStem
from stemdesk_training.corpus.form import draw_excerpt
from stemdesk_training.corpus.pool import KINDS, build_pool, plan, unmade
from stemdesk_training.corpus.samples import SampleShelf, load
from stemdesk_training.corpus.songs import FinishedSong
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS

MINUTES = {"train": dict.fromkeys(KINDS, 0.1), "valid": dict.fromkeys(STEMS, 0.05)}
MAKERS = {"drums": DrumStem, "bass": BassStem, "other": OtherStem}


class Noise:
    """Stands in for a stem generator."""

    def __init__(self, _audio_root, split, _shelf):
        self.split = split

    def draw(self, seconds, rng):
        clip = 0.1 * rng.standard_normal((2, round(seconds * RATE_HZ))).astype(np.float32)
        return clip, f"noise/{self.split}"


class NoisySongs(Noise):
    """Stands in for the band."""

    def make(self, seconds, rng):
        form = draw_excerpt(rng, seconds)
        stems = {stem: self.draw(seconds, rng)[0] for stem in STEMS}
        return FinishedSong(stems, form, {"drums": "drums/noise"})


@pytest.fixture
def noise_makers(monkeypatch):
    monkeypatch.setattr(pool_module, "_MAKERS", dict.fromkeys(STEMS, Noise))
    monkeypatch.setattr(pool_module, "SongMaker", NoisySongs)
    for cached in (pool_module._maker, pool_module._songs):
        cached.cache_clear()
    yield
    for cached in (pool_module._maker, pool_module._songs):
        cached.cache_clear()


def test_validation_comes_first_and_stems_take_turns(tmp_path):
    tasks = plan(tmp_path, tmp_path, 1, pool_module.MINUTES)
    assert {task.stem for task in tasks[:5]} == set(KINDS)
    assert all(task.split == "valid" for task in tasks[:5])
    trained = [task for task in tasks if task.split == "train"]
    assert {task.stem for task in trained[:5]} == set(KINDS)
    total = sum(task.seconds for task in trained)
    assert total == pytest.approx(sum(pool_module.MINUTES["train"].values()) * 60)


def test_a_pool_is_repeatable_and_described(noise_makers, tmp_path):
    lines = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        build_pool(plan(tmp_path, tmp_path / name, 5, MINUTES), lines.append)
    assert len(lines) == 18
    first = np.load(tmp_path / "a" / "train" / "vocals_00.npy", mmap_mode="r")
    assert first.dtype == np.int16
    assert first.shape == (6 * RATE_HZ, 2)
    assert np.array_equal(first, np.load(tmp_path / "b" / "train" / "vocals_00.npy"))
    other = np.load(tmp_path / "a" / "train" / "drums_00.npy")
    assert not np.array_equal(first, other)
    described = json.loads((tmp_path / "a" / "pool.json").read_text(encoding="utf-8"))
    assert described["seed"] == 5
    assert described["files"]["train/vocals_00.npy"]["sources"] == {"noise/train": 6.0}
    assert set(described["held_out"]) == set(STEMS)
    assert not list((tmp_path / "a").rglob("*partial*"))


def test_the_stems_of_a_song_lie_side_by_side(noise_makers, tmp_path):
    build_pool(plan(tmp_path, tmp_path, 5, {"train": {"songs": 0.1}}), lambda _: None)
    stems = [np.load(tmp_path / "train" / f"song_000_{stem}.npy") for stem in STEMS]
    assert len({stem.shape for stem in stems}) == 1
    described = json.loads((tmp_path / "pool.json").read_text(encoding="utf-8"))
    song = described["songs"]["train/song_000"]
    assert song["seconds"] == pytest.approx(len(stems[0]) / RATE_HZ, abs=0.01)
    assert song["sections"][0][1] == 0
    assert song["sources"] == {"drums": "drums/noise"}


def test_stems_made_apart_are_the_same_and_share_an_index(noise_makers, tmp_path):
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
    build_pool(plan(tmp_path, tmp_path / "whole", 5, MINUTES), lambda _: None)
    for kinds in (("bass",), ("drums", "songs")):
        some = {split: {k: v for k, v in m.items() if k in kinds} for split, m in MINUTES.items()}
        build_pool(plan(tmp_path, tmp_path / "parts", 5, some), lambda _: None)
    made = sorted((tmp_path / "parts").rglob("*.npy"))
    assert len(made) == 8
    for path in made:
        whole = tmp_path / "whole" / path.relative_to(tmp_path / "parts")
        assert np.array_equal(np.load(path), np.load(whole))
    described = json.loads((tmp_path / "parts" / "pool.json").read_text(encoding="utf-8"))
    assert set(described["files"]) == {
        "train/bass_00.npy", "train/drums_00.npy", "valid/bass_00.npy", "valid/drums_00.npy"
    }  # fmt: skip
    assert list(described["songs"]) == ["train/song_000"]


class Counting(Noise):
    """Names the threads of matrix products as its source."""

    def draw(self, seconds, rng):
        threads = max(library["num_threads"] for library in threadpool_info())
        return super().draw(seconds, rng)[0], f"threads/{threads}"


def test_jobs_compute_on_a_core_each(noise_makers, monkeypatch, tmp_path):
    monkeypatch.setattr(pool_module, "_MAKERS", dict.fromkeys(STEMS, Counting))
    tasks = plan(tmp_path, tmp_path, 5, {"train": {"bass": 0.1, "drums": 0.1}})
    with threadpool_limits(3):
        build_pool(tasks, lambda _: None, jobs=2)
    described = json.loads((tmp_path / "pool.json").read_text(encoding="utf-8"))
    assert [file["sources"] for file in described["files"].values()] == [{"threads/1": 6.0}] * 2


def test_a_build_goes_on_where_it_was_cut(noise_makers, tmp_path):
    tasks = plan(tmp_path, tmp_path, 5, MINUTES)
    build_pool(tasks[:3], lambda _: None)
    rest = unmade(tasks)
    assert rest == tasks[3:]
    (tmp_path / tasks[1].name).unlink()
    assert unmade(tasks) == [tasks[1], *rest]
    assert len(unmade(plan(tmp_path, tmp_path, 6, MINUTES))) == len(tasks)
    build_pool(rest, lambda _: None)
    assert unmade(tasks) == [tasks[1]]
    build_pool([], lambda _: None)


def test_an_index_of_another_seed_is_not_continued(noise_makers, tmp_path):
    build_pool(plan(tmp_path, tmp_path, 5, {"train": {"bass": 0.1}}), lambda _: None)
    build_pool(plan(tmp_path, tmp_path, 6, {"train": {"drums": 0.1}}), lambda _: None)
    described = json.loads((tmp_path / "pool.json").read_text(encoding="utf-8"))
    assert described["seed"] == 6
    assert list(described["files"]) == ["train/drums_00.npy"]


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


@pytest.mark.skipif(
    bool(soundfont.missing() + hydrogen_kits.missing()),
    reason="needs fluidsynth, three soundfonts and hydrogen-drumkits",
)
@pytest.mark.parametrize("stem", STEMS[1:])
def test_generators_make_plausible_sound_that_depends_on_the_key_alone(shared, stem):
    maker = MAKERS[stem](shared / "audio", "train", SampleShelf(200))
    made = []
    for seed in (1, 2, 3):
        # Long enough for no player to rest all the time.
        clip, source = maker.draw(8.0, np.random.default_rng(seed))
        made.append(clip)
        assert clip.shape == (2, 8 * RATE_HZ)
        assert clip.dtype == np.float32
        assert np.isfinite(clip).all()
        assert 0.02 < np.abs(clip).max() <= 0.9
        assert abs(clip.mean()) < 0.01
        assert source.startswith(stem)
    fresh = MAKERS[stem](shared / "audio", "train", SampleShelf(200))
    again, _ = fresh.draw(8.0, np.random.default_rng(3))
    assert np.array_equal(again, made[2])
