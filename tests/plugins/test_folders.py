from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from stemdesk_plugins.folders import (
    ardour_folders,
    audacity_folders,
    live_library,
    plugin_folders,
    reaper_folder,
)
from stemdesk_plugins.machine import Machine, Platform

LINUX = Machine(Platform.LINUX, PurePosixPath("/people/jo"), {})
LINUX_XDG = Machine(Platform.LINUX, PurePosixPath("/people/jo"), {"XDG_CONFIG_HOME": "/cfg"})
MACOS = Machine(Platform.MACOS, PurePosixPath("/people/jo"), {"XDG_CONFIG_HOME": "/cfg"})
WINDOWS = Machine(
    Platform.WINDOWS,
    PureWindowsPath(r"C:\Users\jo"),
    {
        "APPDATA": r"D:\Roaming",
        "LOCALAPPDATA": r"C:\Users\jo\AppData\Local",
        "USERPROFILE": r"C:\Users\jo",
    },
)
BARE_WINDOWS = Machine(Platform.WINDOWS, PureWindowsPath(r"C:\Users\Jo É"), {})


@pytest.mark.parametrize(
    ("machine", "wanted"),
    [
        (LINUX, "/people/jo/.config/REAPER"),
        (LINUX_XDG, "/cfg/REAPER"),
        (MACOS, "/people/jo/Library/Application Support/REAPER"),
        (WINDOWS, r"D:\Roaming\REAPER"),
        (BARE_WINDOWS, r"C:\Users\Jo É\AppData\Roaming\REAPER"),
    ],
)
def test_reaper(machine, wanted):
    assert str(reaper_folder(machine)) == wanted


@pytest.mark.parametrize(
    ("machine", "wanted"),
    [
        (LINUX, "/people/jo/.config/ardour7"),
        (LINUX_XDG, "/cfg/ardour7"),
        (MACOS, "/people/jo/Library/Preferences/Ardour7"),
        (WINDOWS, r"C:\Users\jo\AppData\Local\ardour7"),
    ],
)
def test_ardour(machine, wanted):
    folders = [str(each) for each in ardour_folders(machine)]
    assert folders[0] == wanted
    assert [each[-1] for each in folders] == ["7", "8", "9"]


@pytest.mark.parametrize(
    ("machine", "wanted"),
    [
        (LINUX, ["/people/jo/.config/audacity", "/people/jo/.audacity-data"]),
        (MACOS, ["/people/jo/Library/Application Support/audacity"]),
        (WINDOWS, [r"D:\Roaming\audacity"]),
    ],
)
def test_audacity(machine, wanted):
    assert [str(each) for each in audacity_folders(machine)] == wanted


@pytest.mark.parametrize(
    ("machine", "wanted"),
    [
        (LINUX, "None"),
        (MACOS, "/people/jo/Music/Ableton/User Library"),
        (WINDOWS, r"C:\Users\jo\Documents\Ableton\User Library"),
        (BARE_WINDOWS, r"C:\Users\Jo É\Documents\Ableton\User Library"),
    ],
)
def test_live(machine, wanted):
    assert str(live_library(machine)) == wanted


@pytest.mark.parametrize(
    ("machine", "vst3", "clap", "lv2"),
    [
        (LINUX_XDG, "/people/jo/.vst3", "/people/jo/.clap", "/people/jo/.lv2"),
        (
            MACOS,
            "/people/jo/Library/Audio/Plug-Ins/VST3",
            "/people/jo/Library/Audio/Plug-Ins/CLAP",
            "/people/jo/Library/Audio/Plug-Ins/LV2",
        ),
        (
            WINDOWS,
            r"C:\Users\jo\AppData\Local\Programs\Common\VST3",
            r"C:\Users\jo\AppData\Local\Programs\Common\CLAP",
            r"D:\Roaming\LV2",
        ),
    ],
)
def test_plugins(machine, vst3, clap, lv2):
    found = {suffix: str(folder) for suffix, folder in plugin_folders(machine).items()}
    assert found == {".vst3": vst3, ".clap": clap, ".lv2": lv2}
