"""What the program meets before and beside its work: closed streams, Ctrl-C, busy machines."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from stemdesk import cores, processes
from stemdesk.errors import UserError
from tests.app.tiny import music, save_song, save_tiny_model

POLICY = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")
PATIENCE_SECONDS = 120
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def song(tmp_path):
    return save_song(tmp_path / "song.wav", music(66_150))


def python(script, *arguments, **variables):
    environment = {key: value for key, value in os.environ.items() if key not in POLICY}
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**environment, "OMP_NUM_THREADS": "1", **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def shell(line, folder, **variables):
    """Run a line of the shell, in which `stemdesk` is this program."""
    command = " ".join(processes.stemdesk_command())
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; stemdesk() {{ {command} "$@"; }}; {line}'],
        env={**processes.environment(), "OMP_NUM_THREADS": "1", **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


# How threads wait


LOADERS = {
    "library": "import stemdesk, torch",
    "loading a model": "import stemdesk.separation.devices",
    "trainer": "import stemdesk_training.trainer",
    "networks": "import stemdesk_models.bandmask",
    "worker": "import stemdesk.app.worker.program, stemdesk.app.worker.service; import torch",
    "command line": "import stemdesk.__main__, torch",
    "engine server": "import stemdesk.app.engine.server, torch",
}
# Told before torch loads: the OpenMP library reads it then, and only then.
WATCH = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print("at torch:", os.environ.get("OMP_WAIT_POLICY"))
sys.meta_path.insert(0, Watch())
"""


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_threads_are_told_to_sleep_before_torch_loads(loader):
    told = python(WATCH + loader, PYTHONPATH=os.pathsep.join(sys.path))
    assert "at torch: PASSIVE" in told.stdout, told.stderr


@pytest.mark.parametrize(("name", "value"), [(POLICY[0], "ACTIVE"), (POLICY[1], "7"),
                                             (POLICY[2], "200")])  # fmt: skip
def test_what_the_user_says_of_waiting_counts(name, value):
    script = f"import os, stemdesk; print([os.environ.get(name) for name in {POLICY}])"
    told = python(script, **{name: value}, PYTHONPATH=os.pathsep.join(sys.path))
    assert told.stdout.strip() == str([value if n == name else None for n in POLICY])


def test_a_program_that_has_torch_already_is_left_alone():
    script = "import os, torch, stemdesk; print(os.environ.get('OMP_WAIT_POLICY'))"
    assert python(script, PYTHONPATH=os.pathsep.join(sys.path)).stdout.strip() == "None"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_waiting_threads_really_sleep():
    """The processor's time beside the clock's, while one thread works and another waits."""
    script = """
import sys, time
import stemdesk
import torch
torch.set_num_threads(2)
values = torch.rand(1 << 16)
torch.exp(values)
before = time.process_time(); started = time.perf_counter()
for _ in range(20):
    torch.exp(values)
    end = time.perf_counter() + 0.02
    while time.perf_counter() < end:
        pass
print((time.process_time() - before) / (time.perf_counter() - started))
"""
    path = os.pathsep.join(sys.path)
    calm = float(python(script, PYTHONPATH=path, OMP_NUM_THREADS="2").stdout)
    assert calm < 1.5, "a thread that spins takes a core of its own"


def test_threads_by_what_the_user_says(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3,2")
    assert cores.usual_threads() == 3


@pytest.fixture
def no_wish(monkeypatch):
    for name in (*POLICY, "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    cores._idle_cores.cache_clear()
    yield monkeypatch
    cores._idle_cores.cache_clear()


def test_calm_threads_are_as_many_as_there_are_cores(no_wish):
    no_wish.setenv("OMP_WAIT_POLICY", "passive")
    no_wish.setattr(cores, "_idle_share", lambda: 0.0)
    assert cores.usual_threads() == cores.physical_cores()


@pytest.mark.parametrize(("share", "threads"), [(1.0, 4), (0.5, 2), (0.2, 1), (0.0, 1)])
def test_spinning_threads_are_as_many_as_there_are_idle_cores(no_wish, share, threads):
    no_wish.setattr(cores, "physical_cores", lambda: 4)
    no_wish.setattr(cores, "_idle_share", lambda: share)
    assert cores.usual_threads() == threads
    no_wish.setattr(cores, "_idle_share", lambda: 0.7)
    assert cores.usual_threads() == threads, "a run that goes on keeps its last bits"


@pytest.mark.parametrize(("quota", "most"), [("max 100000", 64), ("200000 100000", 2),
                                             ("50000 100000", 1)])  # fmt: skip
def test_a_container_share_of_the_processor_counts(tmp_path, monkeypatch, quota, most):
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    monkeypatch.setattr(cores, "_GROUP", tmp_path)
    monkeypatch.setattr(cores, "_allowed", lambda: 64)
    monkeypatch.setattr(cores.Path, "glob", lambda *_: [])
    assert cores.physical_cores() == most


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_idle_share_is_a_share():
    assert 0 <= cores._idle_share() <= 1


# Standard streams


CLOSED = ["", ">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-"]


@posix
@pytest.mark.parametrize("closed", CLOSED)
def test_a_song_is_separated_whatever_is_closed(closed, song, model, tmp_path):
    ran = shell(f"stemdesk separate song.wav --model {model} {closed}", tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert len(list((tmp_path / "separated" / "song").glob("*.wav"))) == 4
    assert "Traceback" not in ran.stderr


@posix
@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize(("command", "status"), [
    ("models", 0), ("--version", 0), ("separate none.wav", 1), ("separate --nonsense", 2),
    ("dataset check none", 1),
])  # fmt: skip
def test_statuses_are_the_same_whatever_is_closed(command, status, closed, tmp_path):
    ran = shell(f"stemdesk {command} {closed}", tmp_path)
    assert ran.returncode == status, ran.stderr
    assert "Traceback" not in ran.stderr


@posix
@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_a_console_that_never_was_is_like_a_closed_one(stream):
    script = f"""
import sys
sys.{stream} = None
sys.argv = ["stemdesk", "models"]
from stemdesk.__main__ import main
main()
"""
    ran = python(script, PYTHONPATH=os.pathsep.join(sys.path))
    assert ran.returncode == 0, ran.stderr


@posix
def test_nobody_who_reads_remarks_is_no_reason_to_stop(song, model, tmp_path):
    line = f"stemdesk separate song.wav --model {model} 2>&1 >/dev/null | true"
    assert shell(line, tmp_path).returncode == 0
    assert len(list((tmp_path / "separated" / "song").glob("*.wav"))) == 4


@posix
@pytest.mark.parametrize("command", ["models", "separate none.wav", "--help"])
@pytest.mark.parametrize("target", ["2>&1 | true", "| true", "> /dev/full", "> /dev/full 2>&1"])
def test_a_reader_that_has_gone_is_no_fault(command, target, tmp_path):
    ran = shell(f"stemdesk {command} {target}", tmp_path)
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    assert ran.returncode in (0, 1)


# Ctrl-C


# What `stemdesk` does first, and then a word that it was done.
LAUNCH = """
from stemdesk.processes import stop_on_interrupt
stop_on_interrupt()
print("ready", flush=True)
from stemdesk.__main__ import main
main()
"""


@posix
@pytest.mark.parametrize("delay_seconds", [0.0, 0.1, 0.3, 0.7, 1.2])
@pytest.mark.parametrize("command", ["separate", "dataset check", "tune", "train"])
def test_ctrl_c_while_it_loads_is_one_line(command, delay_seconds, song, tmp_path):
    what = song if command == "separate" else tmp_path
    more = ["--pool", tmp_path, "--run", tmp_path / "run"] if command == "train" else []
    child = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, *command.split(), what, *more],
        env={**processes.environment(), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=tmp_path,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert child.stdout.readline() == "ready\n"
    time.sleep(delay_seconds)
    # As a terminal does it: to the whole group, in which the trainer is too.
    os.killpg(child.pid, signal.SIGINT)
    _out, err = child.communicate(timeout=PATIENCE_SECONDS)
    told = err.splitlines()
    if child.returncode != 130:  # it was done already
        assert child.returncode in (0, 1), err
    else:
        assert len(told) == 1, err
        assert re.search("[Ss]topped", err)


# Forks and folders


@posix
@pytest.mark.parametrize("loads_anew", [True, False])
def test_a_fork_separates_or_refuses_but_never_hangs(loads_anew, model, tmp_path):
    script = """
import multiprocessing, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
import stemdesk
from stemdesk.app.model import load_model

def separated(song, model):
    stems = stemdesk.separate_clip(song, model)
    return sum(stem.samples for stem in stems.values())

if __name__ == "__main__":
    samples = np.random.default_rng(0).integers(-9000, 9000, (2, 44100)) / 32768
    clip = stemdesk.AudioClip(samples.astype(np.float32), 44100)
    model = load_model(sys.argv[1], threads=2)
    first = separated(clip, model)
    assert np.array_equal(first, clip.samples)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        given = sys.argv[1] if sys.argv[2] == "True" else None
        if given is None:
            process = multiprocessing.get_context("fork").Process(target=separated,
                                                                  args=(clip, model))
            process.start(); process.join(60); print(process.exitcode)
        else:
            second = pool.apply_async(separated, (clip, given)).get(60)
            print(0 if np.array_equal(second, clip.samples) else 1)
"""
    path = os.pathsep.join(sys.path)
    ran = python(script, model, loads_anew, PYTHONPATH=path, OMP_NUM_THREADS="2")
    assert ran.stdout.strip() == "0", ran.stderr


@posix
@pytest.mark.parametrize("command", ["models", "separate x.wav", "separate {song}",
                                     "dataset check x", "tune x", "null a b"])  # fmt: skip
def test_a_folder_that_is_gone_is_told_in_one_sentence(command, song, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f"cd gone && rmdir ../gone && stemdesk {command.format(song=song)}"
    ran = shell(line, tmp_path)
    told = ran.stderr.splitlines()
    assert ran.returncode == (2 if command.startswith("null") else 1)
    assert told == [
        "stemdesk: The current folder no longer exists: change to another folder and try again."
    ]


@posix
def test_the_library_says_it_too(tmp_path, monkeypatch, model):
    from stemdesk.app.model import load_model

    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UserError, match="current folder no longer exists"):
        load_model(str(model))
