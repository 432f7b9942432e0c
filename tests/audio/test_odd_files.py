"""Files that are joined, cut, never finished or damaged: read whole, with a remark, or refused."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest

from stemdesk.audio.reading import IncompleteAudioError, look_at_audio, open_audio
from tests.audio.odd_files import CASES, REFUSED, REMARKED, Workshop


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs the program ffmpeg")
    return Workshop(tmp_path_factory.mktemp("workshop"))


def read_all(path, block_frames=30_000, *, accept_incomplete=False):
    with open_audio(path, accept_incomplete=accept_incomplete) as reader:
        blocks = []
        while (block := reader.read(block_frames)).shape[1]:
            blocks.append(block)
        return np.concatenate(blocks, axis=1), reader.info, reader.remarks


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_gives_what_it_should(tmp_path, shop, capfd, case):
    path = tmp_path / case.name
    path.write_bytes(case.make(shop))
    if case.outcome == REFUSED:
        with pytest.raises(IncompleteAudioError) as caught:
            read_all(path)
        assert case.name in caught.value.problem
        place = float(re.search(r" at (\d+\.\d+) s", caught.value.problem)[1])
        if case.seconds is not None:
            assert place == pytest.approx(case.seconds, abs=0.12)
    got, info, remarks = read_all(path, accept_incomplete=case.outcome == REFUSED)
    assert got.shape[1] == info.frames
    if case.frames is not None:
        assert info.frames == case.frames
    assert bool(remarks) == (case.outcome in (REMARKED, REFUSED))
    assert all(case.name in remark for remark in remarks)
    if case.bits is not None:
        assert np.array_equal(got * 2.0 ** (case.bits - 1), shop.pcm[: info.frames].T)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ["mono.mp3", "joined.mp3", "plain.ogg", "chained.ogg", "six.opus"])
def test_blocks_and_seeks_do_not_change_a_sample(tmp_path, shop, name):
    case = next(case for case in CASES if case.name == name)
    path = tmp_path / name
    path.write_bytes(case.make(shop))
    whole, info, _ = read_all(path, 1 << 20)
    for block_frames in (1000, 4096, 1 << 17):
        assert np.array_equal(read_all(path, block_frames)[0], whole)
    with open_audio(path) as reader:
        for frame in (70_001, 3, info.frames - 10, 44_100):
            reader.seek(frame)
            wanted = whole[:, frame : frame + 5000]
            assert np.array_equal(reader.read(wanted.shape[1]), wanted)


@pytest.mark.parametrize("suffix", ["m4a", "wma", "ac3", "mka"])
def test_a_look_decodes_nothing(tmp_path, shop, monkeypatch, suffix):
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(shop.encoded(suffix))
    with open_audio(path) as reader:
        info = reader.info
    monkeypatch.setattr("stemdesk.audio.ffmpeg.decode", None)
    looked = look_at_audio(path)
    assert looked.frames == pytest.approx(info.frames, rel=0.1)
    same = ("sample_rate", "channels", "format", "subtype", "lossy", "grid_bits", "tags")
    assert [getattr(looked, field) for field in same] == [getattr(info, field) for field in same]
