"""The parser of UTAU voice-bank timings."""

import pytest

from stemdesk_training.corpus import oto

LINE = "_かんかか.wav=a か,100.5,375.0,-700.0,250.0,83.3\n"


@pytest.fixture
def bank(tmp_path):
    (tmp_path / "_かんかか.opus").touch()
    return tmp_path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings(bank, encoding):
    (bank / "oto.ini").write_bytes(LINE.encode(encoding))
    (entry,) = oto.read(bank / "oto.ini")
    assert entry.alias == "a か"
    assert entry.path == bank / "_かんかか.opus"
    assert entry.offset == pytest.approx(0.1005)
    assert entry.consonant == pytest.approx(0.375)
    assert entry.preutterance == pytest.approx(0.25)
    assert entry.overlap == pytest.approx(0.0833)


def test_bytes_of_neither_encoding_are_refused():
    with pytest.raises(UnicodeDecodeError):
        oto.decode(b"\x81\x20")


def test_a_negative_cutoff_counts_from_the_offset(bank):
    (bank / "oto.ini").write_text(LINE, encoding="utf-8")
    (entry,) = oto.read(bank / "oto.ini")
    assert entry.span(4.0) == pytest.approx((0.1005, 0.8005))


def test_a_positive_cutoff_counts_from_the_end(bank):
    (bank / "oto.ini").write_text(LINE.replace("-700.0", "1000"), encoding="utf-8")
    (entry,) = oto.read(bank / "oto.ini")
    assert entry.span(4.0) == pytest.approx((0.1005, 3.0))
    assert entry.span(0.5) == pytest.approx((0.1005, 0.1005)), "never before its start"


def test_names_match_in_any_unicode_form(tmp_path):
    # A Mac stores the voiced kana as two characters.
    (tmp_path / "か\u3099.opus").touch()
    (tmp_path / "oto.ini").write_text("が.wav=が,0,1,2,3,4\n", encoding="utf-8")
    assert len(oto.read(tmp_path / "oto.ini")) == 1


@pytest.mark.parametrize(
    "line", ["", "#comment", "か.wav", "か.wav=か,1,2,3", "か.wav=か,1,x,3,4,5"]
)
def test_lines_that_are_no_entry_are_passed_over(line):
    assert oto.parse_line(line) is None


def test_empty_fields_are_zero():
    assert oto.parse_line("a.wav=,,1,,2,") == ("a.wav", "", [0.0, 1.0, 0.0, 2.0, 0.0])


def test_entries_without_a_recording_are_left_out(tmp_path):
    (tmp_path / "oto.ini").write_text(LINE, encoding="utf-8")
    assert oto.read(tmp_path / "oto.ini") == []
