from __future__ import annotations

import re

import pytest

from stemdesk.stem_colours import FURTHER, FURTHER_ON_LIGHT, ON_DARK, ON_LIGHT, stem_colour


def test_stems_have_colours_of_their_own():
    names = ("vocals", "drums", "bass", "other")
    for known, further in ((ON_DARK, FURTHER), (ON_LIGHT, FURTHER_ON_LIGHT)):
        colours = [stem_colour(name, on_light=known is ON_LIGHT) for name in names]
        assert colours == list(known.values())
        assert len({*colours, *further}) == len(names) + len(further)
        assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours)


def test_a_name_always_has_the_same_colour():
    assert stem_colour("Vocals") == stem_colour("vocals")
    assert stem_colour("guitar") == stem_colour("guitar")
    assert stem_colour("guitar") in FURTHER
    assert stem_colour("guitar", on_light=True) in FURTHER_ON_LIGHT
    assert stem_colour("kaputt \udcff") in FURTHER


def test_the_window_shows_the_same_ones():
    theme = pytest.importorskip("stemdesk.ui.theme")
    for name in ("vocals", "Drums", "bass", "other", "guitar", "piano", "日本"):
        assert theme.DARK.lane(name).name().upper() == stem_colour(name)
        assert theme.LIGHT.lane(name).name().upper() == stem_colour(name, on_light=True)
