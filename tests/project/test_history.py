from __future__ import annotations

import tracemalloc

import pytest

from stemdesk.project import edits
from stemdesk.project.document import Project, changed
from stemdesk.project.history import History

A, B, C, D = (Project(current=name) for name in "abcd")


def test_undo_and_redo_go_through_the_very_snapshots():
    history = History(A)
    assert (history.undo_label, history.redo_label) == (None, None)
    history.edit("to b", B)
    history.edit("to c", C)
    assert (history.undo_label, history.redo_label) == ("to c", None)
    assert history.undo() is B
    assert (history.undo_label, history.redo_label) == ("to b", "to c")
    assert history.undo() is A
    assert history.undo() is A
    assert (history.undo_label, history.redo_label) == (None, "to b")
    assert history.redo() is B
    assert history.redo() is C
    assert history.redo() is C
    assert (history.undo_label, history.redo_label) == ("to c", None)


def test_an_edit_after_undo_ends_what_could_be_redone():
    history = History(A)
    history.edit("to b", B)
    history.undo()
    history.edit("to c", C)
    assert history.redo_label is None
    assert history.redo() is C
    assert history.undo() is A


def test_what_says_the_same_is_no_step():
    history = History(A)
    history.edit("nothing", Project(current="a"))
    assert history.undo_label is None
    assert history.project is A


def test_a_gesture_is_one_step_with_its_first_label():
    history = History(A)
    history.edit("level", B, merge="vocals.level_db")
    history.edit("level again", C, merge="vocals.level_db")
    assert history.undo_label == "level"
    assert history.undo() is A
    assert history.redo() is C


def step(history):
    history.edit("between", Project(current="between"))


@pytest.mark.parametrize(
    ("closing", "before_last"),
    [
        (History.end_gesture, "b"),
        (History.mark_saved, "b"),
        (step, "between"),
        (lambda history: history.edit("pan", D, merge="vocals.pan"), "d"),
    ],
    ids=["released", "saved", "another edit", "another key"],
)
def test_what_closes_a_gesture(closing, before_last):
    history = History(A)
    history.edit("level", B, merge="vocals.level_db")
    closing(history)
    history.edit("level", C, merge="vocals.level_db")
    assert history.undo().current == before_last


def test_after_undo_the_same_key_begins_anew():
    history = History(A)
    history.edit("level", B, merge="k")
    history.end_gesture()
    history.edit("level", C, merge="k")
    assert history.undo() is B
    history.edit("level", D, merge="k")
    assert history.undo() is B
    assert history.undo() is A


def test_a_gesture_that_comes_back_is_no_step():
    history = History(A)
    history.edit("level", B, merge="k")
    history.edit("level", Project(current="a"), merge="k")
    assert history.is_modified
    history.end_gesture()
    assert history.project is A
    assert history.undo_label is None
    assert not history.is_modified


def test_modified_until_back_at_the_saved_snapshot():
    history = History(A)
    assert not history.is_modified
    history.edit("to b", B)
    assert history.is_modified
    history.mark_saved()
    assert not history.is_modified
    history.edit("to c", C)
    history.undo()
    assert not history.is_modified
    history.undo()
    assert history.is_modified
    history.redo()
    assert not history.is_modified
    history.undo()
    history.edit("elsewhere", D)
    history.undo()
    assert history.is_modified


def test_a_save_of_an_earlier_snapshot_marks_that_one():
    history = History(A)
    history.edit("to b", B)
    history.edit("to c, while b is being written", C)
    history.mark_saved(B)
    assert history.is_modified
    history.undo()
    assert not history.is_modified


def test_what_was_recovered_is_modified():
    history = History(A, saved=False)
    assert history.is_modified
    history.mark_saved()
    assert not history.is_modified


def test_the_oldest_steps_are_forgotten():
    history = History(Project(current="0"), limit_steps=1000)
    for number in range(1, 1501):
        history.edit(str(number), Project(current=str(number)))
    for _ in range(2000):
        history.undo()
    assert history.project.current == "500"
    assert history.undo_label is None
    for _ in range(2000):
        history.redo()
    assert history.project.current == "1500"


def test_a_thousand_fader_moves_share_what_stands_still(track):
    automated = track
    points = [edits_point(number / 500) for number in range(5000)]
    automated = edits.set_points(automated, "drums.level_db", points)
    project = edits.add_track(Project(), automated)
    history = History(project)
    tracemalloc.start()
    for number in range(1000):
        moved = edits.set_value(history.project.tracks[0], "vocals.level_db", -number / 100)
        history.edit("level", edits.with_track(history.project, moved))
    grown_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown_bytes < 2e6  # the 5000 points alone are 0.3 MB in each of 1000 copies


def edits_point(seconds):
    from stemdesk.mixing.settings import Point

    return Point(seconds, -1.0)


def test_a_fact_is_rewritten_in_every_snapshot():
    history = History(A)
    history.edit("to b", B)
    history.mark_saved()
    history.edit("to c", C)
    history.edit("to d", D)
    history.undo()
    history.rewrite(lambda each: each if each is A else changed(each, current=each.current.upper()))
    assert history.project.current == "C"
    assert history.is_modified
    assert history.redo().current == "D"
    history.undo()
    assert history.undo().current == "B"
    assert not history.is_modified
    assert history.undo() is A


def test_snapshots_are_all_that_can_be_reached():
    history = History(A)
    history.edit("to b", B)
    history.edit("to c", C)
    history.undo()
    assert {each.current for each in history.snapshots()} == {"a", "b", "c"}
    history.mark_saved(D)
    assert {each.current for each in history.snapshots()} == {"a", "b", "c", "d"}


def test_looking_elsewhere_is_no_step_and_nothing_to_save(track):
    first, second = (changed(track, id=name, name=name) for name in "ab")
    history = History(Project(tracks=(first, second), current="a"))
    history.edit("Rename", changed(history.project, tracks=(changed(first, name="A"), second)))
    history.mark_saved()
    history.undo()
    history.redo()
    history.look(changed(history.project, current="b"))
    assert not history.is_modified
    assert history.undo_label == "Rename"
    history.undo()
    assert history.project.current == "a"
    assert history.is_modified
    history.look(changed(history.project, current="b"))
    history.redo()
    assert history.project.tracks[0].name == "A"
