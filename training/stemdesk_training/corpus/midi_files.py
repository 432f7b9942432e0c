"""MIDI files: reading notes, writing scores. The one place that knows mido."""

from collections.abc import Iterator
from pathlib import Path

import mido

from stemdesk_training.corpus.score import Note

_TICKS_PER_SECOND = 960


def note_events(path: Path, limit_seconds: float) -> Iterator[tuple[float, int, int]]:
    """``(seconds, pitch, velocity)`` of every note event; velocity 0 ends a note."""
    now = 0.0
    for message in mido.MidiFile(path):
        now += message.time
        if now > limit_seconds:
            return
        if message.type == "note_on":
            yield now, message.note, message.velocity
        elif message.type == "note_off":
            yield now, message.note, 0


def read_notes(path: Path, limit_seconds: float) -> list[Note]:
    """Notes of all channels that end before ``limit_seconds``."""
    notes: list[Note] = []
    sounding: dict[int, tuple[float, int]] = {}
    for now, pitch, velocity in note_events(path, limit_seconds):
        if pitch in sounding:
            start, struck = sounding.pop(pitch)
            notes.append(Note(start, now - start, pitch, struck))
        if velocity:
            sounding[pitch] = (now, velocity)
    return notes


def read_beats(path: Path) -> tuple[list[Note], int]:
    """Melody of a two-track tune with times in beats, and its tonic as a MIDI pitch near 60.

    The beat is the quarter note, in 6/8 and the like the dotted quarter. Of tunes in other
    metres than 2, 4 and 6 no note is returned.
    """
    song = mido.MidiFile(path)
    track = song.tracks[0]
    keys = [message.key for message in track if message.type == "key_signature"]
    metres = {m.numerator for m in track if m.type == "time_signature"}
    if len(metres) != 1 or not metres <= {2, 4, 6}:
        return [], 60
    beat = song.ticks_per_beat * (1.5 if metres == {6} else 1.0)
    notes: list[Note] = []
    sounding: dict[int, tuple[float, int]] = {}
    now = 0.0
    for message in track:
        now += message.time / beat
        if message.type not in {"note_on", "note_off"}:
            continue
        if message.note in sounding:
            start, struck = sounding.pop(message.note)
            notes.append(Note(start, now - start, message.note, struck))
        if message.type == "note_on" and message.velocity:
            sounding[message.note] = (now, message.velocity)
    notes.sort(key=lambda note: note.start)
    return notes, _tonic(keys[0] if keys else "C")


def _tonic(key: str) -> int:
    """Pitch from 55 to 66 of the major key with the signature of ``key`` (``F#m``: that of A)."""
    shift = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[key[0]]
    shift += key.count("#") - key.count("b")
    shift += 3 if key.endswith("m") else 0
    return 55 + (shift - 7) % 12


def write_score(path: Path, parts: list[tuple[int, int, list[Note]]]) -> None:
    """A type-1 file of ``(channel, program, notes)`` at 960 ticks per second."""
    song = mido.MidiFile(type=1, ticks_per_beat=480)
    for channel, program, notes in parts:
        track = mido.MidiTrack()
        song.tracks.append(track)
        track.append(mido.Message("program_change", program=program, channel=channel))
        last = 0
        for when, pitch, velocity in _events(notes):
            delta = max(0, round(when * _TICKS_PER_SECOND) - last)
            last += delta
            kind = "note_on" if velocity else "note_off"
            track.append(
                mido.Message(kind, note=pitch, velocity=velocity, time=delta, channel=channel)
            )
    song.save(path)


def _events(notes: list[Note]) -> list[tuple[float, int, int]]:
    """Starts and ends in time order; at one moment, ends come first."""
    events = []
    for note in notes:
        events.append((note.start, note.pitch, note.velocity))
        events.append((note.start + max(note.length, 0.02), note.pitch, 0))
    return sorted(events, key=lambda event: (event[0], event[2] > 0))
