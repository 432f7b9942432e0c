"""Every fault is planted in an otherwise clean song, and found; clean songs stay clean."""

import json
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.doctor.check import check_library
from stemdesk_training.doctor.examination import examine
from stemdesk_training.doctor.findings import findings_of, verdict_of
from stemdesk_training.doctor.fingerprint import find_duplicates
from stemdesk_training.doctor.html import page
from stemdesk_training.doctor.memory import Memory
from stemdesk_training.doctor.repair import repair
from tests.training import studio
from tests.training.studio import RATE


@pytest.fixture(scope="module")
def stems():
    return studio.make_song(3)


def found_in(folder, shares=None):
    (song,) = find_songs(folder)
    return findings_of(examine(song, shares))


def told(findings):
    return {(finding.kind, finding.part) for finding in findings}


def test_a_clean_song_passes_without_a_word(tmp_path, stems):
    studio.write_song(tmp_path / "song", stems)
    assert found_in(tmp_path) == []


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_no_false_alarm_on_other_clean_songs(tmp_path, seed):
    studio.write_song(tmp_path / "song", studio.make_song(seed))
    assert found_in(tmp_path) == []


def with_stem(stems, name, samples):
    return {**stems, name: samples}


FAULTS = {
    "unreadable": ("", lambda s: s.put("vocals", s.at("vocals", 9000, np.nan)), "reject"),
    "dc": ("bass", lambda s: s.put("bass", s["bass"] + 0.01, also_mixture=True), "fixable"),
    "clipping": ("drums", lambda s: s.put("drums", np.clip(s["drums"] * 60, -1, 1)), None),
    "silent": ("vocals", lambda s: s.put("vocals", 0 * s["vocals"], also_mixture=True), "pass"),
    "mono": (
        "other",
        lambda s: s.put("other", np.repeat(s["other"][:1], 2, 0), also_mixture=True),
        "pass",
    ),
    "band-limit": (
        "vocals",
        lambda s: s.put("vocals", studio.lowpass(s["vocals"], 11_000), also_mixture=True),
        "pass",
    ),
    "channels": ("bass", lambda s: s.put("bass", s.in_the_middle("bass")), "fixable"),
    "length": ("drums", lambda s: s.put("drums", s["drums"][:, : -RATE // 2]), "fixable"),
    "lag": ("drums", lambda s: s.put("drums", studio.late(s["drums"], 333)), "fixable"),
    "polarity": ("vocals", lambda s: s.put("vocals", -s["vocals"]), "fixable"),
    "gain": ("other", lambda s: s.put("other", 0.7 * s["other"]), "fixable"),
    "incomplete": ("", lambda s: s.drop("drums"), "reject"),
    "mastered": ("", lambda s: s.master(studio.limited(s.mixture, 0.05)), "pass"),
    "bleed": (
        "vocals",
        lambda s: s.put("vocals", s["vocals"] + 0.2 * studio.late(s["drums"], 9)),
        None,
    ),
}


class Spoiler:
    def __init__(self, stems):
        self.stems, self.mixture = dict(stems), sum(stems.values())

    def __getitem__(self, name):
        return self.stems[name]

    def at(self, name, frame, value):
        samples = self.stems[name].copy()
        samples[:, frame] = value
        return samples

    def put(self, name, samples, also_mixture=False):
        self.stems[name] = samples
        if also_mixture:
            self.mixture = sum(self.stems.values())

    def in_the_middle(self, name):
        self.put(name, np.repeat(self.stems[name][:1], 2, 0), also_mixture=True)
        return self.stems[name][:1]

    def drop(self, name):
        del self.stems[name]

    def master(self, samples):
        self.mixture = samples


@pytest.mark.parametrize("kind", FAULTS)
def test_a_planted_fault_is_found_and_judged(tmp_path, stems, kind):
    part, spoil, verdict = FAULTS[kind]
    song = Spoiler(stems)
    spoil(song)
    studio.write_song(tmp_path / "song", song.stems, song.mixture)
    findings = found_in(tmp_path)
    assert (kind, part) in told(findings), findings
    if verdict is not None:
        assert verdict_of(findings) == verdict
        assert {finding.kind for finding in findings} == {kind}, findings


def checked_in(folder, memory=None, shares=None):
    return check_library(find_songs(folder), memory, shares, lambda *_: None)


def test_rates_that_differ_are_found(tmp_path, stems):
    mono_rate = {**stems, "bass": stems["bass"][:, ::2]}
    studio.write_song(tmp_path / "song", mono_rate, sum(stems.values()), {"bass": RATE // 2})
    findings = found_in(tmp_path)
    assert ("sample-rate", "bass") in told(findings)
    assert verdict_of(findings) == "fixable"


def put_in(folder, stems, name, samples):
    """The song with another stem, heard in the mixture too; what is found."""
    song = Spoiler(stems)
    song.put(name, samples, also_mixture=True)
    studio.write_song(folder / "song", song.stems, song.mixture)
    return found_in(folder)


@pytest.mark.parametrize(
    ("name", "gain_db", "verdict"),
    [
        ("vocals", 6, "pass"), ("vocals", 12, "reject"), ("drums", 12, "pass"),
        ("drums", 36, "reject"), ("other", 3, "pass"), ("other", 12, "reject"),
    ],
)  # fmt: skip
def test_cut_peaks_are_a_note_and_a_crushed_stem_is_not_for_training(
    tmp_path, name, gain_db, verdict
):
    song = studio.make_song(3, 3)
    full = song[name] / np.abs(song[name]).max()
    findings = put_in(tmp_path, song, name, np.clip(full * 10 ** (gain_db / 20), -1, 1))
    assert ("clipping", name) in told(findings)
    assert verdict_of(findings) == verdict
    assert ("% of its energy" in findings[0].text) == (verdict == "reject")


def test_floating_point_above_full_scale_is_not_clipped(tmp_path):
    song = studio.make_song(3, 3)
    loud = 4 * song["other"] / np.abs(song["other"]).max()
    assert told(put_in(tmp_path, song, "other", loud)) == set()


def test_surround_among_stereo_is_found_and_folded_down(tmp_path, stems):
    centred = np.zeros((6, stems["vocals"].shape[1]))
    centred[:2] = stems["vocals"]
    studio.write_song(tmp_path / "all" / "song", {**stems, "vocals": centred}, sum(stems.values()))
    (checked,) = checked_in(tmp_path / "all")
    assert told(checked.findings) == {("channels", "vocals")}
    repair(checked.song, checked.found, checked.findings, tmp_path / "copy" / "song")
    assert found_in(tmp_path / "copy") == []


def test_several_faults_at_once_are_all_found_and_mended_in_a_copy(tmp_path, stems):
    spoilt = {
        "vocals": -stems["vocals"],
        "drums": studio.late(stems["drums"], 333),
        "bass": 0.5 * stems["bass"],
        "other": np.pad(stems["other"], ((0, 0), (0, 4000))),
    }
    whole = sum(stems.values())
    studio.write_song(tmp_path / "all" / "song", spoilt, whole)
    (checked,) = checked_in(tmp_path / "all")
    assert told(checked.findings) == {
        ("polarity", "vocals"),
        ("lag", "drums"),
        ("gain", "bass"),
        ("length", "other"),
    }
    before = {path.name: path.read_bytes() for path in (tmp_path / "all" / "song").iterdir()}
    done = repair(checked.song, checked.found, checked.findings, tmp_path / "copy" / "song")
    assert len(done) == 4
    (again,) = checked_in(tmp_path / "copy")
    assert again.findings == []
    read = {
        path.stem: soundfile.read(path, always_2d=True)[0].T
        for path in (tmp_path / "copy" / "song").iterdir()
    }
    assert set(read) == {*studio.STEMS, "mixture"}
    left = read["mixture"] - sum(read[name] for name in studio.STEMS)
    assert np.abs(left[:, :-400]).max() < 1e-4
    assert before == {p.name: p.read_bytes() for p in (tmp_path / "all" / "song").iterdir()}


def test_a_copy_never_goes_where_something_is(tmp_path, stems):
    studio.write_song(tmp_path / "all" / "song", {**stems, "bass": 0.5 * stems["bass"]},
        sum(stems.values()))  # fmt: skip
    (checked,) = checked_in(tmp_path / "all")
    with pytest.raises(UserError, match="exists already"):
        repair(checked.song, checked.found, checked.findings, tmp_path / "all" / "song")


def test_a_copy_that_finds_no_room_leaves_nothing(tmp_path, stems):
    resource = pytest.importorskip("resource", reason="no limits on file sizes here")
    studio.write_song(tmp_path / "all" / "song", {**stems, "bass": 0.5 * stems["bass"]},
        sum(stems.values()))  # fmt: skip
    (checked,) = checked_in(tmp_path / "all")
    copy = tmp_path / "copy" / "song"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(UserError, match="larger than this disk's file system allows"):
            repair(checked.song, checked.found, checked.findings, copy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((tmp_path / "copy").iterdir())
    repair(checked.song, checked.found, checked.findings, copy)
    assert len(list(copy.iterdir())) == 5


def test_all_stems_late_is_one_finding(tmp_path, stems):
    moved = {name: studio.late(samples, 120) for name, samples in stems.items()}
    studio.write_song(tmp_path / "song", moved, sum(stems.values()))
    assert told(found_in(tmp_path)) == {("lag", "")}


def test_the_same_recording_is_found_through_an_encoder_a_level_and_a_shift(tmp_path, stems):
    studio.write_song(tmp_path / "1", stems)
    again = tmp_path / "2"
    again.mkdir()
    for name, samples in stems.items():
        soundfile.write(again / f"{name}.ogg", 0.5 * studio.late(samples, 30_000).T, RATE)
    studio.write_song(tmp_path / "3", stems)
    studio.write_song(tmp_path / "4", studio.make_song(8))
    twins = {
        each.song.name: [f.text for f in each.findings if f.kind == "duplicate"]
        for each in checked_in(tmp_path)
    }
    assert twins == {
        "1": [],
        "2": ["It is the same recording as 1."],
        "3": ["It is the same recording as 1."],
        "4": [],
    }


def test_silent_stems_make_no_twins_but_the_rest_does(tmp_path):
    # Too short for fingerprints: what the samples are decides.
    for name, seed in (("1", 3), ("2", 8), ("3", 3)):
        song = studio.make_song(seed, 3)
        studio.write_song(tmp_path / name, {**song, "vocals": 0 * song["vocals"]})
        (tmp_path / name / "mixture.wav").unlink()
    for name in ("4", "5"):
        studio.write_song(tmp_path / name, {stem: 0 * each for stem, each in song.items()})
        (tmp_path / name / "mixture.wav").unlink()
    twins = [
        (each.song.name, finding.text)
        for each in checked_in(tmp_path)
        for finding in each.findings
        if finding.kind == "duplicate"
    ]
    assert twins == [("3", "It is the same recording as 1.")]


def test_silence_that_two_songs_share_makes_no_twins():
    rng = np.random.default_rng(2)
    prints = {name: rng.integers(0, 2, (300, 16), np.uint8) for name in ("one", "other")}
    prints["again"] = prints["one"] ^ (rng.random((300, 16)) < 0.1)
    for bits in prints.values():
        bits[100:] = 0
    assert find_duplicates(prints, dict.fromkeys(prints, "")) == {"again": "one"}


def test_a_stem_that_sounds_like_another_is_mislabelled(tmp_path, stems):
    studio.write_song(tmp_path / "song", stems)
    sure = {"vocals": 0.02, "drums": 0.9, "bass": 0.03, "other": 0.05}
    doubtful = {"vocals": 0.2, "drums": 0.75, "bass": 0.0, "other": 0.05}
    findings = found_in(tmp_path, lambda _clip: sure)
    assert told(findings) == {("mislabelled", name) for name in ("vocals", "bass", "other")}
    assert verdict_of(findings) == "reject"
    assert "The vocals stem sounds like drums (90 % of it)." in [each.text for each in findings]
    assert ("mislabelled", "vocals") not in told(found_in(tmp_path, lambda _clip: doubtful))


def test_an_instrumental_may_sound_like_what_has_no_stem_of_its_own(tmp_path, stems):
    rest = stems["drums"] + stems["bass"] + stems["other"]
    studio.write_song(tmp_path / "song", {"vocals": stems["vocals"], "other": rest})
    loud_drums = {"vocals": 0.05, "drums": 0.8, "bass": 0.1, "other": 0.05}
    sung = {"vocals": 0.9, "drums": 0.05, "bass": 0.0, "other": 0.05}
    assert told(found_in(tmp_path, lambda _clip: loud_drums)) == {("mislabelled", "vocals")}
    assert told(found_in(tmp_path, lambda _clip: sung)) == {("mislabelled", "other")}


@pytest.mark.parametrize("swapped", [("drums", "bass"), ("vocals", "drums"), ()])
def test_the_shipped_model_tells_swapped_stems(tmp_path, stems, swapped):
    from stemdesk_training.doctor.labels import Listener

    names = dict(zip(swapped, swapped[::-1], strict=True))
    studio.write_song(
        tmp_path / "song", {name: stems[names.get(name, name)] for name in studio.STEMS}
    )
    findings = found_in(tmp_path, Listener())
    # One of the two may be taken for something else again; the song does not pass.
    assert told(findings) <= {("mislabelled", name) for name in swapped}
    assert verdict_of(findings) == ("reject" if swapped else "pass")


def test_what_is_known_is_not_looked_at_again(tmp_path, stems, monkeypatch):
    studio.write_song(tmp_path / "all" / "song", stems)
    memory = Memory(tmp_path / "cache", "")
    first = checked_in(tmp_path / "all", memory)
    looked = []
    monkeypatch.setattr(
        "stemdesk_training.doctor.check.examine", lambda song, _: looked.append(song.name)
    )
    (tmp_path / "all" / "song").rename(tmp_path / "all" / "renamed")
    second = checked_in(tmp_path / "all", Memory(tmp_path / "cache", ""))
    assert looked == []
    assert second[0].found.facts == first[0].found.facts
    assert second[0].found.name == "renamed"
    (tmp_path / "cache" / "hashes.json").write_text("broken")
    checked_in(tmp_path / "all", Memory(tmp_path / "cache", ""))
    assert looked == []
    monkeypatch.undo()
    studio.write_song(tmp_path / "all" / "renamed", {**stems, "bass": 0.5 * stems["bass"]},
        sum(stems.values()))  # fmt: skip
    assert checked_in(tmp_path / "all", memory)[0].verdict == "fixable"


def test_the_page_shows_every_song_and_takes_no_name_for_markup(tmp_path, stems):
    studio.write_song(tmp_path / "A & <b>", {**stems, "bass": 0.5 * stems["bass"]},
        sum(stems.values()))  # fmt: skip
    text = page("Studio <i>", checked_in(tmp_path))
    assert "A &amp; &lt;b&gt;" in text
    assert "<b>" not in text
    assert text.count("<polygon") == 5
    assert "must be multiplied by 2.000" in text
    ElementTree.fromstring(text.split("\n", 1)[1].replace('<meta charset="utf-8">', ""))


def test_the_command_tells_writes_the_page_and_the_copies(tmp_path, stems, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    studio.write_song(tmp_path / "all" / "song", {**stems, "bass": 0.5 * stems["bass"]},
        sum(stems.values()))  # fmt: skip
    (tmp_path / "all" / "broken").mkdir()
    for name in ("vocals", "drums"):
        (tmp_path / "all" / "broken" / f"{name}.wav").write_bytes(b"no audio")
    command = [sys.executable, "-m", "stemdesk", "dataset", "check", str(tmp_path / "all")]
    command += ["--no-model", "--report", str(tmp_path / "page.html"), "--json"]
    done = subprocess.run(
        [*command, "--fix", str(tmp_path / "copy")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    told_songs = {each["song"]: each for each in json.loads(done.stdout)}
    assert told_songs["broken"]["verdict"] == "reject"
    assert "vocals.wav" in told_songs["broken"]["findings"][0]["text"]
    assert told_songs["song"]["mended"]
    assert (tmp_path / "copy" / "song" / "bass.wav").exists()
    assert not (tmp_path / "copy" / "broken").exists()
    assert "reject" in (tmp_path / "page.html").read_text()
