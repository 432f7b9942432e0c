"""The log: shared by all processes, rotated, and without the names of songs."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from stemdesk import logs, processes
from stemdesk.errors import UserError
from stemdesk.logs import log_path, recent_lines, start_logging, with_log, without_names
from stemdesk.paths import state_dir
from tests.app.tiny import music, save_song, save_tiny_model

SECRET = "Meine Geheime Ballade"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def _no_handlers_stay(monkeypatch):
    monkeypatch.delenv(logs.VERBOSE, raising=False)
    yield
    for name in logs.PACKAGES:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)


def run(*arguments, **variables):
    return subprocess.run(
        [*processes.stemdesk_command(), *map(str, arguments)],
        env={**processes.environment(), "OMP_NUM_THREADS": "1", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def raised(error, cause=None):
    try:
        raise error from cause  # noqa: TRY301 - for the traceback
    except Exception as caught:  # noqa: BLE001 - likewise
        return caught


def test_it_lies_in_the_state_folder():
    assert log_path().parent == state_dir()


def test_a_record_is_a_line_with_time_process_and_program():
    start_logging("worker")
    logging.getLogger("stemdesk.app.separate").info("separated %d s", 7)
    (line,) = recent_lines().splitlines()
    assert f" {os.getpid()} worker INFO stemdesk.app.separate: separated 7 s" in line


def test_details_are_written_only_where_they_are_wanted():
    start_logging("one")
    logging.getLogger("stemdesk.x").debug(SECRET)
    assert SECRET not in recent_lines()
    start_logging("one", verbose=True)
    logging.getLogger("stemdesk.x").debug(SECRET)
    assert SECRET in recent_lines()


@pytest.mark.parametrize("error", [
    UserError(f"The file {SECRET} is damaged", "choose another"),
    FileNotFoundError(2, "No such file", f"/home/me/{SECRET}.wav"),
    RuntimeError(f"Error opening '{SECRET}.wav': System error."),
    RuntimeError(f"{SECRET}.flac: Invalid data found when processing input"),
    RuntimeError(f"cannot read C:\\Music\\{SECRET}\\mix"),
    RuntimeError(f"could not read {SECRET}.mp3"),
    KeyError(SECRET),
])  # fmt: skip
def test_exceptions_are_written_without_names(error):
    start_logging("one")
    outer = RuntimeError("could not create a primitive")
    for each in (raised(error), raised(outer, error)):
        logging.getLogger("stemdesk.x").error("broke off", exc_info=each)
    text = log_path().read_text()
    assert SECRET not in text
    for word in SECRET.split():
        assert word not in text
    assert "test_logs.py" in text
    assert type(error).__name__ in text
    assert "could not create a primitive" in text


def test_what_says_no_name_is_kept():
    said = "The size of tensor a (4) must match the size of tensor b (3) at dimension 1"
    assert without_names(said) == said


def test_a_line_cannot_be_forged():
    start_logging("one", verbose=True)
    logging.getLogger("stemdesk.x").info("a\x1b[2J\rb")
    assert "\x1b" not in log_path().read_text()
    assert "\r" not in log_path().read_text()


def test_it_is_rotated_and_ends_somewhere(monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES", 2000)
    start_logging("one")
    for number in range(500):
        logging.getLogger("stemdesk.x").info("line %d %s", number, "x" * 50)
    files = sorted(path.name for path in state_dir().glob("stemdesk.log*"))
    assert files == ["stemdesk.log", "stemdesk.log.1", "stemdesk.log.2", "stemdesk.log.3"]
    assert all(path.stat().st_size < 2300 for path in state_dir().glob("stemdesk.log*"))
    assert "line 499" in recent_lines(1)


WRITER = """
import logging, sys
from stemdesk import logs
logs.MOST_BYTES, logs.OLDER_FILES = 4000, 400
logs.start_logging(sys.argv[1])
for number in range(150):
    logging.getLogger("stemdesk.x").info("record %s-%d %s", sys.argv[1], number, "x" * 80)
"""


def test_many_processes_lose_and_mix_up_nothing():
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], env=processes.environment())
        for name in "abcd"
    ]
    assert [writer.wait(120) for writer in writers] == [0] * 4
    lines = [line for path in state_dir().glob("stemdesk.log*")
             for line in path.read_text().splitlines()]  # fmt: skip
    assert len(lines) == len(set(lines)) == 600
    assert all(line.endswith("x" * 80) and line.count("record") == 1 for line in lines)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_takes_no_log_stops_nobody(tmp_path, monkeypatch):
    tmp_path.chmod(0o500)
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    start_logging("one")
    logging.getLogger("stemdesk.x").info("nothing")


def test_a_file_in_the_folder_s_place_stops_nobody(tmp_path, monkeypatch):
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    start_logging("one")
    logging.getLogger("stemdesk.x").info("nothing")
    assert recent_lines() == ""
    assert with_log("report") == "report"


@pytest.mark.parametrize("damaged", [False, True])
def test_commands_log_without_the_song_s_name(model, damaged, tmp_path):
    folder = tmp_path / "Privater Ordner"
    folder.mkdir()
    song = save_song(folder / f"{SECRET}.wav", music(66_150))
    if damaged:
        song.write_bytes(b"RIFF" + b"\0" * 100)
    ran = run("separate", song, "--model", model, "-o", tmp_path / "aus")
    text = log_path().read_text()
    assert ran.returncode == int(damaged)
    assert "stemdesk.cli.separate begins" in text
    assert f"ends with status {int(damaged)}" in text
    for private in (*SECRET.split(), "Privater", "Ordner"):
        assert private not in text
    if not damaged:
        assert "separating 1.5 s of 2 channels" in text


def test_verbose_shows_and_writes_everything(model, tmp_path):
    song = save_song(tmp_path / f"{SECRET}.wav", music(66_150))
    ran = run("separate", song, "--verbose", "--model", model, "-o", tmp_path / "aus")
    assert ran.returncode == 0
    assert SECRET in log_path().read_text()
    assert "DEBUG" in ran.stderr
    assert SECRET in ran.stderr


def test_programs_of_the_trainer_log_too(tmp_path):
    assert run("dataset", "check", tmp_path).returncode == 1
    assert "stemdesk_training.doctor: begins" in log_path().read_text()


def test_the_library_logs_nothing_by_itself(model, tmp_path):
    song = save_song(tmp_path / "song.wav", music(66_150))
    script = "import stemdesk, sys; stemdesk.separate(sys.argv[1], sys.argv[2], model=sys.argv[3])"
    ran = subprocess.run(
        [sys.executable, "-c", script, str(song), str(tmp_path / "out"), str(model)],
        env={**processes.environment(), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert ran.stderr == ""
    assert not log_path().exists()


def test_a_report_has_the_log_behind_it():
    assert with_log("Traceback") == "Traceback"
    start_logging("one")
    logging.getLogger("stemdesk.x").info("the last thing that was done")
    assert with_log("Traceback\n").startswith("Traceback\n\nLog (stemdesk.log):\n")
    assert with_log("Traceback").endswith("the last thing that was done")
