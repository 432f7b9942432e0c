from __future__ import annotations

import math
import xml.etree.ElementTree as ET
import zipfile

import pytest

from stemdesk.daw.dawproject import write_dawproject
from stemdesk.daw.dawproject_reading import DawProject
from stemdesk.daw.dawproject_time import ProjectClock, project_clock
from stemdesk.daw.session import TempoChange
from stemdesk.errors import UserError
from tests.daw.foreign_projects import BEATS, beats_project, save_project, seconds_project
from tests.daw.songs import make_song

near = pytest.approx


def times(stretch):
    return (
        near(stretch.start_seconds),
        near(stretch.end_seconds),
        near(stretch.file_start_seconds),
        near(stretch.file_end_seconds),
    )


def test_our_own_project_is_read_back(tmp_path):
    song = make_song(
        tmp_path,
        origin_seconds=1.25,
        tempo=(TempoChange(0, 97.3), TempoChange(1, 180)),
        first_beat_seconds=0.1,
    )
    write_dawproject(song.session, tmp_path / "own.dawproject")
    clips = DawProject(tmp_path / "own.dawproject").clips
    assert [(clip.number, clip.track, clip.name) for clip in clips] == [
        (number, name, name) for number, name in enumerate(song.stems, 1)
    ]
    for clip in clips:
        (piece,) = clip.pieces
        seconds = 30_011 / 44_100
        assert times(piece) == (1.25, 1.25 + seconds, 0.0, seconds)
        assert clip.enabled
        assert not piece.warped
        assert not piece.looped


def test_clips_in_clips_that_are_warped(tmp_path):
    first, _ = DawProject(beats_project(tmp_path)).clips
    assert (first.name, first.track, first.enabled, first.unit) == ("Take 1", "Mix", True, "beats")
    (piece,) = first.pieces
    # Beats 4 to 10 of the arrangement show beats 1 to 7 of the content, at 120 bpm.
    assert times(piece) == (2.0, 5.0, 0.5, 2.75)
    assert (piece.file, piece.warped, piece.looped) == ("audio/mix.wav", True, False)


def test_a_clip_that_shares_its_content_and_loops(tmp_path):
    _, clip = DawProject(beats_project(tmp_path)).clips
    (piece,) = clip.pieces
    assert times(piece) == (6.0, 8.0, 0.25, 0.5)
    assert piece.looped
    assert not clip.enabled


def test_a_project_that_counts_in_seconds(tmp_path):
    first, second = DawProject(seconds_project(tmp_path)).clips
    assert (first.name, first.unit) == ("A", "seconds")
    assert times(first.pieces[0]) == (1.0, 1.5, 0.25, 0.75)
    assert times(second.pieces[0]) == (2.0, 2.75, 0.0, 0.75)


CLIP = "<Clip time='{}' duration='{}' {}>{}</Clip>"
AUDIO = "<Audio duration='9' channels='2' sampleRate='44100'><File path='a.wav'/></Audio>"


def clips_of(tmp_path, clips, tempo=""):
    text = (
        "<Project version='1.0'><Application name='x' version='1'/><Arrangement>"
        f"<Lanes timeUnit='beats'><Clips>{clips}</Clips></Lanes>{tempo}</Arrangement></Project>"
    )
    return DawProject(save_project(tmp_path / "x.dawproject", text)).clips


def test_raw_audio_keeps_its_speed_whatever_the_beats_do(tmp_path):
    tempo = "<TempoAutomation timeUnit='beats'><RealPoint time='0' value='120'/></TempoAutomation>"
    inner = CLIP.format(2, 4, "playStart='1'", AUDIO)
    clip, late = clips_of(
        tmp_path,
        CLIP.format(8, 4, "contentTimeUnit='seconds' playStart='0.5'", AUDIO)
        + CLIP.format(20, 8, "", f"<Clips>{inner}</Clips>"),
        tempo,
    )
    assert times(clip.pieces[0]) == (4.0, 6.0, 0.5, 2.5)
    assert times(late.pieces[0]) == (11.0, 13.0, 0.5, 2.5)


def test_a_clip_without_a_length_is_as_long_as_what_it_plays(tmp_path):
    attributes = "contentTimeUnit='seconds' playStart='1' playStop='3'"
    text = f"<Clip time='4' {attributes}>{AUDIO}</Clip>"
    (clip,) = clips_of(tmp_path, text)
    assert (clip.start_seconds, clip.end_seconds) == (2.0, 4.0)


def test_what_lies_outside_its_clip_is_not_heard(tmp_path):
    inner = CLIP.format(9, 4, "", AUDIO) + CLIP.format(1, 9, "contentTimeUnit='seconds'", AUDIO)
    (clip,) = clips_of(tmp_path, CLIP.format(0, 4, "", f"<Lanes><Clips>{inner}</Clips></Lanes>"))
    (piece,) = clip.pieces
    assert times(piece) == (0.5, 2.0, 0.0, 1.5)


def test_only_audio_is_listed(tmp_path):
    assert clips_of(tmp_path, CLIP.format(0, 4, "", "<Notes/>")) == ()
    project = save_project(tmp_path / "e.dawproject", "<Project version='1.0'/>")
    assert DawProject(project).clips == ()


def ramp(unit):
    """From 60 to 120 bpm within 4 beats or seconds."""
    return project_clock(
        ET.fromstring(
            f"<Project><Arrangement><TempoAutomation timeUnit='{unit}'>"
            "<RealPoint time='4' value='120'/>"
            "<RealPoint time='0' value='60' interpolation='linear'/>"
            "</TempoAutomation></Arrangement></Project>"
        )
    )


def test_a_tempo_that_changes_with_every_beat():
    clock = ramp("beats")
    # 60 bpm plus 15 a beat: the integral of 60 / (60 + 15 b) over 4 beats.
    assert clock.seconds_at(4.0) == near(4 * math.log(2))
    assert clock.beat_at(4 * math.log(2)) == near(4.0)
    assert clock.seconds_at(6.0) == near(4 * math.log(2) + 1.0)
    assert clock.seconds_at(-1.0) == near(-1.0)


def test_a_tempo_that_changes_with_every_second():
    clock = ramp("seconds")
    # A mean of 90 bpm for 4 s, and of 75 for the first 2 s.
    assert clock.seconds_at(6.0) == near(4.0)
    assert clock.seconds_at(8.0) == near(5.0)
    assert clock.beat_at(2.0) == near(2.5)
    assert clock.beat_at(1.01) == near((60 + 7.575) * 1.01 / 60, abs=1e-3)


def test_a_tempo_that_begins_late_holds_before():
    clock = ProjectClock([(8.0, 60.0, False), (10.0, 120.0, False)])
    assert [clock.seconds_at(beat) for beat in (0.0, 8.0, 10.0, 12.0)] == [0.0, 8.0, 10.0, 11.0]
    assert [clock.beat_at(at) for at in (0.0, 8.0, 10.0, 11.0)] == [0.0, 8.0, 10.0, 12.0]


def test_audio_comes_out_of_the_project(tmp_path):
    project = DawProject(beats_project(tmp_path))
    (tmp_path / "out").mkdir()
    out = project.extract(project.clips[0].pieces[0], tmp_path / "out")
    assert out.parent == tmp_path / "out"
    assert out.read_bytes() == (tmp_path / "audio of the project" / "mix.wav").read_bytes()


def test_audio_beside_the_project(tmp_path):
    for path in ("sub/a.wav", "sub\\a.wav"):
        audio = AUDIO.replace("path='a.wav'", f"path='{path}' external='true'")
        clip = CLIP.format(0, 4, "contentTimeUnit='seconds'", audio)
        clips_of(tmp_path, clip)
        project = DawProject(tmp_path / "x.dawproject")
        (piece,) = project.clips[0].pieces
        if not (tmp_path / "sub").exists():
            with pytest.raises(UserError, match="missing"):
                project.extract(piece, tmp_path)
        (tmp_path / "sub").mkdir(exist_ok=True)
        (tmp_path / "sub" / "a.wav").write_bytes(b"audio")
        assert project.extract(piece, tmp_path) == tmp_path / "sub" / "a.wav"


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path):
    path = save_project(
        tmp_path / "x.dawproject",
        "<Project version='1.0'><Arrangement><Lanes><Clips>"
        + CLIP.format(0, 4, "", AUDIO.replace("a.wav", "../../evil.wav"))
        + "</Clips></Lanes></Arrangement></Project>",
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil.wav", b"audio")
    project = DawProject(path)
    (tmp_path / "deep").mkdir()
    with pytest.raises(UserError, match="leads out of the archive"):
        project.extract(project.clips[0].pieces[0], tmp_path / "deep")
    assert list((tmp_path / "deep").iterdir()) == []


def test_what_is_no_project_is_refused(tmp_path):
    for name, content in (("a.txt", b"text"), ("b.dawproject", b"PK\x03\x04 half")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match="no DAWproject"):
            DawProject(tmp_path / name)
    with pytest.raises(UserError, match="cannot be read"):
        DawProject(tmp_path / "gone.dawproject")
    with zipfile.ZipFile(tmp_path / "c.dawproject", "w") as archive:
        archive.writestr("other.xml", "<Project/>")
    with pytest.raises(UserError, match="no DAWproject"):
        DawProject(tmp_path / "c.dawproject")
    for text, words in (
        ("<Project version='1.0'>", "damaged"),
        ("<Song/>", "no DAWproject"),
        (BEATS.replace("{audio}", AUDIO).replace('time="4.0"', 'time="soon"'), "damaged"),
        (BEATS.replace("{audio}", AUDIO).replace('duration="6.0"', 'duration="inf"'), "damaged"),
    ):
        with pytest.raises(UserError, match=words):
            DawProject(save_project(tmp_path / "d.dawproject", text))


def test_a_clip_that_holds_itself_is_refused(tmp_path):
    text = BEATS.replace("{audio}", AUDIO).replace(
        '<Clips id="id13">', '<Clips id="id13"><Clip time="0" duration="1" reference="id13"/>'
    )
    with pytest.raises(UserError, match="damaged"):
        DawProject(save_project(tmp_path / "loop.dawproject", text))


def test_audio_that_is_not_in_the_project_is_named(tmp_path):
    clips_of(tmp_path, CLIP.format(0, 4, "", AUDIO))
    project = DawProject(tmp_path / "x.dawproject")
    with pytest.raises(UserError, match=r"a\.wav is not in"):
        project.extract(project.clips[0].pieces[0], tmp_path)
