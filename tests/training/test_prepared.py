"""Any library becomes a pool: what is heard, what is held out, and what is done again."""

import json

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk_training.corpus.drawing import Drawing
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import STEMS
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.datasets.multitrack import Multitrack, Part
from stemdesk_training.prepared import _splits, prepare
from tests.training.studio import RATE, make_song, write_song


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))


def quiet(_share, _name):
    pass


def library(folder, count, seconds=2.0):
    for number in range(count):
        write_song(folder / f"Song {number} ü", make_song(number, seconds))
    return folder


def entries(pool):
    return json.loads((pool / "pool.json").read_text())["songs"]


def test_what_is_in_the_files_is_in_the_pool(tmp_path):
    songs = library(tmp_path / "in", 5)
    pool = prepare(songs, None, tmp_path / "pool", quiet)
    found = entries(pool)
    assert sorted(entry["name"] for entry in found.values()) == [f"Song {i} ü" for i in range(5)]
    assert sorted(entry["split"] for entry in found.values()) == ["train"] * 4 + ["valid"]
    for key, entry in found.items():
        for stem in STEMS:
            kept = np.load(pool / entry["split"] / f"song_{key}_{stem}.npy")
            true, _ = soundfile.read(songs / entry["name"] / f"{stem}.wav", dtype="float64")
            assert np.abs(kept / 32768 - entry["gain"] * true).max() < 2 / 32768


def test_one_gain_keeps_stems_and_mixture_from_clipping(tmp_path):
    loud = {stem: 3.0 * samples for stem, samples in make_song(1, 2.0).items()}
    write_song(tmp_path / "in" / "Loud", loud)
    pool = prepare(tmp_path / "in", None, tmp_path / "pool", quiet)
    (key,) = entries(pool)
    kept = {s: np.load(pool / "train" / f"song_{key}_{s}.npy").astype(int) for s in STEMS}
    assert np.abs(sum(kept.values())).max() <= 32_010
    levels = [np.std(kept[s]) / np.std(loud[s][:, : len(kept[s])]) for s in STEMS]
    assert np.ptp(levels) < 0.01 * np.mean(levels)


def test_few_songs_lend_their_ends(tmp_path):
    pool = prepare(library(tmp_path / "in", 2), None, tmp_path / "pool", quiet)
    for key, entry in entries(pool).items():
        assert entry["split"] == "both"
        parts = [np.load(pool / split / f"song_{key}_drums.npy") for split in ("train", "valid")]
        true, _ = soundfile.read(tmp_path / "in" / entry["name"] / "drums.wav", dtype="float64")
        whole = np.concatenate(parts) / 32768
        assert np.abs(whole - entry["gain"] * true).max() < 2 / 32768
        assert len(parts[1]) == pytest.approx(0.2 * len(true), abs=2)


def test_an_artist_is_heard_in_one_half_only(tmp_path):
    for number in range(9):
        name = f"Artist {number % 3} - Song {number}"
        write_song(tmp_path / "in" / name, make_song(number, 0.5))
    pool = prepare(tmp_path / "in", None, tmp_path / "pool", quiet)
    halves = {}
    for entry in entries(pool).values():
        halves.setdefault(entry["name"][:8], set()).add(entry["split"])
    assert all(len(splits) == 1 for splits in halves.values())
    assert set.union(*halves.values()) == {"train", "valid"}


def by_artists(names, songs_each=1):
    return [
        Multitrack(f"{name} {number}", {}, artist=name)
        for name in names
        for number in range(songs_each)
    ]


def held_out(songs):
    return {name for name, split in _splits(songs).items() if split == "valid"}


def test_songs_that_are_added_move_none_into_training():
    songs = by_artists([f"Artist {number}" for number in range(300)], 2)
    before = held_out(songs[:80])
    for count in range(82, len(songs) + 1, 2):
        after = held_out(songs[:count])
        assert before <= after, count
        assert after - before <= {song.name for song in songs[count - 2 : count]}
        before = after
    assert len(before) / len(songs) == pytest.approx(0.15, abs=0.05)
    assert held_out(songs[::-1]) == before


def test_some_songs_are_held_out_but_never_more_than_half():
    for first in range(60):
        songs = by_artists([f"Artist {number}" for number in range(first, first + 4)])
        assert 1 <= len(held_out(songs)) <= 2
    assert set(_splits(by_artists(["One"], 6)).values()) == {"both"}


def test_only_what_changed_is_read_again(tmp_path, monkeypatch):
    songs = library(tmp_path / "in", 5, 0.5)
    pool = prepare(songs, None, tmp_path / "pool", quiet)
    before = entries(pool)
    write_song(songs / "Song 2 ü", make_song(77, 0.5))
    times = {path: path.stat().st_mtime_ns for path in pool.rglob("*.npy")}
    prepare(songs, None, pool, quiet)
    after = entries(pool)
    changed = {entry["name"] for key, entry in after.items() if key not in before}
    assert changed == {"Song 2 ü"}
    (old,) = before.keys() - after.keys()
    assert not list(pool.rglob(f"song_{old}_*"))
    same = [path for path in times if path.exists()]
    assert len(same) == 16
    assert all(path.stat().st_mtime_ns == times[path] for path in same)


def test_a_mix_and_its_instrumental_give_the_voice(tmp_path):
    song = make_song(4, 2.0)
    folder = tmp_path / "in"
    folder.mkdir()
    rest = song["drums"] + song["bass"] + song["other"]
    soundfile.write(folder / "Tune.wav", (rest + song["vocals"]).T, RATE, subtype="FLOAT")
    soundfile.write(folder / "Tune (Instrumental).wav", rest.T, RATE, subtype="FLOAT")
    pool = prepare(folder, None, tmp_path / "pool", quiet)
    (key,) = entries(pool)
    voice = np.load(pool / "train" / f"song_{key}_vocals.npy") / 32768
    true = song["vocals"].T[: len(voice)]
    assert np.abs(voice - true).max() < 1e-3
    assert not np.load(pool / "train" / f"song_{key}_drums.npy").any()


def pooled(pool, stem):
    (key,) = entries(pool)
    parts = [np.load(pool / part / f"song_{key}_{stem}.npy") for part in ("train", "valid")]
    return np.concatenate(parts).T / (32768 * entries(pool)[key]["gain"])


def test_what_the_stems_lack_of_the_mixture_is_other(tmp_path):
    song = make_song(4, 2.0)
    write_song(tmp_path / "in" / "Part", song)
    for missing in ("other", "bass"):
        (tmp_path / "in" / "Part" / f"{missing}.wav").unlink()
    pool = prepare(tmp_path / "in", None, tmp_path / "pool", quiet)
    assert np.abs(pooled(pool, "other") - song["other"] - song["bass"]).max() < 1e-3
    assert np.abs(pooled(pool, "vocals") - song["vocals"]).max() < 1e-3
    assert not pooled(pool, "bass").any()


def test_stems_without_a_mixture_are_all_there_is(tmp_path):
    song = make_song(4, 2.0)
    write_song(tmp_path / "in" / "Part", song)
    for missing in ("mixture", "other", "bass"):
        (tmp_path / "in" / "Part" / f"{missing}.wav").unlink()
    pool = prepare(tmp_path / "in", None, tmp_path / "pool", quiet)
    assert not pooled(pool, "other").any()
    assert np.abs(pooled(pool, "drums") - song["drums"]).max() < 1e-3


def test_one_stem_alone_is_refused_by_name(tmp_path, monkeypatch):
    write_song(tmp_path / "in", make_song(4, 0.5))
    alone = Multitrack("Lonely", {"vocals": (Part(tmp_path / "in" / "vocals.wav"),)})
    monkeypatch.setattr("stemdesk_training.prepared.find_songs", lambda *_: [alone])
    with pytest.raises(UserError, match="Lonely has nothing but vocals"):
        prepare(tmp_path / "in", None, tmp_path / "pool", quiet)


def test_test_songs_and_foreign_pools_are_left_alone(tmp_path):
    for split in ("train", "test"):
        write_song(tmp_path / "in" / split / f"A {split}", make_song(3, 0.5))
    pool = prepare(tmp_path / "in", None, tmp_path / "pool", quiet)
    assert [entry["name"] for entry in entries(pool).values()] == ["train/A train"]
    assert len(find_songs(tmp_path / "in")) == 2
    other = tmp_path / "other"
    other.mkdir()
    (other / "pool.json").write_text('{"format": 2, "seed": 3}')
    with pytest.raises(UserError, match="another kind"):
        prepare(tmp_path / "in", None, other, quiet)


def test_surround_is_folded_down(tmp_path):
    song = make_song(1, 0.5)
    gains = np.array([1.0, 0.8, 0.6, 0.5, 0.4, 0.3])
    wide = {stem: gains[:, None] * np.tile(each, (3, 1)) for stem, each in song.items()}
    write_song(tmp_path / "in" / "Wide", {**wide, "vocals": song["vocals"]}, wide["drums"])
    pool = prepare(tmp_path / "in", None, tmp_path / "pool", quiet)
    centre, half = wide["drums"][2], np.sqrt(0.5)
    true = wide["drums"][:2] + half * centre + half * wide["drums"][4:]
    assert np.abs(pooled(pool, "drums") - true).max() < 1e-3
    assert np.abs(pooled(pool, "vocals") - song["vocals"]).max() < 1e-3


def test_songs_alone_are_mixed_aligned_and_across(tmp_path):
    pool = prepare(library(tmp_path / "in", 5), None, tmp_path / "pool", quiet)
    found = [key for key, entry in entries(pool).items() if entry["split"] == "train"]
    songs = {
        key: [np.load(pool / "train" / f"song_{key}_{s}.npy") / 32768 for s in STEMS]
        for key in found
    }

    def homes(item):
        """The songs of which all stems of a mix are excerpts."""
        lists = []
        for place in range(len(STEMS)):
            needle = item[place].T[1000:1400]
            lists.append({key for key in found if _holds(songs[key][place], needle)})
        return set.intersection(*lists)

    aligned = RandomMixes(pool, "train", 0.5, 1, Drawing(aligned=1.0, varied=False))
    across = RandomMixes(pool, "train", 0.5, 1, Drawing(aligned=0.0, varied=False))
    for index in range(6):
        assert homes(aligned.item(index, 0))
    assert any(not homes(across.item(index, 0)) for index in range(6))


def _holds(song, needle):
    starts = np.flatnonzero(np.abs(song[:, 0] - needle[0, 0]) < 1e-6)
    return any(
        np.abs(song[start : start + len(needle)] - needle).max() < 1e-6
        for start in starts
        if start + len(needle) <= len(song)
    )
