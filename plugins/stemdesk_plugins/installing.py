"""Install into a host, and remove from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk_plugins import hosts
from stemdesk_plugins.ableton.selection import CONNECTION_NAME
from stemdesk_plugins.audacity import settings as audacity_settings
from stemdesk_plugins.placing import Report, put, take_away
from stemdesk_plugins.protools.library import require_ptsl
from stemdesk_plugins.receipts import load_receipt

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_plugins.machine import Machine


@dataclass
class Done:
    """What was done, and sentences for the user."""

    report: Report
    notes: list[str] = field(default_factory=list)


def install(host_id: str, machine: Machine, to: Path | None = None) -> Done:
    """Put into a host what it needs, or bring it up to date.

    Args:
        host_id: which, see :data:`stemdesk_plugins.hosts.HOSTS`.
        machine: whose folders are meant.
        to: the host's own folder where that is not where it usually is.

    Raises:
        UserError: The host was not found; a stranger's file is in the way; a part is missing.
    """
    host = hosts.host_named(host_id)
    notes: list[str] = []
    settings: dict[str, str] | None = None
    if host_id == "protools":
        require_ptsl()
    elif host_id == "audacity":
        before = load_receipt(host_id)
        settings = dict(before.settings) if before else {}
        change = audacity_settings.enable_pipe(machine, to)
        if change.backup is not None:
            notes.append(f"{change.path}: mod-script-pipe switched on; as it was: {change.backup}")
            settings.setdefault(str(change.path), change.before)
        else:
            notes.append(f"{change.path}: mod-script-pipe is switched on already")
    report = put(host_id, hosts.placements(host, machine, to), settings)
    return Done(report, [*notes, host.next_step])


def remove(host_id: str) -> Done:
    """Take away what :func:`install` put into a host, and nothing else.

    Raises:
        UserError: Nothing was installed.
    """
    hosts.host_named(host_id)
    receipt = load_receipt(host_id)
    notes = []
    if host_id == "audacity" and receipt is not None:
        for path, value in receipt.settings.items():
            audacity_settings.restore_pipe(path, value)
            notes.append(f"{path}: mod-script-pipe is as it was before")
    if host_id == "ableton" and receipt is not None:
        # Left behind by a Live that did not end in good order.
        for file in receipt.existing_files():
            file.with_name(CONNECTION_NAME).unlink(missing_ok=True)
    return Done(take_away(host_id), notes)
