from __future__ import annotations

from importlib import import_module

import pytest

from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.daw.targets import ALL, TARGETS, chosen_targets
from stemdesk.errors import UserError
from tests.daw.songs import make_song


def test_every_writer_is_there_under_its_name():
    for target in TARGETS.values():
        module, name = target.writer
        assert callable(getattr(import_module(f"stemdesk.daw.{module}"), name))


def test_no_two_formats_go_into_one_file():
    endings = [target.ending.casefold() for target in TARGETS.values()]
    assert len(set(endings)) == len(endings)
    assert all(target.suffix.startswith(".") != target.is_folder for target in TARGETS.values())


def test_formats_are_chosen_by_name_or_all_at_once():
    assert [target.name for target in chosen_targets(["reaper", "dawproject", "reaper"])] == [
        "dawproject",
        "reaper",
    ]
    assert chosen_targets([ALL, "aaf"]) == tuple(TARGETS.values())
    with pytest.raises(UserError, match="'cubase'"):
        chosen_targets(["cubase"])


def test_a_song_without_markers_has_no_labels(tmp_path):
    song = make_song(tmp_path)
    for name in ("labels", "tempo-map"):
        with pytest.raises(UserError, match=r"neither|no markers"):
            TARGETS[name].write(song.session, tmp_path / "x")
    marked = make_song(tmp_path, markers=(SessionMarker(0, "A"),)).session
    timed = make_song(tmp_path, tempo=(TempoChange(0, 100),)).session
    assert [TARGETS["labels"].lack(each) == "" for each in (marked, timed)] == [True, False]
    assert [TARGETS["tempo-map"].lack(each) == "" for each in (marked, timed)] == [True, True]


def test_a_format_that_needs_no_markers_never_lacks_anything(tmp_path):
    song = make_song(tmp_path)
    with_audio = [target for target in TARGETS.values() if target.has_audio]
    assert len(with_audio) == len(TARGETS) - 2
    assert not any(target.lack(song.session) for target in with_audio)
