from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemdesk import paths
from stemdesk.errors import UserError
from stemdesk.files import (
    OverwritePolicy,
    atomic_path,
    ensure_writable_folder,
    expand_name,
    file_sha256,
    require_space,
    resolve_target,
    safe_name,
    shown_name,
    write_refusal,
    write_text_atomic,
)


def never(_path):
    raise AssertionError("must not ask")


@pytest.mark.parametrize("name", ["song.wav", "x" * 251 + ".wav", "é" * 125 + ".wav", "-y"])
def test_a_file_appears_whole_under_its_name(tmp_path, name):
    final = tmp_path / name
    final.write_text("old")
    with atomic_path(final) as partial:
        partial.write_text("new")
        assert final.read_text() == "old"
        assert partial.parent == tmp_path
        assert partial.name.startswith(".")
        assert partial.name.endswith(".partial")
        assert len(os.fsencode(partial.name)) <= 255
        assert name.startswith(shown_name(partial))
    assert final.read_text() == "new"
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208


@pytest.fixture(params=["links", "no links"])
def disk(request, monkeypatch):
    """A disk with hard links, and one without, as FAT."""
    if request.param == "no links":

        def refuse(*_):
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)


def test_a_file_that_came_meanwhile_stays(tmp_path, disk):
    final = tmp_path / "x"

    def write():
        with atomic_path(final, replace=False) as partial:
            partial.write_text("late")
            final.write_text("first")

    with pytest.raises(UserError, match="has come into being since this run began"):
        write()
    assert final.read_text() == "first"
    assert os.listdir(tmp_path) == ["x"]  # noqa: PTH208


def test_where_none_came_the_file_gets_its_name(tmp_path, disk):
    with atomic_path(tmp_path / "x", replace=False) as partial:
        partial.write_text("new")
    assert (tmp_path / "x").read_text() == "new"
    assert os.listdir(tmp_path) == ["x"]  # noqa: PTH208


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_leaves_nothing_new(tmp_path, error):
    def fail():
        with atomic_path(tmp_path / "x") as partial:
            partial.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert not list(tmp_path.iterdir())


def test_text_has_unix_line_ends(tmp_path):
    write_text_atomic(tmp_path / "x.txt", "ä\nb\n")
    assert (tmp_path / "x.txt").read_bytes() == "ä\nb\n".encode()
    with pytest.raises(UserError, match=r"y\.txt could not be written"):
        write_text_atomic(tmp_path / "none" / "y.txt", "")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EFBIG, "larger than this disk"),
        (errno.EROFS, "may not be written"),
        (errno.ENAMETOOLONG, "shorter name"),
        (errno.EIO, "check the disk"),
    ],
)
def test_write_refusals_name_the_final_file(code, words):
    partial = Path("/somewhere/.song.wav.0123abcd.partial")
    text = str(write_refusal(partial, OSError(code, os.strerror(code))))
    assert words in text
    assert "song.wav" in text
    assert "partial" not in text


def test_folder_is_made_and_refused(tmp_path):
    ensure_writable_folder(tmp_path / "a" / "b")
    assert not list((tmp_path / "a" / "b").iterdir())
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UserError, match="a file has that name"):
            ensure_writable_folder(path)


def test_read_only_folder_is_refused(tmp_path):
    if not hasattr(os, "geteuid"):
        pytest.skip("needs POSIX permissions")
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        with pytest.raises(UserError, match="choose a folder you may write to"):
            ensure_writable_folder(tmp_path)
        return
    command = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("root writes everywhere, and may not mount a read-only file system here")
    try:
        with pytest.raises(UserError, match="choose a folder you may write to"):
            ensure_writable_folder(tmp_path)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_space(tmp_path):
    require_space(tmp_path / "not" / "yet", 1)
    with pytest.raises(UserError, match="MB needed: free some space"):
        require_space(tmp_path / "not" / "yet", 1 << 60)


def test_free_names_are_taken_without_asking(tmp_path):
    for policy in OverwritePolicy:
        assert resolve_target(tmp_path / "x", policy, never) == tmp_path / "x"


def test_overwrite_policies(tmp_path):
    taken = tmp_path / "a.b.wav"
    taken.write_text("")
    (tmp_path / "a.b (2).wav").symlink_to("nowhere")
    assert resolve_target(taken, OverwritePolicy.SKIP, never) is None
    assert resolve_target(taken, OverwritePolicy.YES, never) == taken
    assert resolve_target(taken, OverwritePolicy.RENAME, never) == tmp_path / "a.b (3).wav"
    assert resolve_target(taken, OverwritePolicy.ASK, lambda path: path == taken) == taken
    assert resolve_target(taken, OverwritePolicy.ASK, lambda _path: False) is None
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="folder has the name"):
        resolve_target(tmp_path / "folder", OverwritePolicy.YES, never)


def test_rename_of_a_name_of_full_length_still_fits(tmp_path):
    taken = tmp_path / ("ü" * 125 + ".wav")
    taken.write_text("")
    renamed = resolve_target(taken, OverwritePolicy.RENAME, never)
    renamed.write_text("")
    assert renamed.name.endswith("ü (2).wav")


@given(st.text(), st.integers(0, 200))
def test_safe_names_are_safe_and_stay_as_they_are(text, room_bytes):
    name = safe_name(text, room_bytes)
    assert 0 < len(name.encode()) <= 255 - room_bytes or name == "untitled"
    assert not set(name) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)
    assert name == name.strip(" .")
    assert safe_name(name, room_bytes) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AC/DC: Live\n", "AC_DC_ Live"),
        ("..", "untitled"),
        ("", "untitled"),
        ("con", "_con"),
        ("LPT1.demo", "_LPT1.demo"),
        ("console", "console"),
        ("Yes.", "Yes"),
        ("a\u202ewav.exe", "awav.exe"),
        ("Motörhead \U0001f3b8", "Motörhead \U0001f3b8"),
    ],
)
def test_safe_name_examples(text, name):
    assert safe_name(text) == name


def test_cuts_keep_accents_and_joined_emoji_whole():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    for end in range(150, 256):
        cut = safe_name("e\u0301" * 100, 255 - end)
        assert set(cut[1::2]) == {"\u0301"}
        assert len(cut) % 2 == 0
        assert set(safe_name(family * 20, 255 - end).split(family)) == {""}


def test_templates():
    tokens = {"title": "A/B", "stem": "vocals", "artist": "", "n": "1"}
    assert expand_name("{title} - {stem}", tokens) == "A_B - vocals"
    assert expand_name("{title}/{n} {stem}", tokens) == "A_B/1 vocals"
    assert expand_name(r"x\{stem}", tokens) == "x/vocals"
    assert expand_name("{{{stem}}}", tokens) == "{vocals}"
    assert expand_name("{artist}/{stem}", tokens) == "untitled/vocals"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{song}", "unknown token {song}: use these tokens: {title}, {stem}"),
        ("{}", "unknown token"),
        ("{title!r}", "unknown token"),
        ("{title:>9}", "unknown token"),
        ("{title.x}", "unknown token"),
        ("{title", "brace without its partner"),
        ("../{title}", "leads out"),
        ("a/../../{title}", "leads out"),
        ("/etc/{title}", "leads out"),
        ("a//b", "leads out"),
        ("", "leads out"),
    ],
)
def test_templates_that_cannot_be(template, words):
    with pytest.raises(UserError) as caught:
        expand_name(template, {"title": "x", "stem": "y"})
    assert words in str(caught.value)


@given(st.text(max_size=30), st.text(alphabet="./\\x", max_size=8))
def test_token_values_never_leave_their_component(value, template_tail):
    try:
        result = expand_name("a/{t}" + template_tail.replace("{", ""), {"t": value})
    except UserError:
        return
    parts = result.split("/")
    assert parts[0] == "a"
    assert ".." not in parts
    assert "" not in parts
    assert len(parts) == 2 + template_tail.count("/") + template_tail.count("\\")


def test_sha256(tmp_path):
    data = os.urandom((1 << 20) + 5)
    (tmp_path / "x").write_bytes(data)
    fractions = []
    digest = file_sha256(tmp_path / "x", lambda fraction, _stage: fractions.append(fraction))
    assert digest == hashlib.sha256(data).hexdigest()
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_own_folders(tmp_path, monkeypatch):
    home = Path(os.environ["HOME"])
    for folder in (paths.config_dir(), paths.cache_dir(), paths.data_dir(), paths.models_dir()):
        assert folder.is_relative_to(home)
        assert "StemDesk" in folder.parts
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    assert paths.config_dir() == tmp_path / "config"
    assert paths.models_dir() == tmp_path / "data" / "models"
