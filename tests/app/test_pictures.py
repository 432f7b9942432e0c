import time
from contextlib import closing

import numpy as np
import pytest
import soundfile

from stemdesk.app.bench.pictures import Pictures
from stemdesk.app.bench.waveforms import Reading, Waveform
from stemdesk.audio.peaks import Peaks
from stemdesk.mixing.sources import FileStem
from stemdesk.project.document import MediaRef

RATE = 8000
FRAMES = 40_000


@pytest.fixture
def reading():
    reading = Reading()
    yield reading
    reading.close()


@pytest.fixture
def song(tmp_path, monkeypatch):
    """A song of four stems that sum to it, and one sample that does not."""
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    rng = np.random.default_rng(0)
    stems = {
        name: np.round(rng.uniform(-0.2, 0.2, (FRAMES, 2)) * 2**15) / 2**15
        for name in ("vocals", "drums", "bass", "other")
    }
    mixture = sum(stems.values())
    mixture[12_345] += 2.0**-10
    paths = {}
    for name, samples in {"song": mixture, **stems}.items():
        paths[name] = tmp_path / f"{name}.wav"
        soundfile.write(paths[name], samples, RATE, subtype="PCM_24")
    return paths.pop("song"), paths, mixture


def pictures(song, reading):
    shape = MediaRef(path="x", frames=FRAMES, sample_rate=RATE, channels=2)
    return Pictures(song[0], shape, reading)


def whole(waveform):
    return [(span.first_frame, span.end_frame) for span in waveform.known_spans] == [(0, FRAMES)]


def until(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def test_the_mixture_is_drawn_and_found_again_the_next_time(song, reading, tmp_path):
    first = pictures(song, reading)
    until(lambda: whole(first.waveform("mixture")))
    view = first.waveform("mixture").columns(0, FRAMES, 10)
    parts = song[2].T.reshape(2, 10, -1)
    assert view.high == pytest.approx(parts.max(axis=2), abs=0.1)
    assert view.low == pytest.approx(parts.min(axis=2), abs=0.1)
    assert view.rms == pytest.approx(np.sqrt(np.square(parts).mean(axis=2)), rel=0.03)
    first.close()
    (kept,) = (tmp_path / "home" / "cache" / "peaks").iterdir()
    written = kept.stat().st_ino
    again = pictures(song, reading)
    until(lambda: whole(again.waveform("mixture")))
    assert (again.waveform("mixture").columns(0, FRAMES, 10).high == view.high).all()
    again.close()
    assert kept.stat().st_ino == written  # drawn anew it would have been written anew


def test_close_up_the_samples_themselves_are_drawn(song, reading):
    shown = pictures(song, reading)
    waveform = shown.waveform("mixture")
    assert waveform.samples(12_300, 12_400) is None
    until(lambda: waveform.samples(12_300, 12_400) is not None)
    assert pytest.approx(song[2][12_300:12_400], abs=1e-6) == waveform.samples(12_300, 12_400).T
    high = waveform.columns(12_345, 12_346, 4).high
    assert high == pytest.approx(np.repeat(song[2][12_345][:, None], 4, axis=1), abs=1e-6)
    assert waveform.samples(-50, 10) is None
    until(lambda: waveform.samples(-50, 10) is not None)
    assert not waveform.samples(-50, 10)[:, :50].any()
    shown.close()


def test_the_residual_lane_shows_where_stems_do_not_sum(song, reading):
    shown = pictures(song, reading)
    assert shown.waveform("residual") is None
    shown.show_stems(song[1])
    until(lambda: whole(shown.waveform("residual")))
    high = shown.waveform("residual").columns(0, FRAMES, 20).high
    assert set(np.flatnonzero(high.max(axis=0))) == {12_345 * 20 // FRAMES}
    until(lambda: whole(shown.waveform("sum")))
    assert shown.waveform("sum").columns(0, FRAMES, 20).high.all()
    shown.close()


def test_a_spectrogram_comes_when_it_is_made(song, reading):
    shown = pictures(song, reading)
    waveform = shown.waveform("mixture")
    assert waveform.tile(0, FRAMES, 30, 20) is None
    until(lambda: waveform.tile(0, FRAMES, 30, 20) is not None)
    assert waveform.tile(0, FRAMES, 30, 20).shape == (20, 30)
    shown.close()


def test_live_stems_are_drawn_as_they_come(song, reading, tmp_path):
    shown = pictures(song, reading)
    names = list(song[1])
    shown.go_live(names)
    estimates = np.stack(
        [soundfile.read(song[1][name], dtype="float32")[0] for name in names[:-1]], axis=1
    )
    path = tmp_path / "live.f32"
    estimates.tofile(path)
    shown.follow(path, ((10_000, 20_000),))
    waveform = shown.waveform("drums")
    until(lambda: waveform.known_spans)
    assert 10_000 - 256 <= waveform.known_spans[0].first_frame <= 10_000
    high = waveform.columns(0, FRAMES, 8).high
    assert high[:, 3].all()
    assert not high[:, [0, 5, 6, 7]].any()
    shown.follow(path, ((0, 30_000),))
    until(lambda: waveform.version >= 3)
    high = waveform.columns(0, 29_000, 60).high
    assert high.all()
    shown.show_stems(song[1])
    until(lambda: whole(shown.waveform("drums")))
    until(lambda: shown.waveform("drums").columns(0, FRAMES, 8).high.all())
    shown.close()


def test_a_file_that_is_gone_is_said_and_does_not_stop_the_others(song, reading):
    shown = pictures(song, reading)
    song[1]["drums"].unlink()
    shown.show_stems(song[1])
    assert "drums.wav" in str(shown.problems["drums"])
    until(lambda: shown.waveform("vocals").version)
    shown.close()


@pytest.mark.parametrize("lane", ["drums", "sum", "residual"])
def test_a_stem_that_lost_a_channel_is_said_and_does_not_stop_the_others(song, reading, lane):
    shown = pictures(song, reading)
    samples, rate = soundfile.read(song[1]["drums"])
    soundfile.write(song[1]["drums"], samples[:, 0], rate)
    shown.show_stems(song[1])
    assert shown.waveform(lane) is None
    assert "number 1, where its song has 2" in str(shown.problems[lane])
    until(lambda: shown.waveform("other").version)
    shown.close()


class AtOnce:
    """Reads where it is asked, instead of in a thread."""

    def ask(self, key, work):  # noqa: ARG002 - as the thread's
        work()


class Meddling(int):
    """A place; while it is looked for, the reading thread brings in another stretch."""

    waveform: Waveform

    def __ge__(self, other):
        if not getattr(self, "is_busy", False):
            self.is_busy = True
            self.waveform.samples(30_000, 30_100)
        return int(self) >= other


def test_what_is_read_while_a_view_is_drawn_disturbs_nothing(song):
    shape = (RATE, 2, FRAMES)
    with closing(FileStem(song[0])) as source:
        waveform = Waveform(Peaks(*shape), source, AtOnce())
        for first in (0, 5000):
            waveform.samples(first, first + 100)
        place = Meddling(0)
        place.waveform = waveform
        assert waveform.samples(place, 100).shape == (2, 100)


def test_a_picture_that_is_kept_reads_no_closed_files(song, reading):
    old = pictures(song, reading)
    kept = old.waveform("mixture")
    old.close()
    assert kept.samples(0, 100) is None
    assert kept.tile(0, 8000, 10, 10) is None
    with closing(pictures(song, reading)) as new:  # the reading thread lives
        until(lambda: new.waveform("mixture").samples(0, 100) is not None)
    assert kept.samples(0, 100) is None
