from __future__ import annotations

import numpy as np
import pytest

from tests.plugins.bridge.rig import (
    CLOCK,
    NAMES,
    OFF_DB,
    SLOT,
    Track,
    at,
    expected,
    noise_track,
    publish,
    wait_for,
)

FROM_SLOT_1 = [f"set {SLOT} 1", "play -100000 64 64", wait_for("ready")]


def after(out, frames=64):
    """What came out after the block that chose the slot."""
    return out[frames:]


def differing(one, other):
    """How many samples differ in a bit, NaN with NaN compared."""
    assert one.shape == other.shape
    return int(np.count_nonzero(one.view(np.uint32) != other.view(np.uint32)))


def test_without_stems_every_bit_passes(play):
    track = noise_track()
    strange = np.float32([np.nan, -np.nan, np.inf, -np.inf, 1e-42, -0.0, 3e38, 1.5])
    track.stems["other"][:4, :] = strange.reshape(4, 2)
    out, _ = play(track, ["set 0 -84", "play 0 140000 512", "live 7 1000 100"])
    assert differing(out[:140_000], track.mixture[:140_000]) == 0
    assert differing(out[140_000:], track.mixture[7:1007]) == 0


def test_at_0_db_every_bit_passes(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    out, _ = play(track, [*FROM_SLOT_1, "play 0 140000 333"])
    assert differing(after(out), track.mixture[:140_000]) == 0


@pytest.mark.parametrize("origin_frame", [0, 30_011, -20_000])
def test_vocals_off_are_the_mixture_minus_the_vocals(play, tmp_path, origin_frame):
    track = noise_track()
    publish(track, tmp_path, origin_frame=origin_frame)
    out, _ = play(track, ["set 0 -84", *FROM_SLOT_1, "play 0 150000 512"])
    vocals = at(track.stems["vocals"], -origin_frame, 150_000)
    assert differing(after(out), at(track.mixture, 0, 150_000) - vocals) == 0


def test_all_off_is_exact_silence(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    out, _ = play(
        track, [*(f"set {stem} -84" for stem in range(4)), *FROM_SLOT_1, "play 0 144000 441"]
    )
    assert not after(out).any()


def test_levels_are_decibels(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    levels_db = dict(zip(NAMES, (-6.0, 3.5, 12.0, -40.0), strict=True))
    script = [f"set {stem} {level}" for stem, level in enumerate(levels_db.values())]
    out, _ = play(track, [*script, *FROM_SLOT_1, "play 0 144000 256"])
    gains = {name: 10 ** (level / 20) for name, level in levels_db.items()}
    assert np.abs(after(out) - expected(track, gains, 0, 144_000)).max() < 2e-6


def test_a_resting_transport_passes_every_bit(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    out, _ = play(track, ["set 0 -84", *FROM_SLOT_1, "live 1000 50000 128"])
    assert differing(after(out), track.mixture[1000:51_000]) == 0


def test_the_free_clock_counts_from_the_first_block(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    script = [f"set {SLOT} 1", "live 0 64 64", wait_for("ready")]
    out, _ = play(track, [*script, "set 0 -84", f"set {CLOCK} 1", "live 0 144000 512"])
    wanted = expected(track, {"vocals": 0.0}, 0, 144_000)
    assert differing(after(out)[2000:], wanted[2000:]) == 0


@pytest.mark.parametrize("stem_channels", [1, 2])
def test_mono_and_stereo(play, play_mono, tmp_path, stem_channels):
    mono = noise_track(channels=1)
    track = mono
    if stem_channels == 2:
        track = Track({n: np.repeat(s, 2, axis=1) for n, s in mono.stems.items()}, mono.rate)
        publish(mono, tmp_path)  # a stereo track takes mono stems: both sides alike
    else:
        publish(mono, tmp_path)
    player = play_mono if stem_channels == 1 else play
    out, _ = player(track, ["set 2 -84", *FROM_SLOT_1, "play 0 144000 512"])
    assert differing(after(out), expected(track, {"bass": 0.0}, 0, 144_000)) == 0


def test_ten_minutes_of_seeks_loops_and_block_sizes(play, tmp_path):
    track = noise_track(seconds=20, rate=16_000)
    origin_frame = 12_345
    publish(track, tmp_path, origin_frame=origin_frame)
    random = np.random.default_rng(7)
    script, wanted = ["set 0 -84", "set 3 -84", *FROM_SLOT_1], []
    gains = {"vocals": 0.0, "other": 0.0}
    left = 600 * track.rate
    while left > 0:
        frame = int(random.integers(0, 25 * track.rate))
        frames = int(random.integers(1, 3 * track.rate))
        block = int(2 ** random.uniform(0, 13)) if random.random() < 0.9 else 1
        for _ in range(int(random.integers(1, 4))):  # more than once: a loop
            script.append(f"play {frame} {frames} {max(block, frames // 5000)}")
            wanted.append(expected(track, gains, frame, frames, origin_frame))
            left -= frames
    out, _ = play(track, script)
    assert differing(after(out), np.concatenate(wanted)) == 0


@pytest.mark.parametrize("block", [16, 256, 4096])
def test_automation_moves_without_clicks(play, tmp_path, block):
    rate = 48_000
    tone = np.full((3 * rate, 2), 0.5, np.float32)
    track = Track({"vocals": tone, "other": np.zeros_like(tone)}, rate)
    publish(track, tmp_path)
    script = ["glide 0 0 -84", f"play 0 {rate} {block}", "set 0 -84"]
    script += [f"play {rate} 9600 {block}"]
    script += ["set 0 6", f"play {rate + 9600} {rate} {block}"]
    script += ["set 0 0", f"play {2 * rate + 9600} {rate // 2} {block}"]
    out, _ = play(track, [*FROM_SLOT_1, *script])
    heard = after(out)
    ramp_frames = 0.02 * rate
    steps = np.abs(np.diff(heard[:, 0]))
    assert steps.max() <= 0.5 * 2.0 / ramp_frames * 1.01  # from silence to +6 dB in 20 ms
    assert steps[:rate].max() <= 0.5 / ramp_frames * 1.01
    assert not heard[rate + 4096 + int(ramp_frames) : rate + 9600].any()
    assert np.all(heard[-9600:] == 0.5)


def test_a_level_that_misses_0_db_by_a_rounding_error_is_0_db(play, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    out, _ = play(track, ["set 0 3.8e-6", *FROM_SLOT_1, "play 0 140000 512"])
    assert differing(after(out), track.mixture[:140_000]) == 0


@pytest.mark.parametrize("value", ["1e30", "-1e30"])
def test_parameters_beyond_their_ranges_are_harmless(play, tmp_path, value):
    track = noise_track()
    publish(track, tmp_path)
    out, _ = play(track, [*FROM_SLOT_1, f"set 0 {value}", "set 999 1", "play 0 140000 512"])
    gain = 10 ** (12 / 20) if float(value) > OFF_DB else 0.0
    wanted = expected(track, {"vocals": gain}, 0, 140_000)
    assert np.abs(after(out)[2000:] - wanted[2000:]).max() < 2e-6
