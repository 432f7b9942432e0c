"""Help, version, completion, devices, models, train, and what a start costs."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys

import pytest

COMMANDS = (
    *("app", "separate", "remix", "play", "midi", "null", "loudness", "effects"),
    *("devices", "models", "train", "completion"),
)


def test_help(stemdesk):
    ran = stemdesk("--help")
    assert (ran.status, ran.err) == (0, "")
    for command in COMMANDS:
        assert any(line.startswith(f"  {command}  ") for line in ran.out.splitlines())
    assert "2    the command line was not understood" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(stemdesk, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    ran = stemdesk(command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: stemdesk {command}")
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_version(program):
    ran = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"stemdesk {importlib.metadata.version('stemdesk')}\n"


@pytest.mark.parametrize(
    "code",
    [
        "import stemdesk",
        "import stemdesk, stemdesk.app.separate; stemdesk.separate; stemdesk.AudioClip",
        "from stemdesk.cli.main import build_parser; build_parser().format_help()",
        "import sys; sys.argv = ['stemdesk']; import stemdesk.__main__",
    ],
)
def test_a_start_does_not_wait_for_torch(code):
    check = (
        f"import sys\n{code}\nprint([m for m in ('torch', 'shtab', 'rich') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_devices(stemdesk):
    ran = stemdesk("devices")
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert list(lines) == ["cuda", "mps", "cpu"]
    assert sum(" used " in line for line in lines.values()) == 1
    assert "always there" in lines["cpu"]


def test_models(stemdesk, model):
    ran = stemdesk("models", model)
    assert ran.status == 0
    assert 'id = "tiny"' in ran.out
    (card,) = json.loads(stemdesk("models", "--json", model).out)
    assert card["stems"] == ["vocals", "drums", "bass", "other"]
    stemdesk("models", "no/such").refused("There is no model", "no/such")


def test_the_users_own_models_are_listed(stemdesk, model, monkeypatch, tmp_path):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    shutil.copytree(model, tmp_path / "data" / "models" / "tiny")
    ran = stemdesk("models")
    assert ran.status == 0
    assert "tiny" in ran.out.splitlines()
    assert "stems: vocals, drums, bass, other; 44100 Hz" in ran.out


def test_completion_in_bash(stemdesk, tmp_path):
    if shutil.which("bash") is None:
        pytest.skip("needs the program bash")
    script = tmp_path / "stemdesk.bash"
    script.write_text(stemdesk("completion", "bash").out)
    subprocess.run(["bash", "-n", str(script)], check=True)
    (tmp_path / "song.wav").touch()

    def complete(*words):
        typed = " ".join(f'"{word}"' for word in ("stemdesk", *words))
        code = f"""
            shopt -s extglob; cd {tmp_path}; source {script}
            COMP_WORDS=({typed}); COMP_CWORD={len(words)}
            call=$(complete -p stemdesk | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            $call stemdesk; printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        ran = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
        return ran.stdout.split()

    assert complete("sep") == ["separate"]
    assert complete("separate", "--form") == ["--format"]
    assert complete("separate", "--format", "f") == ["flac"]
    assert complete("separate", "so") == ["song.wav"]
    assert complete("null", "so") == ["song.wav"]


def test_completion_in_zsh(stemdesk, tmp_path):
    script = tmp_path / "_stemdesk"
    script.write_text(stemdesk("completion", "zsh").out)
    assert script.read_text().startswith("#compdef stemdesk")
    if shutil.which("zsh") is None:
        pytest.skip("needs the program zsh")
    subprocess.run(["zsh", "-n", str(script)], check=True)


def test_train_hands_over(start, tmp_path):
    child = start("train", tmp_path / "absent.toml", "--pool", tmp_path, "--run", tmp_path / "run")
    _, err = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "absent.toml" in err
    assert len(err.splitlines()) == 1
