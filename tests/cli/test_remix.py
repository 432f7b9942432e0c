import json
import math

import numpy as np
import pytest
import soundfile

from stemdesk.audio.levels import from_db, rms_db
from stemdesk.audio.loudness import measure_loudness
from stemdesk.audio.true_peak import true_peak_dbtp
from tests.app.tiny import RATE, music, read_exactly, save_song

STEMS = ("vocals", "drums", "bass", "other")


@pytest.fixture
def stems(tmp_path):
    """A folder of 24-bit stems, 1.5 s."""
    folder = tmp_path / "My Song"
    for seed, name in enumerate(STEMS):
        save_song(
            folder / f"{name}.wav", music(66_150, bits=24, seed=seed, level=0.15), RATE, "PCM_24"
        )
    return folder


def stem(folder, name):
    return read_exactly(folder / f"{name}.wav")


def whole(folder):
    return sum(stem(folder, name) for name in STEMS)


def test_neutral_is_the_song_sample_for_sample(stemdesk, stems, tmp_path):
    assert stemdesk("remix", stems, "-o", tmp_path / "mix.wav").status == 0
    np.testing.assert_array_equal(read_exactly(tmp_path / "mix.wav"), whole(stems))


def test_a_song_is_separated_once_and_its_stems_are_used_again(stemdesk, song, model, tmp_path):
    def remix(target, *more):
        return stemdesk(
            *("remix", song, "--model", model, "--threads", 1, "--stems", tmp_path / "stems"),
            *("-o", tmp_path / target, "--json", *more),
        )

    first = remix("a.wav")
    assert first.status == 0
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "stems").rglob("*.wav")}
    assert len(files) == 4
    np.testing.assert_array_equal(read_exactly(tmp_path / "a.wav"), read_exactly(song))
    second = remix("b.flac", "--vocals", "off")
    assert second.status == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "stems").rglob("*.wav")} == files
    vocals = read_exactly(tmp_path / "stems" / "song" / "vocals.wav")
    wanted = read_exactly(song) - vocals
    np.testing.assert_allclose(read_exactly(tmp_path / "b.flac"), wanted, atol=2**-15)


def test_claims_reach_the_stems_that_are_made_and_no_others(stemdesk, song, model, tmp_path):
    def vocals(folder, *more):
        target = tmp_path / f"{len(list(tmp_path.iterdir()))}.wav"
        remix = ("remix", song, "--model", model, "--threads", 1, "--json")
        ran = stemdesk(*remix, "--stems", tmp_path / folder, "-o", target, *more)
        assert ran.status == 0
        return read_exactly(tmp_path / folder / "song" / "vocals.wav"), ran.events[-1]["notes"]

    plain, _ = vocals("plain")
    claimed, notes = vocals("claimed", "--post", "vocals=12", "--post", "drums=-6")
    assert np.square(claimed).mean() > 1.2 * np.square(plain).mean()
    assert notes == []
    again, notes = vocals("plain", "--post", "vocals=12")
    np.testing.assert_array_equal(again, plain)
    assert len(notes) == 1
    assert "left as they are, whatever --post they were made with" in notes[0]


@pytest.mark.parametrize(
    ("before", "after"), [((), ("--post", "drums=12")), (("--post", "drums=12"), ())]
)
def test_stems_half_there_are_completed_by_what_fits_alone(
    stemdesk, song, model, tmp_path, before, after
):
    remix = ("remix", song, "--model", model, "--threads", 1, "--stems", tmp_path / "stems")
    assert stemdesk(*remix, "-o", tmp_path / "a.wav", *before).status == 0
    drums = tmp_path / "stems" / "song" / "drums.wav"
    wanted = read_exactly(drums)
    drums.unlink()
    ran = stemdesk(*remix, "-o", tmp_path / "b.wav", *after)
    assert ran.status == 1
    assert "are there already, and those made now do not fit them" in ran.err
    assert not drums.exists()
    assert stemdesk(*remix, "-o", tmp_path / "b.wav", *before).status == 0
    np.testing.assert_array_equal(read_exactly(drums), wanted)


def test_a_stem_that_cannot_be_summed_leaves_nothing_beside_it(stemdesk, song, model, tmp_path):
    remix = ("remix", song, "--model", model, "--threads", 1, "--stems", tmp_path / "stems")
    assert stemdesk(*remix, "-o", tmp_path / "a.wav").status == 0
    folder = tmp_path / "stems" / "song"
    samples, rate = soundfile.read(folder / "vocals.wav")
    soundfile.write(folder / "vocals.wav", samples[::2], rate // 2, subtype="PCM_16")
    (folder / "drums.wav").unlink()
    assert stemdesk(*remix, "-o", tmp_path / "b.wav").status == 1
    assert not (folder / "drums.wav").exists()


def test_claims_are_not_for_folders_of_stems(stemdesk, song, model, tmp_path):
    remix = ("remix", song, "--model", model, "--threads", 1, "--stems", tmp_path / "stems")
    assert stemdesk(*remix, "-o", tmp_path / "a.wav").status == 0
    mixed = ("remix", tmp_path / "stems" / "song", "-o", tmp_path / "b.wav", "--json")
    ran = stemdesk(*mixed, "--post", "vocals=6")
    assert ran.status == 0
    assert "--post is for songs yet to be separated" in ran.events[-1]["notes"][0]


def test_stems_of_another_song_of_that_name_are_refused(stemdesk, song, model, tmp_path):
    remix = ("remix", song, "--model", model, "--threads", 1, "--stems", tmp_path / "stems")
    assert stemdesk(*remix, "-o", tmp_path / "a.wav").status == 0
    save_song(song, music(66_150, seed=9))
    ran = stemdesk(*remix, "-o", tmp_path / "b.wav")
    ran.refused("do not sum to", "--stems")
    assert not (tmp_path / "b.wav").exists()


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--vocals", "-3"], {"vocals": from_db(-3)}),
        (["--vocals=-inf"], {"vocals": 0}),
        (["--drums", "off", "--bass", "+2"], {"drums": 0, "bass": from_db(2)}),
        (["--bass-solo"], {"vocals": 0, "drums": 0, "other": 0}),
        (["--other-mute"], {"other": 0}),
        (["--other-invert"], {"other": -1}),
        (["--set", "drums.level_db=-6"], {"drums": from_db(-6)}),
        (["--master", "-3"], dict.fromkeys(STEMS, from_db(-3))),
    ],
)
def test_options_do_what_they_say(stemdesk, stems, tmp_path, options, wanted):
    assert stemdesk("remix", stems, "-o", tmp_path / "mix.wav", *options).status == 0
    expected = sum(wanted.get(name, 1.0) * stem(stems, name) for name in STEMS)
    np.testing.assert_allclose(read_exactly(tmp_path / "mix.wav"), expected, atol=2e-7)


def test_effects_of_the_short_form_are_heard(stemdesk, stems, tmp_path):
    options = ("--vocals-reverb", "0.5", "--drums-compress", "-40", "--bass-eq", "400")
    assert stemdesk("remix", stems, "-o", tmp_path / "mix.wav", *options).status == 0
    out = read_exactly(tmp_path / "mix.wav")
    assert out.shape[1] > 66_150  # the reverb's tail
    assert rms_db(out[:, 66_150 : 66_150 + 4000]) > -60


def test_automation_follows_its_points(stemdesk, stems, tmp_path):
    ran = stemdesk(
        *("remix", stems, "-o", tmp_path / "mix.wav", "--drums-solo"),
        *("--automate", "drums.level_db=0@0,0@0:00.5,off@0:00.5"),
    )
    assert ran.status == 0
    out, drums = read_exactly(tmp_path / "mix.wav"), stem(stems, "drums")
    np.testing.assert_allclose(out[:, :21_000], drums[:, :21_000], atol=2e-7)
    assert np.abs(out[:, 23_000:]).max() == 0


@pytest.mark.parametrize("lufs", [-14.0, -23.0])
def test_loudness_and_true_peak_are_met(stemdesk, stems, tmp_path, lufs):
    target = tmp_path / "mix.wav"
    ran = stemdesk("remix", stems, "-o", target, "--loudness", lufs, "--json", "--subtype", "float")
    assert ran.status == 0
    out = read_exactly(target)
    measured = measure_loudness(out, RATE).integrated_lufs
    assert measured == pytest.approx(lufs, abs=0.15)
    assert true_peak_dbtp(out, RATE) <= -1.0 + 0.1
    told = ran.events[-1]
    assert told["loudness_lufs"] == pytest.approx(measured, abs=0.05)
    assert told["true_peak_dbtp"] == pytest.approx(true_peak_dbtp(out, RATE), abs=0.05)


def test_a_recipe_is_saved_and_does_the_same_to_a_whole_folder(stemdesk, stems, tmp_path):
    recipe = tmp_path / "quiet.toml"
    first = stemdesk(
        *("remix", stems, "-o", tmp_path / "mix.wav", "--vocals", -6, "--drums-reverb", 0.1),
        *("--save-recipe", recipe),
    )
    assert first.status == 0
    album = tmp_path / "album"
    for name in ("One", "Two"):
        (album / name).mkdir(parents=True)
        for each in STEMS:
            (album / name / f"{each}.wav").write_bytes((stems / f"{each}.wav").read_bytes())
    ran = stemdesk("remix", album, "--recipe", recipe, "-o", tmp_path / "out")
    assert ran.status == 0, ran
    for name in ("One", "Two"):
        np.testing.assert_array_equal(
            read_exactly(tmp_path / "out" / f"{name} (remix).wav"),
            read_exactly(tmp_path / "mix.wav"),
        )


def test_in_a_batch_the_others_go_on(stemdesk, stems, tmp_path):
    album = tmp_path / "album"
    for name, frames in (("One", 3000), ("Two", 5000)):
        save_song(album / name / "vocals.wav", music(frames))
    save_song(album / "Two" / "bass.wav", music(5000), 48000)
    ran = stemdesk("remix", album, "-o", tmp_path / "out")
    ran.refused("Two", "48000 Hz")
    assert "One (remix).wav" in ran.out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["One (remix).wav"]


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        (["--vocals", "13"], ["vocals.level_db cannot be 13"]),
        (["--vocals=loud"], ["--vocals", "'loud' is no number"]),
        (["--set", "vocals.reverb.size=1"], ["no parameter vocals.reverb.size"]),
        (["--set", "vocals.level_db"], ["no NAME=VALUE"]),
        (["--set", "key=-2"], ["no parameter key", "perhaps master.pitch.semitones"]),
        (["--automate", "vocals.pan=1"], ["has no times"]),
        (["--automate", "vocals.pan=1@5,0@2"], ["goes back in time"]),
        (["--automate", "vocals.pan=1@soon"], ["'soon' is not a time"]),
        (["--loudness", "5"], ["loudness cannot be 5"]),
        (["--true-peak", "-3"], ["--true-peak goes with --loudness"]),
        (["--save-recipe", "mix.wav"], ["mix.wav", ".toml"]),
        (
            ["--automate", "vocals.pan=1@1", "--automate", "Vocals.pan=1@2"],
            ["vocals.pan twice"],
        ),
        (["--vocals-reverb", "nan"], ["'nan' is no number"]),
        (["--format", "flac"], ["mix.wav and --format flac do not go together"]),
    ],
)
def test_what_was_typed_wrongly_is_refused_in_one_sentence(
    stemdesk, stems, tmp_path, options, fragments
):
    target = tmp_path / "mix.wav"
    stemdesk("remix", stems, "-o", target, *options).refused(*fragments, status=2)
    assert not target.exists()


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        (["--guitar", "-3"], ["works on the stem guitar", "vocals, drums"]),
        (["--recipe", "missing.toml"], ["The recipe missing.toml does not exist"]),
        (["--plugin", "vocals=missing.vst3"], ["missing"]),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(stemdesk, stems, tmp_path, options, fragments):
    target = tmp_path / "mix.wav"
    stemdesk("remix", stems, "-o", target, *options).refused(*fragments)
    assert not target.exists()


def test_nothing_is_overwritten_unasked(stemdesk, stems, tmp_path):
    target = tmp_path / "mix.wav"
    target.write_text("mine")
    stemdesk("remix", stems, "-o", target).refused("exists already", "--overwrite")
    assert stemdesk("remix", stems, "-o", target, "--overwrite", "skip").status == 0
    assert target.read_text() == "mine"
    assert stemdesk("remix", stems, "-o", target, "--overwrite", "rename").status == 0
    assert (tmp_path / "mix (2).wav").exists()
    stemdesk("remix", stems, "-o", stems / "vocals.wav", "--overwrite", "yes").refused("made from")
    stemdesk("remix", stems, "-o", tmp_path / "mix.doc").refused("mix.doc", ".wav")
    recipe = tmp_path / "r.toml"
    recipe.write_text("mine")
    stemdesk("remix", stems, "-o", tmp_path / "n.wav", "--save-recipe", recipe).refused("r.toml")
    assert recipe.read_text() == "mine"


def test_effects_are_listed_with_their_parameters(stemdesk):
    told = stemdesk("effects").out
    assert "reverb: Reverb" in told
    assert "decay_seconds" in told
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert "mute 0 or 1, normally 0" in lines
    assert "semitones -12 to 12 semitones, normally 0" in lines
    assert "--vocals-reverb 0.2" in stemdesk("effects", "--help").out
    listed = json.loads(stemdesk("effects", "--json").out)
    assert listed["strip"][0]["name"] == "level_db"
    assert listed["reverb"][0] == {
        **listed["reverb"][0],
        "name": "amount",
        "minimum": 0.0,
        "maximum": 1.0,
    }


def test_the_library_does_the_same(stems, tmp_path):
    import stemdesk
    from stemdesk.errors import UserError

    done = stemdesk.remix(stems, {"vocals.level_db": -math.inf}, tmp_path / "a.wav")
    expected = sum(stem(stems, name) for name in STEMS[1:])
    np.testing.assert_allclose(read_exactly(done.file), expected, atol=2e-7)
    with pytest.raises(UserError, match="exists already"):
        stemdesk.remix(stems, {}, tmp_path / "a.wav")


def test_short_forms_are_the_effects_they_name(stemdesk, stems, tmp_path):
    from stemdesk.mixing.addresses import get
    from stemdesk.mixing.recipe import load_recipe

    recipe = tmp_path / "r.toml"
    ran = stemdesk(
        *("remix", stems, "-o", tmp_path / "m.wav", "--save-recipe", recipe, "--key", "-2"),
        *("--vocals-compress", "-30", "--vocals-eq", "90", "--drums-gate=-50", "--bass-pan", "0.5"),
    )
    assert ran.status == 0
    mix = load_recipe(recipe).mix
    chains = {
        strip.name: [(each.kind, each.values) for each in strip.effects]
        for strip in (*mix.strips, mix.master)
    }
    assert chains["master"] == [("pitch", {"semitones": -2.0})]
    assert chains["vocals"] == [
        ("equaliser", {"high_pass_hz": 90.0}),
        ("compressor", {"threshold_db": -30.0}),
    ]
    assert chains["drums"] == [("gate", {"threshold_db": -50.0})]
    assert get(mix, "bass.pan") == 0.5


def test_the_mix_of_a_folder_is_as_deep_as_its_deepest_stem(stemdesk, stems, tmp_path):
    vocals = music(66_150, bits=16, seed=7, level=0.15)
    save_song(stems / "vocals.wav", vocals, RATE, "PCM_16")
    assert stemdesk("remix", stems, "-o", tmp_path / "mix.wav").status == 0
    np.testing.assert_array_equal(read_exactly(tmp_path / "mix.wav"), whole(stems))


def test_a_mix_for_other_stems_is_refused_before_the_song_is_separated(stemdesk, song, tmp_path):
    ran = stemdesk(
        "remix", song, "--stems", tmp_path / "s", "-o", tmp_path / "m.wav", "--guitar", 1
    )
    ran.refused("works on the stem guitar")
    assert not (tmp_path / "s").exists()


def test_loudness_that_the_peaks_do_not_allow_is_told(stemdesk, stems, tmp_path):
    target = tmp_path / "mix.wav"
    options = ("--loudness", "-3", "--true-peak", "-6", "--json", "--subtype", "float")
    told = stemdesk("remix", stems, "-o", target, *options).events[-1]
    assert true_peak_dbtp(read_exactly(target), RATE) <= -6.0 + 1e-6
    assert told["loudness_lufs"] < -3.5
    assert any("leaves no room" in note for note in told["notes"])
    assert any("limited by up to" in note for note in told["notes"])


def test_a_recipe_with_a_typing_mistake_is_refused(stemdesk, stems, tmp_path):
    recipe = tmp_path / "r.toml"
    for text in ("loudnes_lufs = -14.0", "loudness_lufs = nan", "[mix]\nstrips = []\nceilin = 1.0"):
        recipe.write_text(text)
        stemdesk("remix", stems, "--recipe", recipe, "-o", tmp_path / "m.wav").refused("r")
