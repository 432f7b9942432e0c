import numpy as np
import pytest

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.ui.mixer.curve import curve_of
from stemdesk.ui.mixer.equaliser_response import response_db
from stemdesk.ui.mixer.presets import presets_of

FRAMES = 64 * QUANTUM_FRAMES
FLAT = {each.name: each.default for each in EFFECT_KINDS["equaliser"].parameters}


def measured_db(values, sample_rate, hz):
    effect = EFFECT_KINDS["equaliser"].make(sample_rate, 1)
    effect.set(values)
    effect.reset()
    impulse = np.zeros((1, FRAMES), dtype=np.float32)
    impulse[0, 0] = 1.0
    blocks = [
        effect.process(impulse[:, at : at + QUANTUM_FRAMES], None)
        for at in range(0, FRAMES, QUANTUM_FRAMES)
    ]
    spectrum = np.abs(np.fft.rfft(np.concatenate(blocks, axis=1)[0].astype(np.float64)))
    return 20 * np.log10(np.interp(hz, np.fft.rfftfreq(FRAMES, 1 / sample_rate), spectrum))


@pytest.mark.parametrize("sample_rate", [44_100, 96_000])
@pytest.mark.parametrize(
    "moved",
    [
        {"high_pass_hz": 200.0},
        {"low_pass_hz": 5000.0},
        {"low_shelf_db": 9.0, "low_shelf_hz": 300.0},
        {"low_shelf_db": -12.0},
        {"high_shelf_db": -9.0, "high_shelf_hz": 4000.0},
        {"high_shelf_db": 6.0, "high_shelf_hz": 12000.0},
        {"peak_db": 12.0, "peak_q": 4.0},
        {"peak_db": -15.0, "peak_q": 0.5, "peak_hz": 9000.0},
        {"high_pass_hz": 60.0, "low_shelf_db": 4.0, "peak_db": 3.0, "low_pass_hz": 12000.0},
    ],
)
def test_the_drawn_response_is_what_the_equaliser_does(moved, sample_rate):
    values = {**FLAT, **moved}
    hz = np.geomspace(40.0, 18_000.0, 60)
    drawn_db = response_db(values, hz, sample_rate)
    heard_db = measured_db(values, sample_rate, hz)
    near = heard_db > -40.0
    assert near.sum() > 30
    assert np.abs(drawn_db - heard_db)[near].max() < 0.1


def test_a_flat_equaliser_is_drawn_flat_above_nyquist_too():
    hz = np.geomspace(20.0, 20_000.0, 50)
    assert np.all(response_db(FLAT, hz, 16_000) == 0.0)
    assert np.all(np.isfinite(response_db({**FLAT, "low_pass_hz": 12_000.0}, hz, 16_000)))


def sine_out_db(kind, values, level_db):
    effect = EFFECT_KINDS[kind].make(48_000, 1)
    effect.set(values)
    effect.reset()
    amplitude = 10 ** (level_db / 20)
    tone = amplitude * np.ones((1, QUANTUM_FRAMES), dtype=np.float32)
    for _ in range(200):
        out = effect.process(tone.copy(), None)
    return 20 * np.log10(float(np.abs(out).max()) + 1e-12)


@pytest.mark.parametrize(
    ("kind", "moved", "levels"),
    [
        ("compressor", {"threshold_db": -30.0, "ratio": 4.0, "makeup_db": 6.0}, (-60, -30, -10)),
        ("gate", {"threshold_db": -40.0, "ratio": 3.0, "range_db": 15.0}, (-70, -45, -20)),
        ("limiter", {"ceiling_db": -6.0}, (-40, -7, 0)),
    ],
)
def test_drawn_levels_are_what_the_effect_does(kind, moved, levels):
    values = {each.name: each.default for each in EFFECT_KINDS[kind].parameters} | moved
    curve = curve_of(kind, values, 48_000)
    for level_db in levels:
        drawn_db = np.interp((level_db + 80) / 86, curve.x, curve.y) * 86 - 80
        assert drawn_db == pytest.approx(sine_out_db(kind, values, level_db), abs=0.5)


def test_effects_without_a_law_have_no_curve():
    assert curve_of("reverb", {}, 48_000) is None


def test_presets_are_values_their_effects_take(qapp):
    for kind in EFFECT_KINDS.values():
        for name, values in presets_of(kind.name).items():
            for parameter, value in values.items():
                kind.parameter(parameter).check(value, f"{kind.name}: {name}")
    assert presets_of("compressor")
    assert presets_of("plugin") == {}
