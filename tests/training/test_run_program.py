"""The trainer as a program: told what to do by lines and signals, killed, and shared out."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import msgspec
import pytest
import safetensors.torch
import tomli_w

from stemdesk_training.run.state import CHECKPOINT_NAME
from tests.training.small_run import logged, start, train, weights

pytestmark = [pytest.mark.usefixtures("_one_thread"), pytest.mark.slow]
ENDLESS = 100_000
TORCHRUN = (
    *(sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"),
    *("--rdzv-backend=c10d", "--rdzv-endpoint=localhost:0"),  # any free port
)


@pytest.fixture
def written(tiny, tmp_path):
    """A recipe as a file: call with changes of its optimiser."""

    def write(**changes):
        optimiser = msgspec.structs.replace(tiny.optimiser, **changes)
        recipe = msgspec.structs.replace(tiny, optimiser=optimiser, validate_steps=ENDLESS)
        path = tmp_path / "written.toml"
        fields = msgspec.to_builtins(recipe)
        path.write_text(tomli_w.dumps(_without_none(fields)))
        return path

    return write


def _without_none(fields):
    return {
        name: _without_none(value) if isinstance(value, dict) else value
        for name, value in fields.items()
        if value is not None
    }


def until(child, kind):
    """Read lines to the first event of a kind."""
    for line in child.stdout:
        event = json.loads(line)
        if event["event"] == kind:
            return event
    raise AssertionError(f"no {kind}: {child.stderr.read()}")


def processor_ticks(pid):
    """Of all threads of a process, as `/proc` counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_run_obeys_lines_and_rests_while_paused(written, noise_pool, tmp_path):
    run = tmp_path / "run"
    with start(
        written(steps=ENDLESS), "--pool", noise_pool, "--run", run, "--control=stdin",
        stdin=-1,
    ) as child:  # fmt: skip
        until(child, "step")
        child.stdin.write("pause\n")
        child.stdin.flush()
        paused = until(child, "paused")
        assert (run / CHECKPOINT_NAME).exists()
        time.sleep(0.3)  # the last events are on their way
        before = processor_ticks(child.pid)
        time.sleep(1.0)
        assert processor_ticks(child.pid) - before <= 2
        assert logged(run)[-1] == paused
        child.stdin.write("resume\n")
        child.stdin.flush()
        assert until(child, "resumed")["step"] == paused["step"]
        assert until(child, "step")["step"] == paused["step"] + 1
        child.stdin.close()  # whoever gave orders is gone
        stopped = until(child, "stopped")
        assert child.wait(timeout=60) == 130
        assert child.stderr.read() == "Stopped. The same command goes on from here.\n"
    assert logged(run)[-1] == stopped
    with safetensors.safe_open(run / CHECKPOINT_NAME, framework="pt") as file:
        assert json.loads(file.metadata()["state"])["step"] == stopped["step"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_to_the_command_stops_the_run_with_a_checkpoint(written, noise_pool, tmp_path):
    """`stemdesk train` hands it on."""
    run = tmp_path / "run"
    arguments = ("train", written(steps=ENDLESS), "--pool", noise_pool, "--run", run)
    with start(*arguments, module="stemdesk") as child:
        until(child, "step")
        child.send_signal(signal.SIGTERM)
        stopped = until(child, "stopped")
        assert child.wait(timeout=60) == 130
    with safetensors.safe_open(run / CHECKPOINT_NAME, framework="pt") as file:
        assert json.loads(file.metadata()["state"])["step"] == stopped["step"]


def test_a_run_whose_reader_is_gone_stops_with_a_checkpoint(written, noise_pool, tmp_path):
    run = tmp_path / "run"
    with start(written(steps=ENDLESS), "--pool", noise_pool, "--run", run) as child:
        until(child, "step")
        child.stdout.close()
        assert child.wait(timeout=60) == 130
        assert "Traceback" not in child.stderr.read()
    assert logged(run)[-1]["event"] == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_run_ends_with_the_same_weights(written, tiny, noise_pool, tmp_path):
    """At a step, and while a checkpoint is being written; nothing unreadable stays behind."""
    recipe = written(steps=6)
    whole, run = tmp_path / "whole", tmp_path / "run"
    read = msgspec.toml.decode(recipe.read_bytes(), type=type(tiny))
    train(read, noise_pool, whole)
    for moment in ("at a step", "in a checkpoint"):
        with start(recipe, "--pool", noise_pool, "--run", run) as child:
            until(child, "step")
            if moment == "in a checkpoint":
                while not list(run.glob(f".{CHECKPOINT_NAME}*")) and child.poll() is None:
                    pass
            child.kill()
        kept = run / CHECKPOINT_NAME
        with safetensors.safe_open(kept, framework="pt") as file:
            assert json.loads(file.metadata()["state"])["step"] % 2 == 0
    with (run / "log.jsonl").open("ab") as log:
        log.write(b'{"event":"step","st')
    resumed, _ = train(read, noise_pool, run)
    assert weights(whole / "tiny") == weights(resumed)
    assert [line["step"] for line in logged(run) if line["event"] == "finished"] == [6]
    assert not list(run.glob(".*.partial"))


def test_two_processes_train_as_one_with_the_doubled_batch(written, tiny, noise_pool, tmp_path):
    """Each of them accumulates two."""
    one, two = tmp_path / "one", tmp_path / "two"
    double = msgspec.toml.decode(written(steps=4, accumulate=4).read_bytes(), type=type(tiny))
    train(double, noise_pool, one)
    recipe = written(steps=4, accumulate=2)
    with start(recipe, "--pool", noise_pool, "--run", two, command=TORCHRUN) as child:
        out, err = child.communicate(timeout=300)
    assert child.returncode == 0, err
    told = [json.loads(line) for line in out.splitlines()]
    assert told == logged(two)
    losses = [
        [line["loss"] for line in logged(folder) if line["event"] == "step"]
        for folder in (one, two)
    ]
    assert len(losses[0]) == 4
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)
    tensors = [
        safetensors.torch.load_file(folder / "tiny" / "weights.safetensors")
        for folder in (one, two)
    ]
    for name, value in tensors[0].items():
        assert float((value.float() - tensors[1][name].float()).abs().max()) < 2e-3, name


def test_two_processes_stop_together(written, noise_pool, tmp_path):
    run = tmp_path / "run"
    recipe = written(steps=ENDLESS)
    with start(
        recipe, "--pool", noise_pool, "--run", run, "--control=stdin",
        command=TORCHRUN, stdin=-1,
    ) as child:  # fmt: skip
        until(child, "step")
        child.stdin.write("pause\n")
        child.stdin.flush()
        paused = until(child, "paused")
        child.stdin.write("resume\nstop\n")
        child.stdin.flush()
        stopped = until(child, "stopped")
        assert stopped["step"] == paused["step"]
        assert child.wait(timeout=60) == 0
    assert logged(run)[-1] == stopped
