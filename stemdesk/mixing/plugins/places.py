"""Where plug-ins are installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PATH_VARIABLE = "VST3_PATH"
"""Further folders, as other hosts read them from here."""


def plugin_folders() -> list[Path]:
    """The standard folders of this system, those of the user first, and `$VST3_PATH`.

    The VST3 places are Steinberg's ("VST 3 Locations / Format"), the Audio Units' Apple's.
    """
    named = [Path(each) for each in os.environ.get(PATH_VARIABLE, "").split(os.pathsep) if each]
    return [*named, *_standard(sys.platform)]


def _standard(platform: str) -> list[Path]:
    home = Path.home()
    if platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        common = os.environ.get("COMMONPROGRAMFILES", r"C:\Program Files\Common Files")
        return [Path(local) / "Programs" / "Common" / "VST3", Path(common) / "VST3"]
    if platform == "darwin":
        roots = [home / "Library" / "Audio" / "Plug-Ins", Path("/Library/Audio/Plug-Ins")]
        return [root / kind for kind in ("VST3", "Components") for root in roots]
    return [home / ".vst3", Path("/usr/lib/vst3"), Path("/usr/local/lib/vst3")]


def plugin_files(folder: Path) -> list[Path]:
    """Every plug-in file or bundle below a folder, sorted; none if it cannot be read."""
    endings = (".vst3", ".component") if sys.platform == "darwin" else (".vst3",)
    found: list[Path] = []
    seen: set[str] = set()
    for place, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add(real)
        bundles = [name for name in folders if name.lower().endswith(endings)]
        found += [Path(place, name) for name in (*bundles, *files) if _is_plugin(name, endings)]
        folders[:] = [name for name in folders if name not in bundles]
    return sorted(found)


def _is_plugin(name: str, endings: tuple[str, ...]) -> bool:
    return name.lower().endswith(endings) and not name.startswith(".")
