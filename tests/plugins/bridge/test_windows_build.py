"""The build for Windows, as far as it can be looked at from here: nothing of it is run."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.plugins.bridge.conftest import built_by_one, make

COMPILER = "x86_64-w64-mingw32-g++-posix"
OBJDUMP = "x86_64-w64-mingw32-objdump"
SYSTEM = {"kernel32.dll", "msvcrt.dll", "shell32.dll", "ole32.dll"}
LIBRARIES = {
    "stemdesk-bridge.vst3/Contents/x86_64-win/stemdesk-bridge.vst3": {"GetPluginFactory"},
    "stemdesk-bridge.clap": {"clap_entry"},
    "stemdesk-bridge.lv2/stemdesk-bridge.dll": {"lv2_descriptor"},
}


@pytest.mark.slow
def test_libraries_export_what_hosts_ask_for_and_need_only_the_system(bundles, build_folder):
    if shutil.which(COMPILER) is None:
        pytest.skip("needs g++-mingw-w64-x86-64, which is not installed")
    with built_by_one(build_folder):
        make(f"BUILD={bundles}", "windows")
    windows = bundles.with_name(f"{bundles.name}-windows")
    for mono in ("", "-mono"):
        for name, exports in LIBRARIES.items():
            library = windows / name.replace("-bridge", f"-bridge{mono}")
            told = subprocess.run(
                [OBJDUMP, "-p", library], capture_output=True, text=True, check=True
            ).stdout
            needed = {dll.lower() for dll in re.findall(r"DLL Name: (\S+)", told)}
            assert needed <= SYSTEM
            table = told.partition("[Ordinal/Name Pointer] Table")[2]
            assert exports <= set(re.findall(r"\]\s+(\S+)$", table, re.MULTILINE))
        manifest = windows / f"stemdesk-bridge{mono}.lv2" / "manifest.ttl"
        assert f"<stemdesk-bridge{mono}.dll>" in manifest.read_text()
