from __future__ import annotations

import contextlib
import csv
import itertools
import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stemdesk.daw.session import Session, SessionMarker, TempoChange
from stemdesk.daw.tempo_map_midi import write_tempo_map
from stemdesk.daw.tempo_map_midi_reading import TimedMarker, read_tempo_map
from stemdesk.errors import UserError

RATE_HZ = 192_000


def session(tempo=(), markers=(), *, origin_seconds=0.0, first_beat_seconds=0.0):
    return Session(
        title="Häuser",
        sample_rate=RATE_HZ,
        frames=1,
        channels=2,
        tracks=(),
        origin_seconds=origin_seconds,
        markers=tuple(markers),
        tempo=tuple(tempo),
        first_beat_seconds=first_beat_seconds,
    )


def onset_seconds(tempo):
    """Seconds from beat 0 to each tempo change, added up by hand."""
    seconds = [0.0]
    for change, after in itertools.pairwise(tempo):
        seconds.append(seconds[-1] + (after.beat - change.beat) * 60 / change.bpm)
    return seconds


@st.composite
def tempo_maps(draw):
    beat, changes = 0, []
    for _ in range(draw(st.integers(1, 5))):
        changes.append(
            TempoChange(
                float(beat),
                draw(st.floats(30, 300)),
                draw(st.integers(1, 12)),
                draw(st.sampled_from([2, 4, 8])),
            )
        )
        beat += draw(st.integers(1, 64))
    return tuple(changes)


@settings(max_examples=80, deadline=None)
@given(
    tempo=tempo_maps(),
    origin_seconds=st.floats(0, 100),
    first_beat_seconds=st.floats(0, 10),
)
@example((TempoChange(0.0, 120.0),), 0.0, 0.0)
@example((TempoChange(0.0, 97.3, 3, 4), TempoChange(3.0, 130.0, 7, 8)), 1.5, 0.123456)
def test_beats_fall_where_they_are_heard(
    tmp_path_factory, tempo, origin_seconds, first_beat_seconds
):
    """A marker set where a tempo changes is read on the beat on which the tempo changes."""
    onsets = [first_beat_seconds + onset for onset in onset_seconds(tempo)]
    markers = [
        SessionMarker(round(onset * RATE_HZ), f"{number}") for number, onset in enumerate(onsets)
    ]
    path = tmp_path_factory.mktemp("maps") / "map.mid"
    write_tempo_map(
        session(
            tempo, markers, origin_seconds=origin_seconds, first_beat_seconds=first_beat_seconds
        ),
        path,
    )
    found = read_tempo_map(path)
    beats = {change.beat: change for change in found.tempo}
    drift = 0.5e-6 * (found.markers[-1].beat + 1)
    for marker, onset, change in zip(found.markers, onsets, tempo, strict=True):
        half_tick = 0.5 / 960 * 60 / min(each.bpm for each in found.tempo)
        assert abs(marker.seconds - (origin_seconds + onset)) <= half_tick + drift
        at = max(beat for beat in beats if beat <= marker.beat + 2 / 960)
        in_force = beats[at]
        if first_beat_seconds > 0.02:
            assert abs(in_force.bpm / change.bpm - 1) < 1e-4
            assert (in_force.beats_per_bar, in_force.beat_unit) == (
                change.beats_per_bar,
                change.beat_unit,
            )
    assert found.tempo[0].beat == 0.0


def test_steady_tempo_comes_back(tmp_path):
    tempo = (TempoChange(0.0, 120.0), TempoChange(8.0, 90.0, 6, 8), TempoChange(14.0, 125.0))
    write_tempo_map(session(tempo), tmp_path / "map.mid")
    found = read_tempo_map(tmp_path / "map.mid").tempo
    assert [(c.beat, c.beats_per_bar, c.beat_unit) for c in found] == [
        (0.0, 4, 4),
        (8.0, 6, 8),
        (14.0, 4, 4),
    ]
    assert [c.bpm for c in found] == pytest.approx([120.0, 90.0, 125.0], rel=1e-6)


def test_the_first_beat_waits_for_the_audio(tmp_path):
    """1.75 s are 3.5 beats at 120 bpm: what stands before the first beat lasts just as long."""
    write_tempo_map(
        session(
            [TempoChange(0.0, 120.0)],
            [SessionMarker(RATE_HZ // 4, "one")],
            origin_seconds=1.5,
            first_beat_seconds=0.25,
        ),
        tmp_path / "map.mid",
    )
    found = read_tempo_map(tmp_path / "map.mid")
    assert found.tempo[-1].bpm == 120.0
    (one,) = found.markers
    assert one.seconds == pytest.approx(1.75, abs=1e-5)
    assert one.beat % 4 == found.tempo[-1].beat % 4, "on the first beat of a bar"


def test_markers_return_to_their_frames(tmp_path):
    markers = (SessionMarker(0, "Intro"), SessionMarker(96_000, "Strophe ä 日本"))
    write_tempo_map(session((), markers, origin_seconds=2.0), tmp_path / "map.mid")
    found = read_tempo_map(tmp_path / "map.mid")
    assert found.session_markers(RATE_HZ, 2.0) == markers
    assert found.tempo == (TempoChange(0.0, 120.0),)


def test_markers_before_the_timeline_stay_out(tmp_path):
    markers = (SessionMarker(-1, "before"), SessionMarker(0, "first"))
    write_tempo_map(session((), markers), tmp_path / "map.mid")
    assert [marker.name for marker in read_tempo_map(tmp_path / "map.mid").markers] == ["first"]


@pytest.mark.skipif(shutil.which("midicsv") is None, reason="needs midicsv, which is not here")
def test_midicsv_reads_the_same(tmp_path):
    write_tempo_map(
        session(
            [TempoChange(0.0, 120.0), TempoChange(4.0, 60.0, 3, 4)],
            [SessionMarker(RATE_HZ, "Refrain")],
        ),
        tmp_path / "map.mid",
    )
    done = subprocess.run(
        ["midicsv", tmp_path / "map.mid"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    rows = [[cell.strip() for cell in row] for row in csv.reader(done.stdout.splitlines())]
    assert rows[0][2:] == ["Header", "1", "1", "960"]
    events = [row[1:] for row in rows]
    assert ["0", "Tempo", "500000"] in events
    assert ["3840", "Tempo", "1000000"] in events
    assert ["3840", "Time_signature", "3", "2", "24", "8"] in events
    assert ["1920", "Marker_t", '"Refrain"'] in events or ["1920", "Marker_t", "Refrain"] in events


def midi(division: bytes, *tracks: bytes, kind: int = 1) -> bytes:
    head = b"MThd" + bytes([0, 0, 0, 6, 0, kind, 0, len(tracks)]) + division
    return head + b"".join(b"MTrk" + len(track).to_bytes(4, "big") + track for track in tracks)


TEMPO_60 = bytes.fromhex("ff51030f4240")
END = bytes.fromhex("00ff2f00")


def test_tempo_on_any_track_and_running_status(tmp_path):
    notes = bytes.fromhex("00 90 3c 40 60 3c 00 00 3e 40 60 3e 00") + END  # no status repeated
    conductor = b"\x83\x60" + TEMPO_60 + b"\x00\xff\x06\x03Mid" + END  # at tick 480
    (tmp_path / "daw.mid").write_bytes(midi(b"\x00\xf0", notes, conductor))
    found = read_tempo_map(tmp_path / "daw.mid")
    assert found.tempo == (TempoChange(0.0, 120.0), TempoChange(2.0, 60.0))
    assert found.markers == (TimedMarker(1.0, 2.0, "Mid"),)


def test_type_0_with_names_in_latin_1(tmp_path):
    track = b"\x00" + TEMPO_60 + b"\x00\xff\x58\x04\x07\x03\x18\x08"
    track += b"\x60\xff\x07\x02\xe4!" + END
    (tmp_path / "daw.mid").write_bytes(midi(b"\x00\x60", track, kind=0))
    found = read_tempo_map(tmp_path / "daw.mid")
    assert found.tempo == (TempoChange(0.0, 60.0, 7, 8),)
    assert found.markers == (TimedMarker(1.0, 1.0, "ä!"),)


def test_what_repeats_itself_is_one_change(tmp_path):
    track = b"\x00" + TEMPO_60 + b"\x60" + TEMPO_60 + END
    (tmp_path / "daw.mid").write_bytes(midi(b"\x00\x60", track))
    assert read_tempo_map(tmp_path / "daw.mid").tempo == (TempoChange(0.0, 60.0),)


def test_a_file_without_tempo_is_at_120(tmp_path):
    (tmp_path / "daw.mid").write_bytes(midi(b"\x01\xe0", END))
    assert read_tempo_map(tmp_path / "daw.mid").tempo == (TempoChange(0.0, 120.0),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (midi(b"\xe7\x28", END), r"SMPTE time.*ticks per quarter note"),
        (midi(b"\x00\x60", END, END, kind=2), "MIDI type 2"),
        (midi(b"\x00\x60", END)[:-2], "no MIDI file, or is damaged"),
        (midi(b"\x00\x60", b"\x00\xf4" + END), "no MIDI file, or is damaged"),
        (b"RIFF1234WAVE", "no MIDI file"),
        (b"", "no MIDI file"),
    ],
)
def test_other_files_are_refused(tmp_path, content, words):
    (tmp_path / "daw.mid").write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_tempo_map(tmp_path / "daw.mid")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_tempo_map(tmp_path / "missing.mid")


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damage_is_told_and_nothing_else_happens(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("maps") / "map.mid"
    write_tempo_map(session([TempoChange(0.0, 100.0)], [SessionMarker(9, "x")]), path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(UserError):
        assert read_tempo_map(path).tempo[0].beat == 0.0


def test_nothing_to_say_is_refused(tmp_path):
    with pytest.raises(UserError, match="neither a tempo nor markers"):
        write_tempo_map(session(), tmp_path / "map.mid")


def test_a_tempo_that_midi_has_no_number_for_is_refused(tmp_path):
    with pytest.raises(UserError, match="3 bpm"):
        write_tempo_map(session([TempoChange(0.0, 3.0)]), tmp_path / "map.mid")
    assert not list(tmp_path.iterdir())
