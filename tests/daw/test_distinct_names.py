from __future__ import annotations

from stemdesk.daw.distinct_names import distinct_names


def test_names_stay_where_they_can():
    assert distinct_names(["vocals", "Schlagzeug ü", "日本"]) == ["vocals", "Schlagzeug ü", "日本"]


def test_they_differ_also_on_disks_without_letter_case():
    assert distinct_names(["Vox", "vox", "VOX", "vox (2)"]) == [
        "Vox",
        "vox (2)",
        "VOX (3)",
        "vox (2) (2)",
    ]
    assert distinct_names(["a/b", "A:b", "a_b"]) == ["a_b", "A_b (2)", "a_b (3)"]


def test_nothing_is_called_what_is_taken():
    assert distinct_names(["master", "Drums"], ["Master"]) == ["master (2)", "Drums"]


def test_every_name_suits_every_file_system():
    assert distinct_names(["", "..", "con", "x" * 300])[:3] == ["untitled", "untitled (2)", "_con"]
    assert len(distinct_names(["x" * 300])[0]) < 220
