from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.separation.stft import (
    StreamingIstft,
    istft,
    padded_frames,
    stft,
    stft_padded,
)
from stemdesk.separation.transform import StftSettings

SETTINGS = [
    StftSettings(4096, 1024, 4096),
    StftSettings(2048, 512, 2048),
    StftSettings(2048, 256, 2048),
    StftSettings(4096, 256, 1024),
    StftSettings(4096, 441, 4096),
    StftSettings(1024, 441, 1000),
    StftSettings(64, 16, 64),
    StftSettings(60, 7, 33),
]
any_settings = st.sampled_from(SETTINGS)


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("settings_", SETTINGS, ids=str)
@pytest.mark.parametrize("frames", [1, 2, 255, 441, 1024, 4095, 4096, 9999])
def test_what_is_taken_apart_comes_back(settings_, frames):
    samples = noise(2, frames)
    spectrum = stft(samples, settings_)
    steps = settings_.steps(frames)
    assert (steps - 2) * settings_.hop < frames <= (steps - 1) * settings_.hop
    assert spectrum.shape == (2, settings_.n_fft // 2 + 1, steps)
    torch.testing.assert_close(istft(spectrum, settings_, frames), samples, atol=2e-5, rtol=0)


@pytest.mark.parametrize("settings_", SETTINGS, ids=str)
def test_it_is_the_transform_of_torch_with_silence_around(settings_):
    frames = 40 * settings_.hop
    samples = noise(2, frames)
    wanted = torch.stft(
        samples,
        settings_.n_fft,
        settings_.hop,
        settings_.win_length,
        window=torch.hann_window(settings_.win_length),
        center=True,
        pad_mode="constant",
        return_complex=True,
    )
    torch.testing.assert_close(stft(samples, settings_), wanted, atol=1e-4, rtol=0)


def test_a_step_is_centred_on_its_frame():
    settings_ = StftSettings(64, 16, 64)
    samples = torch.zeros(1, 320)
    samples[0, 160] = 1
    magnitude = stft(samples, settings_).abs()[0, 5]
    assert int(magnitude.argmax()) == 10
    assert magnitude[10] == pytest.approx(1.0)


@pytest.mark.parametrize("settings_", SETTINGS[-2:], ids=str)
def test_steps_need_only_the_frames_around_them(settings_):
    samples = noise(1, 2000)
    whole = stft(samples, settings_)
    first, count = 20, 9
    start = first * settings_.hop - settings_.n_fft // 2
    stretch = samples[:, start : start + padded_frames(settings_, count)]
    torch.testing.assert_close(
        stft_padded(stretch, settings_), whole[..., first : first + count], atol=1e-6, rtol=0
    )


@settings(max_examples=100, deadline=None)
@given(any_settings, st.lists(st.integers(1, 12), min_size=1, max_size=8), st.integers(0, 2**32))
def test_any_blocks_give_what_one_piece_gives(settings_, blocks, seed):
    spectrum = torch.complex(
        noise(2, settings_.bins, sum(blocks), seed=seed),
        noise(2, settings_.bins, sum(blocks), seed=seed + 1),
    )
    whole = StreamingIstft(settings_).push(spectrum, last=True)
    assert whole.shape[-1] == padded_frames(settings_, sum(blocks)) - settings_.n_fft // 2
    stream, pieces, pushed = StreamingIstft(settings_), [], 0
    for index, part in enumerate(spectrum.split(blocks, dim=-1)):
        pieces.append(stream.push(part, last=index == len(blocks) - 1))
        pushed += part.shape[-1]
        if index < len(blocks) - 1:
            finished = max(0, pushed * settings_.hop - settings_.n_fft // 2)
            assert sum(piece.shape[-1] for piece in pieces) == finished
    joined = torch.cat(pieces, dim=-1)
    assert joined.shape == whole.shape
    # The very end hangs on the edge of one window, where the division magnifies rounding.
    solid = (sum(blocks) - 1) * settings_.hop
    torch.testing.assert_close(joined[:, :solid], whole[:, :solid], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("settings_", SETTINGS, ids=str)
def test_changed_spectra_come_back_as_the_least_squares_signal(settings_):
    """Against torch's own inverse, on spectra that no signal has."""
    frames = 12 * settings_.hop
    steps = settings_.steps(frames)
    spectrum = torch.complex(
        noise(1, settings_.bins, steps), noise(1, settings_.bins, steps, seed=1)
    )
    wanted = torch.istft(
        spectrum,
        settings_.n_fft,
        settings_.hop,
        settings_.win_length,
        window=torch.hann_window(settings_.win_length),
        length=frames,
    )
    torch.testing.assert_close(istft(spectrum, settings_, frames), wanted, atol=1e-4, rtol=1e-4)
