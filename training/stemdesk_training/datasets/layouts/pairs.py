"""A mix and its instrumental under names alike: `Song.wav` and `Song (Instrumental).wav`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stemdesk_training.datasets.layouts.song_folders import audio_files, split_of
from stemdesk_training.datasets.multitrack import Multitrack, Part

if TYPE_CHECKING:
    from pathlib import Path

_MARK = re.compile(
    r"[\s_\-]*[\(\[]?\b(instrumental|karaoke|playback|minus one|backing track|no vocals)"
    r"(?: version| mix)?\b[\)\]]?",
    re.IGNORECASE,
)


def find(root: Path) -> list[Multitrack]:
    """Songs whose instrumental lies beside them; of vocals there is only what the mix has more."""
    by_title: dict[tuple[Path, str], dict[bool, Path]] = {}
    for path in audio_files(root):
        is_instrumental = bool(_MARK.search(path.stem))
        title = _MARK.sub("", path.stem).strip(" _-").casefold()
        by_title.setdefault((path.parent, title), {})[is_instrumental] = path
    return [
        Multitrack(
            name=both[False].relative_to(root).with_suffix("").as_posix(),
            stems={"other": (Part(both[True]),)},
            mixture=(Part(both[False]),),
            split=split_of(folder, root),
        )
        for (folder, _), both in sorted(by_title.items())
        if len(both) == 2
    ]
