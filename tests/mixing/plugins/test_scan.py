from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from stemdesk.mixing.plugins import faults, places, scan
from stemdesk.paths import cache_dir


@pytest.fixture
def started(monkeypatch):
    """The names of the plug-ins for which processes were started."""
    names = []
    real = scan.Sandbox

    def sandbox(name):
        names.append(name)
        return real(name)

    monkeypatch.setattr(scan, "Sandbox", sandbox)
    return names


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "plug-ins"


def install(built, folder, *behaviours):
    for behaviour in behaviours:
        shutil.copytree(built / f"{behaviour}.vst3", folder / f"{behaviour}.vst3")


def facts(plugins):
    return [(Path(each.path).stem, each.name, bool(each.fault)) for each in plugins]


def test_good_and_bad_plug_ins_are_told_apart(built, folder):
    install(built, folder, "crash-on-load", "throw-on-load")
    install(built, folder / "maker", "plain", "mono", "shell")
    (folder / "text.vst3").write_text("no library")
    (folder / "notes.txt").write_text("no plug-in")
    (folder / ".hidden.vst3").write_text("no plug-in")
    (folder / "maker" / "up").symlink_to(folder)
    found = scan.scan([folder, folder / "nowhere"])
    assert facts(found) == [
        ("crash-on-load", "crash-on-load", True),
        ("text", "text", True),
        ("throw-on-load", "throw-on-load", True),
        ("mono", "Troublemaker", False),
        ("plain", "Troublemaker", False),
        ("shell", "Troublemaker", False),
        ("shell", "Troublemaker2", False),
    ]
    plain = found[4]
    assert (plain.manufacturer, plain.category, plain.version, plain.is_effect) == (
        "StemDesk",
        "Fx|Tools",
        "1.2.3",
        True,
    )
    assert "crashed while it was loading (SIGSEGV)" in found[0].fault
    assert "no licence was found" in found[2].fault


def test_files_are_examined_once_and_again_when_they_change(built, folder, started):
    install(built, folder, "plain", "throw-on-load")
    first = scan.scan([folder])
    assert started == ["plain", "throw-on-load"]
    assert scan.scan([folder]) == first == scan.known_plugins()
    assert len(started) == 2
    scan.scan([folder], retry_faulty=True)
    assert started[2:] == ["throw-on-load"]
    inside = next((folder / "throw-on-load.vst3").rglob("*.so"))
    os.utime(inside, ns=(1, 2**62))
    scan.scan([folder])
    assert started[3:] == ["throw-on-load"]
    inside.write_bytes(inside.read_bytes() + b"more")
    os.utime(inside, ns=(1, 2**62))
    scan.scan([folder])
    assert started[4:] == ["throw-on-load"]


def test_bad_ones_are_tried_again_with_another_pedalboard(built, folder, started, monkeypatch):
    install(built, folder, "plain", "throw-on-load")
    scan.scan([folder])
    monkeypatch.setattr(scan, "version", lambda _: "99")
    scan.scan([folder])
    assert started == ["plain", "throw-on-load", "throw-on-load"]


def test_one_bad_plug_in_of_a_file_does_not_spoil_the_others(folder, monkeypatch):
    folder.mkdir()
    (folder / "many.vst3").touch()
    processes = []

    class Sandbox:
        def __init__(self, _):
            self.is_dead = False
            processes.append(self)

        def request(self, _, do, name="", **_path):
            if do == "names":
                return {"names": ["good", "crashes", "throws", "good too"]}
            if self.is_dead or name == "crashes":
                self.is_dead = True
                raise faults.crashed(name, -11, loading=True)
            if name == "throws":
                raise faults.refused(name, "no licence", loading=True)
            about = dict.fromkeys(("manufacturer", "category", "version"), "")
            return {"name": name, "is_effect": True, **about}

        def kill(self):
            self.is_dead = True

    monkeypatch.setattr(scan, "Sandbox", Sandbox)
    found = {each.name: each.fault for each in scan.scan([folder])}
    assert [name for name, fault in found.items() if not fault] == ["good", "good too"]
    assert "crashes crashed while it was loading (SIGSEGV)" in found["crashes"]
    assert "throws could not be loaded (no licence)" in found["throws"]
    assert len(processes) == 2
    assert all(each.is_dead for each in processes)


def test_a_plug_in_that_hangs_costs_its_time_only(built, folder):
    install(built, folder, "hang-on-load", "plain")
    found = scan.scan([folder], patience_seconds=4.0)
    assert facts(found) == [
        ("hang-on-load", "hang-on-load", True),
        ("plain", "Troublemaker", False),
    ]
    assert "did not finish loading within 4 s" in found[0].fault


def test_a_scan_that_was_stopped_goes_on_where_it_was(built, folder, started):
    install(built, folder, "mono", "plain")
    reports = []

    def report(fraction, name):
        reports.append((fraction, name))
        if fraction:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan.scan([folder], report)
    assert reports == [(0.0, "mono"), (0.5, "plain")]
    assert len(scan.scan([folder])) == 2
    assert started == ["mono", "plain"]


def test_what_is_gone_is_not_known_and_other_folders_are_not_forgotten(built, folder, started):
    install(built, folder / "a", "plain")
    install(built, folder / "b", "mono")
    scan.scan([folder])
    assert facts(scan.scan([folder / "a"])) == [("plain", "Troublemaker", False)]
    shutil.rmtree(folder / "a")
    assert facts(scan.known_plugins()) == [("mono", "Troublemaker", False)]
    assert facts(scan.scan([folder])) == [("mono", "Troublemaker", False)]
    assert len(started) == 2


@pytest.mark.parametrize("content", [b"{", b'{"format": 2, "files": {}}', b'{"format": 1}'])
def test_an_unreadable_catalogue_is_made_anew(folder, content):
    folder.mkdir()
    (folder / "text.vst3").write_text("no library")
    cache_dir().mkdir(parents=True)
    (cache_dir() / "plugins.json").write_bytes(content)
    assert scan.known_plugins() == []
    assert facts(scan.scan([folder])) == [("text", "text", True)]
    assert len(scan.known_plugins()) == 1


def test_the_places_of_each_system(monkeypatch, tmp_path):
    monkeypatch.setenv("VST3_PATH", os.pathsep.join([str(tmp_path / "mine"), ""]))
    monkeypatch.setenv("LOCALAPPDATA", "L")
    monkeypatch.setenv("COMMONPROGRAMFILES", "C")
    expected = {
        "linux": ["~/.vst3", "/usr/lib/vst3", "/usr/local/lib/vst3"],
        "darwin": [
            "~/Library/Audio/Plug-Ins/VST3",
            "/Library/Audio/Plug-Ins/VST3",
            "~/Library/Audio/Plug-Ins/Components",
            "/Library/Audio/Plug-Ins/Components",
        ],
        "win32": ["L/Programs/Common/VST3", "C/VST3"],
    }
    for platform, folders in expected.items():
        monkeypatch.setattr(places.sys, "platform", platform)
        standard = [Path(each).expanduser() for each in folders]
        assert places.plugin_folders() == [tmp_path / "mine", *standard]


def test_audio_units_are_looked_for_on_macos_only(monkeypatch, tmp_path):
    for name in ("one.component", "two.vst3", "three.VST3"):
        (tmp_path / name / "Contents").mkdir(parents=True)
    (tmp_path / "two.vst3" / "Contents" / "inner.vst3").touch()
    for platform, names in (
        ("linux", ["three.VST3", "two.vst3"]),
        ("darwin", ["one.component", "three.VST3", "two.vst3"]),
    ):
        monkeypatch.setattr(places.sys, "platform", platform)
        assert [each.name for each in places.plugin_files(tmp_path)] == names


def test_the_default_places_are_scanned(built, monkeypatch, tmp_path):
    install(built, tmp_path, "plain")
    monkeypatch.setattr(scan, "plugin_folders", lambda: [tmp_path])
    assert facts(scan.scan()) == [("plain", "Troublemaker", False)]
