from __future__ import annotations

import math
from contextlib import ExitStack

import msgspec
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemdesk.audio.null import NullMeter, compare, measure_null
from stemdesk.audio.reading import open_audio
from stemdesk.errors import Cancelled, UserError

RATE = 8000
NAMES = ("vocals", "drums", "bass")
QUICK = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def make_stems(seconds=4.0, channels=2):
    rng = np.random.default_rng(5)
    frames = round(seconds * RATE)
    stems = []
    for number in range(3):
        noise = rng.standard_normal((channels, frames + 20))
        kernel = rng.standard_normal(6) / 6
        shaped = np.stack([np.convolve(row, kernel, "same")[:frames] for row in noise])
        shaped *= 0.1 * (1 + np.sin(np.arange(frames) / RATE * (number + 1))) * (number + 1) / 3
        stems.append(np.rint(shaped * 2**15) / 2**15)
    return stems


def shifted(samples, frames):
    result = np.zeros_like(samples)
    if frames >= 0:
        result[:, frames:] = samples[:, : samples.shape[1] - frames]
    else:
        result[:, :frames] = samples[:, -frames:]
    return result


def save(folder, mix, stems, subtype="PCM_24"):
    paths = []
    for name, samples in zip(("mix", *NAMES), (mix, *stems), strict=False):
        paths.append(folder / f"{name}.wav")
        soundfile.write(paths[-1], samples.T, RATE, subtype)
    return paths[0], paths[1:]


def test_true_stems_are_exact(tmp_path):
    stems = make_stems()
    calls = []
    result = measure_null(
        *save(tmp_path, sum(stems), stems, "PCM_16"), lambda *call: calls.append(call)
    )
    assert (result.verdict, result.nonzero_samples) == ("exact", 0)
    assert result.peak_dbfs is result.rms_dbfs is result.worst_second is None
    assert (result.frames, result.channels, result.sample_rate) == (4 * RATE, 2, RATE)
    assert result.stems == []
    assert [fraction for fraction, _ in calls][-1] == 1.0
    assert msgspec.json.decode(msgspec.json.encode(result), type=type(result)) == result


def test_one_step_in_one_sample_is_not_exact(tmp_path):
    stems = make_stems()
    mix = sum(stems)
    mix[1, 3 * RATE + 5] += 2.0**-23
    result = measure_null(*save(tmp_path, mix, stems))
    assert (result.verdict, result.nonzero_samples, result.worst_second) == ("rounding", 1, 3)
    assert result.peak_dbfs == pytest.approx(20 * math.log10(2**-23))
    assert result.by_second[:3] == [None, None, None]


def test_rounding_ends_above_minus_120_db(tmp_path):
    stems = make_stems()
    for steps, verdict in ((8, "rounding"), (9, "open")):
        mix = sum(stems)
        mix[0, 99] += steps * 2.0**-23
        assert measure_null(*save(tmp_path, mix, stems)).verdict == verdict


@QUICK
@given(
    which=st.integers(0, 2),
    lag=st.integers(-RATE + 1, RATE - 1),
    flip=st.booleans(),
    gain_db=st.sampled_from([0.0, -1.5, 3.0]),
)
def test_one_wrong_stem_is_found_and_named(tmp_path, which, lag, flip, gain_db):
    if not (lag or flip or gain_db):
        return
    stems = make_stems()
    mix = sum(stems)
    stems[which] = shifted(stems[which], lag) * 10 ** (gain_db / 20) * (-1 if flip else 1)
    result = measure_null(*save(tmp_path, mix, stems, "FLOAT"))
    found = result.stems[which]
    assert result.verdict == "open"
    assert (found.lag_frames, found.polarity) == (lag, -1 if flip else 1)
    assert found.gain_db == pytest.approx(gain_db, abs=0.01)
    assert result.reason.startswith(f"{NAMES[which]}.wav ")
    assert (f"{abs(lag)} sample" in result.reason) == (lag != 0)
    assert (("late" if lag > 0 else "early") in result.reason) == (lag != 0)
    assert ("inverted polarity" in result.reason) == flip
    assert (f"{abs(gain_db):.2f} dB" in result.reason) == (gain_db != 0.0)


@pytest.mark.parametrize(
    ("lag", "gain", "reason"),
    [
        (441, 1.0, "The stems arrive 441 samples late"),
        (-1, 1.0, "The stems arrive 1 sample early"),
        (0, -1.0, "The stems have inverted polarity"),
        (0, 10 ** (-1.5 / 20), "The stems are 1.50 dB too low"),
    ],
)
def test_a_fault_of_the_whole_sum_is_named(tmp_path, lag, gain, reason):
    stems = make_stems()
    wrong = [shifted(stem, lag) * gain for stem in stems]
    result = measure_null(*save(tmp_path, sum(stems), wrong, "FLOAT"))
    assert (result.verdict, result.reason) == ("open", reason)
    assert result.lag_frames == lag
    assert result.polarity == math.copysign(1, gain)
    assert result.gain_db == pytest.approx(20 * math.log10(abs(gain)), abs=0.01)


def test_a_lone_stem_is_named_itself(tmp_path):
    (stem, *_rest) = make_stems()
    result = measure_null(*save(tmp_path, stem, [-stem], "FLOAT"))
    assert result.reason == "vocals.wav has inverted polarity"


def test_unrelated_audio_has_no_single_cause(tmp_path):
    stems = make_stems()
    mix = sum(stems)
    mix[:, 2 * RATE : 3 * RATE] += 0.5 * np.random.default_rng(1).uniform(-1, 1, (2, RATE))
    result = measure_null(*save(tmp_path, mix, stems, "FLOAT"))
    assert result.reason == "The stems do not sum to the mix; second 2 differs most"


def test_silent_stems_do_not_break_it(tmp_path):
    stems = make_stems()
    zeros = [np.zeros_like(stem) for stem in stems]
    assert measure_null(*save(tmp_path, sum(stems), zeros)).verdict == "open"
    assert measure_null(*save(tmp_path, zeros[0], zeros)).verdict == "exact"
    assert measure_null(*save(tmp_path, zeros[0], stems)).verdict == "open"


@pytest.mark.parametrize(("frames", "word"), [(30, "longer"), (-30, "shorter")])
def test_another_length_is_open_even_if_silent(tmp_path, frames, word):
    stems = make_stems()
    stems[1][:, -30:] = 0.0
    mix = sum(stems)
    padded = np.pad(stems[1], ((0, 0), (0, 30)))
    stems[1] = padded[:, : stems[1].shape[1] + frames]
    result = measure_null(*save(tmp_path, mix, stems))
    assert (result.verdict, result.nonzero_samples) == ("open", 0)
    assert result.reason == f"drums.wav is 30 samples {word} than the mix"


def test_a_lossy_stem_is_named(tmp_path):
    stems = make_stems()
    mix, paths = save(tmp_path, sum(stems), stems)
    soundfile.write(paths[2], stems[2].T, RATE, "VORBIS", format="OGG")
    assert "bass.wav is in a lossy format (VORBIS)" in measure_null(mix, paths).reason


def test_files_that_cannot_be_compared(tmp_path):
    stems = make_stems()
    mix, paths = save(tmp_path, sum(stems), stems)
    soundfile.write(paths[0], stems[0].T, 48_000)
    with pytest.raises(UserError, match=r"vocals\.wav has 48000 Hz.*sample rate of the mix"):
        measure_null(mix, paths)
    soundfile.write(paths[0], stems[0][0], RATE)
    with pytest.raises(UserError, match=r"different numbers of channels \(1 and 2\)"):
        measure_null(mix, paths)
    with pytest.raises(UserError, match="no stems"):
        measure_null(mix, [])


def test_what_report_raises_stops_the_work(tmp_path):
    def stop(_fraction, _stage):
        raise Cancelled

    stems = make_stems()
    with pytest.raises(Cancelled):
        measure_null(*save(tmp_path, sum(stems), stems), stop)


def test_the_lag_is_sought_where_the_mix_is_loud(tmp_path):
    stems = [np.pad(stem, ((0, 0), (40 * RATE, 0))) for stem in make_stems()]
    late = [shifted(stems[0], 7), *stems[1:]]
    result = measure_null(*save(tmp_path, sum(stems), late))
    assert result.reason == "vocals.wav arrives 7 samples late"


@settings(max_examples=30, deadline=None)
@given(frames=st.integers(1, 30_000), block_frames=st.integers(1, 9000))
def test_meter_is_the_same_for_any_blocks_and_its_parts_add_up(frames, block_frames):
    rng = np.random.default_rng(frames)
    mix, total = rng.uniform(-1, 1, (2, 2, frames))
    meter = NullMeter(RATE, 2)
    for first in range(0, frames, block_frames):
        meter.push(mix[:, first : first + block_frames], total[:, first : first + block_frames])
    residual = mix - total
    assert meter.peak == np.abs(residual).max()
    assert meter.rms == pytest.approx(np.sqrt(np.mean(residual**2)))
    whole_seconds = frames // RATE
    for second in range(whole_seconds):
        part = residual[:, second * RATE : (second + 1) * RATE]
        expected = 10 * math.log10(np.mean(part**2))
        assert meter.by_second()[second] == pytest.approx(expected)
    powers = [10 ** (level / 10) for _, _, level in meter.by_band()]
    assert sum(powers) == pytest.approx(np.mean(residual**2))


def test_a_tone_lands_in_its_octave():
    meter = NullMeter(48_000, 1)
    meter.push(
        0.1 * np.sin(2 * np.pi * 1000 * np.arange(48_000) / 48_000)[None], np.zeros((1, 48_000))
    )
    low_hz, high_hz, level = max(meter.by_band(), key=lambda band: band[2])
    assert low_hz < 1000 < high_hz
    assert high_hz == pytest.approx(2 * low_hz)
    assert level == pytest.approx(-23.01, abs=0.1)
    assert meter.by_band()[-1][1] == 24_000


def compared(folder, mix, stems, gain):
    mix_path, stem_paths = save(folder, mix, [stem * gain for stem in stems], "FLOAT")
    with ExitStack() as stack:
        mix_reader, *readers = [
            stack.enter_context(open_audio(path)) for path in (mix_path, *stem_paths)
        ]
        return compare(mix_reader, readers, gain=gain)


def test_a_common_gain_is_taken_out_and_said(tmp_path):
    stems = make_stems()
    result = compared(tmp_path, sum(stems), stems, 0.125)
    assert (result.verdict, result.nonzero_samples) == ("exact", 0)
    assert result.makeup_db == pytest.approx(18.0618, abs=1e-4)
    assert result.reason == "The stems sum to the mix in every sample after +18.06 dB"


def test_the_cause_is_looked_for_without_the_common_gain(tmp_path):
    stems = make_stems()
    mix = sum(stems)
    stems[1] = shifted(stems[1], 7)
    result = compared(tmp_path, mix, stems, 0.125)
    assert result.verdict == "open"
    assert result.reason == "drums.wav arrives 7 samples late"
    assert result.gain_db == pytest.approx(0, abs=3)
    assert result.stems[1].gain_db == pytest.approx(0, abs=0.01)


def test_what_is_not_alike_has_no_lag_polarity_or_gain(tmp_path):
    rng = np.random.default_rng(5)
    mix, other = 0.1 * rng.standard_normal((2, 2, 2 * RATE))
    result = measure_null(*save(tmp_path, mix, [other], "FLOAT"))
    assert result.correlation < 0.1
    assert (result.lag_frames, result.polarity, result.gain_db) == (0, 1, None)
    (found,) = result.stems
    assert not found.is_related
    assert (found.lag_frames, found.polarity, found.gain_db) == (0, 1, None)


def test_what_is_alike_says_how_much(tmp_path):
    rng = np.random.default_rng(5)
    mix, noise = 0.1 * rng.standard_normal((2, 2, 2 * RATE))
    result = measure_null(*save(tmp_path, mix, [shifted(mix + noise, 7)], "FLOAT"))
    assert result.correlation == pytest.approx(0.5**0.5, abs=0.01)
    assert (result.lag_frames, result.polarity) == (7, 1)


@pytest.mark.parametrize("scale", [2.0**-100, 2.0**-10, 1.0, 32_768.0, 1e30])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_the_verdict_of_floats_is_relative_to_their_level(tmp_path, scale, subtype):
    stems = [scale * stem for stem in make_stems()]
    mix = sum(stems)
    level = np.max(np.abs(mix))
    mix[0, 100] = level * (1.0 + 2.0**-21)
    stems[0][0, 100] = level - stems[1][0, 100] - stems[2][0, 100]
    near = measure_null(*save(tmp_path, mix, stems, subtype))
    assert near.verdict == "rounding"
    stems[1] *= 1.0 + 2.0**-12
    assert measure_null(*save(tmp_path, mix, stems, subtype)).verdict == "open"
    assert (
        measure_null(*save(tmp_path, mix, [0 * stem for stem in stems], subtype)).verdict == "open"
    )


def test_loud_stems_that_cancel_each_other_round_at_their_own_level(tmp_path):
    mix, loud = make_stems()[0], 1e6 * make_stems()[1]
    result = measure_null(*save(tmp_path, mix, [mix + loud, -loud], "FLOAT"))
    assert result.nonzero_samples > 1000
    assert result.verdict == "rounding"


@pytest.mark.parametrize("scale", [1e20, 1e150, 1e300])
def test_no_level_overflows_the_meter(scale):
    rng = np.random.default_rng(1)
    mix = rng.uniform(-1, 1, (2, 5 * RATE))
    plain, loud = NullMeter(RATE, 2), NullMeter(RATE, 2)
    for first in range(0, mix.shape[1], 3000):
        block = mix[:, first : first + 3000]
        plain.push(block, 0.5 * block)
        loud.push(scale * block, scale * 0.5 * block)
    raised = 20 * math.log10(scale)
    assert loud.peak == pytest.approx(scale * plain.peak)
    assert loud.rms == pytest.approx(scale * plain.rms)
    assert loud.by_second() == pytest.approx([db + raised for db in plain.by_second()])
    assert [db for *_, db in loud.by_band()] == pytest.approx(
        [db + raised for *_, db in plain.by_band()]
    )
    assert loud.worst_second == plain.worst_second


def test_the_meter_takes_quiet_and_huge_blocks_of_one_song():
    meter = NullMeter(RATE, 1)
    meter.push(np.full((1, RATE), 0.5), np.zeros((1, RATE)))
    meter.push(np.full((1, RATE), 1e300), np.zeros((1, RATE)))
    assert meter.rms == pytest.approx(1e300 / math.sqrt(2))
    assert meter.worst_second == 1
    assert all(math.isfinite(db) for _, _, db in meter.by_band() if db is not None)
