"""What a process of StemDesk needs before it loads anything else, and how one starts another."""

from __future__ import annotations

# Only what loads in no time: until Ctrl-C is seen to, it ends in a traceback.
import io
import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import NoReturn

TRAINING_FLAG = "--training-program"
"""First argument of a StemDesk that is started once more to be a program of the trainer."""

EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells expect
_CALM = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}
_OTHER_ROOTS = ("training", "models", "plugins")


def wait_calmly() -> None:
    """Have the threads that compute sleep while they wait for one another.

    By default they spin. Where other programs want the processor, that makes a separation up to
    ten times slower. The OpenMP library reads its environment once, when torch loads it: this
    does nothing where torch is there already, or where the user chose how threads wait.
    """
    if "torch" not in sys.modules and not any(name in os.environ for name in _CALM):
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def threads_spin() -> bool:
    """Whether the threads of torch keep a core busy while they wait."""
    return all(os.environ.get(name, "").strip().lower() != value for name, value in _CALM.items())


def environment() -> dict[str, str]:
    """The environment of a child process, in which it finds StemDesk's packages."""
    import sysconfig
    from pathlib import Path

    root = Path(__file__).resolve().parents[1]
    # Where they are installed the child finds them by itself, as it does the standard library.
    if getattr(sys, "frozen", False) or str(root) in sysconfig.get_paths().values():
        return dict(os.environ)
    roots = [str(root), *(str(root / name) for name in _OTHER_ROOTS)]
    search = [*roots, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search))}


def training_command(module: str, *arguments: str) -> list[str]:
    """How to start a program of the trainer.

    Args:
        module: its ``__main__``, or the package of that.
        arguments: of its command line.
    """
    return [*stemdesk_command(), TRAINING_FLAG, module, *arguments]


def stemdesk_command() -> list[str]:
    """How to start StemDesk itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # -P: a file numpy.py in the current folder must not become the child's numpy.
    return [sys.executable, "-P", "-m", "stemdesk"]


def require_working_folder() -> None:
    """Refuse where the current folder was deleted: names mean nothing there.

    Raises:
        UserError: it is gone. The libraries that compute would end the program without a word.
    """
    try:
        os.getcwd()  # noqa: PTH109 - Path.cwd is this
    except OSError as error:
        raise UserError(
            "The current folder no longer exists", "change to another folder and try again"
        ) from error


def open_missing_streams() -> None:
    """Let standard input, output and error be there, going nowhere where they were closed.

    The first files that a program opens would otherwise get their numbers, and what a library
    prints would end up in a song.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, mode)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)  # noqa: FBT003 - takes no keywords
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or _text_stream(io.FileIO(1, "w", closefd=False))
    # Progress and remarks that nobody reads any more must not end the work.
    forgiving = _text_stream(_ForgivingFile(2, "w", closefd=False))
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.flush()
        forgiving.reconfigure(encoding=sys.stderr.encoding)
    sys.stderr = forgiving


class _ForgivingFile(io.FileIO):
    """A file that takes everything, also when its reader has gone or its disk is full."""

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError:
            return memoryview(data).nbytes  # type: ignore[arg-type]


def _text_stream(file: io.FileIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(file), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )


class Interruption:
    """Whether Ctrl-C was pressed; see :func:`heed_interrupts`.

    Attributes:
        happened: also where a library turned it into an error of another kind.
    """

    happened = False


INTERRUPTION = Interruption()


def stop_on_interrupt() -> None:
    """End the program at once and in one line on Ctrl-C, as long as it is only loading."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop_at_once)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # see without_interrupts


@contextmanager
def without_interrupts() -> Iterator[None]:
    """A child that is started in here is told of Ctrl-C once :func:`stop_on_interrupt` has run."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heed_interrupts() -> None:
    """Raise KeyboardInterrupt on Ctrl-C from here on."""
    if signal.getsignal(signal.SIGINT) is _stop_at_once:
        signal.signal(signal.SIGINT, _interrupt)


def _stop_at_once(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    with suppress(OSError):
        os.write(2, b"Stopped.\n")
    os._exit(EXIT_INTERRUPTED)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    INTERRUPTION.happened = True
    raise KeyboardInterrupt
