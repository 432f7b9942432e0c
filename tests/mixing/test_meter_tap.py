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
    heard = [moment.strips["a"] for moment in around if moment]
    loud = [levels.frame for levels in heard if levels.peak.max() > 0.4]
    assert loud
    assert all(10_240 - 512 <= frame < 10_752 for frame in loud)
    heard = tap.at(5000).strips
    assert heard["b"].peak == pytest.approx([0, 0.125], abs=1e-6)
    assert heard["b"].power == pytest.approx([0, 0.125**2], abs=1e-6)
    assert heard["master"].peak == pytest.approx([0, 0.125], abs=1e-6)
    assert tap.at(1_000_000) is None
    assert MeterTap().at(0) is None


def test_each_strip_is_kept_under_the_frame_that_its_sound_belongs_to():
    tap = MeterTap()
    for quantum in range(20):
        loud = np.full((1, 512), 0.5 if quantum == 10 else 0.0, np.float32)
        tap.note("early", loud, 512 * quantum)
        tap.note("late", loud, 512 * quantum - 1000)
        tap.note_reduction(6.0 if quantum == 10 else 0.0, 512 * quantum - 1220, 512)
    sounding = {"early": set(), "late": set(), "limiter": set()}
    for frame in range(8000):
        moment = tap.at(frame)
        for name, levels in moment.strips.items():
            if levels.peak[0]:
                sounding[name].add(frame)
        if moment.reduction_db:
            sounding["limiter"].add(frame)
    for name, first in (("early", 5120), ("late", 4120), ("limiter", 3900)):
        assert sounding[name] == set(range(first, first + 512))


def test_what_was_rendered_last_counts():
    tap = MeterTap()
    for level in (0.5, 0.25):
        tap.note("a", np.full((2, 512), level, np.float32), 1024)
    assert tap.at(1500).strips["a"].peak == pytest.approx([0.25, 0.25])
    assert tap.at(1536) is None


@pytest.mark.parametrize("kinds", [(), ("late777",), ("late777", "late100")])
def test_meters_move_with_what_is_heard_whatever_the_master_delays(late_kinds, kinds):
    stems = {"a": np.zeros((1, 40_000), np.float32), "b": np.zeros((2, 40_000), np.float32)}
    first, end = 20 * 512, 24 * 512
    stems["a"][:, first:end] = 2.0
    tap = MeterTap()
    mix = neutral(("a", "b"))
    for kind in kinds:
        mix = with_effect(mix, "master", EffectSettings(kind=kind))
    renderer = Renderer(clip_stems(stems), mix, tap=tap)
    out = renderer.read(40_000)
    renderer.close()
    assert np.flatnonzero(out[0])[0] == first
    for name in ("a", "master"):
        sounding = [f for f in range(40_000) if tap.at(f).strips[name].peak.max() > 1.9]
        # What a quantum holds at its edge lights up the whole of it, no more.
        assert first - 512 < sounding[0] <= first
        assert end <= sounding[-1] + 1 < end + 512
    turned_down = [f for f in range(40_000) if tap.at(f).reduction_db > 5.9]
    assert first - 512 < turned_down[0] <= first
    assert tap.at(first - 1500).reduction_db == 0.0
