"""The rider listens to the song, whatever is switched off to hear a part of it."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk.mixing.recipe import fitted, recipe_of
from stemdesk.mixing.renderer import Renderer
from tests.mixing.conftest import RATE, clip_stems, grid_noise, read_all

STEMS = ("vocals", "drums", "bass")
RIDDEN = {"vocals.rider.distance_db": 0.0}


@pytest.fixture
def render():
    sounds = {
        name: grid_noise(2, 2 * RATE, seed, level)
        for seed, (name, level) in enumerate(zip(STEMS, (0.05, 0.1, 0.05), strict=True))
    }

    def run(**choices):
        mix = recipe_of(
            {**RIDDEN, **{f"{at.replace('__', '.')}": to for at, to in choices.items()}}
        )
        renderer = Renderer(clip_stems(sounds), fitted(mix.mix, list(STEMS)))
        out = read_all(renderer)[:, : 2 * RATE]
        renderer.close()
        return out

    run.sounds = sounds
    return run


@pytest.mark.parametrize(
    "choices", [{"vocals__solo": 1}, {"drums__mute": 1, "bass__mute": 1}, {"drums__mute": 1}]
)
def test_solo_and_mute_leave_it_where_it_is(render, choices):
    there = [name for name in STEMS if choices.get(f"{name}__mute") or "vocals__solo" in choices]
    gone = sum(render.sounds[name] for name in there if name != "vocals")
    np.testing.assert_allclose(render(**choices), render() - gone, atol=1e-6)


def test_a_fader_that_is_down_is_no_part_of_the_rest(render):
    """The karaoke of a song has no drums to be louder than."""
    loud, quiet = render(vocals__solo=1), render(vocals__solo=1, drums__level_db=-20)
    assert np.abs(loud).mean() > 1.3 * np.abs(quiet).mean()
