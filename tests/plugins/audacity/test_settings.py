from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stemdesk.errors import UserError
from stemdesk_plugins.audacity import settings
from stemdesk_plugins.installing import install, remove

if TYPE_CHECKING:
    from pathlib import Path

NOTED = """\
PrefsVersion=1.1.1r1
[GUI]
ShowSplashScreen=0
[Module]
mod-other=1
mod-script-pipe=4
[ModulePath]
mod-script-pipe=/usr/lib/audacity/modules/mod-script-pipe.so
[Version]
Major=3
"""


@pytest.fixture
def config(machine, monkeypatch) -> Path:
    monkeypatch.setattr(settings, "is_running", lambda _: False)
    folder = machine.home / ".config" / "audacity"
    folder.mkdir(parents=True)
    path = folder / "audacity.cfg"
    path.write_bytes(NOTED.encode())
    return path


def test_only_the_module_changes_and_comes_back(machine, config):
    done = install("audacity", machine)
    assert config.read_text() == NOTED.replace("pipe=4", "pipe=1")
    (backup,) = config.parent.glob("*.before-stemdesk")
    assert backup.read_text() == NOTED
    assert str(backup) in done.notes[0]
    assert "already" in install("audacity", machine).notes[0]
    assert len(list(config.parent.glob("*.before-stemdesk"))) == 1
    remove("audacity")
    assert config.read_text() == NOTED


def test_a_module_that_was_on_stays_on(machine, config):
    config.write_text(NOTED.replace("pipe=4", "pipe=1"))
    install("audacity", machine)
    remove("audacity")
    assert "mod-script-pipe=1" in config.read_text()
    assert not list(config.parent.glob("*.before-stemdesk"))


def test_crlf_odd_bytes_and_missing_groups_survive(machine, config):
    config.write_bytes(b"A=\xff\xfe\r\n[Module]\r\n[ModulePath]\r\nmod-script-pipe=/x")
    install("audacity", machine)
    wanted = b"A=\xff\xfe\n[Module]\nmod-script-pipe=1\n[ModulePath]\nmod-script-pipe=/x\n"
    assert config.read_bytes() == wanted


def test_while_audacity_runs_nothing_is_written(machine, config, monkeypatch):
    monkeypatch.setattr(settings, "is_running", lambda name: name == "audacity")
    with pytest.raises(UserError, match="Audacity is running"):
        install("audacity", machine)
    assert config.read_text() == NOTED
    assert len(list(config.parent.iterdir())) == 1


def test_no_settings_and_no_module_are_named(machine, config, monkeypatch):
    monkeypatch.setattr(settings, "_MODULE_PLACES", ())
    config.write_text("[GUI]\n")
    with pytest.raises(UserError, match="start Audacity 3 once"):
        install("audacity", machine)
    assert config.read_text() == "[GUI]\n"
    config.unlink()
    with pytest.raises(UserError, match="settings were not found"):
        install("audacity", machine)


def test_values_are_found_in_their_own_group_only():
    text = "[A]\nx=1\n[B]\ny=2\n[A/B]\ny=3\n"
    assert settings.value_of(text, "A", "y") is None
    assert settings.value_of(text, "B", "y") == "2"
    assert settings.with_value(text, "B", "y", "9") == text.replace("y=2", "y=9")
    assert settings.with_value(text, "A", "y", "9") == text.replace("[A]\n", "[A]\ny=9\n")
    assert settings.with_value(text, "C", "z", "9") == text + "[C]\nz=9\n"
