from __future__ import annotations

import pytest

from stemdesk.errors import Cancelled
from stemdesk.project.searching import search


def test_files_are_found_by_name_at_any_depth(tmp_path, make_ref):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.wav").write_bytes(b"")
    (tmp_path / "y.wav").write_bytes(b"")
    refs = [make_ref(path) for path in ("media/x.wav", "/gone/y.wav", "C:\\gone\\y.wav", "z.wav")]
    assert search(tmp_path, refs) == {
        refs[0]: tmp_path / "a" / "b" / "x.wav",
        refs[1]: tmp_path / "y.wav",
        refs[2]: tmp_path / "y.wav",
    }
    assert search(tmp_path / "not there", refs) == {}


def test_a_search_can_be_stopped(tmp_path, make_ref):
    def stop(fraction, stage):
        assert stage == f"Looking in {tmp_path.name}"
        raise Cancelled

    with pytest.raises(Cancelled):
        search(tmp_path, [make_ref("x.wav")], stop)
