"""What drummers play: grooves at the song's tempo, rests, build-ups, fills; loops on the grid."""

import numpy as np
import pytest

from stemdesk_training.corpus import drum_mixing, gm_kits, hydrogen_kits, soundfont
from stemdesk_training.corpus.drum_kits import FAMILIES, draw_kit, file_classes
from stemdesk_training.corpus.drum_patterns import NOTE_OF_CLASS, Hit
from stemdesk_training.corpus.drum_score import Grooves, write_drums
from stemdesk_training.corpus.drum_synthesis import machine
from stemdesk_training.corpus.form import Form, Section
from stemdesk_training.corpus.midi_files import write_score
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note, Song
from stemdesk_training.corpus.waveform import RATE_HZ

SCALE = (0, 2, 4, 5, 7, 9, 11)
SONG = Song(0.6, 0, SCALE, (0,), 4)


@pytest.fixture
def audio_root(tmp_path):
    """Two bars of kick and snare on the beats at 120 bpm, by a drummer of each split."""
    notes = [
        Note(beat * 0.5, 0.1, NOTE_OF_CLASS["snare" if beat % 2 else "kick"], 100)
        for beat in range(9)
    ]
    for drummer in ("drummer1", "drummer10"):
        folder = tmp_path / "midi" / "groove" / drummer
        folder.mkdir(parents=True)
        write_score(folder / "1_rock_120_beat_4-4.mid", [(9, 0, notes)])
        write_score(folder / "2_rock_120_fill_4-4.mid", [(9, 0, notes[:4])])
        write_score(folder / "3_rock_120_beat_6-8.mid", [(9, 0, notes)])
    return tmp_path


def form_of(*sections):
    """Sections of four bars, given by name and resting stems."""
    made = []
    for name, *rests in sections:
        start = len(made) * 4 * SONG.bar_seconds
        made.append(Section(name, start, SONG, frozenset(rests)))
    return Form(tuple(made), made[-1].end, electronic=False)


def test_a_groove_is_played_at_the_songs_tempo(audio_root):
    grooves = Grooves(audio_root, "train")
    hits = grooves.play(np.random.default_rng(0), SONG)
    starts = np.array([hit.start for hit in hits])
    # Ticks of the file are half a millisecond.
    assert np.abs(starts / 0.6 - np.round(starts / 0.6)).max() < 0.01
    assert len(hits) == 16
    kicks = [round(hit.start / 0.6) for hit in hits if hit.drum == "kick"]
    assert kicks == list(range(0, 16, 2))


def test_the_splits_share_no_drummer_and_only_common_time_is_read(audio_root):
    train, valid = (Grooves(audio_root, split) for split in ("train", "valid"))
    assert [path.parts[-2] for path, _ in train.beats + train.fills] == ["drummer1"] * 2
    assert [path.parts[-2] for path, _ in valid.beats + valid.fills] == ["drummer10"] * 2


@pytest.mark.parametrize("human", [True, False])
def test_drums_rest_where_the_form_says_so(audio_root, human):
    form = form_of(("verse",), ("break", "drums"), ("chorus",), ("build",), ("drop",))
    for seed in range(5):
        rng = np.random.default_rng(seed)
        hits = write_drums(rng, form, Grooves(audio_root, "train"), human=human)
        starts = np.array([hit.start for hit in hits])
        assert np.all(np.diff(starts) >= 0)
        assert starts[-1] < form.seconds
        rest = form.sections[1]
        assert not np.any((starts >= rest.start) & (starts < rest.end - 0.05))
        for section in form.sections:
            if section is not rest:
                assert np.any((starts >= section.start) & (starts < section.end))


def test_a_build_up_gets_faster_and_louder(audio_root):
    form = form_of(("build",), ("drop", "drums"))
    # The fill at its end, where there is one, is not the roll.
    last = form.sections[0].end - 4 * SONG.beat_seconds
    for seed in range(6):
        rng = np.random.default_rng(seed)
        hits = write_drums(rng, form, Grooves(audio_root, "train"), human=False)
        roll = [hit for hit in hits if hit.drum not in {"kick", "crash"} and hit.start < last]
        gaps = np.diff([hit.start for hit in roll])
        assert gaps[0] == pytest.approx(SONG.beat_seconds)
        assert gaps[-1] <= SONG.beat_seconds / 2 + 1e-6
        assert roll[-1].velocity > roll[0].velocity + 20


def test_a_loop_is_cut_to_the_grid():
    loop = np.zeros((2, round(1.76 * RATE_HZ)), np.float32)
    for eighth in range(8):
        loop[:, round(eighth * 0.22 * RATE_HZ) + 60] = 1.0
    out = drum_mixing.sliced(loop, 0.25, 4.0, np.random.default_rng(7))
    loud = np.abs(out).max(axis=0)
    onsets = np.flatnonzero(loud > 0.3 * loud.max()) / RATE_HZ
    assert len(onsets) >= 14
    assert np.abs(onsets / 0.25 - np.round(onsets / 0.25)).max() * 0.25 < 0.01


def test_a_channel_for_each_part_keeps_the_hits_in_time():
    rng = np.random.default_rng(3)
    hits = [Hit(0.25 + 0.5 * turn, "kick", 110) for turn in range(4)]
    kit = drum_mixing.tuned(machine(rng), hits, rng)
    assert set(kit) == {"kick"}
    out = drum_mixing.mixed(hits, kit, 2.5, rng)
    assert not np.abs(out[:, : round(0.24 * RATE_HZ)]).max() > 1e-3
    envelope = np.abs(out).max(axis=0)
    for hit in hits:
        begin = round(hit.start * RATE_HZ)
        before = envelope[begin - 900 : begin - 40].max()
        assert envelope[begin : begin + 1500].max() > 2 * before + 0.01


def _names(split):
    return {name for families in FAMILIES[split].values() for name, _ in families}


_FONT_KITS = [name for split in FAMILIES for name in sorted(_names(split)) if gm_kits.is_one(name)]


def test_training_and_validation_share_no_kit():
    assert not _names("train") & _names("valid")


@pytest.mark.skipif(bool(soundfont.missing()), reason="needs fluidsynth, three soundfonts")
@pytest.mark.parametrize("kit", _FONT_KITS)
def test_a_soundfont_has_every_kit_that_is_drawn(kit):
    split = "train" if kit in _names("train") else "valid"
    assert (kit.split()[0] == "musescore") == (split == "valid")
    strokes = gm_kits.strokes(kit)
    assert {"kick", "snare", "hat_closed", "hat_open", "tom_low", "crash", "ride"} <= set(strokes)
    assert all(np.abs(clip).max() > 1e-2 for clips in strokes.values() for clip in clips)


@pytest.mark.skipif(bool(hydrogen_kits.missing()), reason="needs hydrogen-drumkits")
@pytest.mark.parametrize("kit", hydrogen_kits.LICENCES)
def test_every_file_of_a_hydrogen_kit_is_there(kit, tmp_path):
    classes = file_classes(tmp_path, kit)
    assert {"kick", "snare", "hat_closed"} <= set(classes)
    assert all(classes.values())
    drawn = draw_kit(SampleShelf(50), tmp_path, kit, np.random.default_rng(1))
    assert all(np.abs(clip).max() > 1e-3 for clips in drawn.values() for clip in clips)
    assert all(clip.shape[1] <= 0.45 * RATE_HZ + 1 for clip in drawn["kick"]), "else it is a bass"
