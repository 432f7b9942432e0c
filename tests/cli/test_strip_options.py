"""Options of stems, whose names nobody knows beforehand, and options that are misspelt."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk.cli.strip_options import spelled_out
from stemdesk.mixing.addresses import get
from stemdesk.mixing.recipe import load_recipe
from tests.app.tiny import RATE, music, read_exactly, save_song


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
        (["--Lead Vox", "-3"], ["--strip=Lead Vox=-3"]),
        (["--lead-vox", "-3"], ["--strip=lead-vox=-3"]),
        (["--lead-vox-mute", "a.wav"], ["--strip=lead-vox-mute=1", "a.wav"]),
        (["--Gtr (L)-pan=0.5"], ["--strip=Gtr (L)-pan=0.5"]),
        (["--guitar-reverb", "--output", "x.wav"], ["--strip=guitar-reverb=", "--output", "x.wav"]),
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


@pytest.mark.parametrize(
    "option", ["--vocals", "--vocals-reverb", "--key", "--bass-pan", "--keys-reverb", "--keys-eq"]
)
def test_an_option_without_its_number_is_refused_by_name(stemdesk, stems, option):
    rests = ([], ["loud"], ["-o", "x.wav"], ["--output", "x.wav"], ["--json"], [stems])
    for words in ((stems, option, *rest) for rest in rests):
        ran = stemdesk("remix", *words)
        ran.refused(f"{option} needs a number after it", status=2)


@pytest.fixture
def session(tmp_path):
    """Stems as a DAW exports them."""
    folder = tmp_path / "Session"
    for seed, name in enumerate(("Lead Vox", "BGV_2", "Kick.in", "Gtr (L)")):
        save_song(folder / f"{name}.wav", music(6000, seed=seed, level=0.15), RATE)
    return folder


@pytest.mark.parametrize(
    ("options", "address", "value"),
    [
        (["--Lead Vox", "-3"], "Lead Vox.level_db", -3),
        (["--lead-vox", "-3"], "Lead Vox.level_db", -3),
        (["--LEAD_VOX=-3"], "Lead Vox.level_db", -3),
        (["--lead-vox-reverb", "0.2"], "Lead Vox.reverb.amount", 0.2),
        (["--Lead Vox-mute"], "Lead Vox.mute", 1),
        (["--bgv-2-pan", "0.5"], "BGV_2.pan", 0.5),
        (["--kick.in", "-6"], "Kick.in.level_db", -6),
        (["--gtr (l)-pan", "-1"], "Gtr (L).pan", -1),
        (["--set", "lead-vox.reverb.width=0.5"], "Lead Vox.reverb.width", 0.5),
        (["--set", "kick.in.pan=-1"], "Kick.in.pan", -1),
    ],
)
def test_stems_of_a_daw_are_named_as_is_easiest(
    stemdesk, session, tmp_path, options, address, value
):
    recipe = tmp_path / "r.toml"
    words = ("remix", session, "-o", tmp_path / "mix.wav", "--save-recipe", recipe)
    ran = stemdesk(*words, *options)
    assert ran.status == 0, ran
    assert get(load_recipe(recipe).mix, address) == value


def test_automation_and_recipes_find_them_too(stemdesk, session, tmp_path):
    course, recipe = "bgv-2.level_db=off@0", tmp_path / "r.toml"
    words = ("remix", session, "--automate", course, "--kick.in", "off", "--gtr-(l)", "off")
    assert stemdesk(*words, "-o", tmp_path / "a.wav", "--save-recipe", recipe).status == 0
    lead = read_exactly(session / "Lead Vox.wav")
    np.testing.assert_allclose(read_exactly(tmp_path / "a.wav"), lead, atol=2**-15)
    (session / "BGV_2.wav").rename(session / "bgv 2.wav")
    (session / "Kick.in.wav").rename(session / "KICK.IN.wav")
    words = ("remix", session, "--recipe", recipe, "-o", tmp_path / "b.wav")
    assert stemdesk(*words).status == 0
    np.testing.assert_array_equal(
        read_exactly(tmp_path / "b.wav"), read_exactly(tmp_path / "a.wav")
    )


def test_a_recipe_s_stem_of_other_case_is_changed_by_its_option(stemdesk, tmp_path):
    recipe, folder = tmp_path / "r.toml", tmp_path / "Song"
    save_song(folder / "Vocals.wav", music(3000, level=0.1), RATE)
    recipe.write_text("[mix]\nstrips = [{name = 'Vocals', level_db = -20.0}]")
    kept = tmp_path / "kept.toml"
    words = ("remix", folder, "-o", tmp_path / "m.wav", "--recipe", recipe, "--vocals", "-6")
    assert stemdesk(*words, "--save-recipe", kept).status == 0
    assert get(load_recipe(kept).mix, "Vocals.level_db") == -6


@pytest.mark.parametrize(
    ("option", "meant"),
    [
        ("--lead-vxo", "--Lead Vox"),
        ("--led-vox-reverb", "--Lead Vox-reverb"),
        ("--bvg-2", "--BGV_2"),
    ],
)
def test_a_misspelt_stem_is_suggested(stemdesk, session, option, meant):
    ran = stemdesk("remix", session, option, "0.1")
    ran.refused(f"no option {option}", f"perhaps {meant} is meant", status=2)


def test_a_misspelt_stem_of_an_address_is_suggested(stemdesk, session):
    ran = stemdesk("remix", session, "--set", "led-vox.pan=1")
    ran.refused("works on the stem led-vox", "perhaps Lead Vox is meant")
