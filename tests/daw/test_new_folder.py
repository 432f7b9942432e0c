from __future__ import annotations

import pytest

from stemdesk.daw.new_folder import new_folder
from stemdesk.errors import UserError


def test_it_takes_its_name_with_all_that_is_in_it(tmp_path):
    final = tmp_path / "deeper" / "Lied ü"
    with new_folder(final) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.txt").write_text("a")
        assert not final.exists()
    assert (final / "sub" / "a.txt").read_text() == "a"
    assert [path.name for path in final.parent.iterdir()] == ["Lied ü"]


def test_nothing_is_left_when_it_fails(tmp_path):
    def fail():
        with new_folder(tmp_path / "x") as folder:
            (folder / "a.txt").write_text("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_never_replaced(tmp_path):
    (tmp_path / "x").mkdir()
    with new_folder(tmp_path / "x") as folder:  # empty: nothing is lost
        (folder / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="there already"), new_folder(tmp_path / "x"):
        raise AssertionError
    assert (tmp_path / "x" / "mine.txt").read_text() == "mine"
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="there already"), new_folder(tmp_path / "file"):
        raise AssertionError


def test_what_the_system_refuses_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError), new_folder(tmp_path / "file" / "x"):
        raise AssertionError
    with pytest.raises(UserError, match="could not be written"), new_folder(tmp_path / "y"):
        raise OSError(5, "Input/output error")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
