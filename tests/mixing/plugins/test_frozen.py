"""How the child is started: as a module, or as the frozen application once more."""

from __future__ import annotations

import shlex
import sys

import numpy as np
import pytest

from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.plugins.sandbox import host_command
from tests.mixing.plugins.processes import ROOT


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    """An executable that is StemDesk and nothing else; returns where it notes its arguments."""
    program, notes = tmp_path / "stemdesk", tmp_path / "arguments"
    python, root = shlex.quote(sys.executable), shlex.quote(str(ROOT))
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {shlex.quote(str(notes))}\n'
        f'PYTHONPATH={root} exec {python} -P -m stemdesk "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    return notes


def test_a_frozen_application_hosts_plug_ins_itself(built, frozen):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), 48_000, 2)
    try:
        assert effect.fault is None
        assert frozen.read_text() == "--plugin-host\n"
        sound = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 512)).astype(np.float32)
        assert np.array_equal(effect.process(sound), sound)
    finally:
        effect.close()


def test_otherwise_the_interpreter_is_given_the_module(built):
    assert host_command() == [sys.executable, "-P", "-m", "stemdesk.mixing.plugins.host"]
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), 48_000, 2)
    assert effect.fault is None
    effect.close()
