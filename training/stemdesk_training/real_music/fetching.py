"""Music fetched from Debian's packages: sound and copyright files only, nothing is installed."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import write_refusal

if TYPE_CHECKING:
    from pathlib import Path

SOUND = (".ogg", ".oga", ".opus", ".mp3", ".flac", ".mod", ".xm", ".it", ".mmpz")
# Words in the names of files that say whose the music is, and under what licence.
TERMS = ("copyright", "licence", "license", "credits", "readme", "authors")
ARCHIVES = (".pk3", ".zip")
_FULL_WORDS = ("free space", "No space left", "Disk quota exceeded")


def fetch(package: str, out: Path) -> bool:
    """Bring the sound of a package to ``out/package``, as it lies in the package.

    What lies in an archive ``NAME.pk3`` or ``NAME.zip`` comes to a folder ``NAME.d`` beside it.
    A package that is there is left alone, one that was broken off is begun again.

    Returns:
        Whether it had to be fetched.

    Raises:
        UserError: Debian's tools are missing, the package cannot be had or read, or the disk is
            full. Nothing is left under the package's name.
    """
    done = out / package
    if done.is_dir():
        return False
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise UserError(f"Debian packages need {tool}, which is not installed",
                f"run this on Debian or Ubuntu and copy {out} here")  # fmt: skip
    partial = out / f".{package}.partial"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "download").mkdir(parents=True)
        (partial / "files").mkdir()
        _extract(_download(package, partial / "download"), partial / "files", package)
        (partial / "files").rename(done)
    except OSError as error:
        raise write_refusal(done, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return True


def _download(package: str, folder: Path) -> Path:
    """The package's file, as apt has it; apt checks its hash."""
    done = subprocess.run(
        ["apt-get", "download", "-q", package],
        cwd=folder,
        env=os.environ | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    found = sorted(folder.glob("*.deb"))
    if done.returncode == 0 and found:
        return found[0]
    errors = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    told = errors[0].removeprefix("E:").strip().rstrip(".") if errors else "apt-get says no more"
    if any(word in done.stderr for word in _FULL_WORDS):
        raise OSError(errno.ENOSPC, told)
    raise UserError(f"{package} cannot be downloaded ({told})",
        "check the connection, run apt-get update, or leave this package out")  # fmt: skip


def _extract(deb: Path, folder: Path, package: str) -> None:
    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as unpacker:
        assert unpacker.stdout is not None
        try:
            with tarfile.open(fileobj=unpacker.stdout, mode="r|") as tar:
                keep_wanted(tar, folder)
            unpacker.stdout.read()  # what pads the end
        except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
            raise _damaged(package) from error
        finally:
            unpacker.stdout.close()
    if unpacker.returncode != 0:
        raise _damaged(package)


def keep_wanted(tar: tarfile.TarFile, folder: Path) -> None:
    """Write what is wanted of a package's files; links are left out."""
    for member in tar:
        if member.isfile() and (content := tar.extractfile(member)):
            _keep(content, PurePosixPath(member.name), folder)


def _damaged(package: str) -> UserError:
    return UserError(f"The download of {package} is damaged", "fetch it again")


def _keep(content: IO[bytes], name: PurePosixPath, folder: Path) -> None:
    """Write a file if it is wanted; of an archive what is wanted in it."""
    if name.suffix.lower() in ARCHIVES:
        archive = folder / ".archive"
        _write(content, archive)
        _extract_archive(archive, _inside(folder, name).with_suffix(".d"))
        archive.unlink()
    elif _is_wanted(name):
        _write(content, _inside(folder, name))


def _extract_archive(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as files:
        for entry in files.infolist():
            name = PurePosixPath(entry.filename)
            if not entry.is_dir() and _is_wanted(name):
                with files.open(entry) as content:
                    _write(content, _inside(folder, name))


def _is_wanted(name: PurePosixPath) -> bool:
    is_terms = any(word in name.name.lower() for word in TERMS)
    return name.suffix.lower() in SOUND or is_terms


def _inside(folder: Path, name: PurePosixPath) -> Path:
    """Where a file of a package goes; never outside the folder."""
    return folder.joinpath(*(part for part in name.parts if part not in ("/", ".", "..")))


def _write(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)


def is_disk_full(error: UserError) -> bool:
    """Whether a package could not be kept for want of room: the next will not fit either."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
