from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.daw.labels import Label, read_labels, write_labels
from stemdesk.daw.session import Session, SessionMarker
from stemdesk.errors import UserError


def session(markers, sample_rate=44_100, origin_seconds=0.0):
    return Session("Song", sample_rate, 1, 2, (), origin_seconds, tuple(markers))


def test_markers_become_point_labels(tmp_path):
    markers = [SessionMarker(0, "Intro"), SessionMarker(44_100 * 61 + 1, "Vers\t1\nä")]
    write_labels(session(markers, origin_seconds=0.5), tmp_path / "labels.txt")
    assert (tmp_path / "labels.txt").read_bytes().decode() == (
        "0.500000\t0.500000\tIntro\n61.500023\t61.500023\tVers 1 ä\n"
    )


@settings(max_examples=60, deadline=None)
@given(
    markers=st.lists(
        st.builds(
            SessionMarker,
            st.integers(0, 192_000 * 3600 * 20),
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])),
        ),
        min_size=1,
    ),
    sample_rate=st.sampled_from([8000, 44_100, 192_000]),
)
def test_what_is_written_is_read_on_the_same_frame(tmp_path_factory, markers, sample_rate):
    path = tmp_path_factory.mktemp("labels") / "ä.txt"
    write_labels(session(markers, sample_rate), path)
    found = read_labels(path)
    assert [
        (round(label.start_seconds * sample_rate), label.end_seconds, label.text) for label in found
    ] == [(m.frame, label.start_seconds, m.name) for m, label in zip(markers, found, strict=True)]


def test_labels_as_audacity_writes_them(tmp_path):
    path = tmp_path / "labels.txt"
    path.write_bytes(
        "\ufeff1.250000\t2.500000\tStrophe\tzwei\r\n"
        "\\\t100.000000\t2000.000000\r\n"
        "\r\n"
        "3.000000\t3.000000\t\r\n"
        "4,5\t4,5\tKomma\r\n"
        "5\t5".encode()
    )
    assert read_labels(path) == (
        Label(1.25, 2.5, "Strophe\tzwei"),
        Label(3.0, 3.0, ""),
        Label(4.5, 4.5, "Komma"),
        Label(5.0, 5.0, ""),
    )


def test_old_labels_are_latin_1(tmp_path):
    path = tmp_path / "labels.txt"
    path.write_bytes("0\t0\tTräume\n".encode("latin-1"))
    assert read_labels(path)[0].text == "Träume"


@pytest.mark.parametrize("line", ["Intro", "1.0", "a\tb\tc", "nan\t1\tx", "1\t\tx"])
def test_what_is_no_label_is_named(tmp_path, line):
    path = tmp_path / "labels.txt"
    path.write_text(f"0\t0\tgood\n{line}\n")
    with pytest.raises(UserError, match=r"Line 2 of labels\.txt"):
        read_labels(path)


def test_other_files_are_no_labels(tmp_path):
    (tmp_path / "song.wav").write_bytes(b"RIFF\0\0\0\0")
    with pytest.raises(UserError, match="no label track"):
        read_labels(tmp_path / "song.wav")
    with pytest.raises(UserError, match="cannot be read"):
        read_labels(tmp_path / "missing.txt")


def test_no_markers_are_refused(tmp_path):
    with pytest.raises(UserError, match="no markers"):
        write_labels(session([]), tmp_path / "labels.txt")
    assert not list(tmp_path.iterdir())


def test_an_end_before_the_beginning_is_a_point(tmp_path):
    (tmp_path / "labels.txt").write_text("2\t1\tx\n")
    (label,) = read_labels(tmp_path / "labels.txt")
    assert math.isclose(label.end_seconds, 2.0)
