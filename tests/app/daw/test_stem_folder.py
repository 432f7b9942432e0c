from __future__ import annotations

import json

import pytest

from stemdesk.app.daw.export import separated_songs
from stemdesk.errors import UserError
from tests.app.tiny import music, save_song

STEMS = ("bass", "drums", "other", "vocals")


def stems(folder, *names, **tags):
    for seed, name in enumerate(names or STEMS):
        save_song(folder / f"{name}.wav", music(500, seed=seed), **tags)
    return folder


def manifest(path, *songs):
    path.write_text(json.dumps({"format": 1, "stemdesk": "0.1.0", "songs": songs}))
    return path


def told(folder, title="Lied", gain=1.0, names=STEMS, **more):
    files = {name: str(folder / f"{name}.wav") for name in names}
    return {"input": f"/music/{title}.flac", "stems": files, "kept": {}, "gain": gain, **more}


def test_a_folder_of_stems(tmp_path):
    stems(tmp_path / "Mein Lied", title="Mein Lied (bass)", artist="Someone", album="Lieder")
    (song,) = separated_songs(tmp_path / "Mein Lied")
    assert (song.title, song.artist) == ("Mein Lied", "Someone")
    assert song.tags["album"] == "Lieder"
    assert "title" not in song.tags
    assert [stem.name for stem in song.stems] == ["vocals", "drums", "bass", "other"]
    assert {(stem.level_db, stem.pan, stem.mute) for stem in song.stems} == {(0.0, 0.0, False)}


def test_the_song_beside_its_stems_is_none_of_them(tmp_path):
    stems(tmp_path, "vocals", "other", "mixture")
    (song,) = separated_songs(tmp_path)
    assert [stem.name for stem in song.stems] == ["vocals", "other"]


def test_a_manifest_in_the_folder_says_what_the_stems_are(tmp_path):
    stems(tmp_path, "lead voice", "band", "rehearsal")
    files = {"vocals": "lead voice.wav", "other": "band.wav"}
    written = {name: str(tmp_path / file) for name, file in files.items()}
    (tmp_path / "notes.json").write_text('{"mine": true}')
    manifest(tmp_path / "what.json", {"input": "Lied.wav", "stems": written, "gain": 0.5})
    (song,) = separated_songs(tmp_path)
    assert song.title == "Lied"
    assert {stem.name: stem.path.name for stem in song.stems} == files
    # Stems that were lowered so that none clips are raised again.
    assert {round(stem.level_db, 3) for stem in song.stems} == {6.021}


def test_a_manifest_that_was_moved_with_its_stems(tmp_path):
    stems(tmp_path / "old" / "Lied")
    manifest(tmp_path / "old" / "all.json", told(tmp_path / "old" / "Lied"))
    (tmp_path / "old").rename(tmp_path / "new")
    (song,) = separated_songs(tmp_path / "new" / "all.json")
    assert {stem.path.parent for stem in song.stems} == {tmp_path / "new" / "Lied"}


def test_a_manifest_of_several_songs(tmp_path):
    for title in ("Eins", "Zwei"):
        stems(tmp_path / title)
    path = manifest(
        tmp_path / "all.json",
        told(tmp_path / "Eins", "Eins"),
        {"input": "/music/broken.mp3", "error": "It could not be read."},
        told(tmp_path / "Zwei", "Zwei"),
        told(tmp_path / "gone", "Drei"),
    )
    assert [song.title for song in separated_songs(path)] == ["Eins", "Zwei"]
    assert [song.title for song in separated_songs(path, "zwei")] == ["Zwei"]
    with pytest.raises(UserError, match=r"no separated song 'Drei': choose from Eins, Zwei"):
        separated_songs(path, "Drei")


def test_what_was_kept_is_a_stem_as_well(tmp_path):
    stems(tmp_path)
    song = told(tmp_path)
    song["kept"] = {"vocals": song["stems"].pop("vocals")}
    (found,) = separated_songs(manifest(tmp_path / "m.json", song))
    assert sorted(stem.name for stem in found.stems) == sorted(STEMS)


def test_what_holds_no_stems_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    save_song(tmp_path / "song.wav", music(500))
    (tmp_path / "a.json").write_text("[1, 2]")
    (tmp_path / "b.json").write_text("not JSON")
    manifest(tmp_path / "c.json", told(tmp_path / "gone"))
    for name, words in (
        ("empty", "holds no stems"),
        ("song.wav", "no folder of stems"),
        ("a.json", "no manifest"),
        ("b.json", "no manifest"),
        ("c.json", "not there"),
        ("gone", "There is no folder"),
    ):
        with pytest.raises(UserError, match=words):
            separated_songs(tmp_path / name)
