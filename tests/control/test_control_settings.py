from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Coding, Kind, Source
from stemdesk.control.settings import (
    ControlSettings,
    Desk,
    DeskKind,
    PotButton,
    Sync,
    SyncKind,
    load_settings,
    save_settings,
    settings_path,
)
from stemdesk.control.sync.timecode import FrameRate
from stemdesk.errors import UserError
from stemdesk.paths import config_dir

FULL = ControlSettings(
    mappings=(
        Mapping(
            source=Source(kind=Kind.CC, number=16, coding=Coding.BINARY_OFFSET, port="nano*"),
            address="vocals.pan",
            mode=Mode.RELATIVE,
            step=0.02,
        ),
        Mapping(
            source=Source(kind=Kind.PITCH_BEND, channel=9),
            address="master.level_db",
            least=0.1,
            most=0.9,
            inverted=True,
            touch=Source(kind=Kind.NOTE, number=112),
            feedback=False,
        ),
    ),
    desks=(
        Desk(
            port="X-Touch*",
            pots={PotButton.SEND: "reverb.amount", PotButton.PAN: "pan"},
            time_code=FrameRate.FPS_25,
        ),
        Desk(port="XT*", kind=DeskKind.MACKIE_EXTENDER),
    ),
    sync=Sync(kind=SyncKind.TIME_CODE, port="Tascam", offset_seconds=3600.0),
    outputs={"in": "out"},
)


def test_they_are_kept_in_the_users_folder():
    assert load_settings() == ControlSettings()
    save_settings(FULL)
    assert settings_path().parent == config_dir()
    assert load_settings() == FULL
    save_settings(ControlSettings())
    assert load_settings() == ControlSettings()
    assert [path.name for path in config_dir().iterdir()] == [settings_path().name]


def damaged(text, path):
    path.write_bytes(text)
    with pytest.raises(UserError, match="damaged") as caught:
        load_settings(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="damaged"):
        save_settings(FULL, path)
    assert path.read_bytes() == text


def edited(**changes):
    tree = json.loads(msgspec.json.encode(FULL))
    for route, value in changes.items():
        *parents, name = route.split("__")
        place = tree
        for parent in parents:
            place = place[int(parent[1:]) if parent.startswith("i") else parent]
        place[name] = value
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"format": "one"}',
        b'\xff\xfe{"format": 1}',
        b'{"format": 1, "x": ' + b"[" * 100_000,
        edited(format=1)[:-20],
        edited(mappings__i0__address=""),
        edited(mappings__i0__mode="sideways"),
        edited(mappings__i0__mode="absolute"),
        edited(mappings__i0__step=0),
        edited(mappings__i0__source__number=120),
        edited(mappings__i0__source__channel=17),
        edited(mappings__i0__source__kind="note"),
        edited(mappings__i1__least=0.9),
        edited(mappings__i1__most=1.5),
        edited(mappings__i1__touch={"kind": "cc"}),
        edited(desks=None),
        edited(desks__i0__pots={}),
        edited(desks__i0__time_code=4),
    ],
)
def test_a_damaged_file_is_refused_and_never_overwritten(text, tmp_path):
    damaged(text, tmp_path / "midi.json")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
@given(cut=st.integers(0, 600), byte=st.integers(0, 255))
def test_whatever_happens_to_the_file_one_sentence_tells(cut, byte, tmp_path):
    text = bytearray(edited(format=1))
    text[cut % len(text)] = byte
    path = tmp_path / "midi.json"
    path.write_bytes(text)
    try:
        found = load_settings(path)
    except UserError:
        with pytest.raises(UserError):
            save_settings(FULL, path)
        assert path.read_bytes() == bytes(text)
    else:
        assert isinstance(found, ControlSettings)


def test_a_later_format_is_left_to_a_later_stemdesk(tmp_path):
    path = tmp_path / "midi.json"
    path.write_text('{"format": 2, "mappings": "something else"}')
    with pytest.raises(UserError, match="later StemDesk"):
        load_settings(path)
    with pytest.raises(UserError, match="later StemDesk"):
        save_settings(FULL, path)
    assert "something else" in path.read_text()


def test_a_folder_in_the_files_place(tmp_path):
    (tmp_path / "midi.json").mkdir()
    with pytest.raises(UserError, match="cannot be read"):
        load_settings(tmp_path / "midi.json")
