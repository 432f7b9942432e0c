"""What the layers without Qt say, in German."""

import ast
from pathlib import Path

import pytest
import soundfile

import stemdesk
from stemdesk.app.bench.verdict import heard_otherwise, judged
from stemdesk.audio.null import measure_null
from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError
from stemdesk.mixing.addresses import with_value
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.parameters import BYPASS, STRIP_PARAMETERS
from stemdesk.mixing.settings import CEILING_DB, Point
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.ui import word_table
from stemdesk.ui.panels.job_words import explained, job_words
from stemdesk.ui.words import address_title, change_title, effect_name, said
from tests.ui.translations.known import TEXTS

ROOT = Path(stemdesk.__file__).parent
STEMS = ("vocals", "drums", "bass", "other")
RATE = 44_100


def test_titles_of_parameters_and_effects_are_known():
    titles = {each.title for each in (*STRIP_PARAMETERS.values(), BYPASS, CEILING_DB)}
    for kind in EFFECT_KINDS.values():
        titles |= {kind.title, *(parameter.title for parameter in kind.parameters)}
    assert [title for title in titles if ("Words", title) not in TEXTS] == []


def kinds_and_stages():
    """Constant kinds and stages of jobs in the app, found where they are reported."""
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).parts[0] in ("cli", "separation"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and len(node.args) >= 2:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                wanted = {"report": 1, "forward": 1, "start": 1, "_start": 1, "add": 1}.get(name)
                text = node.args[wanted] if wanted else None
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield text.value


def test_kinds_and_stages_of_jobs_are_known():
    found = set(kinds_and_stages())
    assert {"separate", "measure", "reading", "writing", "Comparing the stems with the mix"} < found
    assert [text for text in found if ("Words", text) not in TEXTS] == []


def test_all_reasons_of_the_verdict_are_known(track):
    mix = track.mix
    for address in ("drums.level_db", "drums.mute", "drums.invert", "master.ceiling_db"):
        mix = with_value(mix, address, -3.0 if address.endswith("db") else 1.0)
    mix = mix_changed(mix, automation={"bass.pan": (Point(0.0, 0.5),)})
    reasons = heard_otherwise(type(track)(**{**_fields(track), "mix": mix}))
    assert len(reasons) == 7
    assert [reason for reason in reasons if ("Words", reason) not in TEXTS] == []


def _fields(track):
    return {name: getattr(track, name) for name in track.__struct_fields__}


@pytest.mark.usefixtures("german")
def test_sentences_with_names_and_numbers_are_translated_around_these():
    assert said("Copying The Time.wav") == "kopiert The Time.wav"
    assert said("vocals and more.wav arrives 441 samples late") == (
        "vocals and more.wav kommt 441 Samples zu spät"
    )
    assert said("bass.wav arrives 1 sample early") == "bass.wav kommt 1 Sample zu früh"
    assert said("Not exported: vocals, drums.") == "Nicht exportiert: Gesang, Drums."
    assert said("24 bits cannot hold every value of the vocals.") == (
        "24 Bit fassen nicht jeden Wert von „Gesang“."
    )
    # Two faults in one sentence are not half translated.
    both = "bass.wav has inverted polarity and is 3.00 dB too low"
    assert said(both) == both
    assert said("Something nobody knows") == "Something nobody knows"


@pytest.mark.usefixtures("german")
def test_a_real_null_is_explained_in_german(track, tmp_path):
    stems = [Path(track.separated.stems[name].path) for name in STEMS]
    song = Path(track.mixture.path)
    sound, _ = soundfile.read(stems[0], dtype="int16")
    soundfile.write(stems[0], -sound, RATE, subtype="PCM_16")
    (reason,) = judged("The stems of the project", measure_null(song, stems)).reasons
    assert reason != said(reason) == "vocals.wav ist verpolt"


def test_changes_of_stems_with_spaces_in_their_names(qtbot):
    assert change_title("Undo", "lead vocals.level_db") == "Undo Lead vocals: Level"
    assert change_title("Undo", "lead vocals.reverb2.amount") == (
        "Undo Lead vocals: Reverb 2: Amount"
    )
    assert change_title("Undo", "Open Take 1.pan") == "Undo Open Take 1.pan"


def test_addresses_and_effects_have_names(request):
    assert effect_name("reverb2") == "Reverb 2"
    assert address_title("vocals.level_db") == "Vocals: Level"
    assert address_title("vocals.my plug.dry") == "Vocals: my plug: dry"
    assert change_title("Undo", None) == "Undo"
    request.getfixturevalue("german")
    assert effect_name("reverb2") == "Hall 2"
    assert effect_name("Tape") == "Tape"
    assert address_title("vocals.reverb2.damping") == "Gesang: Hall 2: Dämpfung"
    assert address_title("tempo") == "tempo"
    assert change_title("Rückgängig", "vocals.level_db") == "Rückgängig (Gesang: Pegel)"
    assert change_title("Rückgängig", "Open Evening") == "Rückgängig (Evening öffnen)"


@pytest.mark.usefixtures("german")
def test_a_job_in_german(row):
    words = job_words(row)
    assert words.doing == "Trennen · prüft · 5.2 \N{MULTIPLICATION SIGN} Echtzeit"
    assert words.left == "noch 0:12"
    assert words.notes == ("Spitzen wurden um bis zu 3.0 dB begrenzt.",)


SHOWN_LAYERS = (
    *("app", "audio", "control", "mixing", "playback", "project", "separation"),
    *("files.py", "settings.py", "paths.py", "locks.py"),
)
ELSEWHERE = ("engine", "bridge", "daw")  # for programs and the command line
LEAST_LETTERS = 8


def refusals():
    """Problems and remedies that are written out where they are raised, holes filled with `7.w`."""
    for layer in SHOWN_LAYERS:
        place = ROOT / layer
        for path in [place] if place.is_file() else place.rglob("*.py"):
            if path.relative_to(ROOT).parts[1:2] and path.relative_to(ROOT).parts[1] in ELSEWHERE:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "UserError":
                    for text in node.args:
                        yield from _written(text, f"{path.name}:{node.lineno}")


def _written(text, place):
    if isinstance(text, ast.Constant):
        yield place, text.value
    elif isinstance(text, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "7.w" for part in text.values]
        if sum(map(len, parts)) - 3 * parts.count("7.w") >= LEAST_LETTERS:
            yield place, "".join(parts)


# Put together from parts: what comes of it is among the texts, written out.
COMPOSED = {
    "7.w of the shape 7.w cannot be 7.w",
    "close other programs or choose a smaller model, then 7.w",
    "A 7.w cannot be reached",
    "7.w 7.w without ffmpeg",
    "install ffmpeg, or 7.w",
    "7.w because python-rtmidi does not load (7.w)",
    "7.w because 7.w is missing",
    "7.w because this computer runs no ALSA sequencer",
    "7.w because 7.w may not be opened",
    "The recipe 7.w has a mistake7.w: 7.w",
    "7.w cannot be 7.w7.w",
    "7.wchoose one of 7.w",
    "7.w cannot be 7.w",
    "7.w, then play again",
    "7.w 7.w come from a later StemDesk (format 7.w)",
    "7.w 7.w are damaged (7.w)",
}


def test_refusals_are_known(monkeypatch):
    known = frozenset(word_table.TEXTS)
    monkeypatch.setattr(
        "stemdesk.ui.words.word", lambda text: f"<{text}>" * (text in known) or text
    )
    found = list(refusals())
    assert len(found) > 400
    assert {text for _, text in found} >= COMPOSED
    unknown = {f"{place}: {text}" for place, text in found if said(text) == text not in COMPOSED}
    assert unknown == set()


def test_a_refusal_is_german_in_the_problem_bar_and_in_the_jobs(german):
    with pytest.raises(UserError) as refused, open_audio(Path("/nowhere/Lied.wav")):
        pass
    problem, remedy = explained(refused.value)
    assert problem == "/nowhere/Lied.wav gibt es nicht."
    assert remedy == "Namen und Ordner prüfen."
