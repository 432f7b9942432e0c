"""The doctor in its own process, what the app reads of it, and the songs that are trained on."""

import pytest
import soundfile

from stemdesk.app.training.selection import lay_out
from stemdesk.app.training.songs import LibraryCheck, Source
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk_training.datasets.library import find_songs
from tests.training import studio

WAIT_SECONDS = 120


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    root = tmp_path_factory.mktemp("lib") / "Meine Songs"
    stems = studio.make_song(3, seconds=4)
    mixture = sum(stems.values())
    studio.write_song(root / "Ada - Gut", stems)
    late = {**stems, "drums": studio.late(stems["drums"], 333)}
    studio.write_song(root / "Bo - Spät", studio.make_song(4, seconds=4))
    studio.write_song(root / "Cy - Verschoben", late, mixture=mixture * 0.999)
    torn = studio.make_song(5, seconds=4)
    whole = sum(torn.values())
    del torn["other"]
    studio.write_song(root / "Di - Halb", torn, mixture=whole)
    return root


def done(work):
    work.start()
    assert work.wait(WAIT_SECONDS)
    return work


@pytest.fixture(scope="module")
def songs(library):
    work = done(LibraryCheck(library))
    assert work.error is None
    return work.result


def named(songs, part):
    return next(song for song in songs if part in song.name)


def test_every_song_comes_with_its_verdict_and_picture(songs):
    assert [song.name.partition(" ")[0] for song in songs] == ["Ada", "Bo", "Cy", "Di"]
    assert named(songs, "Ada").verdict == "pass"
    assert named(songs, "Di").verdict == "reject"
    late = named(songs, "Cy")
    assert late.verdict == "fixable"
    assert "333 frames" in late.findings[0].text
    assert late.findings[0].part == "drums"
    assert late.seconds == pytest.approx(4.0)
    assert set(late.stems) == {"vocals", "drums", "bass", "other"}
    assert len(late.parts["drums"].envelope) == 300
    assert max(late.parts["drums"].envelope) > 0.1


def test_a_repaired_copy_of_one_song(library, songs, tmp_path):
    before = {path: path.read_bytes() for path in library.rglob("*.wav")}
    late = named(songs, "Cy").name
    work = done(LibraryCheck(library, tmp_path / "mended", (late,)))
    assert work.error is None
    (mended,) = done(LibraryCheck(tmp_path / "mended")).result
    assert (mended.name, mended.verdict) == (late, "pass")
    assert {path: path.read_bytes() for path in library.rglob("*.wav")} == before


def test_a_folder_without_songs_is_refused_with_the_doctors_words(tmp_path):
    work = done(LibraryCheck(tmp_path))
    assert work.state is JobState.FAILED
    assert work.error.problem.startswith("No multitracks were found")
    assert "stems.toml" in work.error.remedy


def test_a_check_can_be_broken_off(library):
    work = LibraryCheck(library)
    work.start()
    work.cancel()
    assert work.wait(WAIT_SECONDS)
    assert work.state is JobState.CANCELLED


def test_the_trainer_finds_the_chosen_songs_and_no_others(library, songs, tmp_path):
    chosen = [song for song in songs if song.verdict != "reject"]
    folder = lay_out(library, songs, chosen, tmp_path / "songs")
    found = {song.name: song for song in find_songs(folder)}
    assert set(found) == {song.name for song in chosen}
    for song in chosen:
        assert set(found[song.name].stems) == set(song.stems)
        for stem in song.stems:
            (source,), (part,) = song.parts[stem].files, found[song.name].stems[stem]
            assert part.path.resolve() == library / song.name / f"{stem}.wav"
            assert source.path == str(part.path.resolve())
    assert lay_out(library, songs, songs, tmp_path / "all") == library
    assert not (tmp_path / "all").exists()


def test_without_links_files_are_copied(library, songs, tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError("no links here")

    monkeypatch.setattr("pathlib.Path.symlink_to", no_links)
    monkeypatch.setattr("pathlib.Path.hardlink_to", no_links)
    folder = lay_out(library, songs, songs[:1], tmp_path / "songs")
    copy = folder / songs[0].name / "vocals.wav"
    assert not copy.is_symlink()
    assert (
        soundfile.info(copy).frames == soundfile.info(songs[0].parts["vocals"].files[0].path).frames
    )


def test_nothing_chosen_and_stems_within_files_are_refused(library, songs, tmp_path):
    import msgspec

    with pytest.raises(UserError, match="No song is chosen"):
        lay_out(library, songs, [], tmp_path / "none")
    part = msgspec.structs.replace(songs[0].parts["vocals"], files=(Source("a.mp4", stream=1),))
    packed = msgspec.structs.replace(songs[0], parts={"vocals": part})
    with pytest.raises(UserError, match="only be taken all"):
        lay_out(library, songs, [packed], tmp_path / "packed")
