"""A first separation is a fact; another one is a step of undo that loses nothing."""

from types import SimpleNamespace

import pytest

from stemdesk.app.bench.separating import Wishes
from stemdesk.app.bench.workbench import Workbench
from stemdesk.errors import UserError
from stemdesk.project.document import Region, changed
from stemdesk.project.edits.stems import mix_for
from stemdesk.settings import Preferences
from tests.app.bench_songs import RATE, SECONDS, opened, save_noise, separated, stems_of, until

FOUR = ("vocals", "drums", "bass", "other")
TWO = ("vocals", "accompaniment")


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    opened(bench, save_noise(tmp_path / "Song.wav"))
    yield bench
    bench.close()


def with_work(bench):
    """A mix, automation's neighbour a region, all on the drums."""
    bench.controls.set("drums.level_db", -9.0)
    bench.end_gesture()
    region = Region(stem="drums", first_frame=0, end_frame=RATE, mute=True)
    bench.edit_track("Mute", changed(bench.track, regions=(region,)))
    return bench.track


def test_a_first_separation_outlives_undo(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    bench.undo()
    bench.redo()
    assert bench.track.separated is not None
    assert bench.papers.history.undo_label == "Open Song"


def test_separating_again_keeps_the_old_stems_behind_undo(bench, tmp_path):
    old = stems_of(bench, tmp_path, FOUR)
    separated(bench, old)
    before = with_work(bench)
    new = stems_of(bench, tmp_path, FOUR, seed=8)
    separated(bench, new)
    assert bench.papers.history.undo_label == "Separate again"
    assert bench.track.separated == new
    assert bench.track.mix.strip("drums").level_db == -9.0
    assert set(bench.stage._stems.values()) == set(bench.papers.files_of(new).values())
    bench.undo()
    assert bench.track == before
    assert set(bench.stage._stems.values()) == set(bench.papers.files_of(old).values())
    bench.redo()
    assert bench.track.separated == new
    assert set(bench.stage._stems.values()) == set(bench.papers.files_of(new).values())


def test_other_stems_take_their_mix_and_undo_brings_back_the_old_one(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    before = with_work(bench)
    separated(bench, stems_of(bench, tmp_path, TWO, seed=8))
    assert [strip.name for strip in bench.track.mix.strips] == list(TWO)
    assert bench.track.regions == ()
    assert bench.stage is not None
    assert bench.shown.coverage == ((0, SECONDS * RATE),)
    bench.undo()
    assert bench.track == before
    assert bench.stage.mix == before.mix


def test_each_separation_has_a_verdict_of_its_own(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    bench.findings.check(bench.track, bench.papers)
    until(bench, lambda: bench.findings.verdict(bench.track).state == "exact")
    wrong = stems_of(bench, tmp_path, FOUR, seed=8)
    turned = {**wrong.stems, "vocals": wrong.stems["drums"]}
    separated(bench, changed(wrong, stems=turned))
    until(bench, lambda: bench.findings.verdict(bench.track).state not in ("none", "checking"))
    assert bench.findings.verdict(bench.track).state != "exact"
    bench.undo()
    assert bench.findings.verdict(bench.track).state == "exact"


def test_the_song_goes_on_where_it_was(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    bench.stage.listening.seek(0.5)
    until(bench, lambda: bench.stage.position_frames == RATE // 2)
    bench.stage.monitor.show_original(on=True)
    separated(bench, stems_of(bench, tmp_path, FOUR, seed=8))
    assert bench.stage.monitor.is_original
    until(bench, lambda: bench.stage.position_frames == RATE // 2)


def test_what_a_model_of_other_stems_would_cost_is_known_before(bench, tmp_path):
    track_id = bench.track.id
    assert bench.separating.loses_mix(track_id) == ()  # nothing was done yet
    bench.controls.set("mixture.level_db", -3.0)
    assert bench.separating.loses_mix(track_id) == ("mixture",)
    bench.undo()
    separated(bench, stems_of(bench, tmp_path, FOUR))
    with_work(bench)
    assert bench.separating.loses_mix(track_id) == ()  # the built-in model gives the same four
    separated(bench, stems_of(bench, tmp_path, TWO, seed=8))
    assert bench.separating.loses_mix(track_id) == ()
    bench.controls.set("accompaniment.level_db", -3.0)
    assert bench.separating.loses_mix(track_id) == TWO


def test_one_missing_stem_leaves_a_song_that_sounds_as_it_was_and_is_told_once(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    with_work(bench)
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.papers.file.is_unsaved and not bench.is_modified)
    folder, mix = bench.papers.file.folder, bench.track.mix
    bench.papers.files_of(bench.track.separated)["bass"].unlink()
    bench.files.new()
    bench.problems.clear()
    bench.files.open(folder)
    assert [str(problem).split(":")[0].split(" at ")[0] for problem in bench.problems] == [
        "The bass of Song is not"
    ]
    assert bench.track.mix == mix
    assert not bench.is_modified
    shown = bench.shown
    until(bench, lambda: shown.waveform("mixture") and shown.waveform("mixture").version)
    assert shown.waveform("mixture").columns(0, SECONDS * RATE, 10).high.any()
    bench.stage.listening.player.play()
    until(bench, lambda: bench.stage.position_frames > RATE // 4)
    assert np_peak(bench) > 0
    bench.undo()
    bench.choose(bench.track.id)
    assert len(bench.problems) == 1
    # Separated again, it sounds as its stems.
    separated(bench, stems_of(bench, tmp_path, FOUR))
    assert bench.shown.coverage == ((0, SECONDS * RATE),)
    bench.problems.clear()


def np_peak(bench):
    """What the sum of the sources of the stage gives at the loudest."""
    own = bench.stage._sources([strip.name for strip in bench.track.mix.strips])
    return max(float(abs(source.read_at(0, RATE)).max()) for source in own.values())


def test_a_stem_that_is_damaged_is_no_reason_for_silence_either(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    bench.papers.files_of(bench.track.separated)["bass"].write_bytes(b"no sound")
    bench._desk.show_current()
    assert len(bench.problems) == 1
    assert bench.stage is not None
    assert bench.shown.refusal is None
    bench.problems.clear()


def test_a_song_that_is_gone_says_so_and_comes_back_with_its_separation(bench, tmp_path):
    path = bench.papers.song_of(bench.track)
    kept = path.read_bytes()
    stems = stems_of(bench, tmp_path, FOUR)
    path.unlink()
    bench._desk.show_current()
    assert bench.stage is None
    assert "The mixture of Song is not at" in str(bench.shown.refusal)
    assert len(bench.problems) == 1
    bench.problems.clear()
    path.write_bytes(kept)
    separated(bench, stems)
    assert bench.stage is not None
    assert bench.shown.coverage == ((0, SECONDS * RATE),)


def test_a_lane_that_cannot_be_drawn_is_told_once(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, FOUR))
    problem = UserError("drums.wav is damaged", "separate the song again")
    bench.shown.pictures.problems["drums"] = problem
    bench.shown.waveform("bass").problem = problem
    bench.pump()
    bench.pump()
    assert list(bench.problems) == [problem] or [str(each) for each in bench.problems] == [
        str(problem)
    ]
    bench.problems.clear()


def test_strips_to_come_touch_no_song_that_has_stems(bench, tmp_path):
    separated(bench, stems_of(bench, tmp_path, TWO))
    bench.controls.set("vocals.level_db", -3.0)
    bench.separating.separate(bench.track.id)
    bench.jobs.cancel(bench.jobs.entries[-1].id)
    assert bench.track.mix.strip("vocals").level_db == -3.0
    assert mix_for(bench.track.mix, TWO) == bench.track.mix


def test_what_a_stem_claims_goes_with_the_song(bench, monkeypatch):
    orders = []
    monkeypatch.setattr(
        bench.separating._separations, "order", lambda _track, begin, _finish: orders.append(begin)
    )
    bench.separating.separate(bench.track.id, Wishes({"vocals": 6.0, "bass": -4.5}))
    bench.separating.separate(bench.track.id, Wishes(adapt=True))
    asked, stems = [], []
    monkeypatch.setattr(
        bench.separating._processor.worker, "separate", lambda request: asked.append(request)
    )
    for begin in orders:
        work = begin()
        result = SimpleNamespace(
            model="tiny",
            gain=1.0,
            files={},
            null=None,
            notes=(),
            adapted=asked[-1].options.adapt,
        )
        stems.append(work._kept(result, lambda *_: None).stems)
    assert [request.choice.claims for request in asked] == [
        (("vocals", 6.0), ("bass", -4.5)),
        (),
    ]
    assert [found.claims for found in stems] == [{"vocals": 6.0, "bass": -4.5}, {}]
    assert [found.adapted for found in stems] == [False, True]


def test_what_was_wished_is_known_until_the_stems_have_it(bench, tmp_path, monkeypatch):
    separating, track_id = bench.separating, bench.track.id
    monkeypatch.setattr(separating._separations, "order", lambda *_: None)
    first = Wishes({"vocals": 6.0}, adapt=True)
    assert separating.wishes(track_id) == Wishes()
    separating.separate(track_id, first)
    assert separating.wishes(track_id) == first  # broken off, say
    made = changed(stems_of(bench, tmp_path, FOUR), claims={"vocals": 6.0}, adapted=True)
    separated(bench, made)
    separated(bench, changed(stems_of(bench, tmp_path, FOUR, seed=8), claims={"drums": -3.0}))
    assert separating.wishes(track_id) == Wishes({"drums": -3.0})
    bench.undo()
    assert separating.wishes(track_id) == first


def test_a_model_that_cannot_learn_is_refused_at_once(bench, monkeypatch):
    monkeypatch.setattr("stemdesk.app.adapting.is_adaptable", lambda _: False)
    for ask in (bench.separating.separate, bench.separating.loses_mix):
        with pytest.raises(UserError, match="cannot be adapted"):
            ask(bench.track.id, Wishes(adapt=True))


def test_a_song_at_work_is_asked_nothing(bench, monkeypatch):
    monkeypatch.setattr(bench.separating._separations, "is_separating", lambda _: True)
    with pytest.raises(UserError, match="is being separated"):
        bench.separating.wishes(bench.track.id)
