"""The plug-in and its scripted host, built once for all tests."""

from __future__ import annotations

import functools
import platform
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.plugins.bridge.rig import HERE, SOURCE, Player

FRAMEWORK = Path("/usr/share/dpf/distrho")  # Debian's dpf-source


def need_tools():
    """Skip where the plug-in cannot be built."""
    if platform.system() != "Linux":
        pytest.skip("the plug-in is built and tested on Linux")
    for tool in ("g++", "make"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool}, which is not installed")
    if not (FRAMEWORK / "DistrhoPluginMain.cpp").is_file():
        pytest.skip("needs Debian's package dpf-source, which is not installed")


def make(*arguments):
    """Run make for the plug-in."""
    command = ["make", "-s", "-j2", "-C", str(SOURCE), *arguments]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr


def build_host(target, *flags):
    """Compile the scripted host."""
    command = [
        *("g++", "-std=gnu++17", "-O1", "-Wall", "-Wextra", "-Werror", *flags),
        *("-isystem", str(FRAMEWORK / "src")),
        *map(str, sorted((HERE / "host").glob("*.cpp"))),
        *("-rdynamic", "-ldl", "-lpthread", "-o", str(target)),
    ]
    compiled = subprocess.run(command, capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
    return target


@pytest.fixture(scope="session")
def bundles(build_folder):
    """The folder with the plug-in in all formats."""
    with built_by_one(build_folder):
        make(f"BUILD={build_folder}")
    return build_folder


@pytest.fixture(scope="session")
def build_folder(request, tmp_path_factory):
    """Lasts from session to session, so that make builds only what has changed."""
    need_tools()
    cache = getattr(request.config, "cache", None)
    return cache.mkdir("bridge") if cache else tmp_path_factory.mktemp("bridge")


@contextmanager
def built_by_one(folder):
    """Two sessions at a time do not write the same files."""
    import fcntl

    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def host(bundles, tmp_path_factory):
    """The scripted CLAP host."""
    return build_host(tmp_path_factory.mktemp("host") / "clap_host", "-DINTERPOSE")


@pytest.fixture
def play(bundles, host, tmp_path):
    """Plays a track through the stereo plug-in."""
    return Player([str(host)], bundles / "stemdesk-bridge.clap", tmp_path)


@pytest.fixture
def play_mono(bundles, host, tmp_path):
    """Plays a track through the mono plug-in."""
    return Player([str(host)], bundles / "stemdesk-bridge-mono.clap", tmp_path)


@pytest.fixture(scope="session")
def hammer(build_folder):
    """Builds the plug-in's own code with sanitizers; gives the program's path."""

    @functools.cache
    def built(sanitizer):
        folder = build_folder / sanitizer.replace(",", "-")
        with built_by_one(build_folder):
            make(f"BUILD={folder}", f"SANITIZE={sanitizer}", "core")
            program = folder / "hammer"
            flags = ["-std=gnu++17", "-O1", "-g", "-Wall", "-Wextra", "-Werror"]
            flags += [f"-fsanitize={sanitizer}", "-fno-sanitize-recover=all"]
            command = ["g++", *flags, f"-I{SOURCE / 'src'}", str(HERE / "hammer.cpp")]
            command += [*map(str, sorted((folder / "core").glob("*.o"))), "-lpthread"]
            compiled = subprocess.run(
                [*command, "-o", str(program)], capture_output=True, text=True, check=False
            )
            assert compiled.returncode == 0, compiled.stderr
        return program

    return built
