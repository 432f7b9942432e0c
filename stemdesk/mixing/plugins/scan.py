"""Which plug-ins this computer has: each file examined once, in a process of its own."""

from __future__ import annotations

import contextlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.files import atomic_path, write_refusal
from stemdesk.mixing.plugins import faults
from stemdesk.mixing.plugins.places import plugin_files, plugin_folders
from stemdesk.mixing.plugins.sandbox import Sandbox
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import cache_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FORMAT = 1
_PATIENCE_SECONDS = 30.0


class FoundPlugin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A plug-in that was found; a file may hold several.

    Attributes:
        path: file or bundle.
        name: as it calls itself, or the file's where it could not be asked.
        manufacturer: who made it.
        category: what it calls itself (`Fx|Reverb`).
        version: as it says.
        is_effect: whether it takes and gives sound; instruments do not.
        fault: why it cannot be used, one sentence; empty where it can.
    """

    path: str
    name: str
    manufacturer: str = ""
    category: str = ""
    version: str = ""
    is_effect: bool = True
    fault: str = ""


class _Examined(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was when it was examined; `host` is the version of pedalboard."""

    modified_ns: int
    size_bytes: int
    host: str
    plugins: tuple[FoundPlugin, ...]


class _Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    files: dict[str, _Examined]


class _Described(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    manufacturer: str
    category: str
    version: str
    is_effect: bool


def known_plugins() -> list[FoundPlugin]:
    """What the last scans found, without looking at any file."""
    return _in_order(_read())


def scan(
    folders: Sequence[Path] | None = None,
    report: Callable[[float, str], None] | None = None,
    patience_seconds: float = _PATIENCE_SECONDS,
    *,
    retry_faulty: bool = False,
) -> list[FoundPlugin]:
    """Find plug-ins; files that have not changed since the last scan are not opened again.

    What was found is kept after every file, so that a scan that is stopped can go on.

    Args:
        folders: where to look, subfolders included; by default, the system's places.
        report: told the share of files done and the one at hand; may raise to stop the scan.
        patience_seconds: how long one plug-in may take to load.
        retry_faulty: examine those anew that failed last time.

    Returns:
        The plug-ins in those folders, bad ones too, by name.

    Raises:
        UserError: the results cannot be written.
    """
    places = plugin_folders() if folders is None else folders
    paths = list(dict.fromkeys(path for folder in places for path in plugin_files(folder)))
    files = _read()
    for index, path in enumerate(paths):
        if report is not None:
            report(index / len(paths), path.stem)
        if _is_current(path, files.get(str(path)), retry_faulty=retry_faulty):
            continue
        files[str(path)] = _examine(path, patience_seconds)
        _write(files)
    here = {str(path) for path in paths}
    return _in_order({path: each for path, each in files.items() if path in here})


def _is_current(path: Path, examined: _Examined | None, *, retry_faulty: bool) -> bool:
    if examined is None or _fingerprint(path) != (examined.modified_ns, examined.size_bytes):
        return False
    faulty = any(plugin.fault for plugin in examined.plugins)
    return not (faulty and (retry_faulty or examined.host != version("pedalboard")))


def _fingerprint(path: Path) -> tuple[int, int]:
    """Newest change in nanoseconds and total size in bytes, of a file or all files of a bundle."""
    newest_ns = size_bytes = 0
    for each in (path, *path.rglob("*")):
        with contextlib.suppress(OSError):  # it may be going just now
            facts = each.lstat()
            newest_ns = max(newest_ns, facts.st_mtime_ns)
            size_bytes += facts.st_size
    return newest_ns, size_bytes


def _examine(path: Path, patience_seconds: float) -> _Examined:
    modified_ns, size_bytes = _fingerprint(path)
    return _Examined(
        modified_ns=modified_ns,
        size_bytes=size_bytes,
        host=version("pedalboard"),
        plugins=tuple(_Examiner(path, patience_seconds).plugins()),
    )


class _Examiner:
    """Asks one file; starts another process after each plug-in that took the last one down."""

    def __init__(self, path: Path, patience_seconds: float) -> None:
        self._path, self._patience_seconds = path, patience_seconds
        self._sandbox: Sandbox | None = None

    def plugins(self) -> list[FoundPlugin]:
        try:
            names = self._ask(self._path.stem, "names")["names"]
            return [self._plugin(str(name)) for name in names]
        except faults.PluginFault as fault:
            return [FoundPlugin(path=str(self._path), name=self._path.stem, fault=str(fault))]
        finally:
            self._close()

    def _plugin(self, name: str) -> FoundPlugin:
        try:
            answer = self._ask(name, "describe", name=name)
            facts = msgspec.structs.asdict(msgspec.convert(answer, _Described))
            return FoundPlugin(path=str(self._path), **{**facts, "name": name})
        except faults.PluginFault as fault:
            return FoundPlugin(path=str(self._path), name=name, fault=str(fault))

    def _ask(self, title: str, do: str, **header: str) -> dict[str, Any]:
        if self._sandbox is None:
            self._sandbox = Sandbox(title)
        self._sandbox.name = title
        try:
            return self._sandbox.request(self._patience_seconds, do, path=str(self._path), **header)
        except faults.PluginRefusal:
            raise
        except faults.PluginFault:
            self._close()
            raise

    def _close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.kill()
            self._sandbox = None


def _in_order(files: dict[str, _Examined]) -> list[FoundPlugin]:
    plugins = [plugin for each in files.values() for plugin in each.plugins]
    return sorted(plugins, key=lambda plugin: (plugin.name.casefold(), plugin.path))


def _file() -> Path:
    return cache_dir() / "plugins.json"


def _read() -> dict[str, _Examined]:
    """What is remembered of files that still exist; nothing where it cannot be read."""
    try:
        catalogue = read_json_as(file_bytes(_file()), _Catalogue, names=True)
    except (OSError, Unreadable):
        return {}
    if catalogue.format != _FORMAT:
        return {}
    return {path: each for path, each in catalogue.files.items() if Path(path).exists()}


def _write(files: dict[str, _Examined]) -> None:
    target = _file()
    content = msgspec.json.format(
        msgspec.json.encode(_Catalogue(format=_FORMAT, files=files)), indent=1
    )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(target) as partial:
            partial.write_bytes(content)
    except OSError as error:
        raise write_refusal(target, error) from error
