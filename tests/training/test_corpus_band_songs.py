"""Songs: one tempo for all, rests that are silent, one gain for all stems, nothing held out."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from stemdesk_training.corpus import (
    band_credits,
    bass,
    bus,
    hydrogen_kits,
    layers,
    score,
    songs,
    soundfont,
)
from stemdesk_training.corpus.accompaniment import OtherStem
from stemdesk_training.corpus.bass import BassStem
from stemdesk_training.corpus.drums import DrumStem
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Conducted
from stemdesk_training.corpus.synth_basses import DEEP, SynthBass
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS, frames

SEEDS = (16, 12, 9, 8)
needs_packages = pytest.mark.skipif(
    bool(soundfont.missing() + hydrogen_kits.missing()),
    reason="needs fluidsynth, three soundfonts and hydrogen-drumkits",
)


def noise(seed, level):
    return level * np.random.default_rng(seed).standard_normal((2, RATE_HZ)).astype(np.float32)


class TestBus:
    def test_one_gain_for_all_stems(self):
        stems = {stem: noise(place, 0.1 + 0.1 * place) for place, stem in enumerate(STEMS)}
        stems["drums"][:, 20_000:20_400] *= 8
        stems["bass"][:] = 0
        seen = set()
        for seed in range(10):
            made = bus.mastered(np.random.default_rng(seed), stems)
            mixture = sum(made.values())
            assert np.abs(mixture).max() <= 0.981
            assert not made["bass"].any()
            gains = [made[s] / stems[s] for s in ("vocals", "drums", "other")]
            alike = np.allclose(gains[0], gains[1], rtol=1e-3, atol=1e-6)
            seen.add(alike)
            if alike:
                assert np.allclose(gains[0], gains[2], rtol=1e-3, atol=1e-6)
                assert np.allclose(gains[0][0], gains[0][1], rtol=1e-3)
        assert seen == {True, False}, "some masters have an equaliser"

    def test_the_chain_of_the_sum_is_the_sum_of_the_chains(self):
        stems = {stem: noise(place, 0.2) for place, stem in enumerate(STEMS)}
        whole = {"all": np.sum(list(stems.values()), axis=0)}
        for seed in range(6):
            parts = bus.mastered(np.random.default_rng(seed), stems)
            one = bus.mastered(np.random.default_rng(seed), whole)["all"]
            assert np.abs(sum(parts.values()) - one).max() < 1e-4

    def test_the_compressor_lowers_what_is_loud(self):
        clip = noise(1, 0.02)
        clip[:, 20_000:30_000] *= 20
        gain = bus.glue(clip, np.random.default_rng(0))
        assert gain.max() <= 1.0
        assert gain[29_000] < 0.7 * gain[10_000]


def test_a_conducted_generator_gives_its_song_and_shares_its_state():
    song = score.draw_song(np.random.default_rng(3), 10.0)
    rng, twin = np.random.default_rng(8), np.random.default_rng(8)
    led = Conducted(rng, song)
    assert score.draw_song(led, 99.0) is song
    assert led.random() == twin.random()
    assert rng.random() == twin.random()
    assert score.draw_song(rng, 10.0) is not song


class Singer:
    """Stands in for the voice: a tone as long as what it is asked for, told by its song's key."""

    def __init__(self, *_):
        self.asked = []

    def draw(self, seconds, rng):
        song = score.draw_song(rng, seconds)
        self.asked.append((seconds, song))
        return np.full((2, frames(seconds)), 0.1, np.float32), "vocals/tone"


@pytest.fixture(scope="module")
def band():
    shared = Path(__file__).resolve().parents[3] / "shared"
    if not shared.is_dir():
        pytest.skip("needs the folder `shared` beside the repository, which is not here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(songs, "VocalStem", Singer)
        yield songs.SongMaker(shared / "audio", "train", SampleShelf(300))


@pytest.fixture(scope="module")
def some(band):
    return [band.make(18.0, np.random.default_rng([1, seed])) for seed in SEEDS]


def onsets(clip):
    """Clear rises of the level in blocks of 5 ms: their times in seconds and their heights."""
    block = 220
    mono = np.abs(clip).max(axis=0)[: clip.shape[1] // block * block]
    level = np.log(mono.reshape(-1, block).max(axis=1) + 1e-4 * mono.max())
    rise = np.maximum(0, np.diff(level, prepend=level[0]))
    return np.flatnonzero(rise > 0.7) * block / RATE_HZ, rise[rise > 0.7]


@needs_packages
class TestSongMaker:
    def test_stems_are_of_one_length_and_sum_to_a_master(self, some):
        for song in some:
            length = frames(song.form.seconds)
            assert all(clip.shape == (2, length) for clip in song.stems.values())
            assert set(song.stems) == set(STEMS)
            mixture = sum(song.stems.values())
            assert np.isfinite(mixture).all()
            assert 0.05 < np.abs(mixture).max() <= 0.981

    def test_stems_sound_where_they_play_and_fall_silent_where_they_rest(self, some):
        rested = 0
        for song in some:
            for stem, clip in song.stems.items():
                top = np.abs(clip).max()
                if not list(song.form.playing(stem)):
                    assert not clip.any()
                    continue
                for before, section in zip(
                    (None, *song.form.sections), song.form.sections, strict=False
                ):
                    if stem not in section.rests or stem == "other":
                        continue
                    rings = before is not None and stem not in before.rests
                    # What rings on from the section before is allowed to die away.
                    begin = frames(section.start + (0.6 * section.seconds if rings else 0))
                    quiet = np.abs(clip[:, begin : frames(section.end) - 2000])
                    assert quiet.size == 0 or quiet.max() < 0.06 * top
                    rested += 1
        assert rested > 3

    def test_the_voice_stands_where_its_sections_are(self, some):
        sung = 0
        for song in some:
            for section in song.form.playing("vocals"):
                span = slice(frames(section.start) + 500, frames(section.end) - 3000)
                assert np.abs(song.stems["vocals"][:, span]).min() > 0
                sung += 1
        assert sung > 3

    def test_drums_lie_on_the_songs_beats(self, some):
        shares = []
        for song in some:
            if "drums" not in song.sources or "loops" in song.sources["drums"]:
                continue
            times, heights = onsets(song.stems["drums"])
            place = times / (song.form.beat_seconds / 4)
            # Swing and human timing spread the strokes, yet most lie near the sixteenths.
            near = np.abs(place - np.round(place)) < 0.25
            shares.append(heights[near].sum() / heights.sum())
        assert len(shares) >= 2
        assert min(shares) > 0.6
        assert np.mean(shares) > 0.7

    def test_the_voice_sings_along_the_sections(self, band):
        singer = band._vocals
        singer.asked.clear()
        song = band.make(12.0, np.random.default_rng([1, SEEDS[0]]))
        sung = list(song.form.playing("vocals"))
        assert [asked[1] for asked in singer.asked] == [section.song for section in sung]
        assert [asked[0] for asked in singer.asked] == [section.seconds for section in sung]

    def test_the_same_key_gives_the_same_song(self, band, some):
        again = band.make(18.0, np.random.default_rng([1, SEEDS[2]]))
        assert again.sources == some[2].sources
        for stem in STEMS:
            assert np.array_equal(again.stems[stem], some[2].stems[stem])

    def test_a_bass_may_beat_in_the_place_of_the_kick(self, band, monkeypatch):
        def low(song):
            """Energy of the drums under 100 Hz."""
            heard = sosfilt(butter(4, 100, fs=RATE_HZ, output="sos"), song.stems["drums"])
            return np.square(heard).sum()

        seed = next(s for s in range(99) if _electronic_with_kicks(band, s))
        monkeypatch.setattr(songs, "_ON_KICKS", 1.0)
        made, given, play = {}, [], band._bass.play

        def playing(form, rng, kicks):
            given.append(kicks)
            return play(form, rng, kicks)

        monkeypatch.setattr(band._bass, "play", playing)
        for share in (0.0, 1.0):
            monkeypatch.setattr(songs, "_FOR_KICKS", share)
            made[share] = band.make(12.0, np.random.default_rng([2, seed]))
        assert made[1.0].sources["bass"].removeprefix("bass/electronic/synth/") in DEEP
        assert low(made[1.0]) < 0.3 * low(made[0.0])
        # With the kick or without, the bass was given its times.
        assert given[0] == given[1] != []

    def test_a_song_may_be_carried_by_one_stem(self, band, monkeypatch):
        monkeypatch.setattr(songs, "_LEADERS", [("bass", 1.0)])
        monkeypatch.setattr(songs, "_LED", 1.0)
        seeds = [s for s in range(300) if _electronic_with_kicks(band, s)][:5]
        shares = []
        for seed in seeds:
            made = band.make(12.0, np.random.default_rng([2, seed]))
            power = {stem: np.square(clip).mean() for stem, clip in made.stems.items()}
            shares.append(power["bass"] / sum(power.values()))
        assert np.median(shares) > 0.6


def _electronic_with_kicks(band, seed):
    form = songs.draw_form(np.random.default_rng([2, seed]), 12.0)
    whole = all(not {"drums", "bass"} & s.rests for s in form.sections)
    return whole and form.electronic


class TestBassRegister:
    @pytest.mark.parametrize(
        ("deep", "lowest", "usual"), [(True, 25, (28, 38)), (False, 28, (32, 42))]
    )
    def test_no_bass_plays_below_its_lowest_string(self, shared, monkeypatch, deep, lowest, usual):
        pitches = []

        def play(_patch, notes, seconds, _beat_seconds):
            pitches.extend(note.pitch for note in notes)
            return noise(1, 0.1)[:, : frames(seconds)]

        monkeypatch.setattr(SynthBass, "play", play)
        monkeypatch.setattr(SynthBass, "is_deep", deep)
        monkeypatch.setattr(bass, "weighted", lambda _rng, _choices: "synth")
        stem = BassStem(shared / "audio", "train", SampleShelf(10))
        for seed in range(60):
            stem.draw(12.0, np.random.default_rng(seed))
        assert len(pitches) > 1000
        assert lowest <= min(pitches) < lowest + 3
        assert usual[0] < np.median(pitches) < usual[1]


class TestImitations:
    def test_few_instruments_imitate_voices(self, shared, monkeypatch):
        """A voice is a voice, nearly always: or whoever sings smoothly is taken for a machine."""

        kinds = []

        class Silent:
            def __init__(self, _rng, kind):
                kinds.append(kind)

            def play(self, _notes, seconds):
                return np.zeros((2, frames(seconds)), dtype=np.float32)

        monkeypatch.setattr(layers, "Patch", Silent)
        for effect in ("swept", "gated"):
            monkeypatch.setattr(layers.movement, effect, lambda _rng, clip, _beat: clip)
        drawer = layers.Layers(shared / "audio", "train", SampleShelf(10))
        rng = np.random.default_rng(1)
        form = next(f for f in (songs.draw_form(rng, 8.0) for _ in range(99)) if f.electronic)
        for _ in range(300):
            assert drawer._synth(form, None, rng)[0] == f"synth/{kinds[-1]}"
        assert 0.003 < np.mean([kind == "formant" for kind in kinds]) < 0.05
        assert len(set(kinds)) == 11
        shares = dict(layers._SHARES["electronic"])
        assert sum(shares.values()) == pytest.approx(1)
        assert 0 < shares["talking"] < 0.04


class TestHeldOut:
    def test_programs_and_synthesisers(self):
        for table in (layers.PROGRAMS["train"], layers.PROGRAMS["valid"]):
            assert set(table) == {"chords", "melody", "arp", "riff", "drone", "power"}
        train, valid = (
            {program for programs in layers.PROGRAMS[s].values() for program in programs}
            for s in ("train", "valid")
        )
        assert not train & valid
        assert not (train | valid) & {52, 53, 54, 85, 91}
        assert {"organ", "square"}.isdisjoint(layers.SYNTHESISERS["train"])

    def test_recorded_material(self, shared):
        root = shared / "audio"

        def files(split):
            shelf = SampleShelf(10)
            drums, basses = DrumStem(root, split, shelf), BassStem(root, split, shelf)
            other = OtherStem(root, split, shelf)._layers
            found = {path for path, _ in drums._grooves.beats + drums._grooves.fills}
            found |= set(drums._loops) | set(other._tunes.files) | set(other._ambience._files)
            banks = [*basses._banks, *([other._guitar] if other._guitar else [])]
            return found | {p for b in banks for paths in b._by_pitch.values() for p in paths}

        train, valid = files("train"), files("valid")
        assert len(train) > 500
        assert len(valid) > 100
        assert not train & valid
        assert not any("songs" in path.relative_to(root).parts for path in train | valid)

    def test_fonts(self, shared, monkeypatch):
        """Training hears more than one, so that it does not learn a room and a hand."""
        heard = []

        def silent(font, _parts, seconds):
            heard.append(font)
            return np.zeros((2, frames(seconds)), dtype=np.float32)

        monkeypatch.setattr(soundfont, "render", silent)
        monkeypatch.setattr(
            bass, "_SOURCES", {style: [("soundfont", 1.0)] for style in bass._SOURCES}
        )
        fonts = {}
        for split in ("train", "valid"):
            heard.clear()
            rng = np.random.default_rng(1)
            form = songs.draw_form(rng, 8.0)
            drawer = layers.Layers(shared / "audio", split, SampleShelf(10))
            basses = BassStem(shared / "audio", split, SampleShelf(10))
            for _ in range(12):
                drawer._soundfont(form, None, rng)
                basses.play(form, rng)
            fonts[split] = set(heard)
        assert fonts == {
            "train": {soundfont.FLUID, soundfont.GM_BANK},
            "valid": {soundfont.MUSESCORE},
        }

    def test_the_pool_names_every_kit_it_uses(self):
        told = json.dumps([band_credits.CREDITS, band_credits.HELD_OUT])
        assert all(kit in told for kit in hydrogen_kits.LICENCES)
