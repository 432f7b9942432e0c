"""Where StemDesk keeps its own files; the only module that asks the operating system."""

from __future__ import annotations

import os
from pathlib import Path

import appdirs

_APP = "StemDesk"
_OVERRIDE = "STEMDESK_HOME"


def _folder(kind: str, default: str) -> Path:
    home = os.environ.get(_OVERRIDE)
    return Path(home) / kind if home else Path(default)


def config_dir() -> Path:
    """The user's settings folder; `$STEMDESK_HOME/config` where that variable is set."""
    return _folder("config", appdirs.user_config_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """Files that can be made again; `$STEMDESK_HOME/cache` where that variable is set."""
    return _folder("cache", appdirs.user_cache_dir(_APP, appauthor=False))


def data_dir() -> Path:
    """Files that cannot be made again; `$STEMDESK_HOME/data` where that variable is set."""
    return _folder("data", appdirs.user_data_dir(_APP, appauthor=False))


def state_dir() -> Path:
    """The log; `$STEMDESK_HOME/state` where that variable is set."""
    return _folder("state", appdirs.user_state_dir(_APP, appauthor=False))


def models_dir() -> Path:
    """Model folders the user installed or trained."""
    return data_dir() / "models"
