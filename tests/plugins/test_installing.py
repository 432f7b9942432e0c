"""What `stemdesk plugins` puts where, and that it never loses anything of the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stemdesk.cli.main import run
from stemdesk.errors import UserError
from stemdesk_plugins import hosts
from stemdesk_plugins.filling import filled, lua_string
from stemdesk_plugins.installing import install, remove
from stemdesk_plugins.listing import host_states
from stemdesk_plugins.machine import Machine, Platform
from stemdesk_plugins.receipts import load_receipt, receipt_path


@pytest.fixture
def reaper(machine) -> Path:
    """REAPER's folder on a machine where it was used."""
    folder = machine.home / ".config" / "REAPER"
    (folder / "Scripts").mkdir(parents=True)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def state_of(host: str, machine):
    return next(state for state in host_states(machine) if state.id == host)


def test_install_and_remove_leave_everything_else_as_it_was(machine, reaper):
    (reaper / "Scripts" / "mine.lua").write_text("-- mine")
    before = files_in(reaper)
    done = install("reaper", machine)
    (script,) = done.report.written
    assert script == reaper / "Scripts" / "StemDesk" / "stemdesk_separate.lua"
    assert "ReaScript" in done.notes[-1]
    assert files_in(reaper).keys() - before.keys() == {"Scripts/StemDesk/stemdesk_separate.lua"}
    assert state_of("reaper", machine).paths == [script]
    assert state_of("reaper", machine).installed.startswith("StemDesk 0.")
    assert remove("reaper").report.removed == [script]
    assert files_in(reaper) == before
    assert not script.parent.exists()
    assert load_receipt("reaper") is None
    with pytest.raises(UserError, match="installed nothing"):
        remove("reaper")


def test_a_strangers_file_is_never_replaced(machine, reaper):
    place = reaper / "Scripts" / "StemDesk" / "stemdesk_separate.lua"
    place.parent.mkdir()
    place.write_text("-- not StemDesk's")
    with pytest.raises(UserError, match="StemDesk did not put it there"):
        install("reaper", machine)
    assert place.read_text() == "-- not StemDesk's"
    assert load_receipt("reaper") is None
    place.unlink()
    place.mkdir()
    with pytest.raises(UserError, match="A folder has the name"):
        install("reaper", machine)


def test_a_changed_file_is_kept_aside_on_update_and_left_on_removal(machine, reaper):
    (script,) = install("reaper", machine).report.written
    ours = script.read_bytes()
    for number, aside_name in enumerate(["", " (2)"]):
        script.write_text(f"-- changed {number}")
        (aside,) = install("reaper", machine).report.kept_aside
        assert aside.name == f"stemdesk_separate.lua{aside_name}.changed"
        assert aside.read_text() == f"-- changed {number}"
        assert script.read_bytes() == ours
    assert install("reaper", machine).report.kept_aside == []
    script.write_text("-- changed again")
    report = remove("reaper").report
    assert (report.left, report.removed) == ([script], [])
    assert script.read_text() == "-- changed again"


def test_what_a_newer_version_does_not_have_goes(machine, reaper, monkeypatch):
    placements = hosts.placements(hosts.HOSTS["reaper"], machine)
    old = [*placements, hosts.Placement(placements[0].target.with_name("old.lua"), b"-- old")]
    monkeypatch.setattr(hosts, "placements", lambda *_: old)
    written = install("reaper", machine).report.written
    assert len(written) == 2
    monkeypatch.setattr(hosts, "placements", lambda *_: placements)
    assert install("reaper", machine).report.removed == [written[1]]
    assert list(load_receipt("reaper").files) == [str(written[0])]


def test_a_write_that_fails_half_way_can_be_taken_away(machine, reaper, monkeypatch):
    placements = hosts.placements(hosts.HOSTS["reaper"], machine)
    blocked = reaper / "Scripts" / "file"
    blocked.write_text("mine")
    more = [*placements, hosts.Placement(blocked / "below" / "x.lua", b"--")]
    monkeypatch.setattr(hosts, "placements", lambda *_: more)
    with pytest.raises(UserError):
        install("reaper", machine)
    assert remove("reaper").report.removed == [placements[0].target]
    assert files_in(reaper) == {"Scripts/file": b"mine"}


def test_a_host_that_is_not_there_is_named_with_where_it_was_looked_for(machine, tmp_path):
    with pytest.raises(UserError, match=r"REAPER was not found.*--to"):
        install("reaper", machine)
    with pytest.raises(UserError, match="does not run on Linux"):
        install("ableton", machine)
    with pytest.raises(UserError, match="There is no host cubase"):
        install("cubase", machine)
    (script,) = install("reaper", machine, tmp_path / "portable").report.written
    assert script.is_relative_to(tmp_path / "portable" / "Scripts")
    assert state_of("reaper", machine).found == "not found"


def test_every_ardour_that_was_used_gets_the_script(machine):
    for version in ("ardour7", "ardour9"):
        (machine.home / ".config" / version).mkdir(parents=True)
    written = install("ardour", machine).report.written
    assert [path.parts[-3] for path in written] == ["ardour7", "ardour9"]


def test_bridge_is_copied_where_it_was_built(machine, tmp_path, monkeypatch):
    monkeypatch.setattr(hosts, "bridge_build", lambda: None)
    with pytest.raises(UserError, match="not built"):
        install("bridge", machine)
    build = tmp_path / "build" / "bin"
    binary = build / "stemdesk-bridge.vst3" / "Contents" / "x86_64-linux" / "stemdesk-bridge.so"
    binary.parent.mkdir(parents=True)
    binary.write_bytes(b"\x7fELF")
    binary.chmod(0o755)
    (build / "stemdesk-bridge.clap").write_bytes(b"\x7fELF clap")
    (build / "stemdesk-bridge.lv2").mkdir()
    (build / "stemdesk-bridge.lv2" / "manifest.ttl").write_text("@prefix")
    (build / "notes.txt").write_text("not a plug-in")
    monkeypatch.setattr(hosts, "bridge_build", lambda: build.parent)
    assert len(install("bridge", machine).report.written) == 3
    home = machine.home
    copied = home / ".vst3" / Path(*binary.relative_to(build).parts)
    assert copied.read_bytes() == b"\x7fELF"
    assert os.access(copied, os.X_OK)
    assert (home / ".clap" / "stemdesk-bridge.clap").is_file()
    assert (home / ".lv2" / "stemdesk-bridge.lv2" / "manifest.ttl").is_file()
    remove("bridge")
    assert list(home.iterdir()) == []


def test_a_damaged_record_is_one_sentence(machine, reaper):
    install("reaper", machine)
    receipt_path("reaper").write_text("{")
    with pytest.raises(UserError, match="is damaged"):
        install("reaper", machine)
    receipt_path("reaper").write_text('{"format": 99, "stemdesk": "9.9"}')
    with pytest.raises(UserError, match=r"9\.9, which is newer"):
        remove("reaper")


@pytest.mark.parametrize("path", ["/opt/a b/stem'desk", 'C:\\Süß\\"x"\\stemdesk.exe', "/a\n1\t%"])
def test_paths_survive_in_lua_and_python(path, tmp_path):
    lua = shutil.which("lua5.4") or shutil.which("lua")
    assert eval(filled(b'"@STEMDESK@"', ".py", path)) == path
    if lua is None:
        pytest.skip("needs Lua")
    script = tmp_path / "x.lua"
    script.write_text(f"io.write({lua_string(path)})")
    told = subprocess.run([lua, script], capture_output=True, check=True).stdout
    assert told.decode() == path


def test_scripts_name_a_program_that_is_there(machine, reaper):
    (script,) = install("reaper", machine).report.written
    text = script.read_text()
    assert "@STEMDESK@" not in text
    name = text.partition("local PROGRAM = ")[2].partition("\n")[0]
    program = Path(eval("b" + name.replace("\\", "\\x") if "\\" in name else name))
    assert program.is_absolute()
    told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=120)
    assert told.stdout.startswith("stemdesk ")


def test_on_the_command_line(capsys):
    this = Machine.this()
    if this.platform is not Platform.LINUX:
        pytest.skip("needs Linux")
    (Path(os.environ["XDG_CONFIG_HOME"]) / "REAPER").mkdir(parents=True)
    assert run(["plugins"]) == 0
    listed = capsys.readouterr().out
    assert len([line for line in listed.splitlines() if not line.startswith(" ")]) == 6
    assert "reaper    REAPER           found      not installed" in listed
    assert run(["plugins", "install", "reaper"]) == 0
    assert "stemdesk_separate.lua" in capsys.readouterr().out
    assert run(["plugins", "list"]) == 0
    assert "StemDesk 0." in capsys.readouterr().out
    assert run(["plugins", "remove", "reaper"]) == 0
    assert run(["plugins", "remove", "reaper"]) == 1
    assert "installed nothing" in capsys.readouterr().err
    assert run(["plugins", "job", str(this.home / "no folder")]) == 1


def test_pro_tools_without_its_library_says_how_to_get_it(machine, monkeypatch):
    monkeypatch.setitem(sys.modules, "ptsl", None)
    monkeypatch.setattr("stemdesk_plugins.protools.library.has_ptsl", lambda: False)
    with pytest.raises(UserError, match=r"stemdesk\[protools\]"):
        install("protools", machine)
