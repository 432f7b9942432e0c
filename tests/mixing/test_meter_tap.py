import numpy as np
import pytest

from stemdesk.mixing.addresses import with_effect
from stemdesk.mixing.meter_tap import MeterTap
from stemdesk.mixing.recipe import with_choices
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, neutral
from tests.mixing.conftest import clip_stems


@pytest.mark.parametrize("late", [False, True])
def test_levels_are_found_at_the_frame_that_is_heard(late, late_kinds):
    stems = {"a": np.zeros((1, 30_000), np.float32), "b": np.full((2, 30_000), 0.25, np.float32)}
    stems["a"][:, 10_240:10_752] = 0.5
    tap = MeterTap()
    mix = with_choices(neutral(("a", "b")), {"b.level_db": -20 * np.log10(2), "b.pan": 1})
    if late:
        mix = with_effect(mix, "a", EffectSettings(kind="late777"))
    renderer = Renderer(clip_stems(stems), mix, tap=tap)
    renderer.read(30_000)
    renderer.close()
    around = [tap.at(frame) for frame in range(9000, 12_000, 10)]
    loud = [moment.frame for moment in around if moment and moment.strips["a"].peak.max() > 0.4]
    assert loud
    assert all(10_240 - 512 <= frame < 10_752 for frame in loud)
    heard = tap.at(5000).strips
    assert heard["b"].peak == pytest.approx([0, 0.125], abs=1e-6)
    assert heard["b"].power == pytest.approx([0, 0.125**2], abs=1e-6)
    assert heard["master"].peak == pytest.approx([0, 0.125], abs=1e-6)
    assert tap.at(1_000_000) is None
    assert MeterTap().at(0) is None
