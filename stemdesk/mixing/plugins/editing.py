"""A plug-in on its own: asked what it has to turn, or shown in its window."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from stemdesk.mixing.plugins import faults
from stemdesk.mixing.plugins.client import Patience, PluginChoice, PluginClient

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RATE_HZ, CHANNELS = 48_000, 2
_LOOK_SECONDS = 0.1


@contextlib.contextmanager
def opened(
    choice: PluginChoice, values: Mapping[str, float] | None = None
) -> Iterator[PluginClient]:
    """A plug-in in its process, which ends with the block.

    Args:
        choice: which, and in what state.
        values: raw values on top of it.

    Raises:
        PluginFault: it cannot be loaded, or fails later.
    """
    client = PluginClient(choice, RATE_HZ, CHANNELS, Patience(), values or {})
    try:
        yield client
    finally:
        client.sandbox.close()


def edited(choice: PluginChoice, values: Mapping[str, float]) -> str:
    """Show a plug-in's window until it is closed.

    Args:
        choice: which, and in what state.
        values: raw values on top of it.

    Returns:
        All that it saves then, as base64; the values are in it.

    Raises:
        UserError: the plug-in failed, or its window cannot be shown.
    """
    with opened(choice, values) as client:
        client.open_window()
        while (news := client.poll()).window_is_open:
            time.sleep(_LOOK_SECONDS)
        if news.window_problem:
            raise faults.no_window(client.loaded.name, news.window_problem)
        return client.state()
