import math

import msgspec
import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import (
    addresses,
    check_mix,
    find,
    get,
    solo_only,
    with_effect,
    with_value,
)
from stemdesk.mixing.plugins import known
from stemdesk.mixing.plugins.parameter import PluginParameter
from stemdesk.mixing.settings import (
    EffectSettings,
    MixSettings,
    Point,
    StripSettings,
    changed,
    neutral,
)

STEMS = ("vocals", "drums", "bass", "other")


@pytest.fixture
def mix():
    return with_effect(neutral(STEMS), "vocals", EffectSettings(kind="reverb"))


def test_every_listed_address_can_be_read_and_set_back(mix):
    listed = dict(addresses(mix))
    assert {"vocals.level_db", "master.pan", "vocals.reverb.amount", "master.ceiling_db"} <= set(
        listed
    )
    assert "master.solo" not in listed
    for address in listed:
        assert with_value(mix, address, get(mix, address)) is not mix
        assert get(with_value(mix, address, get(mix, address)), address) == get(mix, address)


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("vocals.level_db", -6.0),
        ("vocals.level_db", -math.inf),
        ("drums.pan", -0.5),
        ("bass.mute", 1.0),
        ("vocals.reverb.amount", 0.5),
        ("vocals.reverb.bypass", 1.0),
        ("master.ceiling_db", -1.0),
        ("master.level_db", 3.0),
    ],
)
def test_a_value_set_is_the_value_read_and_nothing_else_moves(mix, address, value):
    new = with_value(mix, address, value)
    assert get(new, address) == value
    others = [each for each, _ in addresses(mix) if each != address]
    assert [get(new, each) for each in others] == [get(mix, each) for each in others]
    assert get(mix, address) != value  # the old mix is as it was


def test_an_unknown_address_is_refused_with_the_nearest(mix):
    with pytest.raises(UserError, match=r"no parameter vocal\.level_db.*perhaps vocals\.level_db"):
        find(mix, "vocal.level_db")
    with pytest.raises(UserError, match=r"drums\.reverb\.amount"):
        find(mix, "drums.reverb.amount")


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("foo.pan", "the strips are vocals, drums, bass, other, master"),
        ("volume.pan", "the strips are vocals"),
        ("vocals.revreb.amount", r"perhaps vocals\.reverb\.amount is meant"),
        ("vocals.reverb.damp", r"perhaps vocals\.reverb\.damping is meant"),
        ("vocals.reverb.size", r"known are vocals\.reverb\.bypass"),
        ("drums.levle_db", r"perhaps drums\.level_db is meant"),
    ],
)
def test_hints_are_of_a_decent_likeness(mix, address, remedy):
    with pytest.raises(UserError, match=remedy):
        find(mix, address)


def test_out_of_range_is_refused_by_address(mix):
    with pytest.raises(UserError, match=r"vocals\.reverb\.amount cannot be 2"):
        with_value(mix, "vocals.reverb.amount", 2)


def test_a_plug_in_s_addresses_are_exact_once_it_has_told_them(monkeypatch):
    monkeypatch.setattr(known, "_told", {})
    plain = EffectSettings(kind="plugin", name="punch", plugin="punch.vst3")
    saved = changed(plain, state="c2F2ZWQ=")
    drive = PluginParameter(
        name="drive",
        title="Drive",
        unit="dB",
        default=0.25,
        value=0.75,
        text="30",
        lowest="0",
        highest="40",
        steps=0,
        is_switch=False,
        is_automatable=True,
    )
    known.note(saved, (drive, msgspec.structs.replace(drive, name="bypass")))
    mix = with_effect(neutral(STEMS), "vocals", saved)
    assert get(mix, "vocals.punch.drive") == 0.75  # as its state has it
    listed = [name for name, _ in addresses(mix) if "punch" in name]
    assert listed == ["vocals.punch.bypass", "vocals.punch.drive"]
    with pytest.raises(UserError, match=r"drive cannot be 2.*from 0 \(0 dB\) to 1 \(40 dB\)"):
        with_value(mix, "vocals.punch.drive", 2)
    with pytest.raises(UserError, match=r"perhaps vocals\.punch\.drive is meant"):
        find(mix, "vocals.punch.drvie")
    # Of another state nothing is known, and so nothing refused.
    unknown = with_effect(neutral(STEMS), "vocals", plain)
    assert get(with_value(unknown, "vocals.punch.drvie", 0.5), "vocals.punch.drvie") == 0.5


def test_a_second_effect_of_a_kind_gets_a_name_of_its_own(mix):
    two = with_effect(mix, "vocals", EffectSettings(kind="reverb"))
    assert [effect.name for effect in two.strip("vocals").effects] == ["reverb", "reverb2"]
    moved = with_value(two, "vocals.reverb2.amount", 0.9)
    assert get(moved, "vocals.reverb.amount") != 0.9


def test_solo_is_additive_and_exclusive_solo_is_not(mix):
    both = with_value(with_value(mix, "vocals.solo", 1), "bass.solo", 1)
    assert [strip.solo for strip in both.strips] == [True, False, True, False]
    alone = solo_only(both, "drums")
    assert [strip.solo for strip in alone.strips] == [False, True, False, False]
    assert not any(strip.solo for strip in solo_only(alone, "drums").strips)


@pytest.mark.parametrize(
    ("mix", "message"),
    [
        (neutral(("a", "a")), "a strip too many named 'a'"),
        (neutral(("master",)), "named 'master'"),
        (MixSettings(strips=(StripSettings(name="a", level_db=99),)), r"a\.level_db cannot be 99"),
        (MixSettings(strips=(StripSettings(name="a", level_db=math.nan),)), r"a\.level_db"),
        (
            MixSettings(strips=(StripSettings(name="a", effects=(EffectSettings(kind="echo"),)),)),
            "echo",
        ),
        (
            MixSettings(
                strips=(
                    StripSettings(
                        name="a", effects=(EffectSettings(kind="reverb", values={"size": 1}),)
                    ),
                )
            ),
            r"a\.reverb has no parameter size: known are .*amount",
        ),
        (
            MixSettings(
                strips=(
                    StripSettings(
                        name="a", effects=(EffectSettings(kind="reverb", values={"amount": 7}),)
                    ),
                )
            ),
            r"a\.reverb\.amount cannot be 7",
        ),
        (
            MixSettings(
                strips=(StripSettings(name="a", effects=(EffectSettings(kind="gate"),) * 2),)
            ),
            "a has two effects named gate",
        ),
        (
            changed(
                neutral(("a",)),
                master=StripSettings(name="master", effects=(EffectSettings(kind="rider"),)),
            ),
            "does not go on the master",
        ),
        (changed(neutral(("a",)), ceiling_db=3.0), r"master\.ceiling_db cannot be 3"),
        (
            changed(neutral(("a",)), automation={"a.pan": (Point(0, 5),)}),
            r"a\.pan at 0 s cannot be 5",
        ),
        (changed(neutral(("a",)), automation={"b.pan": (Point(0, 0),)}), r"no parameter b\.pan"),
    ],
)
def test_an_impossible_mix_is_refused_by_name(mix, message):
    with pytest.raises(UserError, match=message):
        check_mix(mix)
