from __future__ import annotations

import json

import mido
import numpy as np
import pytest

from stemdesk.project.document import Project
from stemdesk.project.store import PROJECT_FILE, write
from tests.app.export_songs import SongOnDisk
from tests.app.tiny import RATE, music, save_song
from tests.daw.dawproject_player import Player

STEMS = ("vocals", "drums", "bass", "other")


@pytest.fixture
def stems(tmp_path):
    """A folder of 24-bit stems, 1.5 s."""
    for seed, name in enumerate(STEMS):
        samples = music(66_150, bits=24, seed=seed, level=0.15)
        save_song(tmp_path / "Mein Lied" / f"{name}.wav", samples, RATE, "PCM_24")
    return tmp_path / "Mein Lied"


@pytest.fixture
def export(stemdesk, monkeypatch, tmp_path):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return lambda *arguments: stemdesk("export", *arguments)


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def whole():
    return sum(music(66_150, bits=24, seed=seed, level=0.15) for seed in range(4)).T


def test_a_separated_song_becomes_a_project_that_plays_it(
    separate, export, song, out, files_below, tmp_path
):
    assert separate(song).status == 0
    ran = export(out / "song", "--to", "dawproject")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "dawproject: song.dawproject\n"
    assert left(tmp_path / "here") == ["song.dawproject"]
    np.testing.assert_array_equal(
        Player(tmp_path / "here" / "song.dawproject").play(), music(66_150).T
    )


def test_a_manifest_is_as_good_as_its_folder(separate, export, song, tmp_path):
    assert separate(song, "--manifest", tmp_path / "m.json").status == 0
    ran = export(tmp_path / "m.json", "--to", "dawproject", "-o", tmp_path / "x.dawproject")
    assert ran.status == 0
    np.testing.assert_array_equal(Player(tmp_path / "x.dawproject").play(), music(66_150).T)


def test_several_formats_lie_beside_each_other(export, stems, tmp_path):
    ran = export(stems, "--to", "reaper", "--to", "dawproject", "-o", tmp_path / "out", "--json")
    assert ran.status == 0
    assert left(tmp_path / "out") == ["Mein Lied (REAPER)", "Mein Lied.dawproject"]
    events = [event for event in ran.events if event["event"] != "progress"]
    assert [(event["event"], event["format"], event["song"]) for event in events] == [
        ("exported", "dawproject", "Mein Lied"),
        ("exported", "reaper", "Mein Lied"),
    ]
    assert events[0]["file"] == str(tmp_path / "out" / "Mein Lied.dawproject")


def test_tempo_markers_and_origin(export, stems, tmp_path):
    (tmp_path / "labels.txt").write_text("1.0\t1.2\tB\n0.5\t0.5\tA\n", encoding="utf-8")
    ran = export(
        *(stems, "--to", "dawproject", "--bpm", "97.3", "--first-beat", "0:00.35"),
        *("--metre", "3/4", "--markers", tmp_path / "labels.txt", "--origin", "2"),
    )
    assert ran.status == 0
    player = Player(tmp_path / "here" / "Mein Lied.dawproject")
    markers = player.root.findall("Arrangement/Markers/Marker")
    assert [each.get("name") for each in markers] == ["A", "B"]
    places = [player.seconds(float(each.get("time"))) for each in markers]
    assert places == pytest.approx([2.5, 3.0])
    beat, bpm = player.tempo[1]
    assert bpm == 97.3
    bars = (2.35 - player.seconds(beat)) * bpm / 60 / 3
    assert bars == pytest.approx(round(bars), abs=1e-6)
    played = player.play()
    assert not played[: 2 * RATE].any()
    np.testing.assert_array_equal(played[2 * RATE :], whole())


def test_a_tempo_map_begins_with_the_timeline(export, stems, tmp_path):
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(
        mido.MidiTrack(
            [
                mido.MetaMessage("set_tempo", tempo=600_000),
                mido.MetaMessage("marker", text="A", time=960),
                mido.MetaMessage("set_tempo", tempo=500_000, time=960),
            ]
        )
    )
    file.save(tmp_path / "map.mid")
    ran = export(
        stems, "--to", "dawproject", "--tempo-map", tmp_path / "map.mid", "--origin", "0.75"
    )
    assert ran.status == 0
    player = Player(tmp_path / "here" / "Mein Lied.dawproject")
    assert player.tempo == [(0.0, pytest.approx(100)), (4.0, pytest.approx(120))]
    (marker,) = player.root.findall("Arrangement/Markers/Marker")
    assert player.seconds(float(marker.get("time"))) == pytest.approx(1.2, abs=1e-4)


def test_songs_of_a_project(export, tmp_path):
    song = SongOnDisk(tmp_path / "disk")
    folder = tmp_path / "P.stemdesk"
    folder.mkdir()
    write(folder, PROJECT_FILE, Project(tracks=(song.track,), current="1"), 1)
    ran = export(folder, "--to", "dawproject", "--song", "song")
    assert (ran.status, ran.out) == (0, "dawproject: Song.dawproject\n")
    played = Player(tmp_path / "here" / "Song.dawproject").play()
    np.testing.assert_array_equal(played, song.samples["mixture"].T)
    export(folder, "--to", "dawproject", "--song", "Sing").refused("no separated song", "Song")


def test_what_is_there_is_kept_renamed_or_replaced_as_asked(export, stems, tmp_path):
    def run(*arguments):
        return export(stems, "--to", "dawproject", *arguments)

    target = tmp_path / "here" / "Mein Lied.dawproject"
    target.write_text("mine")
    run().refused("Mein Lied.dawproject exists", "--overwrite")
    assert run("--overwrite", "skip").out == "Mein Lied.dawproject: there already, left as it is\n"
    assert target.read_text() == "mine"
    assert run("--overwrite", "rename").out == "dawproject: Mein Lied (2).dawproject\n"
    assert target.read_text() == "mine"
    assert run("--overwrite", "yes").status == 0
    assert Player(target).play().any()


def test_a_sessions_folder_is_never_replaced(export, stems, tmp_path):
    take = tmp_path / "here" / "Mein Lied (REAPER)" / "take.wav"
    take.parent.mkdir()
    take.write_text("a take")
    for policy in ("ask", "yes"):
        export(stems, "--to", "reaper", "--overwrite", policy).refused("never replaced")
    assert export(stems, "--to", "reaper", "--overwrite", "skip").status == 0
    assert left(take.parent) == ["take.wav"]
    assert export(stems, "--to", "reaper", "--overwrite", "rename").status == 0
    assert left(tmp_path / "here") == ["Mein Lied (REAPER)", "Mein Lied (REAPER) (2)"]


def test_a_format_that_has_nothing_is_refused_by_name_and_left_out_of_all(export, stems, tmp_path):
    ran = export(stems, "--to", "labels", "--to", "dawproject", "-o", tmp_path / "a")
    assert ran.status == 1
    assert left(tmp_path / "a") == ["Mein Lied.dawproject"]
    assert "has no markers" in ran.err
    ran = export(stems, "--to", "labels", "-o", tmp_path / "b", "--json")
    assert ran.status == 1
    assert not (tmp_path / "b" / "Mein Lied (labels).txt").exists()
    assert [event["event"] for event in ran.events if event["event"] != "progress"] == ["error"]


def test_one_format_that_is_refused_does_not_stop_the_others(export, stems, tmp_path):
    low = tmp_path / "low"
    for seed, name in enumerate(STEMS):
        save_song(low / f"{name}.wav", music(20_000, seed=seed, level=0.15), 22_050)
    ran = export(low, "--to", "ardour", "--to", "dawproject")
    assert ran.status == 1
    assert left(tmp_path / "here") == ["low.dawproject"]
    assert ran.err.startswith("stemdesk: ardour: ")


def test_what_the_export_is_made_from_stays(export, stems, tmp_path):
    tempo = tmp_path / "here" / "Mein Lied.mid"
    file = mido.MidiFile()
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=600_000)]))
    file.save(tempo)
    before = tempo.read_bytes()
    ran = export(stems, "--to", "tempo-map", "--tempo-map", tempo, "--overwrite", "yes")
    ran.refused("made from")
    assert tempo.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "cubase"], ["cubase"]),
        ([], ["--to"]),
        (["--to", "aaf", "--bpm", "fast"], ["--bpm fast"]),
        (["--to", "aaf", "--bpm", "9999"], ["--bpm 9999"]),
        (["--to", "aaf", "--first-beat", "1"], ["need a tempo"]),
        (["--to", "aaf", "--metre", "3/4"], ["need a tempo"]),
        (["--to", "aaf", "--bpm", "100", "--metre", "3/5"], ["--metre 3/5"]),
        (["--to", "aaf", "--bpm", "100", "--metre", "waltz"], ["--metre waltz"]),
        (["--to", "aaf", "--bpm", "100", "--tempo-map", "x.mid"], ["--tempo-map"]),
    ],
)
def test_a_command_line_that_is_wrong(export, stems, arguments, words):
    export(stems, *arguments).refused(*words, status=2)


def test_what_cannot_be_exported_is_refused_in_a_sentence(export, stems, tmp_path):
    export(tmp_path / "gone", "--to", "aaf").refused("There is no folder")
    export(tmp_path / "here", "--to", "aaf").refused("holds no stems")
    export(stems, "--to", "aaf", "--with-effects").refused("has no effects")
    export(stems, "--to", "aaf", "--to", "reaper", "-o", "x.aaf").refused("cannot all be x.aaf")
    export(stems, "--to", "aaf", "--markers", "gone.txt").refused("gone.txt")
    export(stems, "--to", "aaf", "--tempo-map", "gone.mid").refused("gone.mid")
    (tmp_path / "file").write_text("")
    export(stems, "--to", "dawproject", "-o", tmp_path / "file" / "x").refused("file")


def test_a_refusal_is_one_json_line(export, tmp_path):
    ran = export(tmp_path / "gone", "--to", "aaf", "--json")
    assert json.loads(ran.out)["event"] == "error"


def test_audio_that_would_clip_is_said_to_be_softer(export, tmp_path):
    for seed, name in enumerate(STEMS):
        samples = music(66_150, bits=24, seed=seed, level=0.9)
        save_song(tmp_path / "Loud" / f"{name}.wav", samples, RATE, "FLOAT")
    ran = export(tmp_path / "Loud", "--to", "ni-stem-alac", "--to", "dawproject")
    assert ran.status == 0
    told = dict(line.split(": ", 1) for line in ran.out.splitlines() if ": " in line)
    assert "dB softer" in told["  note"]
    assert ran.out.count("dB softer") == 1
