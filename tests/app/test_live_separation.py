"""A song that is separated where somebody listens: the order, the bits, and what is heard."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk.app.live.feed import Listener
from stemdesk.app.live.order import Focus
from stemdesk.app.live.spans import gaps, holds
from stemdesk.app.live.stems import LiveStems
from stemdesk.app.model import load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.resampled import ModelRateMixture, SeekableMixture
from stemdesk.app.separate import separate_song
from stemdesk.audio.reading import open_audio
from stemdesk.errors import Cancelled
from stemdesk.mixing.sources import FileStem
from tests.app.tiny import STEMS, music, read_exactly, save_song, save_tiny_model

RATE = 44_100
SECONDS = 5
ADVANCE = 12 * 1024  # frames from one chunk of the model below to the next


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Eighteen short chunks for the song below."""
    folder = save_tiny_model(tmp_path_factory.mktemp("models") / "short", steps=16, overlap_steps=4)
    return load_model(str(folder), device="cpu", threads=1)


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """Rate -> file."""
    folder = tmp_path_factory.mktemp("songs")
    return {
        rate: save_song(folder / f"{rate}.wav", music(rate * SECONDS), rate)
        for rate in (RATE, 48_000)
    }


@pytest.fixture(scope="module")
def straight(songs, model, tmp_path_factory):
    """Rate -> the separation that nobody listened to."""
    folder = tmp_path_factory.mktemp("straight")
    return {rate: separated(song, folder, model) for rate, song in songs.items()}


class Ears:
    """Somebody who listens here and there, and remembers what could be heard."""

    def __init__(self, *places, at=None):
        self.places, self.stops = list(places), at
        self.focus = self.places.pop(0)
        self.news = []

    def listener(self):
        return Listener(lambda: self.focus, self.covered)

    def covered(self, path, spans):
        self.news.append((path, spans))
        if self.stops is not None and len(self.news) > self.stops:
            raise Cancelled
        if self.places:
            self.focus = self.places.pop(0)


def separated(song, output, model, ears=None):
    return separate_song(
        song,
        SeparateOptions(output=output),
        model,
        lambda *_: None,
        lambda _: False,
        ears and ears.listener(),
    )


def counting(model, monkeypatch):
    """The first step of every stretch that the network is shown, in order."""
    calls = []
    masks = model.separator.engine.masks

    def counted(spectrum, first_step):
        calls.append(spectrum.shape[-1])
        return masks(spectrum, first_step)

    monkeypatch.setattr(model.separator.engine, "masks", counted)
    return calls


def stem_bytes(result):
    return {stem: path.read_bytes() for stem, path in result.files.items()}


def jumping():
    """From the middle to the end to the beginning, then a loop, and on."""
    return Ears(
        Focus(3 * RATE),
        Focus(3 * RATE),
        Focus(3 * RATE),
        Focus(round(4.5 * RATE)),
        Focus(0),
        Focus(0),
        Focus(0, (2 * RATE, 3 * RATE)),
    )


def test_jumps_change_no_bit_at_the_models_rate(songs, straight, model, tmp_path):
    ears = jumping()
    result = separated(songs[RATE], tmp_path, model, ears)
    assert result.null.verdict == "exact"
    assert stem_bytes(result) == stem_bytes(straight[RATE])
    assert ears.news[-1][1] == ((0, SECONDS * RATE),)


def test_jumps_change_what_the_resampler_rounds_at_other_rates(songs, straight, model, tmp_path):
    result = separated(songs[48_000], tmp_path, model, jumping())
    assert result.null.verdict == "exact"
    for stem, path in result.files.items():
        difference = read_exactly(path) - read_exactly(straight[48_000].files[stem])
        # Random weights make more of it than trained ones: those come to one step of 16 bits.
        assert np.abs(difference).max() <= 8 * 2**-15
        assert np.sqrt(np.mean(difference**2)) < 2**-17


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_from_the_beginning_a_listener_changes_no_bit(songs, straight, model, tmp_path, rate):
    result = separated(songs[rate], tmp_path, model, Ears(Focus()))
    assert stem_bytes(result) == stem_bytes(straight[rate])


def test_a_jump_costs_one_chunk(songs, straight, model, tmp_path, monkeypatch):
    calls = counting(model, monkeypatch)
    separated(songs[RATE], tmp_path / "straight", model)
    chunks = len(calls)
    calls.clear()
    ears = Ears(Focus(3 * RATE), Focus(3 * RATE), Focus(RATE), Focus(RATE))
    separated(songs[RATE], tmp_path / "jumps", model, ears)
    # One run from the middle, one from the first second (which ends where the other began), one
    # from there on and one for the beginning, where nothing comes before.
    assert len(calls) <= chunks + 3


def test_a_model_that_remembers_the_song_keeps_to_its_order(songs, tmp_path, monkeypatch):
    folder = save_tiny_model(tmp_path / "models" / "causal", steps=16, overlap_steps=4, causal=True)
    model = load_model(str(folder), device="cpu", threads=1)
    calls = counting(model, monkeypatch)
    plain = separated(songs[RATE], tmp_path / "straight", model)
    chunks = len(calls)
    heard = separated(songs[RATE], tmp_path / "jumps", model, jumping())
    assert len(calls) == 2 * chunks, "nothing is computed twice"
    assert stem_bytes(heard) == stem_bytes(plain)


def test_the_place_that_is_heard_comes_first_and_all_the_rest_follows(songs, model, tmp_path):
    ears = Ears(Focus(4 * RATE))
    separated(songs[RATE], tmp_path, model, ears)
    path, first = ears.news[1]
    assert ears.news[0][1] == ()
    assert len(first) == 1
    assert first[0][0] <= 4 * RATE < first[0][1]
    assert first[0][1] - first[0][0] == ADVANCE
    for (_, before), (_, after) in zip(ears.news, ears.news[1:], strict=False):
        assert gaps(before, after) == (), "what was told is never taken back"
        assert sum(end - begin for begin, end in after) > sum(e - b for b, e in before)
    assert not path.exists()


def test_a_loop_is_filled_first(songs, model, tmp_path):
    loop = (RATE, 2 * RATE)
    ears = Ears(Focus(0, loop))
    separated(songs[RATE], tmp_path, model, ears)
    in_loop = [spans for _, spans in ears.news if not holds(spans, *loop)]
    assert all(gaps(spans, ((RATE - ADVANCE, 2 * RATE + ADVANCE),)) == () for spans in in_loop)


def heard_while(song, output, model, ears):
    """What live stems give after each piece of news: a list of (spans, name -> samples)."""
    mixture = FileStem(song)
    live = LiveStems(mixture, STEMS)
    found = []
    remember = ears.covered

    def covered(path, spans):
        live.follow(path, spans)
        blocks = {n: s.read_at(0, mixture.frames).copy() for n, s in live.sources.items()}
        found.append((spans, blocks))
        remember(path, spans)

    ears.covered = covered
    result = separated(song, output, model, ears)
    live.finish(result.files)
    found.append((live.spans, {n: s.read_at(0, mixture.frames) for n, s in live.sources.items()}))
    live.close()
    mixture.close()
    return result, found


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_what_is_heard_meanwhile_is_what_the_files_hold_later(songs, model, tmp_path, rate):
    ears = Ears(Focus(3 * rate), Focus(3 * rate), Focus(3 * rate), Focus(rate), Focus(rate))
    result, found = heard_while(songs[rate], tmp_path, model, ears)
    song = read_exactly(songs[rate])
    fade = round(0.02 * rate)
    final = {stem: read_exactly(path) for stem, path in result.files.items()}
    assert len(found) > 15
    for spans, blocks in found:
        total = sum(block.astype(np.float64) for block in blocks.values())
        np.testing.assert_allclose(total, song, atol=2**-23, rtol=0)
        for first, end in spans:
            inside = slice(first + fade * (first > 0), end - fade * (end < song.shape[1]))
            for stem in STEMS:
                difference = blocks[stem][:, inside] - final[stem][:, inside]
                # Half a step of the 16-bit files, three for the closing stem, and the resampler.
                most = 2.0**-16 * (4 if stem == "other" else 1) + 4e-6
                assert np.abs(difference).max(initial=0.0) < most


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_a_run_that_was_stopped_goes_on_and_is_heard_at_once(songs, model, tmp_path, rate):
    ears = Ears(Focus(4 * rate), at=5)
    with pytest.raises(Cancelled):
        separated(songs[rate], tmp_path, model, ears)
    later = Ears(Focus(4 * rate))
    result = separated(songs[rate], tmp_path, model, later)
    # At first, or, where the estimates are resampled again, piece by piece before anything else.
    before = ears.news[-2][1]
    told = [spans for _, spans in later.news[: 1 + len(before)]]
    assert any(gaps(before, spans) == () for spans in told)
    assert result.resumed_seconds > 1
    assert result.null.verdict == "exact"
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("rate", [RATE, 48_000, 22_050, 8_000, 192_000, 44_101])
def test_a_mixture_sought_is_a_mixture_read(tmp_path, rate):
    song = save_song(tmp_path / "s.wav", music(rate * 3), rate)
    with open_audio(song) as reader:
        whole = ModelRateMixture(reader, RATE)
        samples = whole.read(whole.frames)
        sought = SeekableMixture(reader, RATE)
        assert sought.frames == whole.frames
        for frame in (0, 1, 5_000, 44_100, 100_001, whole.frames - 1, whole.frames):
            sought.seek(frame)
            found = sought.read(20_000)
            wanted = samples[:, frame : frame + 20_000]
            assert found.shape == wanted.shape
            # soxr HQ computes in float32; whole seconds are the only grid of 44 101 Hz.
            tolerance = 0 if rate == RATE else 4e-6
            np.testing.assert_allclose(found, wanted, atol=tolerance, rtol=0)
