"""The hosts: what each gets, where to, and what is left for the user to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk_plugins import folders
from stemdesk_plugins.filling import filled
from stemdesk_plugins.placing import Placement
from stemdesk_plugins.sources import bridge_build, host_files, stemdesk_executable

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk_plugins.machine import Machine

BUNDLES = (".vst3", ".clap", ".lv2")


@dataclass(frozen=True)
class Host:
    """A program, or a kind of programs, that StemDesk puts something into.

    Attributes:
        id: what the command line calls it.
        title: its own name.
        bases: the folders that may be its user's, which exist where the host was used.
        inside: where its files go below a base.
        next_step: what to do in the host, one sentence or two.
    """

    id: str
    title: str
    bases: Callable[[Machine], list[Path]]
    inside: tuple[str, ...]
    next_step: str

    def found(self, machine: Machine) -> list[Path]:
        """Its folders that exist."""
        return [folder for folder in self.bases(machine) if folder.is_dir()]


def _reaper(machine: Machine) -> list[Path]:
    return [Path(folders.reaper_folder(machine))]


def _ardour(machine: Machine) -> list[Path]:
    return [Path(folder) for folder in folders.ardour_folders(machine)]


def _audacity(machine: Machine) -> list[Path]:
    return [Path(folder) for folder in folders.audacity_folders(machine)]


def _live(machine: Machine) -> list[Path]:
    library = folders.live_library(machine)
    return [Path(library)] if library else []


def _plugins(machine: Machine) -> list[Path]:
    return [Path(folder) for folder in folders.plugin_folders(machine).values()]


def _none(machine: Machine) -> list[Path]:  # noqa: ARG001 - a host's `bases`
    return []


HOSTS = {
    host.id: host
    for host in (
        Host(
            "reaper",
            "REAPER",
            _reaper,
            ("Scripts", "StemDesk"),
            "In REAPER: Actions > Show action list > New action > Load ReaScript, choose this "
            "file; then run it on selected items.",
        ),
        Host(
            "ardour",
            "Ardour",
            _ardour,
            ("scripts",),
            "In Ardour: Edit > Lua Scripts > Manage, choose a free action, Add/Set, "
            '"StemDesk: Separate Region"; after an update do this again, Ardour keeps a copy.',
        ),
        Host(
            "audacity",
            "Audacity",
            _audacity,
            (),
            "Start Audacity, select what to separate, and run `stemdesk plugins separate "
            "audacity`.",
        ),
        Host(
            "ableton",
            "Ableton Live",
            _live,
            ("Remote Scripts", "StemDesk"),
            "In Live: Settings > Link, Tempo & MIDI, choose StemDesk as a control surface (no "
            "ports); then select a clip and run `stemdesk plugins separate ableton`.",
        ),
        Host(
            "protools",
            "Pro Tools",
            _none,
            (),
            "With Pro Tools open, select what to separate and run `stemdesk plugins separate "
            "protools`.",
        ),
        Host(
            "bridge",
            "StemDesk Bridge",
            _plugins,
            (),
            "Let the host look for new plug-ins, and insert StemDesk Bridge.",
        ),
    )
}


def host_named(name: str) -> Host:
    """The host of that name.

    Raises:
        UserError: There is none.
    """
    try:
        return HOSTS[name]
    except KeyError:
        raise UserError(f"There is no host {name}", f"choose from {', '.join(HOSTS)}") from None


def placements(host: Host, machine: Machine, to: Path | None = None) -> list[Placement]:
    """The files for a host; none for those that are driven from outside.

    Args:
        host: which.
        machine: whose folders are meant.
        to: the host's own folder where that is not where it usually is.

    Raises:
        UserError: The host was not found; or Bridge was not built.
    """
    if host.id == "bridge":
        return _bundles(machine, to)
    if not host.inside:
        return []
    bases = [to] if to is not None else host.found(machine)
    if not bases:
        raise UserError(
            f"{host.title} was not found{_looked_in(host, machine)}",
            "start it once, or name its folder with --to",
        )
    executable = stemdesk_executable()
    source = host_files(host.id)
    return [
        replace(each, target=base.joinpath(*host.inside) / each.target)
        for base in bases
        for each in _scripts(source, executable)
    ]


def _looked_in(host: Host, machine: Machine) -> str:
    looked = ", ".join(str(folder) for folder in host.bases(machine))
    return f" (looked in {looked})" if looked else f" (it does not run on {machine.platform.value})"


def _scripts(folder: Path, executable: Path) -> list[Placement]:
    """The scripts in a folder, with targets relative to it."""
    return [
        Placement(path.relative_to(folder), filled(path.read_bytes(), path.suffix, executable))
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".lua", ".py"} and path.is_file()
    ]


def _bundles(machine: Machine, to: Path | None) -> list[Placement]:
    build = bridge_build()
    found = [] if build is None else [
        path for path in sorted(build.rglob("*")) if _is_bundle(path, build)
    ]  # fmt: skip
    if not found:
        raise UserError(
            "StemDesk Bridge is not built on this machine",
            "run `make` in plugins/bridge of a checkout (see plugins/README.md), "
            "then install again",
        )
    result = []
    for bundle in found:
        above = to if to is not None else Path(folders.plugin_folders(machine)[bundle.suffix])
        files = [bundle] if bundle.is_file() else sorted(bundle.rglob("*"))
        for path in files:
            if path.is_file():
                target = above / bundle.name / path.relative_to(bundle)
                executable = bool(path.stat().st_mode & 0o100)
                result.append(Placement(target, path.read_bytes(), executable))
    return result


def _is_bundle(path: Path, build: Path) -> bool:
    inside = path.relative_to(build).parts[:-1]
    return path.suffix in BUNDLES and not any(part.endswith(BUNDLES) for part in inside)
