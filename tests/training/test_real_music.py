"""Real music fetched from Debian's packages: what is kept, what is told, what is resumed."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import tarfile
import zipfile

import pytest

from stemdesk_training.real_music import fetching
from stemdesk_training.real_music.__main__ import main
from stemdesk_training.real_music.packages import credits_of, packages, tracks

needs_dpkg_deb = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
HELD_OUT = ("hyperrogue-music", "singularity-music", "wesnoth-1.16-music")


class TestList:
    def test_a_track_has_all_facts(self):
        for track in tracks():
            assert track.licence
            assert track.authors
            assert track.seconds >= 20
            assert track.voice_share == -1 or 0 <= track.voice_share <= 1
            assert 0 <= track.band_limit_hz <= 24_000
            assert track.path.startswith("usr/share/")
        assert len({(track.package, track.path) for track in tracks()}) == len(tracks())
        assert len(tracks()) > 500

    def test_nothing_under_the_second_gpl_alone_or_a_licence_of_its_own(self):
        licences = {track.licence for track in tracks()}
        assert not licences & {"GPL-2", "?", ""}
        assert not any("NC" in each or "ND" in each for each in licences)
        assert {"drascula-music", "nexuiz-music", "hedgewars-data"}.isdisjoint(packages())

    def test_held_out_are_three_whole_packages(self):
        assert sorted({track.package for track in tracks() if track.held_out}) == sorted(HELD_OUT)
        assert all(track.held_out for track in tracks() if track.package in HELD_OUT)

    def test_a_song_in_two_stems_has_both_in_its_folder(self):
        folders = {}
        for track in tracks():
            if track.stem:
                folders.setdefault(track.path.rsplit("/", 1)[0], set()).add(track.stem)
        assert folders
        assert all(stems == {"guitar", "song"} for stems in folders.values())

    def test_credits_name_authors_and_licences_once(self):
        made = credits_of(tuple(track for track in tracks() if track.package == "naev-data"))
        assert list(made) == ["music/naev-data"]
        assert made["music/naev-data"].count("Askyel: CC-BY-SA-3.0") == 1
        assert "Zeropage: CC-BY-3.0" in made["music/naev-data"]


def packed(files):
    """A zip archive in memory."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def archive(tmp_path):
    """A folder of packages that a stand-in for apt-get downloads from."""
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


@pytest.fixture
def apt(tmp_path, archive, monkeypatch):
    """A stand-in for apt-get, first in PATH; notes what it is asked for."""
    tools = tmp_path / "tools"
    tools.mkdir()
    script = tools / "apt-get"
    script.write_text(
        f'#!/bin/sh\necho "$3" >> {tmp_path}/asked\n'
        f"[ -f {archive}/apt-says ] && {{ cat {archive}/apt-says >&2; exit 100; }}\n"
        f'cp {archive}/"$3".deb "$3"_1.0_all.deb 2>/dev/null ||'
        ' { echo "E: Unable to locate package $3" >&2; exit 100; }\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "asked"


@pytest.fixture
def package(tmp_path, archive):
    """Builds a package of files."""

    def make(name, files):
        root = tmp_path / "build" / name
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN" / "control").write_text(
            f"Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@b.c>\n"
            "Description: music\n"
        )
        command = ["dpkg-deb", "--root-owner-group", "-b", str(root), str(archive / f"{name}.deb")]
        subprocess.run(command, check=True, capture_output=True)

    return make


def found(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}


@needs_dpkg_deb
@pytest.mark.usefixtures("apt")
class TestFetch:
    def test_sound_and_terms_come_and_nothing_else(self, tmp_path, package):
        package("asc-music", {
            "usr/share/asc/a song.ogg": b"sound",
            "usr/share/asc/LOUD.MP3": b"loud",
            "usr/share/asc/track.xm": b"module",
            "usr/share/asc/picture.png": b"picture",
            "usr/share/doc/asc-music/copyright": b"GPL",
            "usr/bin/asc": b"program",
        })  # fmt: skip
        assert main(["fetch", str(tmp_path / "out"), "asc-music"]) == 0
        assert found(tmp_path / "out") == {
            "asc-music/usr/share/asc/a song.ogg",
            "asc-music/usr/share/asc/LOUD.MP3",
            "asc-music/usr/share/asc/track.xm",
            "asc-music/usr/share/doc/asc-music/copyright",
        }
        assert (tmp_path / "out/asc-music/usr/share/asc/a song.ogg").read_bytes() == b"sound"

    def test_archives_are_unpacked_beside_themselves(self, tmp_path, package):
        inside = {"music/a.ogg": b"a", "maps/b.bsp": b"b", "CREDITS.txt": b"c", "../../d.ogg": b"d"}
        package("ufoai-music", {"usr/base/0music.pk3": packed(inside)})
        assert main(["fetch", str(tmp_path / "out"), "ufoai-music"]) == 0
        assert found(tmp_path / "out/ufoai-music/usr/base") == {
            "0music.d/music/a.ogg",
            "0music.d/CREDITS.txt",
            "0music.d/d.ogg",
        }
        assert found(tmp_path / "out") == {
            f"ufoai-music/usr/base/{each}" for each in found(tmp_path / "out/ufoai-music/usr/base")
        }

    def test_what_is_there_is_not_fetched_again(self, tmp_path, package, apt, capsys):
        package("asc-music", {"a.ogg": b"a"})
        out = tmp_path / "out"
        (out / ".asc-music.partial/files").mkdir(parents=True)
        (out / ".asc-music.partial/files/old.ogg").write_bytes(b"half")
        assert main(["fetch", str(out), "asc-music"]) == 0
        assert main(["fetch", str(out), "asc-music"]) == 0
        assert apt.read_text().split() == ["asc-music"]
        assert capsys.readouterr().out.splitlines()[-1] == "1/1 asc-music: there already"
        assert [each.name for each in out.iterdir()] == ["asc-music"]
        assert found(out) == {"asc-music/a.ogg"}

    def test_a_package_that_cannot_be_had_leaves_the_others(self, tmp_path, package, capsys):
        package("asc-music", {"a.ogg": b"a"})
        out = tmp_path / "out"
        assert main(["fetch", str(out), "zaz-data", "asc-music"]) == 1
        assert [each.name for each in out.iterdir()] == ["asc-music"]
        told = capsys.readouterr().err
        assert told.startswith("zaz-data cannot be downloaded (Unable to locate package zaz-data):")
        assert len(told.splitlines()) == 1

    @pytest.mark.parametrize("cut", [0.0, 0.5, 0.95])
    def test_a_damaged_download_is_told(self, tmp_path, package, archive, capsys, cut):
        package("asc-music", {f"{i}.ogg": bytes(range(256)) * 99 for i in range(9)})
        deb = archive / "asc-music.deb"
        deb.write_bytes(deb.read_bytes()[: int(cut * deb.stat().st_size)])
        assert main(["fetch", str(tmp_path / "out"), "asc-music"]) == 1
        assert capsys.readouterr().err == "The download of asc-music is damaged: fetch it again.\n"
        assert not list((tmp_path / "out").iterdir())

    def test_a_damaged_archive_inside_is_told(self, tmp_path, package, capsys):
        package("ufoai-music", {"usr/0music.pk3": packed({"a.ogg": b"a" * 999})[:-30]})
        assert main(["fetch", str(tmp_path / "out"), "ufoai-music"]) == 1
        assert "ufoai-music is damaged" in capsys.readouterr().err

    @pytest.mark.parametrize("who", ["apt", "us"])
    def test_a_full_disk_ends_it(self, tmp_path, package, archive, apt, capsys, monkeypatch, who):
        package("asc-music", {"a.ogg": b"a"})
        package("zaz-data", {"a.ogg": b"a"})
        if who == "apt":
            (archive / "apt-says").write_text("E: You don't have enough free space in /x/.\n")
        else:

            def full(*_):
                raise OSError(errno.ENOSPC, "No space left on device")

            monkeypatch.setattr(fetching.shutil, "copyfileobj", full)
        out = tmp_path / "out"
        assert main(["fetch", str(out), "asc-music", "zaz-data"]) == 1
        told = capsys.readouterr().err
        assert told.startswith("The disk is full: asc-music could not be written:")
        assert len(told.splitlines()) == 1
        assert apt.read_text().split() == ["asc-music"]
        assert not list(out.iterdir())

    def test_links_and_paths_out_of_the_folder_are_not_followed(self, tmp_path):
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w") as tar:
            link = tarfile.TarInfo("./usr/link.ogg")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
            outside = tarfile.TarInfo("../../outside.ogg")
            outside.size = 1
            tar.addfile(outside, io.BytesIO(b"a"))
        made.seek(0)
        with tarfile.open(fileobj=made, mode="r|") as tar:
            fetching.keep_wanted(tar, tmp_path / "files")
        assert found(tmp_path / "files") == {"outside.ogg"}
        assert found(tmp_path) - {"tools/apt-get"} == {"files/outside.ogg"}


class TestRefusals:
    @pytest.mark.parametrize("missing", ["apt-get", "dpkg-deb"])
    def test_tools_that_are_missing_are_named(self, tmp_path, monkeypatch, capsys, missing):
        monkeypatch.setattr(
            fetching.shutil, "which", lambda tool: None if tool == missing else f"/usr/bin/{tool}"
        )
        assert main(["fetch", str(tmp_path / "out"), "asc-music"]) == 1
        told = capsys.readouterr().err
        assert told.startswith(f"Debian packages need {missing}, which is not installed: ")
        assert len(told.splitlines()) == 1
        assert not (tmp_path / "out").exists()

    def test_other_packages_are_refused_before_any_is_fetched(self, tmp_path, capsys):
        assert main(["fetch", str(tmp_path / "out"), "asc-music", "bash"]) == 1
        assert capsys.readouterr().err.startswith("bash is not among the packages of music: ")
        assert main(["fetch", "--held-out", str(tmp_path / "out"), "asc-music"]) == 1
        told = capsys.readouterr().err
        assert all(each in told for each in HELD_OUT)
