"""The machine hosts run on: which system, whose home, which environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Platform(Enum):
    """The systems StemDesk knows folders of."""

    LINUX = "Linux"
    MACOS = "macOS"
    WINDOWS = "Windows"


@dataclass(frozen=True)
class Machine:
    """What decides where hosts keep their files.

    Attributes:
        platform: the system.
        home: the user's home folder; pure, so that any machine can be asked about anywhere.
        environment: the environment variables.
    """

    platform: Platform
    home: PurePath
    environment: Mapping[str, str]

    @classmethod
    def this(cls) -> Machine:
        """The machine that runs this program."""
        platform = {"darwin": Platform.MACOS, "win32": Platform.WINDOWS}.get(sys.platform)
        return cls(platform or Platform.LINUX, Path.home(), os.environ)

    def folder(self, variable: str, *default: str) -> PurePath:
        """The folder a variable names, or, where it is not set, one below the home folder."""
        named = self.environment.get(variable, "")
        return type(self.home)(named) if named else self.home.joinpath(*default)
