from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pytest
import torch

from stemdesk.separation.card import Chunking
from stemdesk.separation.chunks import ChunkPlan
from stemdesk.separation.closure import close
from stemdesk.separation.separator import ArraySource, SlidingWindow
from stemdesk.separation.stft import istft, padded_frames, stft
from stemdesk.separation.transform import StftSettings
from tests.separation.test_chunks import fade_weights
from tests.separation.test_closure import assert_null
from tests.separation.toy_networks import (
    FORMS,
    Gains,
    LocalMasks,
    build,
    make_card,
    make_separator,
)

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


@cache
def song(channels, frames, seed=0):
    """Noise that swells and fades, on the 16-bit grid."""
    noise = np.random.default_rng(seed).standard_normal((channels, frames))
    swell = 0.1 + 0.1 * np.sin(np.arange(frames) / 5000)
    return (np.rint(noise * swell * 2**15).clip(-(2**15), 2**15 - 1) / 2**15).astype(np.float32)


def frames_for(card, chunks, odd):
    steps = card.chunk.steps + (chunks - 1) * (card.chunk.steps - card.chunk.overlap_steps)
    return (steps - 4) * card.hop - odd


def pieces_of(separator, samples, first_chunk=0):
    scale = 1.0
    if separator.engine.card.song_peak:
        scale = separator.song_scale(ArraySource(samples))
    return list(separator.estimate(ArraySource(samples), first_chunk, scale))


def joined(pieces):
    return np.concatenate([piece.samples for piece in pieces], axis=-1)


@each_form
def test_every_system_runs_and_nulls(form):
    card, network = build(form)
    samples = song(2, frames_for(card, 2, 77))
    pieces = pieces_of(make_separator(card, network), samples)
    assert [(piece.chunk, piece.chunks) for piece in pieces] == [(0, 2), (1, 2)]
    estimates = joined(pieces)
    assert estimates.shape == (len(card.stems) - 1, *samples.shape)
    assert np.isfinite(estimates).all()
    mixture = samples.astype(np.float64)
    closed = close(mixture, [stem.astype(np.float64) for stem in estimates], 23)
    assert_null(mixture, closed[:4])
    levels = [float(np.sqrt(np.mean(stem**2))) for stem in closed]
    assert all(level > 1e-4 for level in levels), f"a stem is empty: {levels}"


@each_form
@pytest.mark.parametrize("first_share", [0, 7 / 8])
def test_the_stream_is_the_masks_blended_and_inverted_once(form, first_share):
    """Against the whole song in memory: one STFT, all chunks' masks, one inverse."""
    card, network = build(form)
    first = int(card.chunk.steps * first_share)
    card = msgspec.structs.replace(
        card, chunk=msgspec.structs.replace(card.chunk, first_steps=first)
    )
    samples = song(2, frames_for(card, 3, 1))
    separator = make_separator(card, network)
    scale = separator.song_scale(ArraySource(samples)) if card.song_peak else 1.0
    spectrum = stft(torch.from_numpy(samples), card.stft)
    plan = ChunkPlan(spectrum.shape[-1], card.chunk.steps, card.chunk.overlap_steps, first)
    masks = torch.zeros(len(card.stems), *spectrum.shape, dtype=torch.complex64)
    for chunk, weight in zip(plan, fade_weights(plan).float(), strict=True):
        answer = separator.engine.masks(spectrum[..., chunk.start : chunk.end] * scale)
        masks[..., chunk.start : chunk.end] += answer * weight[chunk.start : chunk.end]
    torch.testing.assert_close(masks.sum(dim=0), torch.ones_like(masks[0]), atol=1e-4, rtol=0)
    wanted = istft(masks[:-1] * spectrum, card.stft, samples.shape[1]).numpy()
    streamed = joined(pieces_of(separator, samples))
    # A hard decision on the edge of its threshold may fall either way.
    tolerance = 0.02 if card.masks == "binary" else 1e-5
    np.testing.assert_allclose(streamed, wanted, atol=tolerance)


@each_form
def test_a_later_start_gives_the_same_bits(form):
    card, network = build(form)
    separator = make_separator(card, network)
    samples = song(2, frames_for(card, 4, 1))
    whole = pieces_of(separator, samples)
    assert len(whole) == 4
    for first in range(1, 4):
        resumed = pieces_of(separator, samples, first)
        assert [piece.chunk for piece in resumed] == list(range(first, 4))
        for before, after in zip(whole[first:], resumed, strict=True):
            assert np.array_equal(before.samples, after.samples)


@pytest.mark.parametrize("odd", [-255, -1, 0, 1, 128, 255, 300, 4607])
@pytest.mark.parametrize("overlap", [1, 6, 10])
@pytest.mark.parametrize("has_short_first", [False, True])
def test_a_later_start_gives_the_same_bits_for_any_length(odd, overlap, has_short_first):
    card, network = build(next(form for form in FORMS if form.name == "complex"))
    first = 2 * overlap + 4 if has_short_first else 0
    card = make_card(masks="complex", chunk=type(card.chunk)(24, overlap, first_steps=first))
    separator = make_separator(card, network)
    samples = song(1, 20_000 + odd)
    whole = pieces_of(separator, samples)
    assert len(whole) > 3
    assert joined(whole).shape[-1] == samples.shape[1]
    for first in range(len(whole)):
        resumed = pieces_of(separator, samples, first)
        assert joined(resumed).tobytes() == joined(whole[first:]).tobytes()


@pytest.mark.parametrize("frames", [1, 900, 5888, 5889, 20_000, 20_255, 20_256, 40_001])
@pytest.mark.parametrize("overlap", [1, 6, 10])
def test_every_chunk_has_its_place(frames, overlap):
    card, network = build(next(form for form in FORMS if form.name == "complex"))
    card = make_card(masks="complex", chunk=type(card.chunk)(24, overlap))
    separator = make_separator(card, network)
    edges = separator.edges(frames)
    lengths = [piece.samples.shape[-1] for piece in pieces_of(separator, song(1, frames))]
    assert edges[0] == 0
    assert list(np.diff(edges)) == lengths
    assert edges[-1] == frames


class Unseekable:
    """An array that can only be read front to back."""

    def __init__(self, samples):
        self._source = ArraySource(samples)
        self.channels, self.frames = samples.shape
        self.read = self._source.read


def test_seeking_gives_what_reading_up_to_the_place_gives():
    card, network = build(next(form for form in FORMS if form.name == "complex"))
    separator = make_separator(card, network)
    samples = song(2, 40_000)
    for first in (0, 1, 2, 6):
        sought = list(separator.estimate(ArraySource(samples), first))
        read = list(separator.estimate(Unseekable(samples), first))
        assert joined(sought).tobytes() == joined(read).tobytes()


def test_what_lies_before_a_late_chunk_is_not_read():
    class Watched(ArraySource):
        read_frames = 0

        def read(self, frames):
            self.read_frames += frames
            return super().read(frames)

    source = Watched(song(1, 40_000))
    separator = make_separator(make_card(), Gains([0.5, 0.3, 0.15, 0.05]))
    next(separator.estimate(source, 6))
    assert source.read_frames < 2 * padded_frames(make_card().stft, 24)


def test_a_later_start_repeats_no_more_than_one_chunk():
    class Counting(Gains):
        calls = 0

        def forward(self, mixture):
            self.calls += 1
            return super().forward(mixture)

    network = Counting([0.5, 0.3, 0.15, 0.05])
    separator = make_separator(make_card(), network)
    samples = song(1, 40_000)
    for first, calls in [(0, 9), (1, 9), (2, 8), (8, 2)]:
        network.calls = 0
        pieces_of(separator, samples, first)
        assert network.calls == calls


@pytest.mark.parametrize("frames", [1, 2, 255, 1024, 5888, 5889, 6143, 6144, 6145, 12_345])
@pytest.mark.parametrize("channels", [1, 2])
def test_gains_come_out_as_gains(frames, channels):
    gains = [0.5, 0.3, 0.15, 0.05]
    separator = make_separator(make_card(), Gains(gains))
    samples = song(channels, frames)
    estimates = joined(pieces_of(separator, samples))
    for gain, estimate in zip(gains, estimates, strict=False):
        np.testing.assert_allclose(estimate, gain * samples, atol=1e-5)


@each_form
def test_silence_gives_silence(form):
    card, network = build(form)
    samples = np.zeros((2, frames_for(card, 2, 5)), np.float32)
    estimates = joined(pieces_of(make_separator(card, network), samples))
    assert not estimates.any(), "and no NaN, which counts as true"


def test_one_click_in_silence_stays_finite():
    for form in FORMS:
        card, network = build(form)
        samples = np.zeros((2, frames_for(card, 1, 0)), np.float32)
        samples[:, 3000] = 2.0**-15
        estimates = joined(pieces_of(make_separator(card, network), samples))
        assert np.isfinite(estimates).all(), form.name


def test_the_songs_peak_scales_what_the_network_sees():
    class Listening(Gains):
        loudest = 0.0

        def forward(self, mixture):
            self.loudest = max(self.loudest, float(mixture.abs().max()))
            return super().forward(mixture)

    network = Listening([0.5, 0.3, 0.15, 0.05])
    separator = make_separator(make_card(song_peak=True), network)
    samples = song(2, 20_000) / 64
    estimates = joined(pieces_of(separator, samples))
    assert network.loudest == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(estimates[0], samples / 2, atol=1e-6)
    assert separator.song_scale(ArraySource(np.zeros((1, 9), np.float32))) < float("inf")


class Endless:
    """A song that exists only where it is read; remembers how much was asked for at once."""

    def __init__(self, frames, shortfall=0):
        self.channels, self.frames = 2, frames
        self._position, self._end = 0, frames - shortfall
        self.largest = 0

    def read(self, frames):
        self.largest = max(self.largest, frames)
        start, self._position = self._position, min(self._end, self._position + frames)
        return sample_at(np.arange(start, self._position))


def sample_at(positions):
    values = (positions * 7919 % 65_521 + 1) / 65_536
    return np.stack([values, -values]).astype(np.float32)


def windows(source, settings, plan, first=0):
    window = SlidingWindow(source)
    for index in range(first, len(plan)):
        chunk = plan[index]
        yield chunk, window.around(chunk, settings), window._held.nbytes


@pytest.mark.parametrize("first", [0, 1, 7])
def test_the_window_holds_a_chunk_and_no_more(first):
    settings = StftSettings(1024, 256, 1024)
    frames = 300_001
    plan = ChunkPlan(settings.steps(frames), 40, 10)
    source = Endless(frames)
    most = padded_frames(settings, 40)
    for chunk, seen, held_bytes in windows(source, settings, plan, first):
        assert held_bytes <= 2 * most * 4
        assert seen.shape == (2, most)
        positions = chunk.start * 256 - 512 + np.arange(most)
        inside = (positions >= 0) & (positions < frames)
        assert np.array_equal(seen, np.where(inside, sample_at(positions), 0))
    assert source.largest <= 1 << 18


@pytest.mark.parametrize("first", [0, 5])
@pytest.mark.parametrize("shortfall", [1, 900, 20_000, 25_000])
def test_a_source_that_falls_short_ends_in_silence(first, shortfall):
    settings = StftSettings(1024, 256, 1024)
    plan = ChunkPlan(settings.steps(60_000), 40, 10)
    for chunk, seen, _ in windows(Endless(60_000, shortfall), settings, plan, first):
        positions = chunk.start * 256 - 512 + np.arange(seen.shape[1])
        inside = (positions >= 0) & (positions < 60_000 - shortfall)
        assert np.array_equal(seen, np.where(inside, sample_at(positions), 0))


class Full(LocalMasks):
    """Has no memory for more than so many steps at once."""

    def __init__(self, most) -> None:
        torch.manual_seed(0)
        super().__init__(4)
        self.most = most

    def forward(self, mixture):
        if mixture.shape[-1] > self.most:
            raise MemoryError
        return super().forward(mixture)


def test_a_resumed_song_keeps_the_chunks_that_memory_allowed():
    card = make_card(masks="softmax", chunk=Chunking(steps=128, overlap_steps=16))
    samples = song(2, 130_000)
    whole = list(make_separator(card, Full(64)).estimate(ArraySource(samples)))
    assert [piece.engine_state["chunk_steps"] for piece in whole] == [64] * len(whole)
    roomy = make_separator(card, Full(999))
    source = ArraySource(samples)
    resumed = list(roomy.estimate(source, 2, engine_state=whole[1].engine_state))
    assert joined(resumed).tobytes() == joined(whole[2:]).tobytes()
    afresh = next(roomy.estimate(ArraySource(samples)))
    assert afresh.engine_state["chunk_steps"] == 128, "another song is not held to it"


class Stop(Exception):
    """What a check raises."""


@pytest.mark.parametrize("after", [0, 1, 5])
def test_a_check_gets_out_of_estimating(after):
    calls = 0

    def check():
        nonlocal calls
        calls += 1
        if calls > after:
            raise Stop

    separator = make_separator(make_card(), Gains([0.5, 0.3, 0.15, 0.05]))
    pieces = separator.estimate(ArraySource(song(1, 40_000)), check=check)
    found = []
    with pytest.raises(Stop):
        found.extend(pieces)
    calls = 0
    with pytest.raises(Stop):
        make_separator(make_card(song_peak=True), Gains([0.5] * 4)).song_scale(
            ArraySource(song(1, 40_000)), check
        )


def test_a_check_gets_out_of_skipping_to_a_late_chunk():
    """An hour's way to the place is asked about every few seconds of song."""
    settings = StftSettings(1024, 256, 1024)
    source = Endless(44_100 * 600)
    plan = ChunkPlan(settings.steps(source.frames), 40, 10)
    calls = []
    SlidingWindow(source, lambda: calls.append(source._position)).around(
        plan[len(plan) - 1], settings
    )
    assert max(np.diff(calls)) <= 44_100 * 10
    assert len(calls) > 60
