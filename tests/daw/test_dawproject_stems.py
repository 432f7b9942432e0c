from __future__ import annotations

import re
import zipfile

import numpy as np
import pytest
import soundfile
from lxml import etree

from stemdesk.daw.dawproject_reading import DawProject
from stemdesk.daw.dawproject_stem_tracks import ClipStem
from stemdesk.daw.dawproject_stems import write_with_stems
from stemdesk.errors import UserError
from tests.daw.dawproject_player import Player
from tests.daw.foreign_projects import RATE, beats_project, noise, save_project, seconds_project

STEMS = {"vocals": "#E69F00", "other": "#CC79A7"}


def stems_of(project, clips, folder):
    """Two stems of every file that the clips play, which sum to it."""
    made = {name: {} for name in STEMS}
    for number, file in enumerate({piece.file for clip in clips for piece in clip.pieces}):
        place = folder / f"made {number}"
        place.mkdir()
        whole = project.extract(next(p for c in clips for p in c.pieces if p.file == file), place)
        samples, _ = soundfile.read(whole, always_2d=True)
        vocals = noise(len(samples) / RATE, seed=number + 7)
        for name, stem in (("vocals", vocals), ("other", samples - vocals)):
            made[name][file] = place / f"{name}.wav"
            soundfile.write(made[name][file], stem, RATE, "PCM_24")
    return [ClipStem(name, STEMS[name], files) for name, files in made.items()]


def put_back(path, numbers, folder):
    project = DawProject(path)
    clips = [clip for clip in project.clips if clip.number in numbers]
    out = folder / "with stems.dawproject"
    notes = write_with_stems(project, clips, stems_of(project, clips, folder), out)
    return out, notes


def document(path):
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("project.xml"))


def sound_ids(root):
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)
    for each in root.iter():
        for name in ("track", "parameter", "destination", "reference"):
            assert each.get(name) is None or each.get(name) in ids


@pytest.mark.parametrize("numbers", [(1,), (2,), (1, 2)])
def test_the_project_plays_what_it_played(numbers, tmp_path):
    path = seconds_project(tmp_path)
    before = path.read_bytes()
    out, _ = put_back(path, numbers, tmp_path)
    assert path.read_bytes() == before
    played = Player(path).play()
    assert np.abs(played).max() > 0.05
    np.testing.assert_allclose(Player(out).play(), played, atol=1e-12)


def test_without_its_vocals_it_plays_the_rest(tmp_path):
    out, _ = put_back(seconds_project(tmp_path), (1,), tmp_path)
    root = document(out)
    track = root.xpath("//Track[starts-with(@name, 'vocals')]")[0]
    track.find("Channel/Mute").set("value", "true")
    muted = tmp_path / "muted.dawproject"
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(muted, "w") as new:
        for name in old.namelist():
            text = etree.tostring(root) if name == "project.xml" else old.read(name)
            new.writestr(name, text)
    lost = Player(out).play() - Player(muted).play()
    vocals, _ = soundfile.read(tmp_path / "made 0" / "vocals.wav", always_2d=True)
    wanted = 0.5 * vocals[round(0.25 * RATE) : round(0.75 * RATE)]
    np.testing.assert_allclose(lost[RATE : RATE + len(wanted)], wanted, atol=1e-12)
    assert not lost[:RATE].any()
    assert not lost[RATE + len(wanted) :].any()


def test_tracks_lie_under_the_clips_track_in_order(tmp_path):
    out, _ = put_back(seconds_project(tmp_path), (1, 2), tmp_path)
    root = document(out)
    sound_ids(root)
    tracks = root.findall("Structure/Track")
    names = [track.get("name") for track in tracks]
    assert names == ["Mix", "vocals (Mix)", "other (Mix)", "Keys", "Master"]
    assert [track.get("color") for track in tracks[1:3]] == list(STEMS.values())
    lanes = [lane.get("track") for lane in root.find("Arrangement/Lanes")]
    assert lanes == [track.get("id") for track in tracks[:3]]
    for track in tracks[1:3]:
        channel = track.find("Channel")
        assert channel.find("Volume").get("value") == "0.5"
        assert channel.get("destination") == "id40"


def test_a_track_is_muted_only_when_nothing_of_it_is_left(tmp_path):
    for numbers, mute in (((1,), "false"), ((1, 2), "true")):
        folder = tmp_path / str(len(numbers))
        folder.mkdir()
        out, _ = put_back(seconds_project(folder), numbers, folder)
        root = document(out)
        assert root.find("Structure/Track/Channel/Mute").get("value") == mute
        clips = root.findall("Arrangement/Lanes/Clips/Clip")
        assert [clip.get("enable") for clip in clips] == [
            "false" if number in numbers else None for number in (1, 2)
        ]


def test_warps_fades_and_offsets_are_those_of_the_clip(tmp_path):
    path = beats_project(tmp_path)
    out, notes = put_back(path, (1, 2), tmp_path)
    before, after = DawProject(path), DawProject(out)
    wanted = [
        (c.start_seconds, c.end_seconds, p.start_seconds, p.file_start_seconds, p.file_end_seconds)
        for c in before.clips
        for p in c.pieces
    ]
    for name in STEMS:
        track = [clip for clip in after.clips if clip.track.startswith(name)]
        assert [
            (
                *(clip.start_seconds, clip.end_seconds),
                *(p.start_seconds, p.file_start_seconds, p.file_end_seconds),
            )
            for clip in track
            for p in clip.pieces
        ] == wanted
        assert {p.file for clip in track for p in clip.pieces} == {f"audio/mix - {name}.wav"}
    root = document(out)
    sound_ids(root)
    warps = [
        [(w.get("time"), w.get("contentTime")) for w in each.iter("Warp")]
        for each in root.iter("Warps")
    ]
    assert len(warps) == 5, "one shared by both clips of the song, and one for each of four"
    assert all(each == warps[0] for each in warps)
    assert notes == ["The devices of track 'Mix' stay there; its stems have none."]


def test_the_faders_automation_and_sends_go_along_and_devices_do_not(tmp_path):
    out, _ = put_back(beats_project(tmp_path), (1,), tmp_path)
    root = document(out)
    assert len(root.findall(".//Devices")) == 1
    assert [send.get("destination") for send in root.iter("Send")] == ["id40"] * 3
    for track in root.findall("Structure/Track")[1:3]:
        (points,) = root.xpath(f"//Lanes[@track='{track.get('id')}']/Points")
        volume = track.find("Channel/Volume").get("id")
        assert points.find("Target").get("parameter") == volume
        assert [point.get("value") for point in points.iter("RealPoint")] == ["0.5", "0.25"]


def test_what_was_valid_stays_valid(tmp_path, shared):
    xsd = etree.XMLSchema(etree.parse(shared / "schemas" / "dawproject" / "Project.xsd"))
    for make in (beats_project, seconds_project):
        folder = tmp_path / make.__name__
        folder.mkdir()
        xsd.assertValid(document(make(folder)))
        out, _ = put_back(folder / f"{make.__name__[:-8]}.dawproject", (1, 2), folder)
        xsd.assertValid(document(out))


def test_everything_else_in_the_file_is_carried_over(tmp_path):
    path = beats_project(tmp_path)
    out, _ = put_back(path, (1,), tmp_path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out) as new:
        for name in old.namelist():
            if name != "project.xml":
                assert new.read(name) == old.read(name)
                assert new.getinfo(name).compress_type == old.getinfo(name).compress_type
        added = sorted(set(new.namelist()) - set(old.namelist()))
        assert added == ["audio/mix - other.wav", "audio/mix - vocals.wav"]
        assert {new.getinfo(name).compress_type for name in added} == {zipfile.ZIP_STORED}


def test_stems_of_stems_get_names_of_their_own(tmp_path):
    out, _ = put_back(seconds_project(tmp_path), (1,), tmp_path)
    again = tmp_path / "again"
    again.mkdir()
    twice, _ = put_back(out, (1,), again)
    with zipfile.ZipFile(twice) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        assert "audio/mix - vocals (2).wav" in names
    sound_ids(document(twice))


def test_a_track_without_a_channel_or_at_all(tmp_path):
    audio = (
        "<Audio duration='1' channels='2' sampleRate='44100'><File path='audio/mix.wav'/></Audio>"
    )
    clip = f"<Clip time='1' duration='1' contentTimeUnit='seconds'>{audio}</Clip>"
    lanes = f"<Lanes><Lanes track='t'><Clips>{clip}</Clips></Lanes><Clips>{clip}</Clips></Lanes>"
    text = (
        "<Project version='1.0'><Application name='x' version='1'/><Structure>"
        "<Track id='t' name='T'/></Structure>"
        f"<Arrangement>{lanes}</Arrangement></Project>"
    )
    path = save_project(tmp_path / "x.dawproject", text, mix=noise(1.0))
    out, notes = put_back(path, (1, 2), tmp_path)
    names = [track.get("name") for track in document(out).iter("Track")]
    assert sorted(names) == ["T", "other", "other (T)", "vocals", "vocals (T)"]
    assert notes == []


def test_the_project_itself_is_never_written_over(tmp_path):
    path = seconds_project(tmp_path)
    project = DawProject(path)
    stems = stems_of(project, project.clips[:1], tmp_path)
    (tmp_path / "link.dawproject").symlink_to(path)
    before = path.read_bytes()
    for target in (path, tmp_path / "link.dawproject"):
        with pytest.raises(UserError, match=re.escape(str(target))):
            write_with_stems(project, project.clips[:1], stems, target)
    assert path.read_bytes() == before


def test_a_failure_leaves_nothing(tmp_path):
    project = DawProject(seconds_project(tmp_path))
    gone = ClipStem("vocals", "#000000", {"audio/mix.wav": tmp_path / "gone.wav"})
    (tmp_path / "out").mkdir()
    with pytest.raises(UserError):
        write_with_stems(project, project.clips[:1], [gone], tmp_path / "out" / "x.dawproject")
    assert not list((tmp_path / "out").iterdir())
