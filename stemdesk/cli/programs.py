"""Programs of their own behind a command: the trainer, the doctor, the evaluation."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

from stemdesk.processes import EXIT_INTERRUPTED, environment, training_command, without_interrupts

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def run_program(
    module: str, arguments: Sequence[str], options: argparse.Namespace, names: Sequence[str]
) -> int:
    """Run a module as a child process; its exit status is ours.

    Args:
        module: what ``python -m`` starts.
        arguments: first words.
        options: as they were parsed.
        names: which of them are handed on, if they were given.
    """
    command = training_command(module, *arguments)
    for name in names:
        flag, value = f"--{name.replace('_', '-')}", getattr(options, name)
        if value is True:
            command.append(flag)
        elif isinstance(value, list):
            command += [f"{flag}={each}" for each in value]
        elif value:
            command.append(f"{flag}={value}")
    with without_interrupts():
        child = subprocess.Popen(command, env=environment())
    with child:
        # Ctrl-C reaches the child by itself, this does not; it may still have something to write.
        before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.wait()  # it says the word
            return EXIT_INTERRUPTED
        finally:
            signal.signal(signal.SIGTERM, before)
