import numpy as np
import pytest

from stemdesk.mixing.pan import channel_gains


@pytest.mark.parametrize(("channels", "bus"), [(1, 1), (1, 2), (2, 2), (2, 6), (6, 6), (8, 8)])
def test_the_centre_is_unity(channels, bus):
    assert (channel_gains(channels, bus, 0.0) == 1.0).all()


@pytest.mark.parametrize("pan", [-1, -0.7, -0.2, 0.4, 1])
def test_mono_keeps_its_power(pan):
    gains = channel_gains(1, 2, pan)[:, 0]
    assert np.sum(np.square(gains, dtype=float)) == pytest.approx(2.0, rel=1e-6)
    assert (gains[1] > gains[0]) == (pan > 0)


def test_mono_at_the_edge_is_3_db_up_on_one_side_and_silent_on_the_other():
    assert channel_gains(1, 2, -1)[:, 0] == pytest.approx([2**0.5, 0], abs=1e-7)
    assert channel_gains(1, 2, 1)[:, 0] == pytest.approx([0, 2**0.5], abs=1e-7)


def test_stereo_is_balanced():
    assert channel_gains(2, 2, 0.25)[:, 0] == pytest.approx([0.75, 1])
    assert channel_gains(2, 2, -1)[:, 0] == pytest.approx([1, 0])


@pytest.mark.parametrize(
    ("channels", "lefts", "rights"),
    [
        (3, [0], [1]),  # L R C
        (4, [0, 2], [1, 3]),  # L R Lb Rb
        (5, [0, 3], [1, 4]),  # L R C Lb Rb
        (6, [0, 4], [1, 5]),  # L R C LFE Lb Rb
        (7, [0, 5], [1, 6]),  # L R C LFE Cb Ls Rs
        (8, [0, 4, 6], [1, 5, 7]),  # L R C LFE Lb Rb Ls Rs
    ],
)
def test_in_surround_all_pairs_are_balanced_and_centres_stay(channels, lefts, rights):
    for pan, quieter in ((0.75, lefts), (-0.75, rights)):
        wanted = [0.25 if channel in quieter else 1.0 for channel in range(channels)]
        assert channel_gains(channels, channels, pan)[:, 0] == pytest.approx(wanted)


def test_a_stereo_stem_in_a_surround_mix_sounds_in_front():
    assert channel_gains(2, 6, 1.0)[:, 0] == pytest.approx([0, 1])


def test_on_a_mono_bus_there_is_no_pan():
    assert channel_gains(1, 1, -1.0)[:, 0] == pytest.approx([1])
