"""Speaks the trainer's protocol without training: for what a real run seldom does.

What happens is what the environment variable STAND_IN says.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

MODULE, *WORDS = sys.argv[1:]
SCENE = os.environ.get("STAND_IN", "")
STEPS = 6
ODD = (
    "Downloading something, 3 %",
    '{"event": 7}',
    '["no", "event"]',
    '{"event": "step", "loss": "none"}',
    '{"event": "hologram", "step": 3}',
)


def value(name, default=None):
    return next((w.split("=", 1)[1] for w in WORDS if w.startswith(f"--{name}=")), default)


def say(event, **fields):
    line = json.dumps({"event": event, **fields})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return line


class Control:
    def __init__(self):
        self.paused, self.stopped = False, False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        rest = b""
        while piece := os.read(0, 256):
            *lines, rest = (rest + piece).split(b"\n")
            for word in lines:
                self.paused = word == b"pause" or (self.paused and word != b"resume")
                self.stopped = self.stopped or word == b"stop"
        self.stopped = True


def score(step):
    return {"vocals": 4.0 + step / 3, "drums": 6.0 - step / 9, "mean": 5.0 + step / 9}


class Run:
    def __init__(self):
        self.folder, self.control = Path(value("run")), Control()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.kept = self.folder / "checkpoint"
        self.step = int(self.kept.read_text()) if self.kept.exists() else 0

    def tell(self, event, **fields):
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(say(event, **fields) + "\n")

    def keep(self):
        self.kept.write_text(str(self.step))
        self.tell("checkpoint", step=self.step)

    def rest(self):
        self.tell("paused", step=self.step)
        while self.control.paused and not self.control.stopped:
            time.sleep(0.01)
        if not self.control.stopped:
            self.tell("resumed", step=self.step)

    def begin(self):
        say("note", text="Reading the songs, 50% done: Ada - Evening")
        where = {"device": "cpu", "parameters": 10, "model": "mine"}
        self.tell("started", step=self.step, steps=STEPS, **where)
        if self.step == 0:
            self.tell("baseline", scores=score(0), reference={"mean": 3.0})
            self.tell("note", text="Freezing: all but heads.")

    def advance(self):
        self.step += 1
        told = {"loss": 2 / self.step, "seconds": 0.1, "waited_seconds": 0.02}
        left = float(STEPS - self.step)
        self.tell("step", step=self.step, learning_rate=1e-3, seconds_left=left, **told)
        if self.step == 3:
            self.keep()
            odd(self.tell)
        if self.step % 3 == 0:
            self.validate()
        time.sleep(float(os.environ.get("STAND_IN_PACE", "0.005")))

    def validate(self):
        reference = {"mean": 2.0 if SCENE == "refused" else 2.95}
        scores = {"scores": score(self.step), "reference": reference}
        self.tell("validation", step=self.step, seconds=1.0, **scores)
        if os.environ.get("STAND_IN_LISTEN"):
            self.tell("listen", step=self.step, folder=os.environ["STAND_IN_LISTEN"])

    def finish(self):
        if SCENE == "refused":
            problem = "The tuned model is not saved: on the reference set it is 1.00 dB worse than"
            reason = f"{problem} base, and 0.3 dB are allowed: add songs."
            self.tell("refused", reason=reason)
            sys.stderr.write(reason + "\n")
            return 1
        if SCENE != "silent end":
            model = str(self.folder / "mine")
            self.tell("finished", step=self.step, model=model, scores=score(self.step))
        return 0


def train():
    run = Run()
    if SCENE == "no such base":
        sys.stderr.write("There is no model 'gone': choose one of: bandmask_small.\n")
        return 1
    run.begin()
    while run.step < STEPS:
        if run.control.paused:
            run.rest()
        if run.control.stopped:
            run.keep()
            run.tell("stopped", step=run.step)
            return 130
        run.advance()
    return run.finish()


def odd(tell):
    if SCENE == "odd lines":
        for line in ODD:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
        sys.stdout.buffer.write(b"\xff\xfe broken\n")
        sys.stdout.flush()
    elif SCENE == "crash":
        raise RuntimeError("out of its mind")
    elif SCENE == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif SCENE == "hangs":
        time.sleep(60)
    elif SCENE == "rolls back":
        tell("rollback", step=4, to=2, reason="The loss was no number")


def blend():
    share = float(value("blend"))
    found = {"songs": {"mean": 5 + share}, "reference": {"mean": 3 - share}}
    say("blended", share=share, model=f"/models/mine_{share:g}", baseline=found, scores=found)
    return 0


def blend_scores():
    say("blended", share=0.0, scores={"songs": {"mean": 5.0}, "reference": {"mean": 3.0}})
    for share in (float(w.split("=")[1]) for w in WORDS if w.startswith("--share=")):
        scores = {"songs": {"mean": 5 + share}, "reference": {"mean": 3 - share}}
        say("blended", share=share, scores=scores)
    return 0


def draft():
    text = Path(__file__).with_name("recipe.toml").read_text()
    text = text.replace("@BASE", value("model")).replace("@TITLE", value("title"))
    say("recipe", text=text.replace("@ID", value("id")))
    return 0


if __name__ == "__main__":
    programs = {"": train, ".tuning": blend, ".blend_scores": blend_scores}
    sys.exit(programs.get(MODULE.removeprefix("stemdesk_training"), draft)())
