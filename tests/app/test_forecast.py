from __future__ import annotations

import pytest

from stemdesk.app import forecast as module
from stemdesk.app.forecast import Choice, forecast, has_pace, note_pace
from stemdesk.paths import cache_dir

GPU = Choice(device="cuda")


def test_before_the_first_run_a_stated_pace_is_used_and_said_to_be():
    told = forecast(240, Choice())
    assert not told.is_measured
    assert told.seconds == pytest.approx(240 * module.STATED_SECONDS_PER_SECOND)
    assert told.memory_bytes > 100 << 20
    assert not has_pace(Choice())


def test_what_was_measured_is_foretold_in_proportion():
    note_pace(Choice(), 120, 12, 700_000_000)
    told = forecast(240, Choice())
    assert (told.seconds, told.memory_bytes, told.is_measured) == (24, 700_000_000, True)
    assert has_pace(Choice())


@pytest.mark.parametrize(
    "other", [GPU, Choice(model="large"), Choice(threads=1), Choice(model="large", device="cuda")]
)
def test_every_choice_has_its_own(other):
    note_pace(Choice(), 120, 12, 1)
    assert not forecast(10, other).is_measured
    note_pace(other, 120, 60, 1)
    assert forecast(10, other).seconds == 5
    assert forecast(10, Choice()).seconds == 1


def test_newer_runs_count_more():
    for seconds in (60, 6, 6, 6, 6):
        note_pace(GPU, 60, seconds, 1)
    assert 6 < forecast(60, GPU).seconds < 12


@pytest.mark.parametrize(("song_seconds", "seconds"), [(9.9, 60), (60, 0), (0, 1)])
def test_runs_that_say_nothing_are_not_learned(song_seconds, seconds):
    note_pace(GPU, song_seconds, seconds, 1)
    assert not has_pace(GPU)


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b'{"|auto|": 5}', b'{"|auto|": {"seconds_per_second": "1"}}']
)
def test_a_damaged_file_is_made_again(damaged):
    cache_dir().mkdir(parents=True)
    (cache_dir() / "pace.json").write_bytes(damaged)
    assert not forecast(60, Choice()).is_measured
    note_pace(Choice(), 60, 6, 1)
    assert forecast(60, Choice()).seconds == 6


def test_a_pace_of_nothing_is_not_believed():
    cache_dir().mkdir(parents=True)
    (cache_dir() / "pace.json").write_text(
        '{"|auto|": {"seconds_per_second": 0, "memory_bytes": 1}}'
    )
    assert not forecast(60, Choice()).is_measured


def test_where_nothing_can_be_kept_nothing_is_said():
    cache_dir().parent.mkdir(parents=True, exist_ok=True)
    cache_dir().write_text("a file in the place of the folder")
    note_pace(Choice(), 60, 6, 1)
    assert not has_pace(Choice())
