from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace

import aaf2
import numpy as np
import olefile
import pytest

from stemdesk.audio.levels import from_db
from stemdesk.daw.aaf import write_aaf
from stemdesk.daw.channel_names import channel_names
from stemdesk.daw.session import SessionMarker
from stemdesk.errors import UserError
from tests.daw.songs import make_song


def samples_of(raw: bytes) -> np.ndarray:
    """24-bit little-endian samples as numpy, which has no such type, reads them."""
    triples = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
    whole = triples[:, 0] | triples[:, 1] << 8 | triples[:, 2] << 16
    return np.where(whole >= 1 << 23, whole - (1 << 24), whole) / 2.0**23


def level_of(segment):
    """Gain and pan around a sequence, and the sequence."""
    gain, pan = 1.0, None
    while isinstance(segment, aaf2.components.OperationGroup):
        (parameter,) = segment.parameters
        if segment.operation.name == "Audio Gain":
            gain = float(parameter.value)
        else:
            assert segment.operation.name == "Audio Pan"
            pan = float(parameter.value)
        (segment,) = segment.segments
    return gain, pan, segment


class Opened:
    """An AAF as a DAW looks at it: from the composition down to the samples."""

    def __init__(self, path, stack):
        self.file = stack.enter_context(aaf2.open(str(path), "r"))
        (self.composition,) = self.file.content.toplevel()
        sound = [slot for slot in self.composition.slots if slot.media_kind == "Sound"]
        self.tracks = {slot.name: self._track(slot) for slot in sound}

    def _track(self, slot):
        gain, pan, sequence = level_of(slot.segment)
        *before, clip = sequence.components
        source = clip.mob.slots[0].segment.mob
        descriptor = source.descriptor
        assert slot.segment.length == sequence.length == sum(c.length for c in sequence.components)
        return {
            "rate": slot.edit_rate,
            "start": sum(filler.length for filler in before),
            "length": clip.length,
            "clip": clip.mob.name,
            "gain": gain,
            "pan": pan,
            "format": [
                descriptor[name].value for name in ("SampleRate", "Channels", "QuantizationBits")
            ],
            "samples": samples_of(source.essence.open("r").read()),
        }


@pytest.fixture
def opened():
    with ExitStack() as stack:
        yield lambda path: Opened(path, stack)


def test_every_channel_is_a_track_with_the_samples_of_its_stem(tmp_path, opened):
    song = make_song(tmp_path, origin_seconds=1.5)
    assert write_aaf(song.session, tmp_path / "song.aaf") == 0.0
    aaf = opened(tmp_path / "song.aaf")
    assert aaf.composition.name == "Häuser am See"
    assert list(aaf.tracks) == [f"{stem}.{side}" for stem in song.stems for side in "LR"]
    for stem, samples in song.stems.items():
        for channel, side in enumerate("LR"):
            track = aaf.tracks[f"{stem}.{side}"]
            assert np.array_equal(track["samples"], samples[:, channel])
            assert track["format"] == [44_100, 1, 24]
            assert track["rate"] == 44_100
            assert track["start"] == 66_150
            assert track["length"] == song.session.frames
            assert track["clip"] == f"{stem}.{side}"
            assert track["gain"] == 1.0
            assert track["pan"] == channel


def test_another_reader_of_the_container_finds_the_samples(tmp_path):
    song = make_song(tmp_path, names=("one", "two"))
    write_aaf(song.session, tmp_path / "song.aaf")
    with olefile.OleFileIO(tmp_path / "song.aaf") as container:
        streams = [
            samples_of(container.openstream(name).read())
            for name in container.listdir()
            if name[-1].startswith("Data-2702")
        ]
    wanted = [samples[:, channel] for samples in song.stems.values() for channel in (0, 1)]
    assert len(streams) == len(wanted)
    for samples in wanted:
        assert any(np.array_equal(samples, stream) for stream in streams)


def test_the_timeline_begins_at_time_code_zero(tmp_path, opened):
    song = make_song(tmp_path, origin_seconds=2.0)
    write_aaf(song.session, tmp_path / "song.aaf")
    slots = opened(tmp_path / "song.aaf").composition.slots
    (time_code,) = [slot for slot in slots if slot.media_kind == "Timecode"]
    assert (time_code.segment.start, time_code.segment.fps, time_code.edit_rate) == (0, 25, 25)
    assert time_code.segment.length == math.ceil((2.0 + 30_011 / 44_100) * 25)


def test_without_an_origin_there_is_no_filler(tmp_path, opened):
    song = make_song(tmp_path, channels=1)
    write_aaf(song.session, tmp_path / "song.aaf")
    track = opened(tmp_path / "song.aaf").tracks["vocals"]
    assert track["start"] == 0
    assert track["pan"] == 0.5


def test_markers_lie_on_their_sample(tmp_path, opened):
    markers = (SessionMarker(-50_000, "before"), SessionMarker(7, "Strophe ä"))
    song = make_song(tmp_path, origin_seconds=1.0, markers=markers)
    write_aaf(song.session, tmp_path / "song.aaf")
    (slot,) = (
        slot
        for slot in opened(tmp_path / "song.aaf").composition.slots
        if isinstance(slot, aaf2.mobslots.EventMobSlot)
    )
    assert slot.edit_rate == 44_100
    (marker,) = slot.segment.components
    assert marker["Position"].value == 44_107
    assert marker["Comment"].value == "Strophe ä"
    assert "Length" not in marker


def test_levels_balance_and_mute_are_gains(tmp_path, opened):
    song = make_song(tmp_path)
    vocals, drums, bass, other = song.session.tracks
    tracks = (
        replace(vocals, level_db=-6.0, pan=0.5),
        replace(drums, mute=True),
        replace(bass, level_db=-math.inf),
        replace(other, level_db=6.0, pan=-1.0),
    )
    write_aaf(replace(song.session, tracks=tracks), tmp_path / "song.aaf")
    found = opened(tmp_path / "song.aaf").tracks
    gains = {name: track["gain"] for name, track in found.items()}
    assert gains["vocals.L"] == pytest.approx(from_db(-6.0) / 2, abs=1e-6)
    assert gains["vocals.R"] == pytest.approx(from_db(-6.0), abs=1e-6)
    assert gains["other.L"] == pytest.approx(from_db(6.0), abs=1e-6)
    assert {gains[name] for name in ("drums.L", "drums.R", "bass.L", "other.R")} == {0.0}


def test_mono_tracks_keep_their_pan(tmp_path, opened):
    song = make_song(tmp_path, names=("one",), channels=1)
    (track,) = song.session.tracks
    session = replace(song.session, tracks=(replace(track, pan=-0.5),))
    write_aaf(session, tmp_path / "song.aaf")
    assert opened(tmp_path / "song.aaf").tracks["one"]["pan"] == 0.25


def test_what_would_clip_is_lowered_alike_and_raised_by_the_tracks(tmp_path, opened):
    song = make_song(tmp_path, peak=1.3)
    gain_db = write_aaf(song.session, tmp_path / "song.aaf")
    assert -2.4 <= gain_db <= -2.2
    aaf = opened(tmp_path / "song.aaf")
    played = sum(track["samples"] * track["gain"] for track in aaf.tracks.values())
    wanted = song.mixture.sum(axis=1)
    assert np.abs(played - wanted).max() < 1e-5  # gains are fractions of at most a million
    assert "2.3 dB lower" in aaf.composition.comments["Comment"]


def test_surround_has_a_track_for_every_speaker(tmp_path, opened):
    song = make_song(tmp_path, names=("one",), channels=6, sample_rate=192_000)
    write_aaf(song.session, tmp_path / "song.aaf")
    tracks = opened(tmp_path / "song.aaf").tracks
    assert list(tracks) == [f"one.{speaker}" for speaker in ("L", "R", "C", "LFE", "Lb", "Rb")]
    assert {track["pan"] for track in tracks.values()} == {None}
    assert np.array_equal(tracks["one.LFE"]["samples"], song.stems["one"][:, 3])


def test_channels_are_named_as_their_file_places_them():
    assert channel_names("a", 4) == ["a.L", "a.R", "a.Lb", "a.Rb"]
    assert channel_names("a", 3, 0b1011) == ["a.L", "a.R", "a.LFE"]
    assert channel_names("a", 2, 0x30000) == ["a.1", "a.2"], "two speakers nobody has"


def test_channels_without_speakers_are_numbered():
    assert channel_names("ambience", 4, 0) == [f"ambience.{number}" for number in (1, 2, 3, 4)]


def test_names_that_utf_16_cannot_hold_are_mended(tmp_path, opened):
    markers = (SessionMarker(0, "\ud800"),)
    song = make_song(tmp_path, names=("\udcff\0",), channels=1, markers=markers, title="\udfff")
    write_aaf(song.session, tmp_path / "song.aaf")
    aaf = opened(tmp_path / "song.aaf")
    assert (aaf.composition.name, list(aaf.tracks)) == ("\ufffd", ["\ufffd\ufffd"])


def test_audio_before_the_timeline_is_refused(tmp_path):
    song = make_song(tmp_path, origin_seconds=-0.5)
    with pytest.raises(UserError, match=r"0\.5 s before.*origin of 0 s"):
        write_aaf(song.session, tmp_path / "song.aaf")
    assert not list(tmp_path.glob("*song.aaf*"))


def test_nothing_half_written_stays(tmp_path):
    song = make_song(tmp_path)
    path = song.session.tracks[-1].path
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UserError, match="breaks off"):
        write_aaf(song.session, tmp_path / "song.aaf")
    assert not list(tmp_path.glob("*.aaf*"))


def test_no_tracks_are_refused(tmp_path):
    song = make_song(tmp_path)
    with pytest.raises(UserError, match="no tracks"):
        write_aaf(replace(song.session, tracks=()), tmp_path / "song.aaf")
