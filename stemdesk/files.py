"""Whole-or-nothing writes, names that every file system takes, and refusals for the disk."""

from __future__ import annotations

import enum
import errno
import hashlib
import os
import re
import secrets
import shutil
import string
import tempfile
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.unfinished_files import PARTIAL_SUFFIX, unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

NAME_MAX_BYTES = 255
_PARTIAL_TAIL = re.compile(r"\.[0-9a-f]{8}\.partial$")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(\..*)?", re.IGNORECASE)
_JOINERS = "\u200d\ufe0e\ufe0f"
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HASH_CHUNK_BYTES = 1 << 20


def shown_name(path: Path) -> str:
    """The name a message shows: that of the final file where `path` is its partial sibling."""
    name = path.name
    if _PARTIAL_TAIL.search(name):
        name = _PARTIAL_TAIL.sub("", name).removeprefix(".")
    return name


def write_refusal(path: Path, error: OSError) -> UserError:
    """The sentence for an operating-system error met while writing `path`."""
    name = shown_name(path)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UserError(
            f"The disk is full: {name} could not be written",
            f"free some space or choose another folder than {path.parent}",
        )
    if error.errno == errno.EFBIG:
        return UserError(
            f"{name} is larger than this disk's file system allows", "choose another disk"
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return UserError(
            f"{name} may not be written in {path.parent}",
            "choose a folder you may write to, or close the program that holds the file",
        )
    if error.errno == errno.ENAMETOOLONG:
        return UserError(f"The file name {name[:40]}... is too long", "choose a shorter name")
    return UserError(
        f"{name} could not be written ({error.strerror or error})",
        "check the disk or choose another folder",
    )


@contextmanager
def atomic_path(final: Path, *, replace: bool = True) -> Iterator[Path]:
    """Yields a hidden sibling to write to, which takes the final name only when all went well.

    Args:
        final: The file to appear, or to be replaced, in one step.
        replace: False where nothing lay there and nobody was asked: then a file that has come into
            being meanwhile, perhaps from another run, stays.

    Yields:
        A path in the same folder that ends in `.partial`; on any exception it is removed.

    Raises:
        UserError: The finished file cannot be flushed to disk or renamed, or would replace one.
    """
    cut = _cut_bytes(final.name, NAME_MAX_BYTES - len(f"..12345678{PARTIAL_SUFFIX}"))
    partial = final.with_name(f".{cut}.{secrets.token_hex(4)}{PARTIAL_SUFFIX}")
    with unfinished(partial), _taking_its_name(partial, final, replace=replace):
        yield partial


@contextmanager
def _taking_its_name(partial: Path, final: Path, *, replace: bool) -> Iterator[None]:
    try:
        yield
        try:
            _sync(partial)
            if replace:
                partial.replace(final)
            else:
                _rename_to_free(partial, final)
            if os.name == "posix":
                _sync(final.parent)
        except FileExistsError as error:
            raise UserError(
                f"The file {final} has come into being since this run began",
                "move it away, or start again with --overwrite skip, rename or yes",
            ) from error
        except OSError as error:
            raise write_refusal(final, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _rename_to_free(partial: Path, final: Path) -> None:
    """Renames without ever replacing a file.

    Raises:
        FileExistsError: The name is taken.
    """
    if os.name == "nt":
        partial.rename(final)  # Windows does not replace
        return
    try:
        final.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network disks have no links: an empty file keeps the place for a moment.
        os.close(os.open(final, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        partial.replace(final)
        return
    partial.unlink()


def _sync(path: Path) -> None:
    # Windows flushes only through a writable handle; a folder opens only read-only.
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text_atomic(path: Path, text: str) -> None:
    """Writes UTF-8 text with Unix line ends, whole or not at all."""
    with atomic_path(path) as partial:
        try:
            partial.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise write_refusal(path, error) from error


def ensure_writable_folder(path: Path) -> None:
    """Makes the folder and its parents, and proves by a nameless file that it takes writes.

    Raises:
        UserError: The folder cannot be made or written to, or a file has its name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except (FileExistsError, NotADirectoryError) as error:
        raise UserError(
            f"The folder {path} cannot be made because a file has that name",
            "choose another folder",
        ) from error
    except OSError as error:
        raise UserError(
            f"The folder {path} cannot be written to ({error.strerror or error})",
            "choose a folder you may write to",
        ) from error


def require_space(folder: Path, needed_bytes: int) -> None:
    """Refuses when the disk that holds `folder` (which need not exist yet) lacks the space.

    Raises:
        UserError: Fewer than `needed_bytes` are free.
    """
    existing = folder.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    free_bytes = shutil.disk_usage(existing).free
    if free_bytes < needed_bytes:
        raise UserError(
            f"{folder} has {free_bytes / 1e6:.0f} of the {needed_bytes / 1e6:.0f} MB needed",
            "free some space or choose another folder",
        )


class OverwritePolicy(enum.Enum):
    """What to do with a file that already has the wanted name."""

    ASK = "ask"
    SKIP = "skip"
    RENAME = "rename"
    YES = "yes"

    @classmethod
    def of(cls, chosen: object) -> OverwritePolicy:
        """The policy itself, or the one of that name.

        Raises:
            UserError: There is no such policy.
        """
        try:
            return cls(chosen)
        except ValueError as error:
            raise UserError(
                f"{chosen!r} does not say what to do with files that are there already",
                f"choose one of {', '.join(each.value for each in cls)}",
            ) from error


def _taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def resolve_target(
    path: Path,
    policy: OverwritePolicy,
    ask: Callable[[Path], bool],
    taken: Callable[[Path], bool] = _taken,
) -> Path | None:
    """Decides where a file goes when its name may be taken.

    Args:
        path: The wanted place.
        policy: What to do if it is taken; RENAME finds "name (2).wav" and so on.
        ask: Called under ASK only; True means replace.
        taken: Whether a name may not be used; by default, whether there is such a file.

    Returns:
        The path to write, or None to leave the existing file alone.

    Raises:
        UserError: A folder has that name and the policy is not RENAME or SKIP.
    """
    if not taken(path):
        return path
    if policy is OverwritePolicy.SKIP:
        return None
    if policy is OverwritePolicy.RENAME:
        return _free_sibling(path, taken)
    if path.is_dir():
        raise UserError(f"A folder has the name {path}", "choose another name")
    return path if policy is OverwritePolicy.YES or ask(path) else None


def _free_sibling(path: Path, taken: Callable[[Path], bool]) -> Path:
    number = 2
    while True:
        tail = f" ({number}){path.suffix}"
        stem = _cut_bytes(path.stem, NAME_MAX_BYTES - len(tail.encode("utf-8", "surrogateescape")))
        candidate = path.with_name(stem + tail)
        if not taken(candidate):
            return candidate
        number += 1


def _cut_bytes(text: str, limit_bytes: int) -> str:
    """The longest beginning of at most `limit_bytes` UTF-8 bytes that splits no character."""
    encoded = text.encode("utf-8", "surrogateescape")
    if len(encoded) <= limit_bytes:
        return text
    end = len(encoded[:limit_bytes].decode("utf-8", "ignore"))
    # A base letter is dropped together with the accents and joiners that would follow it.
    while end > 0 and _joins(text[end - 1], text[end]):
        end -= 1
    return text[:end]


def _joins(left: str, right: str) -> bool:
    return bool(unicodedata.combining(right)) or right in _JOINERS or left == _JOINERS[0]


def _clean(text: str) -> str:
    kept = "".join(
        "_" if unicodedata.category(c) == "Cs" else c
        for c in text
        if unicodedata.category(c) != "Cc" and c not in _BIDI
    )
    return _FORBIDDEN.sub("_", kept)


def safe_name(text: str, room_bytes: int = 48) -> str:
    """One file-name component that Linux, macOS and Windows all take.

    Args:
        text: Any title: slashes become "_", control and bidirectional characters go, as do
            leading and trailing dots and spaces; names Windows reserves get a "_" in front.
        room_bytes: Bytes kept free below the usual limit of 255 for a suffix.

    Returns:
        A name that is never empty, ".", ".." or hidden ("untitled" where nothing is left).
    """
    name = _clean(text).strip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _cut_bytes(name, NAME_MAX_BYTES - room_bytes).rstrip(" .") or "untitled"


def expand_name(template: str, tokens: Mapping[str, str]) -> str:
    """Fills a `--name` template such as "{artist}/{title} ({stem})".

    Args:
        template: Text with {tokens}; "/" or a backslash begins a subfolder; "{{" is a brace.
        tokens: The known tokens; their values never make subfolders.

    Returns:
        A relative path with "/" between components, without an extension.

    Raises:
        UserError: Unknown token, broken braces, or a path that is absolute or leads upwards.
    """
    components = re.split(r"[/\\]", template)
    if any(component.strip(" .") == "" for component in components):
        raise UserError(
            f"The name template {template!r} has an empty part or leads out of the folder",
            'write it as "folder/{title} {stem}"',
        )
    return "/".join(safe_name(_fill(component, template, tokens)) for component in components)


def _fill(component: str, template: str, tokens: Mapping[str, str]) -> str:
    known = ", ".join(f"{{{name}}}" for name in tokens)
    try:
        pieces = list(string.Formatter().parse(component))
    except ValueError as error:
        raise UserError(
            f"The name template {template!r} has a brace without its partner",
            f"use these tokens: {known}",
        ) from error
    text = ""
    for literal, token, spec, conversion in pieces:
        text += literal
        if token is None:
            continue
        if token not in tokens or spec or conversion:
            raise UserError(
                f"The name template {template!r} has the unknown token {{{token}}}",
                f"use these tokens: {known}",
            )
        text += tokens[token]
    return text


def file_sha256(path: Path, report: Callable[[float, str], None] | None = None) -> str:
    """The SHA-256 of a file as 64 lower-case hexadecimal digits, read in 1 MiB pieces."""
    digest = hashlib.sha256()
    size_bytes = max(path.stat().st_size, 1)
    done_bytes = 0
    with path.open("rb") as file:
        while piece := file.read(_HASH_CHUNK_BYTES):
            digest.update(piece)
            done_bytes += len(piece)
            if report is not None:
                report(min(done_bytes / size_bytes, 1.0), f"Reading {path.name}")
    return digest.hexdigest()
