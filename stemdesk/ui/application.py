"""The application: Qt, theme, language, the workbench, and the one window."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from stemdesk.app.bench.workbench import Workbench
from stemdesk.app.work_folders import sweep_work
from stemdesk.errors import UserError
from stemdesk.project.recovery import recoverable
from stemdesk.settings import Preferences, load_preferences
from stemdesk.ui.icons import icon
from stemdesk.ui.main_window import MainWindow
from stemdesk.ui.theme import apply_theme
from stemdesk.ui.window_state import fit_screen
from stemdesk.unfinished_files import sweep_unfinished

if TYPE_CHECKING:
    from collections.abc import Sequence

SWITCH_SECONDS = 0.0005
TRANSLATIONS = Path(__file__).parent / "translations"


def run_app(paths: Sequence[Path] = ()) -> int:
    """Open the window and stay until it is closed.

    Args:
        paths: songs or a project to open.

    Returns:
        The exit status.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("StemDesk")
    app.setDesktopFileName("stemdesk")
    problems: list[UserError] = []
    preferences = _preferences(problems)
    install_translations(app, preferences.language)
    apply_theme(app, preferences.theme)
    app.setWindowIcon(icon("app"))
    sweep_unfinished()
    sweep_work(Path(folder) for folder in preferences.recent)
    bench = Workbench(preferences)
    window = MainWindow(bench)
    for problem in problems:
        window.show_problem(problem)
    if not preferences.window.geometry:
        fit_screen(window)
    window.show()
    # Python lets a thread have its turn every 5 ms by default; so long a fader may not wait.
    sys.setswitchinterval(SWITCH_SECONDS)
    bench.processor.warm_up()
    paths = [path.absolute() for path in paths]
    # A project that is opened by name offers its own later state.
    window.helping.offer_recovery([each for each in recoverable() if each.folder not in paths])
    window.training.offer_interrupted()
    if paths:
        window.filing.open(paths)
    if not preferences.welcomed:
        window.helping.welcome()
    status = app.exec()
    # Taking torch, sound and Qt apart in good order can take longer than the user waits.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def install_translations(app: QApplication, language: str) -> None:
    """Let the windows speak a language, numbers keeping their point as in every mixer.

    Args:
        app: it owns the translations.
        language: its code; empty for the system's languages in the order of the user's liking,
            English where the app speaks none of them.
    """
    QLocale.setDefault(QLocale.c())
    liked = QLocale(language) if language else QLocale.system()
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for locale in map(QLocale, liked.uiLanguages()):
        # The texts in the code are English: one who likes that best shall not get the second best.
        if locale.language() == QLocale.Language.English:
            return
        if _install(app, locale, "stemdesk", str(TRANSLATIONS)):
            _install(app, locale, "qtbase", qt)
            return


def _install(app: QApplication, locale: QLocale, name: str, folder: str) -> bool:
    translator = QTranslator(app)
    return translator.load(locale, name, "_", folder) and app.installTranslator(translator)


def _preferences(problems: list[UserError]) -> Preferences:
    try:
        return load_preferences()
    except UserError as error:
        problems.append(error)
        return Preferences(welcomed=True)
