"""A remix never replaces a stem that it is made from, whatever may be overwritten."""

from __future__ import annotations

import pytest

STEM = "vocals.wav"


@pytest.fixture
def kept(tmp_path):
    """Where the stems of the song are kept."""
    return tmp_path / "stems" / "song"


@pytest.fixture
def remix(stemdesk, song, model, tmp_path):
    def run(target, *options):
        return stemdesk(
            *("remix", song, "--model", model, "--threads", 1, "--device", "cpu"),
            *("--stems", tmp_path / "stems", "-o", target, "--vocals", "off", *options),
        )

    return run


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("way", ["straight", "around", "link"])
def test_stems_that_are_there(remix, kept, tmp_path, way):
    assert remix(tmp_path / "mix.wav").status == 0
    before = contents(kept)
    assert STEM in before
    (tmp_path / "link.wav").symlink_to(kept / STEM)
    target = {
        "straight": kept / STEM,
        "around": kept / ".." / "song" / STEM,
        "link": tmp_path / "link.wav",
    }[way]
    ran = remix(target, "--overwrite", "yes")
    ran.refused(target.name, "what a remix is made from", "another name")
    assert contents(kept) == before
    assert (tmp_path / "link.wav").is_symlink()


def test_stems_that_are_made_for_it(remix, kept, tmp_path):
    ran = remix(kept / STEM, "--overwrite", "yes")
    ran.refused(STEM, "what a remix is made from", "another name")
    stems = contents(kept)
    assert remix(tmp_path / "mix.wav").status == 0  # made from them as they are
    assert contents(kept) == stems


@pytest.mark.parametrize("policy", ["ask", "skip"])
def test_nor_under_a_policy_that_keeps_files(remix, kept, tmp_path, policy):
    assert remix(tmp_path / "mix.wav").status == 0
    before = contents(kept)
    remix(kept / STEM, "--overwrite", policy)
    assert contents(kept) == before
