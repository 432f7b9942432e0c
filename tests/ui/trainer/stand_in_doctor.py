"""Says of songs in a folder what their names say: `Gut` passes, `Spät` is fixable, else reject."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

FOLDER = Path(sys.argv[2])
FIX = Path(sys.argv[sys.argv.index("--fix") + 1]) if "--fix" in sys.argv else None
ONLY = [word.removeprefix("--song=") for word in sys.argv if word.startswith("--song=")]


def say(event, **fields):
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def told(folder):
    is_late = folder.name.endswith("Spät") and not (folder / "mended").exists()
    verdict = "fixable" if is_late else "reject" if folder.name.endswith("Halb") else "pass"
    text = {
        "fixable": "The drums stem comes 333 frames (7.55 ms) late.",
        "reject": "The mixture is silent.",
    }.get(verdict)
    findings = [{"kind": "k", "verdict": verdict, "part": "drums", "text": text}] if text else []
    parts = {
        path.stem: {
            "files": [{"path": str(path), "stream": 0, "channel": None}],
            "seconds": 65.0,
            "sample_rate": 44_100,
            "envelope": [0.2, 0.8, 0.4],
        }
        for path in sorted(folder.glob("*.wav"))
    }
    about = {"verdict": verdict, "findings": findings, "seconds": 65.0, "split": ""}
    return {"song": folder.name, "parts": parts, "mended": [], "future": 1, **about}


songs = [told(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()]
if not songs:
    say("refused", problem=f"No multitracks were found in {FOLDER}", remedy="give every song one")
    sys.exit(1)
for place, song in enumerate(songs):
    say("progress", fraction=place / len(songs), stage="check", song=song["song"])
    time.sleep(float(os.environ.get("STAND_IN_PACE", "0")))
    if FIX and song["verdict"] == "fixable" and (not ONLY or song["song"] in ONLY):
        shutil.copytree(FOLDER / song["song"], FIX / song["song"])
        (FIX / song["song"] / "mended").touch()
for song in songs:
    say("song", **song)
say("done", songs=len(songs))
