"""The translations' files: complete, true to the code and to its placeholders."""

import ast
import importlib.util
import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator

import stemdesk
from stemdesk.ui.application import install_translations
from stemdesk.ui.words import word
from tests.ui.translations.known import TEXTS, TS, messages

UI = Path(stemdesk.__file__).parent / "ui"
HOLE = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def tools():
    path = Path(__file__).parents[2] / "installer" / "update_translations.py"
    spec = importlib.util.spec_from_file_location("update_translations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_is_translated():
    unfinished = [
        place
        for place, element in messages().items()
        if element.get("type") is not None or not (element.text or "").strip()
    ]
    assert unfinished == []


def test_lupdate_finds_no_other_texts_than_those_in_the_file(tools, tmp_path):
    try:
        tools.tool("pyside6-lupdate")
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    ts = tmp_path / "now_de.ts"
    shutil.copy(TS, ts)
    tools.take_texts(ts, "de")
    now = set(messages(ts))
    assert (now - set(TEXTS), set(TEXTS) - now) == (set(), set())


def marked_texts(path):
    """(context, text) of what a file marks for translation; text None where it is no literal."""

    def literal(node):
        return node.value if isinstance(node, ast.Constant) else None

    def walk(node, inside):
        if isinstance(node, ast.ClassDef):
            inside = node.name
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "tr":
                yield inside, literal(node.args[0])
            elif name in ("noop", "QT_TRANSLATE_NOOP"):
                yield literal(node.args[0]), literal(node.args[1])
            elif name == "translate" and [literal(each) for each in node.args[1:]] not in (
                [],
                [None],
            ):
                # With a name instead of a text it looks something up that is marked elsewhere.
                yield literal(node.args[0]), literal(node.args[1])
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(ast.parse(path.read_text()), "")


def test_no_marked_text_escapes_lupdate():
    """It misses what stands in an f-string, and reads named characters wrongly."""
    escaped = [
        (path.name, *marked)
        for path in sorted(UI.rglob("*.py"))
        for marked in marked_texts(path)
        if marked not in TEXTS
    ]
    assert escaped == []


def test_placeholders_line_ends_and_dots_are_those_of_the_source():
    wrong = [
        source
        for (_, source), text in TEXTS.items()
        if sorted(HOLE.findall(source)) != sorted(HOLE.findall(text))
        or source.count("\n") != text.count("\n")
        or source.endswith("…") != text.endswith("…")
        or source.startswith(" ") != text.startswith(" ")
        or (";;" in text)
    ]
    assert [source for source in wrong if not source.endswith(" ...")] == []


def test_quotes_are_german_and_nobody_is_addressed():
    for text in TEXTS.values():
        assert not re.search(r"[\"'“”](?=\w)", text), text
        assert text.count("„") == text.count("“"), text
        assert not re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich|Sie|Ihre?n?)\b", text), text


def test_the_compiled_file_says_what_the_source_says():
    translator = QTranslator()
    assert translator.load(str(TS.with_suffix(".qm")))
    differing = [
        (place, text) for place, text in TEXTS.items() if translator.translate(*place) != text
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("liked", "title"),
    [(["de-AT", "en"], "Pegel"), (["en-US", "de"], "Level"), (["fr-FR", "de-DE"], "Pegel")],
)
def test_the_system_s_languages_are_taken_in_the_order_of_liking(qapp, monkeypatch, liked, title):
    class System:
        def uiLanguages(self):  # noqa: N802
            return liked

    monkeypatch.setattr(QLocale, "system", lambda: System())
    before = QLocale()
    install_translations(qapp, "")
    assert word("Level") == title
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(before)
