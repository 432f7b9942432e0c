"""What `stemdesk separate` delivers."""

from __future__ import annotations

import hashlib
import json
import re
from functools import partial

import mutagen
import numpy as np
import pytest
import soundfile

from stemdesk.separation import adaptation
from tests.app.tiny import RATE, STEMS, music, read_exactly, save_song, save_tiny_model


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def null_of(song, files):
    return np.count_nonzero(read_exactly(song) - sum(read_exactly(path) for path in files))


def test_four_stems_that_null(separate, song, out, files_below):
    ran = separate(song)
    assert ran.status == 0
    assert ran.err == ""
    assert files_below(out) == sorted(f"song/{stem}.wav" for stem in STEMS)
    lines = ran.out.splitlines()
    assert lines[:4] == [str(out / "song" / f"{stem}.wav") for stem in STEMS]
    assert lines[4] == "song.wav: the stems null, 0 samples differ"
    assert "1.5 s of music" in lines[5]
    pace = r"\((.* x real time|takes .* x the song's length)\) with tiny on the cpu"
    assert re.search(pace, lines[5])
    assert null_of(song, [out / "song" / f"{stem}.wav" for stem in STEMS]) == 0
    assert read_exactly(out / "song" / "vocals.wav").any()
    assert not (out / ".partial").exists()


@pytest.mark.parametrize(
    ("arguments", "names", "nulls"),
    [
        (["--karaoke"], ["instrumental", "vocals"], True),
        (["--stems", "vocals,rest"], ["rest", "vocals"], True),
        (["--stems", "vocals, instrumental"], ["instrumental", "vocals"], True),
        (["--stems", "drums"], ["drums"], False),
        (["--stems", "instrumental"], ["instrumental"], False),
        (["--stems", "other,bass,drums,vocals"], sorted(STEMS), True),
        (["--stems", "VOCALS,Rest"], ["rest", "vocals"], True),
    ],
)
def test_choice_of_stems(separate, song, out, files_below, arguments, names, nulls):
    ran = separate(song, *arguments)
    assert ran.status == 0
    assert files_below(out) == [f"song/{name}.wav" for name in names]
    assert ("the stems null, 0 samples differ" in ran.out) == nulls
    assert ("no null check" in ran.out) == (not nulls)
    files = [out / "song" / f"{name}.wav" for name in names]
    assert (null_of(song, files) == 0) == nulls


def test_a_stem_is_the_same_whatever_is_delivered_beside_it(separate, song, out):
    separate(song)
    four = read_exactly(out / "song" / "vocals.wav")
    separate(song, "--karaoke", "--overwrite", "yes")
    assert np.array_equal(read_exactly(out / "song" / "vocals.wav"), four)
    separate(song, "--stems", "instrumental", "--overwrite", "yes")
    rest = read_exactly(out / "song" / "instrumental.wav")
    assert np.array_equal(rest, read_exactly(song) - four)


@pytest.mark.parametrize(
    ("source", "arguments", "kind", "subtype", "verdict"),
    [
        ("PCM_16", [], "WAV", "PCM_16", "exact"),
        ("PCM_24", [], "WAV", "PCM_24", "exact"),
        ("FLOAT", [], "WAVEX", "FLOAT", "exact"),
        ("PCM_U8", [], "WAV", "PCM_16", "exact"),
        ("PCM_16", ["--subtype", "pcm24"], "WAV", "PCM_24", "exact"),
        ("PCM_16", ["--subtype", "float"], "WAVEX", "FLOAT", "exact"),
        ("PCM_24", ["--subtype", "float"], "WAVEX", "FLOAT", "exact"),
        ("PCM_16", ["--format", "flac"], "FLAC", "PCM_16", "exact"),
        ("PCM_24", ["--format", "flac"], "FLAC", "PCM_24", "exact"),
        ("PCM_24", ["--subtype", "pcm16"], "WAV", "PCM_16", "open"),
        ("PCM_16", ["--format", "ogg"], "OGG", "VORBIS", "open"),
        ("PCM_16", ["--format", "mp3"], "MP3", "MPEG_LAYER_III", "open"),
    ],
)
def test_formats(separate, tmp_path, out, source, arguments, kind, subtype, verdict):
    bits = {"PCM_U8": 8, "PCM_24": 24}.get(source, 16)
    path = save_song(tmp_path / "s.wav", music(30_000, bits=bits, level=0.3), subtype=source)
    ran = separate(path, "--json", *arguments)
    assert ran.status == 0
    result = ran.events[-1]
    assert result["null"]["verdict"] == verdict, result["null"]["reason"]
    for file in result["stems"].values():
        info = soundfile.info(file)
        assert (info.format, info.subtype) == (kind, subtype)
        assert (info.frames, info.samplerate, info.channels) == (30_000, 44_100, 2)
    assert len(list((out / "s").iterdir())) == 4


def test_an_mp3_gives_24_bits_and_nulls(separate, tmp_path, out):
    path = save_song(tmp_path / "s.mp3", music(30_000, level=0.3), subtype="MPEG_LAYER_III")
    ran = separate(path)
    assert ran.status == 0
    assert "the stems null, 0 samples differ" in ran.out
    assert soundfile.info(out / "s" / "bass.wav").subtype == "PCM_24"


def test_lossy_results_are_said_not_to_null(separate, song):
    ran = separate(song, "--format", "mp3")
    assert "the stems do not null" in ran.out
    assert "lossy format" in ran.out
    assert ".." not in ran.out


@pytest.mark.parametrize(
    ("source", "arguments", "subtype", "verdict", "said"),
    [
        ("PCM_16", [], "FLOAT", "exact", "written as 32-bit float"),
        ("PCM_32", [], "DOUBLE", "exact", "written as 64-bit float"),
        ("PCM_16", ["--format", "flac"], "PCM_24", "exact", "lowered by"),
        ("PCM_24", ["--format", "flac"], "PCM_24", "rounding", "lowered by"),
        ("PCM_16", ["--subtype", "pcm24"], "PCM_24", "exact", "lowered by"),
        ("PCM_16", ["--subtype", "pcm16"], "PCM_16", "open", "lowered by"),
    ],
)
def test_stems_above_full_scale(
    separate, loud_model, tmp_path, source, arguments, subtype, verdict, said
):
    bits = int(source[4:])
    path = save_song(tmp_path / "s.wav", music(30_000, bits=bits), subtype=source)
    ran = separate(path, "--json", *arguments, model=loud_model)
    assert ran.status == 0
    fractions = [event["fraction"] for event in ran.events if event["event"] == "progress"]
    assert fractions == sorted(fractions)
    result = ran.events[-1]
    assert result["subtype"] == subtype
    assert any(said in note for note in result["notes"])
    stems = [read_exactly(file) for file in result["stems"].values()]
    assert len({soundfile.info(file).subtype for file in result["stems"].values()}) == 1
    peak = max(np.abs(stem).max() for stem in stems)
    assert peak > 1 if "FLOAT" in subtype or subtype == "DOUBLE" else peak <= 1
    assert (result["gain"] < 1) == (subtype.startswith("PCM"))
    assert result["null"]["verdict"] == verdict, result["null"]["reason"]
    residual = read_exactly(path) - sum(stems) / result["gain"]
    assert (np.count_nonzero(residual) == 0) == (verdict == "exact")
    assert np.abs(residual).max() < 1e-2
    if result["gain"] == 1:
        assert result["null"]["makeup_db"] == 0
        return
    assert result["null"]["makeup_db"] == pytest.approx(-20 * np.log10(result["gain"]))
    after = f" after {result['null']['makeup_db']:+.2f} dB"
    sentence = separate(path, *arguments, "--overwrite", "yes", model=loud_model).out
    assert {
        "exact": f"the stems null{after}, 0 samples differ",
        "rounding": f"the stems null up to rounding{after}, residual",
        "open": f"the stems do not null{after}, residual",
    }[verdict] in sentence
    assert (after in result["null"]["reason"]) == (verdict != "open")


def test_a_missing_stem_gets_the_gain_of_those_that_are_there(separate, loud_model, song, out):
    arguments = [song, "--format", "flac", "--json"]
    gain = separate(*arguments, model=loud_model).events[-1]["gain"]
    assert gain < 1
    for stem in STEMS:
        before = digest(out / "song" / f"{stem}.flac")
        (out / "song" / f"{stem}.flac").unlink()
        told = separate(*arguments, "--overwrite", "skip", model=loud_model).events[-1]
        assert (told["gain"], told["null"]["verdict"]) == (gain, "exact")
        assert digest(out / "song" / f"{stem}.flac") == before


def test_files_that_should_null_and_do_not_have_a_status_of_their_own(
    separate, song, tmp_path, monkeypatch
):
    from stemdesk.app import separate as use_case

    real = use_case.render

    def spoiling(job, *rest):
        done = real(job, *rest)
        save_song(done.targets["bass"], read_exactly(done.targets["bass"])[:, ::-1])
        return done

    monkeypatch.setattr(use_case, "render", spoiling)
    ran = separate(song)
    ran.refused("song.wav: these files should null and do not", "check the disk", status=3)
    assert "the stems do not null, residual peak" in ran.out
    ran = separate(song, "--json", "--overwrite", "yes")
    ran.refused("should null and do not", status=3)
    assert ran.events[-1]["null_expected"]
    assert separate(song, tmp_path / "absent.wav", "--overwrite", "yes").status == 1


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        ("PCM_24", ["--subtype", "pcm16"]),
        ("PCM_32", ["--subtype", "pcm24"]),
        ("PCM_32", ["--subtype", "float"]),
        ("FLOAT", ["--format", "flac"]),
        ("PCM_16", ["--format", "ogg"]),
    ],
)
def test_what_cannot_null_is_the_users_wish(separate, tmp_path, source, arguments):
    path = save_song(tmp_path / "s.wav", music(30_000, bits=24, level=0.3), subtype=source)
    ran = separate(path, "--json", *arguments)
    assert (ran.status, ran.err) == (0, "")
    result = ran.events[-1]
    assert not result["null_expected"]
    assert any("cannot hold every value" in note for note in result["notes"]) == (
        "ogg" not in arguments
    )


def test_the_help_names_the_statuses(stemdesk):
    told = stemdesk("separate", "--help").out
    assert "exit status:\n  0    all songs" in told
    assert "  3    files that should sum to their song do not" in told
    assert "'instrumental'" in told


def test_part_of_a_song(separate, tmp_path, out):
    samples = music(400_000)
    path = save_song(tmp_path / "s.wav", samples)
    assert separate(path, "--start", "2.5", "--duration", "0.4").status == 0
    stems = [read_exactly(out / "s" / f"{stem}.wav") for stem in STEMS]
    assert np.array_equal(sum(stems), samples[:, 110_250 : 110_250 + 17_640])


def test_times_in_minutes(separate, tmp_path, out):
    samples = music(8000 * 95, channels=1)
    path = save_song(tmp_path / "s.wav", samples, rate=8000)
    assert separate(path, "--start", "1:30", "--duration", "0:00:01").status == 0
    stems = [read_exactly(out / "s" / f"{stem}.wav") for stem in STEMS]
    assert np.array_equal(sum(stems), samples[:, 720_000:728_000])


def test_names_from_tags(separate, tmp_path, out, files_below):
    path = save_song(tmp_path / "s.wav", music(9000), title="A/B: ☂", artist="Ärzte")
    ran = separate(path, "--name", "{artist}/{album}/{title} - {stem} [{model}] {file}")
    assert ran.status == 0
    assert files_below(out)[0] == "Ärzte/Unknown album/A_B_ ☂ - bass [tiny] s.wav"


def test_a_long_title_does_not_push_the_stem_out_of_the_name(separate, tmp_path, out, files_below):
    path = save_song(tmp_path / "s.wav", music(9000), title="long " * 70)
    assert separate(path, "--name", "{title} {stem}").status == 0
    assert len(files_below(out)) == 4


@pytest.mark.parametrize("format_name", ["wav", "flac", "ogg", "mp3"])
def test_tags_arrive(separate, tmp_path, out, format_name):
    path = save_song(tmp_path / "s.wav", music(9000), title="Song", artist="Ärzte")
    assert separate(path, "--format", format_name).status == 0
    file = out / "s" / f"vocals.{format_name}"
    if format_name == "wav":
        tags = soundfile.SoundFile(file).copy_metadata()
        assert (tags["title"], tags["artist"]) == ("Song (vocals)", "Ärzte")
        return
    tags = mutagen.File(file, easy=True)
    assert (tags["title"], tags["artist"]) == (["Song (vocals)"], ["Ärzte"])


def test_a_song_without_tags_lends_its_name(separate, song, out):
    assert separate(song).status == 0
    title = soundfile.SoundFile(out / "song" / "bass.wav").copy_metadata()["title"]
    assert title == "song (bass)"


def test_existing_files(separate, song, out, files_below):
    separate(song)
    before = {name: digest(out / name) for name in files_below(out)}
    separate(song).refused(
        str(out / "song" / "vocals.wav"), "exists already", "--overwrite skip, rename or yes"
    )
    ran = separate(song, "--overwrite", "skip")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "song.wav: the stems exist already, left as they are\n"
    assert {name: digest(out / name) for name in files_below(out)} == before

    ran = separate(song, "--overwrite", "rename", "--stems", "bass")
    assert ran.out.splitlines()[0] == str(out / "song" / "bass (2).wav")
    assert digest(out / "song" / "bass (2).wav") == before["song/bass.wav"]

    (out / "song" / "bass.wav").write_bytes(b"old")
    assert separate(song, "--overwrite", "yes").status == 0
    assert digest(out / "song" / "bass.wav") == before["song/bass.wav"]

    (out / "song" / "bass.wav").unlink()
    ran = separate(song, "--overwrite", "skip")
    assert ran.out.splitlines()[0] == str(out / "song" / "bass.wav")
    assert "song.wav: the stems null, 0 samples differ" in ran.out
    assert "vocals, drums, other were there already" in ran.out
    assert digest(out / "song" / "bass.wav") == before["song/bass.wav"]
    for stem in ("drums", "other"):
        (out / "song" / f"{stem}.wav").unlink()
    told = separate(song, "--overwrite", "skip", "--json").events[-1]
    assert (set(told["stems"]), set(told["kept"])) == ({"drums", "other"}, {"vocals", "bass"})
    assert told["null"]["verdict"] == "exact"
    assert {name: digest(out / name) for name in before} == before

    (out / "song" / "bass.wav").write_bytes(b"old")
    (out / "song" / "vocals.wav").unlink()
    ran = separate(song, "--overwrite", "skip")
    assert (ran.status, ran.err) == (0, "")
    assert "no null check" in ran.out
    assert "The null was not checked" in ran.out


def test_songs_of_one_name_do_not_replace_each_other(separate, tmp_path, out):
    one = save_song(tmp_path / "in" / "s.wav", music(9000))
    other = save_song(tmp_path / "in" / "s.flac", music(9000, seed=2))
    assert separate(tmp_path / "in", "--overwrite", "yes").status == 0
    for song in (one, other):
        assert null_of(song, (out / song.name).iterdir()) == 0
    third = save_song(tmp_path / "s.wav", music(9000, seed=3))
    ran = separate(third, one, "--overwrite", "yes")
    ran.refused("Another song of this run", "--overwrite rename")
    assert null_of(third, (out / "s").iterdir()) == 0
    ran = separate(third, one, "--overwrite", "rename", "--stems", "bass,rest")
    assert ran.status == 0
    assert (out / "s" / "bass (3).wav").exists()


def test_manifest(separate, song, tmp_path, out):
    manifest = tmp_path / "new" / "done.json"
    ran = separate(song, tmp_path / "absent.wav", "--manifest", manifest)
    assert ran.status == 1
    told = json.loads(manifest.read_text(encoding="utf-8"))
    assert told["format"] == 1
    assert told["stemdesk"]
    done, failed = told["songs"]
    assert done["input"] == str(song)
    assert done["sha256"] == digest(song)
    assert done["model"] == "tiny"
    assert done["device"] == "cpu"
    assert list(done["stems"]) == list(STEMS)
    for stem, file in done["stems"].items():
        assert file == str(out / "song" / f"{stem}.wav")
        assert done["stems_sha256"][stem] == digest(out / "song" / f"{stem}.wav")
    assert done["null"]["verdict"] == "exact"
    assert done["null"]["nonzero_samples"] == 0
    assert done["song_seconds"] == 1.5
    assert 0 < done["seconds"] < 100
    assert failed == {"input": str(tmp_path / "absent.wav"), "error": failed["error"]}
    assert "does not exist" in failed["error"]


def test_manifest_takes_names_that_are_not_unicode(separate, tmp_path):
    path = tmp_path / b"\xff\xe4".decode("utf-8", "surrogateescape")
    try:
        save_song(tmp_path / "s.wav", music(9000)).rename(path)
    except OSError:
        pytest.skip("needs a file system that takes names that are not Unicode")
    manifest = tmp_path / "done.json"
    assert separate(path, "--manifest", manifest).status == 0
    assert json.loads(manifest.read_text(encoding="utf-8"))["songs"][0]["input"] == str(path)


def test_json_lines(separate, song, tmp_path):
    ran = separate(song, tmp_path / "absent.wav", song.parent / "song.wav", "--json")
    assert ran.status == 1
    assert ran.err == ""
    kinds = [event["event"] for event in ran.events]
    assert [kind for kind in kinds if kind != "progress"] == ["result", "error"]
    assert kinds[-1] == "error"
    progress = [event for event in ran.events if event["event"] == "progress"]
    fractions = [event["fraction"] for event in progress]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert {event["songs"] for event in progress} <= {2}
    result = next(event for event in ran.events if event["event"] == "result")
    assert result["null"]["nonzero_samples"] == 0
    assert set(result["stems"]) == set(STEMS)


def test_json_ends_with_the_result(separate, tmp_path):
    path = save_song(tmp_path / "s.wav", music(44_100 * 8))
    events = separate(path, "--json").events
    assert events[-1]["event"] == "result"
    assert {"progress", "result"} == {event["event"] for event in events}


def test_post_processing_changes_the_stems_and_keeps_the_null(separate, song, out):
    separate(song)
    plain = read_exactly(out / "song" / "vocals.wav")
    ran = separate(song, "--post", "sharpen=2", "--post", "binarise=10", "--overwrite", "yes")
    assert "the stems null, 0 samples differ" in ran.out
    assert not np.array_equal(read_exactly(out / "song" / "vocals.wav"), plain)


def test_a_stem_can_be_claimed_more_of(separate, song, out):
    def levels():
        files = {name: read_exactly(out / "song" / f"{name}.wav") for name in ("vocals", "drums")}
        return {name: np.square(samples).mean() for name, samples in files.items()}

    separate(song)
    plain = levels()
    ran = separate(song, "--post", "vocals=12", "--post", "drums=-6", "--overwrite", "yes")
    assert "the stems null, 0 samples differ" in ran.out
    claimed = levels()
    assert claimed["vocals"] > 1.2 * plain["vocals"]
    assert claimed["drums"] < plain["drums"] / 1.2


def test_a_model_may_learn_from_the_song(separate, tmp_path, out, monkeypatch):
    few = partial(adaptation.Adaptation, steps=3, batch=1, seconds=0.5)
    monkeypatch.setattr(adaptation, "Adaptation", few)
    model = save_tiny_model(tmp_path / "shares", masks="softmax")
    path = save_song(tmp_path / "song.wav", music(88_200))
    separate(path, model=model)
    plain = read_exactly(out / "song" / "vocals.wav")
    ran = separate(path, "--adapt", "--overwrite", "yes", model=model)
    assert "the stems null, 0 samples differ" in ran.out
    assert "with shares, adapted to it, on the cpu" in ran.out
    assert np.abs(read_exactly(out / "song" / "vocals.wav") - plain).max() > 1e-3
    ran = separate(path, "--adapt", "--overwrite", "yes", "--json", model=model)
    assert ran.events[-1]["adapted"]
    stages = {event["stage"] for event in ran.events[:-1]}
    assert {"adapting", "separating"} <= stages


def test_a_model_that_cannot_learn_is_refused_before_any_work(separate, song, out):
    ran = separate(song, "--adapt")
    ran.refused("The model tiny cannot be adapted to a song: choose another model", status=2)
    assert not out.exists()


def test_what_learns_is_not_reconstructed_as_in_a_paper(separate, song, out):
    ran = separate(song, "--adapt", "--reconstruction", "paper")
    ran.refused("A model learns stems that sum to the song", status=2)
    assert not out.exists()


def test_the_gate_shuts_quiet_vocals_and_the_filter_keeps_the_null(separate, tmp_path, out):
    level = np.where(np.arange(3 * 44_100) < 50_000, 1.0, 0.02)
    noise = np.random.default_rng(5).uniform(-0.5, 0.5, (2, len(level))) * level
    song = save_song(tmp_path / "song.wav", np.rint(noise * 2**15) / 2**15)
    ran = separate(song, "--post", "wiener=1")
    assert "the stems null, 0 samples differ" in ran.out
    plain = read_exactly(out / "song" / "vocals.wav")
    ran = separate(song, "--post", "wiener=1", "--post", "gate=0.2", "--overwrite", "yes")
    assert "the stems null, 0 samples differ" in ran.out
    gated = read_exactly(out / "song" / "vocals.wav")
    assert np.array_equal(gated[:, :49_000], plain[:, :49_000])
    assert not gated[:, 65_000:].any()
    assert plain[:, 65_000:].any()


def test_a_folder_is_searched_but_not_for_results(separate, tmp_path, out, files_below):
    save_song(tmp_path / "in" / "b.wav", music(9000))
    save_song(tmp_path / "in" / "sub" / "a.flac", music(9000))
    save_song(tmp_path / "in" / ".hidden.wav", music(9000))
    (tmp_path / "in" / "cover.jpg").write_bytes(b"x")
    assert separate(tmp_path / "in").status == 0
    assert {name.rpartition("/")[0] for name in files_below(out)} == {"sub/a", "b"}
    inside = tmp_path / "in" / "stems"
    assert separate(tmp_path / "in", "--output", inside).status == 0
    ran = separate(tmp_path / "in", "--output", inside, "--overwrite", "skip", "--json")
    assert len(ran.events) == 2
    above = separate(tmp_path / "in" / "sub", "--output", tmp_path / "in", "--json")
    assert above.status == 0
    assert (tmp_path / "in" / "a" / "bass.wav").exists()


@pytest.mark.parametrize("name", ["-x.wav", "Björk 🎵 ☂.wav", "n" * 250 + ".wav", "a b\n'.wav"])
def test_odd_names(separate, tmp_path, monkeypatch, out, name, files_below):
    monkeypatch.chdir(tmp_path)
    save_song(tmp_path / name, music(9000))
    assert separate("--", name).status == 0
    assert len(files_below(out)) == 4


@pytest.mark.parametrize("frames", [1, 2, 2205])
def test_very_short_songs(separate, tmp_path, frames, out):
    samples = music(frames)
    path = save_song(tmp_path / "s.wav", samples)
    ran = separate(path)
    assert (ran.status, ran.err) == (0, "")
    assert "the stems null, 0 samples differ" in ran.out
    assert np.array_equal(sum(read_exactly(file) for file in (out / "s").iterdir()), samples)


@pytest.mark.parametrize("value", ["silence", "DC", "clipped"])
def test_signals_that_upset_others(separate, tmp_path, value, out):
    samples = music(60_000, level=3.0)
    samples = np.clip(samples, -1, 1 - 2**-15)
    if value != "clipped":
        samples = np.full((2, 60_000), 0.0 if value == "silence" else 0.5)
    path = save_song(tmp_path / "s.wav", samples)
    ran = separate(path)
    assert (ran.status, ran.err) == (0, "")
    assert "the stems null, 0 samples differ" in ran.out
    stems = [read_exactly(file) for file in (out / "s").iterdir()]
    assert np.array_equal(sum(stems), samples)
    if value == "silence":
        assert not np.any(stems)


@pytest.mark.parametrize("scale", [32_768.0, 1e30])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_a_song_of_any_level_nulls(separate, tmp_path, scale, subtype):
    path = save_song(tmp_path / "loud.wav", scale * music(66_150), RATE, subtype)
    ran = separate(path)
    assert (ran.status, ran.err) == (0, "")
    assert "null" in ran.out
    assert "do not" not in ran.out


def test_a_comment_that_is_too_long_is_shortened_and_told(separate, tmp_path, out):
    path = save_song(tmp_path / "song.flac", music(8000))
    file = mutagen.File(path)
    file["comment"] = "q" * 200_000
    file["artist"] = ["One", "Two"]
    file.save()
    ran = separate(path, "--manifest", tmp_path / "m.json")
    assert ran.status == 0
    assert "The comment tag is too long for wav" in ran.out
    [song] = json.loads((tmp_path / "m.json").read_text())["songs"]
    assert any("comment tag" in note for note in song["notes"])
    with soundfile.SoundFile(out / "song" / "vocals.wav") as sound:
        assert sound.copy_metadata()["artist"] == "One; Two"
        assert sound.copy_metadata()["comment"] == "q" * 2040
