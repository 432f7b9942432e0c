"""The accompaniment's sounds: a recorded kit, a recorded bass and guitar, three synthesisers."""

from pathlib import Path

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.bass import NoteBank
from stemdesk_training.corpus.drum_patterns import Hit
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    db,
    fade,
    frames,
    hz,
    pan,
    silence,
)

# Prefix of the kit's files, loudness layers, longest sound in seconds, level in dB, place.
_KIT = {
    "kick": ("ks", 6, 0.5, 0.0, 0.0),
    "snare": ("sc", 6, 0.7, 1.5, 0.05),
    "hat": ("hc", 4, 0.35, 9.0, 0.35),
    "tom_high": ("th", 5, 0.8, 0.0, -0.3),
    "tom_low": ("tl", 5, 1.0, 0.0, 0.4),
}
_ROUND_ROBINS = 4
# Single hits laid under the kit's own, at dB: the room microphones alone lack attack.
_LAYERS = {"kick": ("drum_heavy_kick", -3.0), "snare": ("drum_snare_hard", -7.0)}
_CRASH = ("drum_splash_hard", -10.0)


class Drums:
    """The kit: overhead and front microphones by loudness layer, and single hits under them."""

    def __init__(self, instruments: Path, shelf: SampleShelf) -> None:
        """Remember where the recordings lie."""
        self._kit = instruments / "gogodze_phu_drums_cc0" / "Samples"
        self._single = instruments / "sonic_pi_samples"
        self._shelf = shelf

    def play(self, hits: list[Hit], seconds: float) -> Audio:
        """All strokes, dry; ``[2, frames]``."""
        out = silence(seconds)
        for index, hit in enumerate(hits):
            start = frames(hit.start)
            if hit.drum == "crash":
                name, level = _CRASH
                crash = self._shelf.get(self._single / f"{name}.opus")
                add_at(out, _placed(crash, -0.3), start, db(level) * hit.velocity / 127)
                continue
            for clip in self._stroke(hit, index):
                add_at(out, clip, start)
        return out

    def _stroke(self, hit: Hit, index: int) -> list[Audio]:
        prefix, layers, longest, level, place = _KIT[hit.drum]
        layer = max(1, min(layers, round(layers * hit.velocity / 127)))
        name = f"{prefix}_vl{layer}_rr{1 + index % _ROUND_ROBINS}.opus"
        # Within a layer the recording has one loudness; the rest is gain.
        gain = db(level) * (hit.velocity / 127) / (layer / layers)
        close = 0.25 if hit.drum == "hat" else 1.0
        clips = []
        for microphone, share in (("oh_mic", 1.0), ("front_mic", close)):
            clip = self._shelf.get(self._kit / microphone / name)[:, : frames(longest)]
            clips.append(fade(_placed(clip, place), 0.0, 0.1) * np.float32(share * gain))
        if hit.drum in _LAYERS:
            name, under = _LAYERS[hit.drum]
            loud = db(under) * (hit.velocity / 127) ** 1.6
            single = self._shelf.get(self._single / f"{name}.opus")
            clips.append(single * np.float32(loud))
        return clips


def _placed(clip: Audio, position: float) -> Audio:
    """Lean a stereo clip to a side; its own image stays."""
    angle = (position + 1.0) * np.pi / 4.0
    gains = np.array([[np.cos(angle)], [np.sin(angle)]], dtype=np.float32) * np.float32(2**0.5)
    return clip * gains


def bass(instruments: Path, shelf: SampleShelf) -> NoteBank:
    """The bass guitar, one loudness layer; its files name notes an octave above what sounds."""
    folder = instruments / "growlybass_cc0" / "sustain"
    return NoteBank(shelf, sorted(folder.glob("*_f_rr*.opus")), octave_shift=-1)


def guitar(instruments: Path, shelf: SampleShelf) -> NoteBank:
    """The electric guitar, one loudness layer."""
    folder = instruments / "emilyguitar_cc0" / "notes"
    return NoteBank(shelf, sorted(folder.glob("*_mf_rr*.opus")))


def electric_piano(notes: list[Note], seconds: float) -> Audio:
    """Two pairs of sines, one modulating the other: a soft body and a tine that dies away."""
    out = silence(seconds)
    for note in notes:
        length = frames(note.length + 0.25)
        now = osc.seconds_axis(length)
        pitch_hz = hz(note.pitch)
        loud = note.velocity / 127
        body = np.sin(
            2 * np.pi * pitch_hz * now
            + (0.9 * loud * np.exp(-now / 0.9)) * np.sin(2 * np.pi * pitch_hz * now)
        )
        tine = np.sin(
            2 * np.pi * pitch_hz * now
            + (1.1 * loud * np.exp(-now / 0.12)) * np.sin(2 * np.pi * 14.0 * pitch_hz * now)
        )
        envelope = osc.adsr(length, (0.002, 1.1, 0.22), 0.15)
        wave = (0.75 * body + 0.3 * tine) * envelope * loud**1.3
        add_at(
            out, pan(wave, float(np.clip((note.pitch - 62) / 30, -0.5, 0.5))), frames(note.start)
        )
    # A slow tremolo from side to side, as such pianos have.
    turn = 0.16 * np.sin(2 * np.pi * 4.6 * osc.seconds_axis(out.shape[1]))
    return np.stack([out[0] * (1 + turn), out[1] * (1 - turn)]).astype(np.float32)


def pad(notes: list[Note], seconds: float, rng: Rng) -> Audio:
    """Seven detuned saws per note across the image, dark, slow."""
    out = silence(seconds)
    for note in notes:
        length = frames(note.length + 0.5)
        wave = silence(length / 44_100)
        for place in np.linspace(-1, 1, 7):
            voice = osc.saw(hz(note.pitch) * (1 + 0.0045 * float(place)), length, rng.random())
            wave += pan(voice, float(place) * 0.9)
        wave *= osc.adsr(length, (0.25, 1.0, 0.5), 0.9) * np.float32(note.velocity / 127)
        add_at(out, wave, frames(note.start))
    return osc.lowpass(osc.highpass(out, 180.0), 2400.0)


def pluck(notes: list[Note], seconds: float, rng: Rng) -> Audio:
    """A bright, short pulse wave whose filter closes; notes alternate between the sides."""
    out = silence(seconds)
    for index, note in enumerate(notes):
        length = frames(0.45)
        wave = osc.square(hz(note.pitch), length, 0.3, float(rng.random()))
        wave = osc.sweep(wave, osc.adsr(length, (0.001, 0.09, 0.05), 0.0), 500.0, 6500.0)
        wave *= osc.adsr(length, (0.002, 0.16, 0.1), 0.0) * np.float32(note.velocity / 127)
        add_at(out, pan(wave, 0.55 if index % 2 else -0.55), frames(note.start))
    return out


def bell(notes: list[Note], seconds: float) -> Audio:
    """Four partials that die at different speeds."""
    out = silence(seconds)
    for note in notes:
        length = frames(1.8)
        now = osc.seconds_axis(length)
        for place, (ratio, level) in enumerate(((1, 1.0), (2.0, 0.45), (3.01, 0.25), (5.4, 0.12))):
            partial = osc.sine(hz(note.pitch) * ratio, length) * np.exp(-now * (2.2 + 2.5 * place))
            partial *= level * np.minimum(1.0, now / 0.002) * note.velocity / 127
            add_at(
                out, pan(fade(partial[None], 0.0, 0.1)[0], 0.3 - 0.2 * place), frames(note.start)
            )
    return out
