"""What is where: the hosts on this machine, and what StemDesk put into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk_plugins.hosts import HOSTS, Host
from stemdesk_plugins.protools.library import has_ptsl
from stemdesk_plugins.receipts import load_receipt

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_plugins.machine import Machine


@dataclass(frozen=True)
class HostState:
    """One host.

    Attributes:
        id: what the command line calls it.
        title: its own name.
        found: whether it is on this machine, in a word or two.
        installed: the version of StemDesk that was installed, or that none was.
        paths: StemDesk's files there; where there are none, the host's folders.
    """

    id: str
    title: str
    found: str
    installed: str
    paths: list[Path]


def host_states(machine: Machine) -> list[HostState]:
    """All hosts."""
    return [_state(host, machine) for host in HOSTS.values()]


def _state(host: Host, machine: Machine) -> HostState:
    found = host.found(machine)
    receipt = load_receipt(host.id)
    if receipt is None:
        return HostState(host.id, host.title, _found(host, found), "not installed", found)
    lost = len(receipt.files) - len(receipt.existing_files())
    missing = f", {lost} of {len(receipt.files)} files are missing" if lost else ""
    installed = f"StemDesk {receipt.stemdesk}{missing}"
    paths = receipt.existing_files() or found
    return HostState(host.id, host.title, _found(host, found), installed, paths)


def _found(host: Host, found: list[Path]) -> str:
    if host.id == "bridge":
        return "any host"
    if host.id == "protools":
        return "py-ptsl" if has_ptsl() else "no py-ptsl"
    return "found" if found else "not found"
