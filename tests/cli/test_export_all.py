"""One command writes all formats, and readers that are not StemDesk's open every one of them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import zipfile

import mido
import numpy as np
import pytest
import soundfile

from tests.app.tiny import RATE, music, save_song
from tests.daw import ardour_host

FRAMES = 66_150
STEMS = ("vocals", "drums", "bass", "other")
MIXTURE = sum(music(FRAMES, bits=24, seed=seed, level=0.15) for seed in range(4)).T


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder with everything, and what the command said."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg, which is not installed here")
    from stemdesk.cli import main

    folder = tmp_path_factory.mktemp("all")
    for seed, name in enumerate(STEMS):
        samples = music(FRAMES, bits=24, seed=seed, level=0.15)
        save_song(folder / "Lied" / f"{name}.wav", samples, RATE, "PCM_24")
    (folder / "labels.txt").write_text("0.5\t0.5\tStrophe\n", encoding="utf-8")
    status = main.run(
        [
            *("export", str(folder / "Lied"), "--to", "all", "-o", str(folder / "out")),
            *("--bpm", "97.3", "--first-beat", "0.35"),
            *("--markers", str(folder / "labels.txt")),
        ]
    )
    assert status == 0
    return folder / "out"


def summed(files):
    return sum(soundfile.read(file, always_2d=True)[0] for file in files)


def test_there_is_one_of_each(exported):
    assert sorted(path.name for path in exported.iterdir()) == [
        "Lied (ALAC).stem.mp4",
        "Lied (Ardour)",
        "Lied (Broadcast WAV)",
        "Lied (REAPER)",
        "Lied (labels).txt",
        "Lied.aaf",
        "Lied.dawproject",
        "Lied.mid",
        "Lied.stem.mp4",
    ]


def test_dawproject(exported, shared):
    etree = pytest.importorskip("lxml.etree", reason="needs lxml")
    xsd = etree.XMLSchema(etree.parse(shared / "schemas" / "dawproject" / "Project.xsd"))
    with zipfile.ZipFile(exported / "Lied.dawproject") as archive:
        root = etree.fromstring(archive.read("project.xml"))
        xsd.assertValid(root)
        files = [archive.open(file.get("path")) for file in root.iter("File")]
        np.testing.assert_array_equal(summed(files), MIXTURE)


def test_ardour(exported, tmp_path):
    session = tmp_path / "Lied (Ardour)"
    shutil.copytree(exported / "Lied (Ardour)", session)
    played = ardour_host.play(session)
    assert np.abs(played - MIXTURE).max() < 10 ** (-130 / 20)


def test_reaper(exported):
    rpp = pytest.importorskip("rpp", reason="needs rpp")
    folder = exported / "Lied (REAPER)"
    with (folder / "Lied (REAPER).rpp").open(encoding="utf-8") as file:
        project = rpp.load(file)
    files = [folder / found[1] for found in project.iterfind(".//FILE")]
    np.testing.assert_array_equal(summed(files), MIXTURE)


def test_aaf(exported):
    aaf2 = pytest.importorskip("aaf2", reason="needs pyaaf2")
    with aaf2.open(str(exported / "Lied.aaf"), "r") as file:
        (composition,) = file.content.toplevel()
        sounds = [slot for slot in composition.slots if slot.media_kind == "Sound"]
        assert len(sounds) == len(STEMS) * 2
        essence = {str(mob.mob_id): mob for mob in file.content.essencedata}
        assert len(essence) == len(STEMS) * 2


def test_broadcast_wave(exported):
    files = [exported / "Lied (Broadcast WAV)" / f"{name}.wav" for name in STEMS]
    np.testing.assert_array_equal(summed(files), MIXTURE)


@pytest.mark.parametrize(("name", "codec"), [("Lied", "aac"), ("Lied (ALAC)", "alac")])
def test_ni_stem(exported, name, codec, tmp_path):
    path = exported / f"{name}.stem.mp4"
    probe = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", path]
    told = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)
    streams = [each for each in told["streams"] if each["codec_type"] == "audio"]
    assert [each["codec_name"] for each in streams] == [codec] * 5
    if codec == "alac":
        decode = ["ffmpeg", "-v", "error", "-i", path, "-map", "0:0", tmp_path / "mix.wav"]
        subprocess.run([*decode[:-1], "-c:a", "pcm_s24le", decode[-1]], check=True)
        np.testing.assert_array_equal(summed([tmp_path / "mix.wav"]), MIXTURE)


def test_tempo_map(exported):
    messages = list(mido.MidiFile(exported / "Lied.mid").tracks[0])
    tempi = [each.tempo for each in messages if each.type == "set_tempo"]
    assert tempi[-1] == round(60e6 / 97.3)
    assert [each.text for each in messages if each.type == "marker"] == ["Strophe"]


def test_labels(exported):
    with (exported / "Lied (labels).txt").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file, delimiter="\t")) == [["0.500000", "0.500000", "Strophe"]]
