"""The yardstick of real sound: one list of excerpts, nothing of it in training, levels as said."""

from __future__ import annotations

import hashlib
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
    leak_items,
    mixed,
    phrases_of,
    sung_items,
)
from stemdesk_training.real_music.packages import tracks

if TYPE_CHECKING:
    from pathlib import Path

TRACK = next(track for track in tracks() if track.held_out)


@pytest.fixture
def items(shared):
    return sung_items(shared / "audio", 5 * BLOCK)


def digest(items):
    lines = [
        f"{i.name} {i.phrase and (i.phrase.path.name, i.phrase.start_seconds, i.phrase.seconds)}"
        f" {i.music.path} {i.music_start_seconds} {i.production} {i.seed}"
        for i in items
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def test_the_list_is_the_one_that_figures_were_made_with(items):
    assert digest(items) == "7f805d87a167de07"
    assert digest(leak_items(15)) == "54ab778de10297bc"


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
