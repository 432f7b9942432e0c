"""The yardstick of real sound: one list of excerpts, nothing of it in training, levels as said."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from stemdesk_training.corpus.voice import cast
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.evaluation import real_voices
from stemdesk_training.evaluation.real_voices import (
    BLOCK,
    LEVELS_DB,
    TURNS,
    Item,
    Phrase,
    fingerprint,
    leak_items,
    mixed,
    phrases_of,
    sung_items,
)
from stemdesk_training.evaluation.voice_and_rest import with_rest
from stemdesk_training.real_music.packages import tracks
from tests.benchmarks import real_voices as benchmark

if TYPE_CHECKING:
    from pathlib import Path

TRACK = next(track for track in tracks() if track.held_out)


@pytest.fixture
def items(shared):
    return sung_items(shared / "audio", 5 * BLOCK)


def test_the_list_is_the_one_that_figures_were_made_with(items):
    assert fingerprint(items) == "40b4ffc635fb386f"
    assert fingerprint(leak_items(15)) == "3330ed011d717ed7"


def test_a_shorter_list_is_the_beginning_of_a_longer_one(shared, items):
    assert sung_items(shared / "audio", 20) == items[:20]
    assert leak_items(4) == leak_items(9)[:4]


def test_every_block_has_all_singers_levels_and_packages_in_their_shares(items):
    for start in range(0, len(items), BLOCK):
        block = items[start : start + BLOCK]
        assert Counter(item.singer for item in block) == TURNS
        for kind in ("level_db", "production"):
            assert set(Counter(getattr(item, kind) for item in block).values()) == {BLOCK // 3}
        assert set(Counter(item.music.package for item in block).values()) == {BLOCK // 3}
    assert {item.level_db for item in items} == set(LEVELS_DB)
    assert len({item.name for item in items}) == len(items)


def test_no_singer_and_no_source_of_it_is_in_training(shared, items):
    voices = shared / "audio" / "voices"
    heard = {path for group in (*cast.sung(voices, "train"), *cast.chants(voices, "train"))
             for path in group}  # fmt: skip
    assert heard
    assert heard.isdisjoint(item.phrase.path for item in items)
    assert set(TURNS) == {item.singer for item in items}
    assert set(TURNS) & {path.relative_to(voices).parts[0] for path in heard} == set(
        cast.HELD_OUT_CHANTS
    )
    trained = {track.package for track in tracks() if not track.held_out}
    assert trained.isdisjoint(item.music.package for item in [*items, *leak_items(30)])


def test_what_is_held_out_is_whole_packages():
    by_package = {}
    for track in tracks():
        by_package.setdefault(track.package, set()).add(track.held_out)
    assert all(len(held) == 1 for held in by_package.values())
    held_out = {package for package, held in by_package.items() if held == {True}}
    assert held_out == {"singularity-music", "hyperrogue-music", "wesnoth-1.16-music"}


def test_excerpts_lie_inside_their_recordings(items):
    for item in [*items, *leak_items(30)]:
        assert 8 <= item.seconds <= 12
        assert 0 < item.music_start_seconds < item.music.seconds - item.seconds
        assert item.music.voice_share <= 0.02


def voice(path: Path, parts):
    """Tones and silences, ``(seconds, amplitude)``, as a file."""
    rate = 48_000
    sound = np.concatenate(
        [a * np.sin(2 * np.pi * 220 * np.arange(round(s * rate)) / rate) for s, a in parts]
    )
    soundfile.write(path, sound, rate)
    return path


def test_a_recording_is_cut_where_it_is_quiet(tmp_path):
    path = voice(
        tmp_path / "voice.wav",
        [(1, 0), (10.5, 0.5), (0.5, 0), (4, 0.5), (6.7, 0.4), (0.2, 0.01), (9, 0.5), (3, 0)],
    )
    first, second, third = phrases_of(path)
    assert first.start_seconds == pytest.approx(1, abs=0.06)
    assert first.seconds == pytest.approx(10.5, abs=0.11)
    assert second.start_seconds == pytest.approx(12, abs=0.06)
    assert second.seconds == pytest.approx(10.8, abs=0.2)
    assert third.seconds >= 9


def test_a_short_recording_is_one_phrase(tmp_path):
    (only,) = phrases_of(voice(tmp_path / "voice.wav", [(3, 0.5)]))
    assert only.seconds == pytest.approx(3, abs=0.06)


@pytest.fixture
def music(tmp_path):
    """A folder with a held-out instrumental: noise of one level, off centre."""
    path = TRACK.below(tmp_path / "music")
    path.parent.mkdir(parents=True)
    noise = np.random.default_rng(3).normal(0, 0.1, (40 * RATE_HZ, 2)) * [1.0, 0.6]
    soundfile.write(path, noise, RATE_HZ, format="OGG", subtype="VORBIS")
    return tmp_path / "music"


@pytest.mark.parametrize("production", real_voices.PRODUCTIONS)
@pytest.mark.parametrize("level_db", LEVELS_DB)
def test_the_level_holds_while_the_voice_sounds(tmp_path, music, production, level_db):
    path = voice(tmp_path / "voice.wav", [(5, 0.3), (4, 0), (2, 0.1)])
    item = Item("a", "a", Phrase(path, 0, 11), TRACK, 10.0, level_db, production, 1)
    truth = mixed(item, music)
    assert truth.stems == STEMS
    assert truth.mixture.shape == (2, 11 * RATE_HZ)
    assert np.allclose(truth.references.sum(axis=0), truth.mixture)
    assert not truth.references[1:3].any()
    assert np.abs(truth.mixture).max() <= 0.9 + 1e-6
    # The pause does not count: over everything the voice would be nearly 2 dB lower.
    sounding = np.r_[0 : 5 * RATE_HZ, 9 * RATE_HZ : 11 * RATE_HZ]
    power = (truth.references[:, :, sounding] ** 2).mean(axis=(1, 2))
    assert 10 * np.log10(power[0] / power[-1]) == pytest.approx(level_db, abs=0.8)


def test_productions_are_heard_and_repeatable(tmp_path, music):
    path = voice(tmp_path / "voice.wav", [(4, 0.3), (7, 0.03)])
    made = {}
    for production in real_voices.PRODUCTIONS:
        item = Item("a", "a", Phrase(path, 0, 11), TRACK, 10.0, 0.0, production, 1)
        made[production] = mixed(item, music).references[0]
        assert np.array_equal(made[production], mixed(item, music).references[0])
    assert np.array_equal(made["none"][0], made["none"][1])
    assert not np.allclose(made["room"][0], made["room"][1], atol=1e-4)

    def step_db(sound):
        loud, soft = sound[:, RATE_HZ : 3 * RATE_HZ], sound[:, 6 * RATE_HZ : 10 * RATE_HZ]
        return 10 * np.log10((loud**2).mean() / (soft**2).mean())

    assert step_db(made["compressed"]) < step_db(made["none"]) - 3


def test_an_instrumental_alone_has_no_voice(music):
    truth = mixed(Item("a", "", None, TRACK, 5.0, 0.0, "none", 0), music)
    assert not truth.references[0].any()
    assert np.array_equal(truth.references[-1], truth.mixture)


@pytest.mark.usefixtures("excerpts")
class TestTable:
    """What the benchmark prints."""

    @pytest.fixture
    def excerpts(self, tmp_path, monkeypatch):
        path = voice(tmp_path / "voice.wav", [(5, 0.3)])
        some = [Item(f"a{i}", "a", Phrase(path, 0, 5), TRACK, 10.0, level, "none", i)
                for i, level in enumerate(LEVELS_DB)]  # fmt: skip
        alone = [Item("leak", "", None, TRACK, 5.0, 0.0, "none", 0)]
        monkeypatch.setattr(benchmark, "sung_items", lambda _audio, _count: some)
        monkeypatch.setattr(benchmark, "leak_items", lambda _count: alone)

    @pytest.fixture
    def folders(self, tmp_path):
        """Two models of one folder name."""
        made = []
        for name in ("one", "two"):
            folder = tmp_path / name / "model"
            folder.mkdir(parents=True)
            (folder / "card.toml").write_text(f"name = '{name}'")
            made.append(folder)
        return made

    def test_systems_levels_and_differences(self, tmp_path, music, folders, monkeypatch, capsys):
        runs = []

        def halved(model, truths):
            """Half an error of each stem, or a quarter of it."""
            runs.append(model.name)
            share = 0.5 if len(runs) == 1 else 0.25
            for truth in truths:
                true = with_rest(truth.references)
                yield true + share * (truth.mixture - true)

        monkeypatch.setattr(benchmark, "estimates", halved)
        command = ["--music", str(music), "--threads", "1", "--scores", str(tmp_path / "kept.json")]
        assert benchmark.main([*command, "--model", *map(str, folders)]) == 0
        told = capsys.readouterr().out
        # Medians alone: each is followed by its interval.
        lines = [re.sub(r"\[.*?\]", "", line).split() for line in told.splitlines()]
        vocals = next(
            i for i, line in enumerate(lines) if line[:5] == ["Median", ":", "SDR", "of", "the"]
        )
        mix, one, two, ideal = lines[vocals + 2 : vocals + 6]
        assert (mix[0], one[0], two[0], ideal[0]) == ("MIX", "model", str(folders[1]), "IRM1")
        nothing, half = (np.array(line[1:], float) for line in (mix, one))
        assert nothing == pytest.approx([-6, 0, 6, 0], abs=0.6)
        assert half - nothing == pytest.approx([6.02] * 4, abs=0.02)
        apart = next(line for line in lines if line[:2] == ["model", "-"])
        assert float(apart[3]) == pytest.approx(-6.02, abs=0.02)
        assert runs == ["model", "model"]
        # What is kept is not computed again, and is shown the same.
        assert benchmark.main([*command, "--model", *map(str, folders)]) == 0
        assert capsys.readouterr().out == told
        assert runs == ["model", "model"]

    def test_scores_of_other_excerpts_are_refused(self, tmp_path, music, capsys):
        (tmp_path / "kept.json").write_text('{"excerpts": "others", "systems": {}}')
        command = ["--music", str(music), "--scores", str(tmp_path / "kept.json")]
        assert benchmark.main([*command, "--model", "repet"]) == 1
        assert "has scores of other excerpts: name another file." in capsys.readouterr().err

    @pytest.mark.slow
    def test_a_model_runs_through_the_command(self, music, capsys):
        command = ["--music", str(music), "--threads", "1", "--model", "repet"]
        assert benchmark.main(command) == 0
        told = capsys.readouterr().out
        assert "repet" in told
        assert "3 excerpts with a voice" in told

    def test_what_is_missing_is_told_before_anything_is_scored(self, tmp_path, capsys):
        assert benchmark.main(["--music", str(tmp_path / "none"), "--model", "repet"]) == 1
        assert f"fetch --held-out {tmp_path / 'none'}." in capsys.readouterr().err
        assert benchmark.main(["--model", "repet"]) == 1
        assert "name their folder with --music." in capsys.readouterr().err


def test_voices_that_are_missing_are_named(tmp_path, capsys):
    assert benchmark.main(["--audio", str(tmp_path), "--list"]) == 1
    assert f"{tmp_path / 'voices'} has no recordings of " in capsys.readouterr().err
