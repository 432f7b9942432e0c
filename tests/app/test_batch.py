"""Batches: the time left, the questions, the manifest."""

from __future__ import annotations

import json

import pytest

from stemdesk.app import batch as batches
from stemdesk.app import manifest
from stemdesk.app.batch import Batch, plan_batch, run_batch
from stemdesk.app.manifest import write_manifest
from stemdesk.app.options import SeparateOptions, Separation
from stemdesk.app.plan import SongPlan
from stemdesk.app.songs import Song
from stemdesk.app.targets import Claims, Targets
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy
from stemdesk.jobs.job import Leap, TimeLeft
from tests.app.tiny import music, save_song

PACE = 0.5  # seconds of work for a second of music
CHUNKS = 30


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refuse(path):
    raise AssertionError(path)


class Rehearsal:
    """A batch whose songs take no time but that of the clock; judges each estimate."""

    def __init__(self, monkeypatch, folder, fate):
        self.clock, self.fate, self.folder = Clock(), fate, folder
        self.left = TimeLeft(self.clock)
        self.seen = []
        monkeypatch.setattr(batches, "carry_out", self.carry_out)
        monkeypatch.setattr(batches, "leave_alone", self.leave_alone)

    def leave_alone(self, plan, *_):
        return Separation(plan.song.path, {}, None, "tiny", 1.0, "", 0.0, 0.0)

    def carry_out(self, plan, _options, _model, report):
        report(0.0, "reading")
        fate = self.fate.get(int(plan.song.path.stem))
        first = CHUNKS // 2 if fate == "resumed" else 0
        self.clock.now += 1
        report(first / CHUNKS, Leap("separating"))
        for chunk in range(first, CHUNKS):
            if fate == "fails" and chunk == CHUNKS // 3:
                raise UserError("broken", "mend it")
            self.clock.now += plan.seconds * PACE / CHUNKS
            report((chunk + 1) / CHUNKS, "separating")
        return self.leave_alone(plan)

    def run(self, lengths):
        songs = [Song(self.folder / str(number)) for number in range(len(lengths))]
        batch = Batch(songs, Claims([], OverwritePolicy.ASK, refuse))
        for number, seconds in enumerate(lengths):
            fate = self.fate.get(number)
            write = {} if fate == "skipped" else {"bass": self.folder / "b.wav"}
            error = UserError("bad", "mend it") if fate == "unreadable" else None
            length = 0.0 if error else seconds
            targets = Targets() if error else Targets(write)
            batch.plans.append(SongPlan(songs[number], length, "", targets, error))

        def report(fraction, stage):
            self.left.update(fraction, worked=not isinstance(stage, Leap))
            self.seen.append((fraction, self.left.seconds_left, self.clock.now))

        report(0.0, "loading")
        self.clock.now += 20
        outcomes = list(run_batch(batch, SeparateOptions(), None, object(), report))
        end = self.clock.now
        for fraction, left, now in self.seen:
            if fraction > 0.1 and end - now > 5:
                assert left == pytest.approx(end - now, rel=0.2), fraction
        fractions = [fraction for fraction, *_ in self.seen]
        assert fractions == sorted(fractions)
        assert sum(fraction > 0.1 for fraction in fractions) > 10
        return outcomes


def test_a_long_song_counts_for_what_it_is(monkeypatch, tmp_path):
    Rehearsal(monkeypatch, tmp_path, {}).run([60, 60, 60, 600])


def test_songs_that_are_there_are_no_work(monkeypatch, tmp_path):
    fate = dict.fromkeys((0, 1, 2, 4, 5, 6, 8, 9), "skipped")
    Rehearsal(monkeypatch, tmp_path, fate).run([200] * 10)


@pytest.mark.parametrize("fate", ["fails", "resumed", "unreadable"])
@pytest.mark.parametrize("number", [0, 1])
def test_what_was_not_worked_for_is_no_pace(monkeypatch, tmp_path, fate, number):
    Rehearsal(monkeypatch, tmp_path, {number: fate}).run([100, 100, 300, 300])


def planned(songs, options, card, ask=refuse):
    claims = Claims([song.path for song in songs], options.overwrite, ask)
    batch = Batch(songs, claims)
    plan_batch(batch, options, card, lambda *_: None)
    return batch


def test_all_questions_come_before_any_work(tiny, tmp_path, monkeypatch):
    songs = [Song(save_song(tmp_path / f"{name}.wav", music(9000))) for name in "abc"]
    options = SeparateOptions(output=tmp_path / "out", stems=("bass",))
    for song in songs:
        target = tmp_path / "out" / song.path.stem / "bass.wav"
        target.parent.mkdir(parents=True)
        target.write_bytes(b"old")
    asked = []
    batch = planned(songs, options, tiny.card, lambda path: asked.append(path) or len(asked) != 2)
    assert [path.parent.name for path in asked] == ["a", "b", "c"]
    outcomes = list(run_batch(batch, options, tiny.card, tiny, lambda *_: None))
    assert [bool(outcome.result.files) for outcome in outcomes] == [True, False, True]
    assert (tmp_path / "out" / "b" / "bass.wav").read_bytes() == b"old"


def test_a_song_that_vanishes_does_not_end_the_batch(tiny, tmp_path):
    songs = [Song(save_song(tmp_path / f"{name}.wav", music(9000))) for name in "ab"]
    options = SeparateOptions(output=tmp_path / "out")
    batch = planned(songs, options, tiny.card)
    songs[0].path.unlink()
    outcomes = list(run_batch(batch, options, tiny.card, tiny, lambda *_: None))
    assert "does not exist" in str(outcomes[0].error)
    assert outcomes[1].result.null.verdict == "exact"


def test_the_manifest_hashes_each_stem_once(tiny, tmp_path, monkeypatch):
    songs = [Song(save_song(tmp_path / f"{name}.wav", music(9000))) for name in "abc"]
    options = SeparateOptions(output=tmp_path / "out")
    batch = planned(songs, options, tiny.card)
    hashed = []
    real = manifest.file_sha256
    monkeypatch.setattr(manifest, "file_sha256", lambda path: hashed.append(path) or real(path))
    path = tmp_path / "done.json"
    for outcome in run_batch(batch, options, tiny.card, tiny, lambda *_: None):
        if outcome.source.stem == "b":
            outcome.result.files["bass"].unlink()  # somebody tidies up in the meantime
        write_manifest(path, batch)
        if outcome.source.stem == "a":
            outcome.source.unlink()
    assert len(hashed) == len(set(hashed)) == 12
    told = json.loads(path.read_text())["songs"]
    assert len(told[0]["sha256"]) == 64  # of the song as it was separated
    assert told[1]["stems_sha256"]["bass"] is None
    assert len(told[1]["stems_sha256"]["drums"]) == 64
