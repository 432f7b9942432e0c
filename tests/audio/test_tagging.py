"""Tags of every length and number, in every format that is written."""

from __future__ import annotations

import struct

import mutagen
import numpy as np
import pytest
import soundfile

from stemdesk.audio.channel_order import layout_remarks
from stemdesk.audio.reading import open_audio
from stemdesk.audio.tagging import TAG_NAMES, known_tags, most_bytes, tag_remarks
from stemdesk.audio.writing import FORMATS, AudioWriter, OutputSpec

RATE = 44_100
FRAMES = 5000
SAMPLES = np.full((2, FRAMES), 0.25)
LONG = 200_000


def write(path, format_name, tags, samples=SAMPLES, subtype=None):
    subtype = subtype or FORMATS[format_name].subtypes[0]
    spec = OutputSpec(format_name, subtype, RATE, len(samples))
    with AudioWriter(path, spec, samples.shape[1], tags) as writer:
        writer.write(samples)


def chunks(content):
    """(name, size) of a WAV file's chunks; an error where they do not add up."""
    assert content[8:12] == b"WAVE"
    place, found = 12, []
    while place < len(content):
        name, size = struct.unpack_from("<4sI", content, place)
        found.append(name)
        if name == b"LIST":
            end, inner = place + 8 + size, place + 12
            while inner < end:
                inner += 8 + struct.unpack_from("<I", content, inner + 4)[0]
                inner += inner % 2
            assert inner == end
        place += 8 + size + size % 2
    assert place == len(content)
    return found


@pytest.mark.parametrize("channels", [1, 2, 8])
@pytest.mark.parametrize("subtype", ["PCM_16", "DOUBLE"])
@pytest.mark.parametrize("letter", ["q", "日"])
@pytest.mark.parametrize("length", [2041, 51_196, LONG])
def test_chunks_of_a_wav_file_are_whole_whatever_the_tags(
    tmp_path, channels, subtype, letter, length
):
    tags = dict.fromkeys(TAG_NAMES, letter * length)
    samples = np.full((channels, FRAMES), 0.25)
    write(tmp_path / "x.wav", "wav", tags, samples, subtype)
    assert b"LIST" in chunks((tmp_path / "x.wav").read_bytes())
    with open_audio(tmp_path / "x.wav") as reader:
        assert np.array_equal(reader.read(FRAMES), samples)
        assert reader.info.tags == known_tags(tags, "wav")
        assert all(text.strip(letter) == "" for text in reader.info.tags.values())


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("name", TAG_NAMES)
def test_a_long_tag_is_kept_as_far_as_the_format_holds_it(tmp_path, format_name, name):
    text = "2020" if name == "date" else "3" if name == "tracknumber" else "q" * LONG
    path = tmp_path / f"x.{format_name}"
    write(path, format_name, {"title": "T", "artist": "A"} | {name: text})
    with open_audio(path) as reader:
        assert reader.read(FRAMES).shape == (2, FRAMES)
        assert reader.info.tags[name] == text[: most_bytes(format_name)]


@pytest.mark.parametrize("format_name", FORMATS)
def test_tags_at_their_limits_are_whole_and_nothing_is_said(tmp_path, format_name):
    texts = {name: "q" * most_bytes(format_name) for name in ("title", "comment", "album")}
    path = tmp_path / f"x.{format_name}"
    write(path, format_name, texts)
    assert tag_remarks(texts, format_name) == []
    with open_audio(path) as reader:
        assert reader.info.tags == texts


def test_what_is_shortened_is_told():
    told = tag_remarks({"comment": "é" * LONG, "title": "T"}, "wav")
    assert told == [
        "The comment tag is too long for wav, so only its first 2040 bytes were written."
    ]
    assert len(known_tags({"comment": "é" * LONG}, "wav")["comment"]) == 1020


@pytest.mark.parametrize("format_name", ["flac", "ogg", "mp3"])
@pytest.mark.parametrize("name", ["artist", "genre"])
def test_of_two_tags_both_are_kept(tmp_path, format_name, name):
    path = tmp_path / f"x.{format_name}"
    write(path, format_name, {name: "x", "title": "T"})
    file = mutagen.File(path, easy=True)
    file[name] = ["One", "Two", "One"]
    file.save()
    with open_audio(path) as reader:
        assert reader.info.tags[name] == "One; Two"
        assert reader.info.tags["title"] == "T"
        for other in FORMATS:
            write(tmp_path / f"again.{other}", other, reader.info.tags)
            with open_audio(tmp_path / f"again.{other}") as again:
                assert again.info.tags[name] == "One; Two"


def test_damaged_tags_cost_only_themselves(tmp_path):
    path = tmp_path / "x.flac"
    write(path, "flac", {"artist": "Somebody"})
    content = bytearray(path.read_bytes())
    place = content.find(b"artist=") if b"artist=" in content else content.find(b"ARTIST=")
    content[place - 4 : place] = b"\xff\xff\xff\x7f"
    path.write_bytes(content)
    with open_audio(path) as reader:
        assert reader.read(FRAMES).shape == (2, FRAMES)


@pytest.mark.parametrize(
    ("format_name", "channels", "mask", "is_told"),
    [
        ("ogg", 6, 0x3F, False),
        ("ogg", 6, 0x60F, False),
        ("ogg", 6, None, False),
        ("ogg", 3, 0xB, True),
        ("ogg", 8, 0xFF, True),
        ("ogg", 7, 0x70F, False),
        ("ogg", 4, 0, True),
        ("wav", 8, 0xFF, False),
    ],
)
def test_a_layout_that_ogg_does_not_know_is_told(format_name, channels, mask, is_told):
    spec = OutputSpec(format_name, "VORBIS", RATE, channels, mask)
    assert bool(layout_remarks(spec)) == is_told


def test_soundfile_reads_what_was_tagged(tmp_path):
    write(tmp_path / "x.wav", "wav", {"comment": "q" * LONG})
    with soundfile.SoundFile(tmp_path / "x.wav") as sound:
        assert sound.frames == FRAMES
