"""The limiter on a strip: its ceiling, and that values reach it."""

import numpy as np
import pytest

from tests.mixing.effects.signals import db, make, noise, run, values_of


@pytest.mark.parametrize("ceiling_db", [-20.0, -1.0])
def test_nothing_exceeds_the_ceiling(ceiling_db):
    out = run(make("limiter", ceiling_db=ceiling_db), noise(0.3, 0.0))
    assert ceiling_db - 1.0 < db(np.abs(out).max()) <= ceiling_db


def test_values_reach_it_while_it_works():
    effect = make("limiter", ceiling_db=-1.0)
    out = run(effect, noise(0.4, 0.0), at={10: values_of("limiter", ceiling_db=-12.0)})
    assert db(np.abs(out[:, :4096]).max()) > -2.0
    assert db(np.abs(out[:, 6000:]).max()) <= -12.0
    assert effect.reduction_db > 11.0


def test_a_long_release_holds_longer():
    sound = noise(0.4, -40.0)
    sound[:, 1000] = 1.0

    def left(release_ms):
        effect = make("limiter", ceiling_db=-20.0, release_ms=release_ms)
        return db(np.std(run(effect, sound)[:, 6000:9000]) / np.std(sound))

    assert left(500.0) < left(20.0) - 6.0
