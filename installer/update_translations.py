"""Takes the texts of the desktop app into the translations, and compiles these.

    python installer/update_translations.py [LANGUAGE ...]

For every language (a code such as `de`; without any, all there are) `lupdate` takes the texts of
stemdesk/ui into stemdesk/ui/translations/stemdesk_LANGUAGE.ts: new ones come unfinished, those
that are gone are dropped. Translate what is unfinished with Qt Linguist or an editor and run it
again: `lrelease` then makes the .qm that the app loads. Both files belong into the repository.
The tools are those of PySide6-Essentials, so an environment that runs StemDesk has them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "stemdesk" / "ui"
TRANSLATIONS = UI / "translations"
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


def tool(name: str) -> str:
    """Path of a tool of Qt: that of this Python's environment, else one on the path.

    Raises:
        FileNotFoundError: it is not installed.
    """
    beside = sysconfig.get_path("scripts")
    found = shutil.which(name, path=beside) or shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; it comes with PySide6-Essentials")
    return found


def take_texts(ts: Path, language: str) -> None:
    """Bring a .ts up to date with the code; without line numbers, so that changes stay small."""
    sources = [path.relative_to(ROOT).as_posix() for path in sorted(UI.rglob("*.py"))]
    aliases = ("-tr-function-alias", "QT_TRANSLATE_NOOP+=noop")
    languages = ("-source-language", "en", "-target-language", language)
    kept = ("-locations", "none", "-no-obsolete")
    run([tool("pyside6-lupdate"), *sources, *aliases, *languages, *kept, "-ts", str(ts)])


def compile_texts(ts: Path, qm: Path) -> None:
    """Make a .qm of a .ts; what is unfinished is left out, and stays English."""
    run([tool("pyside6-lrelease"), str(ts), "-qm", str(qm)])


def unfinished(ts: Path) -> list[str]:
    """The texts that still have to be translated."""
    return [
        f"{context.findtext('name')}: {message.findtext('source')!r}"
        for context in ET.parse(ts).iter("context")
        for message in context.iter("message")
        if message.find("translation[@type='unfinished']") is not None
    ]


def run(command: list[str]) -> None:
    """Run a tool in the root of the repository; say what it said only where it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


def main(languages: list[str]) -> int:
    """Update the languages; 1 where texts are left to be translated."""
    known = sorted(path.stem.partition("_")[2] for path in TRANSLATIONS.glob("stemdesk_*.ts"))
    wrong = [language for language in languages if not LANGUAGE.fullmatch(language)]
    if wrong:
        sys.stderr.write(f"{wrong[0]!r} is no language; write a code such as de or pt_BR\n")
        return 2
    status = 0
    for language in languages or known:
        ts = TRANSLATIONS / f"stemdesk_{language}.ts"
        take_texts(ts, language)
        compile_texts(ts, ts.with_suffix(".qm"))
        for text in unfinished(ts):
            sys.stdout.write(f"{language}: not translated: {text}\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
