"""Where each host keeps what its user adds, on every system.

Sources: the manuals of REAPER (Options > Show REAPER resource path), Ardour (Lua scripting: user
configuration folder), Audacity (Preferences: audacity.cfg) and Live (Installing third-party remote
scripts); the locations of plug-ins after Steinberg's VST 3 developer portal, CLAP's `entry.h` and
the file system hierarchy of LV2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk_plugins.machine import Machine, Platform

if TYPE_CHECKING:
    from pathlib import PurePath

ARDOUR_VERSIONS = (7, 8, 9)
"""Those whose Lua interface the script is written for."""


def reaper_folder(machine: Machine) -> PurePath:
    """REAPER's resource folder."""
    if machine.platform is Platform.MACOS:
        return machine.home / "Library" / "Application Support" / "REAPER"
    if machine.platform is Platform.WINDOWS:
        return machine.folder("APPDATA", "AppData", "Roaming") / "REAPER"
    return machine.folder("XDG_CONFIG_HOME", ".config") / "REAPER"


def ardour_folders(machine: Machine) -> list[PurePath]:
    """The configuration folders of Ardour, one for each version."""
    if machine.platform is Platform.MACOS:
        above, name = machine.home / "Library" / "Preferences", "Ardour"
    elif machine.platform is Platform.WINDOWS:
        above, name = machine.folder("LOCALAPPDATA", "AppData", "Local"), "ardour"
    else:
        above, name = machine.folder("XDG_CONFIG_HOME", ".config"), "ardour"
    return [above / f"{name}{version}" for version in ARDOUR_VERSIONS]


def audacity_folders(machine: Machine) -> list[PurePath]:
    """The folders that may hold Audacity's settings, the newer one first."""
    if machine.platform is Platform.MACOS:
        return [machine.home / "Library" / "Application Support" / "audacity"]
    if machine.platform is Platform.WINDOWS:
        return [machine.folder("APPDATA", "AppData", "Roaming") / "audacity"]
    config = machine.folder("XDG_CONFIG_HOME", ".config") / "audacity"
    return [config, machine.home / ".audacity-data"]


def live_library(machine: Machine) -> PurePath | None:
    """Live's User Library where its installer puts it; None on Linux, where Live does not run."""
    if machine.platform is Platform.MACOS:
        return machine.home / "Music" / "Ableton" / "User Library"
    if machine.platform is Platform.WINDOWS:
        return machine.folder("USERPROFILE") / "Documents" / "Ableton" / "User Library"
    return None


def plugin_folders(machine: Machine) -> dict[str, PurePath]:
    """The user's folder for plug-ins, by what bundles end in."""
    home = machine.home
    if machine.platform is Platform.MACOS:
        above = home / "Library" / "Audio" / "Plug-Ins"
        return {".vst3": above / "VST3", ".clap": above / "CLAP", ".lv2": above / "LV2"}
    if machine.platform is Platform.WINDOWS:
        common = machine.folder("LOCALAPPDATA", "AppData", "Local") / "Programs" / "Common"
        lv2 = machine.folder("APPDATA", "AppData", "Roaming") / "LV2"
        return {".vst3": common / "VST3", ".clap": common / "CLAP", ".lv2": lv2}
    return {".vst3": home / ".vst3", ".clap": home / ".clap", ".lv2": home / ".lv2"}
