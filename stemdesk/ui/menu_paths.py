"""Places in the menus, as `Song > Find missing files`, under the names that the menus show."""

from __future__ import annotations

from stemdesk.ui.action_table import ACTIONS
from stemdesk.ui.actions import translated


def as_in_menus(text: str) -> str:
    """A sentence with every menu and command that it names in the user's language.

    The layers below know the commands by their English names.
    """
    if " > " not in text:
        return text
    for spec in sorted(ACTIONS, key=lambda spec: -len(spec.text)):
        path, shown = (
            f"{group} > {command.rstrip('…')}"
            for group, command in (
                (spec.group, spec.text),
                (translated(spec.group), translated(spec.text)),
            )
        )
        text = text.replace(path, shown)
    return text
