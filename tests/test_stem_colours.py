from __future__ import annotations

import re

import pytest

from stemdesk.stem_colours import FURTHER, ON_DARK, ON_LIGHT, stem_colour


def test_stems_have_colours_of_their_own():
    names = ("vocals", "drums", "bass", "other")
    for known in (ON_DARK, ON_LIGHT):
        colours = [stem_colour(name, known) for name in names]
        assert len({*colours, *FURTHER}) == len(names) + len(FURTHER)
        assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours)


def test_a_name_always_has_the_same_colour():
    assert stem_colour("Vocals") == stem_colour("vocals")
    assert stem_colour("guitar") == stem_colour("guitar")
    assert stem_colour("guitar") in FURTHER
    assert stem_colour("kaputt \udcff") in FURTHER


def test_the_window_shows_the_same_ones():
    theme = pytest.importorskip("stemdesk.ui.theme")
    for name in ("vocals", "Drums", "bass", "other", "guitar", "piano", "日本"):
        assert theme.DARK.lane(name).name().upper() == stem_colour(name)
        assert theme.LIGHT.lane(name).name().upper() == stem_colour(name, ON_LIGHT)
