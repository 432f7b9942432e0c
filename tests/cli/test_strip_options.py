"""Options of stems, whose names nobody knows beforehand, and options that are misspelt."""

from __future__ import annotations

import pytest

from stemdesk.cli.strip_options import spelled_out
from tests.app.tiny import RATE, music, save_song


@pytest.fixture
def stems(tmp_path):
    folder = tmp_path / "My Song"
    for seed, name in enumerate(("vocals", "drums", "bass", "other", "keys")):
        save_song(folder / f"{name}.wav", music(6000, seed=seed, level=0.15), RATE)
    return folder


@pytest.mark.parametrize(
    ("given", "spelled"),
    [
        (["a.wav", "--guitar", "-3"], ["a.wav", "--strip=guitar=-3"]),
        (["--vocals", "off", "a.wav"], ["--strip=vocals=off", "a.wav"]),
        (["--vocals-mute", "a.wav"], ["--strip=vocals-mute=1", "a.wav"]),
        (["--vocals=-inf"], ["--strip=vocals=-inf"]),
        (["--guitar=loud"], ["--strip=guitar=loud"]),
        (["--output", "-x", "--json"], ["--output", "-x", "--json"]),
        (["--key", "-2"], ["--strip=key=-2"]),
        (["--", "--vocals", "1"], ["--", "--vocals", "1"]),
        (["--vocals"], ["--strip=vocals="]),
        (["--vocals", "a.wav"], ["--strip=vocals=", "a.wav"]),
        (["--vocals-reverb", "--json"], ["--strip=vocals-reverb=", "--json"]),
        (["--josn", "a.wav"], ["--josn", "a.wav"]),
        (["--josn"], ["--josn"]),
    ],
)
def test_options_of_any_stem_are_spelled_out(given, spelled):
    assert spelled_out(given, {"--output", "--json", "--vocals", "--key"}) == spelled


MISSPELT = [
    ("--recpie", "--recipe"),
    ("--laudness", "--loudness"),
    ("--vocals-revreb", "--vocals-reverb"),
    ("--drums-compres", "--drums-compress"),
]


@pytest.mark.parametrize("follows", ["song", "number", "option", "nothing", "equals"])
@pytest.mark.parametrize(("given", "meant"), MISSPELT)
def test_a_misspelt_option_is_refused_by_name(stemdesk, stems, tmp_path, follows, given, meant):
    target = tmp_path / "mix.wav"
    words = {
        "song": [given, stems],
        "number": [given, "0.2", stems],
        "option": [given, "--stems", "separated", stems],
        "nothing": [stems, given],
        "equals": [f"{given}=0.2", stems],
    }[follows]
    for command in (("remix", "-o", target), ("play", "--output-device", "silent")):
        ran = stemdesk(*command, *words)
        ran.refused(f"no option {given}", f"perhaps {meant} is meant", status=2)
    assert not target.exists()


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        (["separate", "--karoake", "a.wav"], "--karaoke"),
        (["separate", "--ouput", "out", "a.wav"], "--output"),
        (["separate", "--ouput=out"], "--output"),
        (["loudness", "--jsno"], "--json"),
        (["remix", "--josn", "a.wav"], "--json"),
        (["remix", "--josn", "3", "a.wav"], "--json"),
        (["remix", "--vocal", "-3", "a.wav"], "--vocals"),
        (["remix", "--guitar-pann", "0.1", "a.wav"], "--guitar-pan"),
        (["midi", "follow", "clock", "--prot", "x"], "--port"),
        (["effects", "--plugns"], "--plugins"),
        (["--verison"], "--version"),
    ],
)
def test_so_is_one_of_any_other_command(stemdesk, command, meant):
    stemdesk(*command).refused("there is no option --", f"perhaps {meant} is meant", status=2)


def test_an_option_like_none_is_refused_too(stemdesk, stems):
    ran = stemdesk("remix", "--xyzzy", stems)
    ran.refused("there is no option --xyzzy: see stemdesk remix --help", status=2)


def test_beginnings_of_options_are_taken_for_them(stemdesk, stems, tmp_path):
    assert stemdesk("remix", stems, "--outp", tmp_path / "a.wav", "--js").events[-1]["file"]


def test_a_stem_that_is_named_like_an_option_is_a_stem(stemdesk, stems, tmp_path):
    """`keys` is nearly `--key`."""
    target = tmp_path / "mix.wav"
    assert stemdesk("remix", stems, "-o", target, "--keys", "off").status == 0
    album = tmp_path / "album"
    album.mkdir()
    stems.rename(album / "One")
    assert stemdesk("remix", album, "-o", tmp_path / "out", "--keys-pan", "0.5").status == 0
    (album / "One" / "keys.wav").unlink()
    ran = stemdesk("remix", album, "-o", tmp_path / "out2", "--keys", "off")
    ran.refused("no option --keys", "perhaps --key is meant", status=2)


def test_a_recipe_may_name_stems_that_the_options_change(stemdesk, stems, tmp_path):
    recipe = tmp_path / "r.toml"
    first = ("remix", stems, "-o", tmp_path / "a.wav", "--keys", "-3", "--save-recipe", recipe)
    assert stemdesk(*first).status == 0
    (stems / "keys.wav").unlink()
    ran = stemdesk("remix", stems, "-o", tmp_path / "b.wav", "--recipe", recipe, "--keys", "-6")
    ran.refused("works on the stem keys")


@pytest.mark.parametrize("option", ["--vocals", "--vocals-reverb", "--key", "--bass-pan"])
def test_an_option_without_its_number_is_refused_by_name(stemdesk, stems, option):
    for words in ((stems, option, "loud"), (option, stems), (stems, option), (option, "--json")):
        ran = stemdesk("remix", *words)
        ran.refused(f"{option} has no number after it", status=2)
