"""A plug-in that misbehaves as it is told, built once for all tests."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "mixing" / "plugins" / "troublemaker"
FRAMEWORK = Path("/usr/share/dpf/distrho")  # Debian's dpf-source
FLAGS = ["-fPIC", "-std=gnu++14", "-fvisibility=hidden", "-DNDEBUG", "-w", f"-I{SOURCE}"]
BEHAVIOURS = (
    "plain",
    "honest",
    "unreported",
    "overreported",
    "sticky",
    "shell",
    "crash-on-load",
    "hang-on-load",
    "throw-on-load",
    "slow-on-load",
    "slow-on-load-honest",
    "slow-on-load-throw-on-load",
)


def _compiler(library, *flags):
    return subprocess.Popen(
        [
            "g++",
            *FLAGS,
            *flags,
            f"-I{FRAMEWORK}",
            f"-I{FRAMEWORK / 'src'}",
            "-DDISTRHO_PLUGIN_TARGET_VST3",
            "-DGetPluginFactory=dpfPluginFactory",
            *map(str, sorted(SOURCE.glob("*.cpp"))),
            str(FRAMEWORK / "DistrhoPluginMain.cpp"),
            "-shared",
            "-Wl,--no-undefined",
            "-ldl",
            "-o",
            str(library),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def bundle(folder, name, library):
    """`library` as a VST3 bundle of that name."""
    path = folder / f"{name}.vst3"
    inside = path / "Contents" / f"{platform.machine()}-linux"
    inside.mkdir(parents=True)
    shutil.copy(library, inside / f"{name}.so")
    return path


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of all bundles, named for what they do."""
    if platform.system() != "Linux":
        pytest.skip("the test plug-in is built on Linux only")
    if shutil.which("g++") is None:
        pytest.skip("needs the compiler g++, which is not installed")
    if not (FRAMEWORK / "DistrhoPluginMain.cpp").is_file():
        pytest.skip("needs Debian's package dpf-source, which is not installed")
    folder = tmp_path_factory.mktemp("vst3")
    stereo, mono = folder / "stereo.so", folder / "mono.so"
    compilers = [_compiler(stereo, "-O1"), _compiler(mono, "-O0", "-DCHANNELS=1")]
    for compiler in compilers:
        said, _ = compiler.communicate()
        assert compiler.returncode == 0, said
    for behaviour in BEHAVIOURS:
        bundle(folder, behaviour, stereo)
    bundle(folder, "mono", mono)
    return folder
