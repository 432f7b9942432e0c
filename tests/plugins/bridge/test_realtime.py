"""The audio thread allocates nothing, locks nothing, asks the system for nothing."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from stemdesk.app.bridge.slots import files_in, numbered_slot, slots_folder
from tests.plugins.bridge.rig import CAPTURE, CLOCK, SLOT, Player, noise_track, publish, wait_for


def everything(tmp_path, track):
    """Stems, levels, automation, seeks, capture, a changed slot, new stems, the free clock."""
    publish(track, tmp_path, slot=1)
    publish(track, tmp_path, slot=2, origin_frame=1000)
    newer = publish(track, tmp_path, slot=1).rename(tmp_path / "newer")
    target = numbered_slot(slots_folder(), 1) / "stems-000000009.sdstems"
    return [
        f"set {SLOT} 1",
        "play -5000 64 64",
        wait_for("ready", 60_000),
        "set 0 -84",
        "play 0 20000 512",
        "glide 1 0 -84",
        "play 5000 20000 100",
        f"move {newer} {target}",
        "sleep 700",
        "play 25000 20000 64",
        f"set {SLOT} 2",
        f"set {CAPTURE} 1",
        "play 45000 20000 64",
        "sleep 100",
        "play 65000 60000 333",
        "live 0 5000 64",
        wait_for("waiting", 60_000),
        f"set {CLOCK} 1",
        "live 0 9000 512",
        "set 0 0",
        "set 1 0",
        "live 9000 9000 512",
        "tell",
    ]


def test_nothing_is_allocated_locked_or_written(play, tmp_path):
    track = noise_track()
    play(track, everything(tmp_path, track), GUARDED="1")


def test_no_system_call_is_made(play, tmp_path):
    track = noise_track()
    process, _ = play.start(track, everything(tmp_path, track), GUARDED="1", SEALED="1")
    said, complaints = process.communicate(timeout=120)
    if process.returncode == 77:
        pytest.skip("needs seccomp filters, which this system does not allow")
    assert process.returncode == 0, said + complaints


@pytest.mark.slow
def test_valgrind_finds_nothing(bundles, host, tmp_path):
    if shutil.which("valgrind") is None:
        pytest.skip("needs valgrind, which is not installed")
    from tests.plugins.bridge.conftest import build_host

    plain = build_host(tmp_path / "plain_host", "-g")
    command = ["valgrind", "--error-exitcode=9", "--leak-check=full"]
    command += ["--errors-for-leak-kinds=definite", "--fair-sched=yes", "-q", str(plain)]
    play = Player(command, bundles / "stemdesk-bridge.clap", tmp_path)
    track = noise_track(seconds=2)
    out, _ = play(track, everything(tmp_path, track))
    assert len(out) > 100_000


@pytest.mark.slow
@pytest.mark.parametrize("sanitizer", ["address,undefined", "thread"])
def test_sanitizers_find_nothing_while_stems_come_and_go(hammer, tmp_path, sanitizer):
    """Audio, watcher and a publisher at full speed; see hammer.cpp."""
    track = noise_track(seconds=1, rate=16_000)
    slot = numbered_slot(slots_folder(), 1)
    for _ in range(2):
        publish(track, tmp_path)
    first, second = files_in(slot, ".sdstems")
    ran = subprocess.run(
        [hammer(sanitizer), "run", first.rename(tmp_path / "a"), second.rename(tmp_path / "b")],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unexpected memory mapping" in ran.stderr:
        pytest.skip("this kernel's address layout is too new for the compiler's ThreadSanitizer")
    assert ran.returncode == 0, ran.stderr
    published, taken, kept, blocks = map(int, ran.stdout.split())
    assert published >= 50
    assert taken >= 10
    assert kept <= 2
    assert blocks > 1000
