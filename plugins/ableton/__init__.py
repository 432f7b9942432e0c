"""StemDesk's remote script for Ableton Live 12: the selected clip to StemDesk, its stems back.

Live takes this folder, named StemDesk, from `Remote Scripts` in the User Library, once it is
chosen as a control surface.
"""

from __future__ import annotations

from typing import Any


def create_instance(c_instance: Any) -> Any:
    """What Live calls, with its own side of the script."""
    # Live has put the folder above this one on its path, and named the package after the folder.
    from StemDesk.surface import StemDeskSurface

    return StemDeskSurface(c_instance)
