"""The clip that is selected in Pro Tools: exported as float, its stems on new tracks beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import soundfile

from stemdesk.errors import UserError
from stemdesk_plugins.protools.library import ProTools
from stemdesk_plugins.protools.paths import shown
from stemdesk_plugins.separation import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stemdesk_plugins.separation import SeparatedStem


def selected(tools: ProTools | None = None) -> ProToolsSelection:
    """What is selected in the Pro Tools that runs.

    Args:
        tools: it; None finds it.

    Raises:
        UserError: It does not answer, or nothing is selected.
    """
    if tools is not None:
        return ProToolsSelection(tools)
    found = ProTools()
    try:
        return ProToolsSelection(found)
    except BaseException:
        found.close()
        raise


class ProToolsSelection:
    """See :class:`stemdesk_plugins.driving.Selection`."""

    def __init__(self, tools: ProTools) -> None:
        self._tools = tools
        self._first, last = tools.selection()
        self._frames = last - self._first
        self._tracks = tools.selected_tracks()
        if self._frames <= 0 or not self._tracks:
            raise UserError("Nothing is selected in Pro Tools", "select one whole clip")

    def passage(self, output: Path, model: str) -> Passage:
        """The clip as a file, exactly as long as the selection."""
        folder = output / "clip"
        folder.mkdir()
        self._tools.export_clips(shown(folder.absolute()))
        files = sorted(folder.glob("*.wav"))
        if len(files) != 1 or soundfile.info(files[0]).frames != self._frames:
            raise UserError(
                "The selection in Pro Tools is not one whole clip",
                "double-click a clip, or consolidate the selection (Edit > Consolidate Clip)",
            )
        return Passage(files[0], output, model=model)

    def put_back(self, stems: Sequence[SeparatedStem]) -> None:
        """Stems on new tracks from where the selection began; its own tracks are muted."""
        self._tools.import_at([str(stem.path.absolute()) for stem in stems], self._first)
        self._tools.mute(self._tracks)

    def close(self) -> None:
        """See :class:`stemdesk_plugins.driving.Selection`."""
        self._tools.close()
