"""Too little memory, as every library says it: one sentence, whoever asked for the work."""

from __future__ import annotations

import errno
import subprocess
import sys

import numpy as np
import pytest
import soundfile
import torch

from stemdesk import processes
from stemdesk.app.library import separate_clip
from stemdesk.app.model import load_model
from stemdesk.audio.clip import AudioClip
from stemdesk.errors import UserError
from stemdesk.jobs.job import Job
from stemdesk.memory_shortage import is_out_of_memory, no_memory, refusing_shortage
from stemdesk.separation.engine import MaskEngine
from tests.app.tiny import music, save_song, save_tiny_model

SAID = [
    MemoryError(),
    MemoryError("std::bad_alloc"),
    RuntimeError("std::bad_alloc"),
    RuntimeError("could not create a primitive"),
    RuntimeError("could not create a memory object"),
    RuntimeError("could not execute a primitive"),
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory:"
        " you tried to allocate 80000000000 bytes. Error code 12 (Cannot allocate memory)"
    ),
    RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
    RuntimeError("MPS backend out of memory (MPS allocated: 9.06 GB)"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("MKL FFT error: Intel oneMKL DFTI ERROR: Memory allocation error"),
    RuntimeError("bad allocation"),
    RuntimeError("soxr_create failed: malloc failed"),
    RuntimeError("can't start new thread"),
    RuntimeError("unable to mmap 1000 bytes from file <w>: Cannot allocate memory (12)"),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
    np._core._exceptions._ArrayMemoryError((9,), np.dtype("f4")),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    soundfile.LibsndfileError(17),
    SystemError("Unable to allocate output buffer."),
]
OTHERS = [
    RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.ENOENT, "No such file", "Out of memory.wav"),
    ValueError("not enough memory"),
    UserError("The file Out of Memory.wav is damaged", "choose another"),
]


def ids(errors):
    return [f"{type(error).__name__} {str(error)[:40]}" for error in errors]


@pytest.mark.parametrize("error", SAID, ids=ids(SAID))
def test_a_lack_of_memory_is_known_by_all_its_names(error):
    assert is_out_of_memory(error)
    other = RuntimeError("a step failed")
    other.__cause__ = error
    assert is_out_of_memory(other)


@pytest.mark.parametrize("error", OTHERS, ids=ids(OTHERS))
def test_other_errors_are_left_alone(error):
    assert not is_out_of_memory(error)
    with pytest.raises(type(error)) as raised, refusing_shortage("do it"):
        raise error
    assert raised.value is error


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def song(tmp_path):
    return save_song(tmp_path / "song.wav", music(66_150))


@pytest.mark.parametrize("error", SAID, ids=ids(SAID))
def test_the_engine_gives_way_and_the_song_is_whole(model_folder, error, monkeypatch):
    model = load_model(str(model_folder), device="cpu", threads=1)
    real, failures = MaskEngine._run, [1]

    def short(self, items):
        if failures:
            failures.pop()
            raise error
        return real(self, items)

    monkeypatch.setattr(MaskEngine, "_run", short)
    samples = music(66_150)
    stems = separate_clip(AudioClip(samples.astype(np.float32), 44_100), model)
    assert np.array_equal(sum(stem.samples for stem in stems.values()), samples.astype("f4"))
    assert "out of memory: chunk halved" in " ".join(model.notes)


@pytest.mark.parametrize("error", SAID, ids=ids(SAID))
@pytest.mark.parametrize("place", ["stemdesk.app.separate.render", "stemdesk.app.separate.verify",
                                   "stemdesk.app.separate.estimate"])  # fmt: skip
def test_wherever_it_happens_it_is_one_sentence(
    model_folder, song, error, place, tmp_path, monkeypatch
):
    from stemdesk.app.options import SeparateOptions
    from stemdesk.app.separate import separate_song

    def fail(*_arguments, **_words):
        raise error

    monkeypatch.setattr(place, fail)
    model = load_model(str(model_folder), device="cpu", threads=1)
    options = SeparateOptions(output=tmp_path / "out")
    with pytest.raises(UserError, match=r"not enough memory to separate song.wav: close other"):
        separate_song(song, options, model, lambda *_: None, lambda _: False)
    delivered = list((tmp_path / "out").glob("*/*.wav"))
    assert len(delivered) == (4 if place.endswith("verify") else 0)


def test_a_job_says_it_in_the_same_words():
    def work(_report):
        raise RuntimeError("could not create a primitive")

    job = Job(work)
    job.start()
    assert job.wait(60)
    assert str(job.error) == str(no_memory())


LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1)) << 20
import torch, numpy, soundfile, soxr, scipy.signal, rich.progress
from stemdesk.app import separate, batch
from stemdesk.separation import separator, engine, spool
from stemdesk.cli import main
import stemdesk_models.bandmask
used = next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmSize:")) << 10
resource.setrlimit(resource.RLIMIT_AS, (used + limit, used + limit))
sys.exit(main.run(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of the address space")
@pytest.mark.parametrize("spare_mib", [1, 8, 24, 64, 128, 256])
def test_a_limit_of_the_system_ends_in_one_sentence_or_in_stems(model_folder, song, spare_mib):
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(spare_mib), "separate", str(song), "--model",
         str(model_folder), "--device=cpu", "--threads=1", "-o", str(song.parent / "out")],
        env={**processes.environment(), "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr, ran.stderr
    found = list((song.parent / "out").glob("*/*.wav"))
    if ran.returncode == 0:
        assert len(found) == 4
    else:
        assert ran.returncode == 1, ran.stderr
        assert "not enough memory" in ran.stderr.splitlines()[-1]
        assert found == []
