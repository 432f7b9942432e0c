"""The vocal stem on real voices: who is held out, seeds, levels, delivery on the beat."""

import numpy as np
import pytest
from scipy import signal

from stemdesk_training.corpus import vocals
from stemdesk_training.corpus.credits import CREDITS, HELD_OUT
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Song, draw_song
from stemdesk_training.corpus.vocals import _MIX, VocalStem
from stemdesk_training.corpus.voice import cast, recorded, retiming, world
from stemdesk_training.corpus.voice.cast import Cast
from stemdesk_training.corpus.voice.melodies import Range, tune
from stemdesk_training.corpus.voice.recorded import Delivery, deliver
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.waveform import active_rms, db
from tests.training.voices import RATE, cents, hiss, needs_pyworld, pitch_of, vowel

SONG = Song(0.5, 0, (0, 2, 4, 5, 7, 9, 11), (0, 4, 5, 3), 8)


@pytest.fixture(scope="module")
def analyses(tmp_path_factory):
    return tmp_path_factory.mktemp("analyses")


@pytest.fixture
def stem(shared, analyses):
    return lambda split: VocalStem(shared / "audio", split, SampleShelf(300), analyses)


def folders(split):
    """Folders under voices/ and speech/ that a split touches, first part of each path."""
    patterns = [*cast.BANKS[split], *cast.SPEAKERS[split], *cast.SUNG[split], *cast.BREATHS[split]]
    patterns += [extra for extra in (cast.CHOIRS[split], cast.CHANT) if extra]
    return {pattern.split("/")[0] for pattern in patterns}


def heard(shared, split):
    """Real singing of a split, as paths under voices/."""
    voices = shared / "audio" / "voices"
    groups = [*cast.sung(voices, split), *cast.chants(voices, split)]
    return {path.relative_to(voices).as_posix() for group in groups for path in group}


class TestHeldOut:
    def test_no_voice_but_that_of_chants_is_in_both_splits(self):
        assert folders("train") & folders("valid") == set(cast.HELD_OUT_CHANTS)

    def test_validation_hears_only_what_is_declared(self):
        declared = {place.split("/")[0] for place in HELD_OUT["vocals"]}
        assert folders("valid") == declared

    def test_training_hears_nothing_that_is_declared_as_held_out(self, shared):
        sung = heard(shared, "train")
        assert not [path for path in sung if path.startswith(tuple(HELD_OUT["vocals"]))]
        assert len(heard(shared, "valid")) == 11

    def test_one_third_of_the_chants_is_held_out_by_file(self, shared):
        for folder, names in cast.HELD_OUT_CHANTS.items():
            both = {split: {path for path in heard(shared, split) if path.startswith(folder)}
                    for split in ("train", "valid")}  # fmt: skip
            assert both["valid"] == {f"{folder}/{name}" for name in names}
            assert len(both["valid"]) == round(len(both["train"] | both["valid"]) / 3)

    def test_every_voice_is_credited(self):
        credited = {key.split("/")[1] for key in CREDITS if key.startswith("voices/")} | {"speech"}
        voices = {f for split in ("train", "valid") for f in folders(split)}
        assert {f for f in voices if not f.startswith("rhasspy")} <= credited
        assert all(f.removeprefix("rhasspy_").split("_")[0] in CREDITS["speech"]
                   for f in voices if f.startswith("rhasspy"))  # fmt: skip

    @needs_pyworld
    def test_no_file_is_in_both_casts(self, shared, tmp_path):
        store = RecordingStore(SampleShelf(), tmp_path)
        files = {}
        for split in ("train", "valid"):
            who = Cast(shared / "audio", split, store)
            groups = [*who.speakers, *who.sung, *who.chant, who.breaths]
            files[split] = {path for group in groups for path in group}
            assert len(files[split]) > 15  # of speech, singing and breaths
        assert files["train"].isdisjoint(files["valid"])
        people = [{path.parent for path in group} for group in who.speakers]
        assert all(len(place) == 1 for place in people)


@needs_pyworld
class TestStem:
    @pytest.mark.parametrize("source", [name for name, _ in _MIX["train"]])
    def test_every_source_makes_plausible_sound(self, stem, source):
        # The smaller cast: there is less to analyse. Only training has a chant.
        split = "train" if source == "chant" else "valid"
        clip = stem(split).make(source, 3.0, np.random.default_rng(6))
        assert clip.shape == (2, 3 * RATE)
        assert clip.dtype == np.float32
        assert np.isfinite(clip).all()
        assert 0.02 < np.abs(clip).max() <= 0.9
        assert active_rms(clip) <= db(-17.9)
        assert abs(clip.mean()) < 0.005
        spectrum = np.abs(np.fft.rfft(clip.mean(axis=0))) ** 2
        rumble = spectrum[: 3 * 50].sum() / spectrum.sum()
        assert rumble < 0.05

    def test_once_a_held_voice_sings_it_leaves_no_rest(self, stem):
        rests = {"held": [], "rap": []}
        for source, found in rests.items():
            for seed in range(4):
                clip = stem("valid").make(source, 4.0, np.random.default_rng(seed))
                power = np.mean(clip.reshape(2, -1, RATE // 20) ** 2, axis=(0, 2))
                is_quiet = power < np.median(power) / 100
                found.append(np.mean(is_quiet[np.argmin(is_quiet) : -2]))
        assert np.median(rests["held"]) < 0.02
        assert np.median(rests["rap"]) > 0.05

    def test_songs_are_sung_where_people_sing_them(self, stem):
        """Low voices only, and a network takes a soprano for a synthesiser."""
        lead = stem("valid")._lead
        pitches = []
        for seed in range(150):
            rng = np.random.default_rng(seed)
            _, home = lead.singer(rng)
            pitches += [n.pitch for n in tune(rng, draw_song(rng, 6.0), Range(home))]
        pitches = np.array(pitches)
        assert 59 <= np.median(pitches) <= 64
        assert np.mean(pitches > 69) > 0.1, "above A4"
        assert np.mean(pitches < 52) > 0.05, "under E3"
        assert np.mean((pitches < 43) | (pitches > 79)) < 0.02

    def test_a_lead_in_unison_lies_to_the_sides(self, stem, monkeypatch):
        monkeypatch.setattr(vocals.vocal_production, "vocal_chain", lambda _rng, clip, *_: clip)
        side_db = {}
        for share in (0.0, 1.0):
            monkeypatch.setattr(vocals, "_UNISON", share)
            takes = (stem("valid").make("sung", 4.0, np.random.default_rng(s)) for s in range(5))
            power = [(np.sum((a - b) ** 2), np.sum((a + b) ** 2)) for a, b in takes]
            side_db[share] = [10 * np.log10(side / middle) for side, middle in power]
        # Takes of a singer who sings evenly are more alike: they have more of a middle.
        assert np.median(side_db[1.0]) > -6
        assert min(side_db[1.0]) > -10
        assert np.median(side_db[0.0]) < -10

    def test_a_section_in_which_no_note_falls_is_silent(self, stem, monkeypatch):
        monkeypatch.setattr(vocals, "tune", lambda *_: [])
        for source in ("held", "sung"):
            assert not stem("valid").make(source, 3.0, np.random.default_rng(6)).any()

    def test_a_seed_gives_one_segment_whatever_was_made_before(self, stem):
        used = stem("valid")
        used.draw(3.0, np.random.default_rng(1))
        first, source = used.draw(3.0, np.random.default_rng(4))
        second, again = stem("valid").draw(3.0, np.random.default_rng(4))
        assert source == again
        assert np.array_equal(first, second)


def said(times, pitch_hz=180.0, seconds=2.0):
    """Syllables: a hiss and a vowel at each time."""
    out = np.zeros(round(seconds * RATE))
    for index, time in enumerate(times):
        at = round(time * RATE)
        sound = vowel("aiueo"[index % 5], pitch_hz, 0.14)
        out[at : at + len(sound)] += sound
        noise = hiss(0.06, index)
        out[at - len(noise) : at] += noise
    return world.analyse(out.astype(np.float32))


def onsets_of(mono):
    """Times at which the low band rises."""
    low = signal.sosfiltfilt(signal.butter(4, 2500, "lowpass", fs=RATE, output="sos"), mono)
    level = np.sqrt(np.mean(low[: len(low) // 220 * 220].reshape(-1, 220) ** 2, axis=1))
    loud = (level > 0.35 * level.max()).astype(int)
    return np.flatnonzero(np.diff(loud) == 1) * 220 / RATE


@needs_pyworld
class TestSpeech:
    TIMES = (0.2, 0.47, 0.71, 1.02, 1.21, 1.55)

    def delivery(self, style, seed=1, **change):
        rng = np.random.default_rng(seed)
        drawn = Delivery.drawn(rng, sung=False, style=style)
        values = {name: getattr(drawn, name) for name in Delivery.__slots__}
        return Delivery(**(values | {"grains": False, "speed": 1.0} | change))

    def test_vowels_are_found(self):
        found = retiming.vowel_onsets(said(self.TIMES)) * 0.005
        assert found == pytest.approx(self.TIMES, abs=0.035)

    @pytest.mark.parametrize("grains", [False, True])
    @pytest.mark.parametrize("now", [0.0, 1.3])
    def test_a_rap_is_on_the_beat(self, now, grains):
        slow = Song(0.8, 0, SONG.scale, SONG.chords, 8)
        delivery = self.delivery("rap", grains=grains)
        out = deliver(said(self.TIMES), delivery, slow, now, np.random.default_rng(0))
        thirds = (now + onsets_of(out)) / (0.8 / 3)
        assert len(thirds) >= 5
        assert np.max(np.abs(thirds - np.round(thirds))) * 0.8 / 3 < 0.045
        as_said = (now + np.array(self.TIMES)) / (0.8 / 3)
        assert np.max(np.abs(as_said - np.round(as_said))) * 0.8 / 3 > 0.09

    def test_a_melodic_delivery_sings_notes_of_the_scale(self):
        delivery = self.delivery("melodic", semitones=0.0)
        out = deliver(said(self.TIMES), delivery, SONG, 0.0, np.random.default_rng(0))
        level = np.abs(out)
        loud = [
            at for at in range(4000, len(out) - 4000, 2000) if level[at : at + 2000].max() > 0.1
        ]
        pitches = np.array([pitch_of(out[at : at + 2000], 90, 500) for at in loud])
        semitones = 69 + 12 * np.log2(pitches / 440)
        assert np.ptp(semitones) > 1.5, "a monotone was turned into a tune"

    def test_a_robot_has_one_pitch_and_a_shift_moves_it(self):
        delivery = self.delivery("robot", semitones=5.0, intonation=0.0)
        out = deliver(said(self.TIMES), delivery, SONG, 0.0, np.random.default_rng(0))
        at = round(0.23 * RATE)
        assert abs(cents(pitch_of(out[at : at + 3500], 90, 500), 180 * 2 ** (5 / 12))) < 25

    def test_speed_is_kept(self):
        recording = said(self.TIMES)
        delivery = self.delivery("natural", speed=1.25)
        out = deliver(recording, delivery, SONG, 0.0, np.random.default_rng(0))
        assert len(out) / len(recording.audio) == pytest.approx(0.8, abs=0.02)

    def test_phrases_are_found_between_pauses(self):
        sound = np.zeros(4 * RATE)
        for start in (0.5, 2.5):
            at = round(start * RATE)
            sound[at : at + RATE] = vowel("a", 200, 1.0)
        spans = np.array(recorded.phrases(sound.astype(np.float32))) / RATE
        assert spans == pytest.approx(np.array([[0.5, 1.5], [2.5, 3.5]]), abs=0.1)
        long = vowel("o", 200, 15.0).astype(np.float32)
        pieces = recorded.phrases(long)
        assert max(end - begin for begin, end in pieces) <= 6.1 * RATE
        assert recorded.phrases(np.zeros(100, np.float32)) == []

    def test_what_has_no_pitch_is_left_as_it_is(self):
        noise = world.analyse(
            (0.1 * np.random.default_rng(0).standard_normal(RATE)).astype(np.float32)
        )
        out = deliver(noise, self.delivery("whisper"), SONG, 0.0, np.random.default_rng(0))
        assert np.array_equal(out[300:-300], noise.audio[300:-300])
