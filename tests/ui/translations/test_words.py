"""What the layers without Qt say, in German."""

import ast
from pathlib import Path

import pytest
import soundfile

import stemdesk
from stemdesk.app.bench.verdict import heard_otherwise, judged
from stemdesk.audio.null import measure_null
from stemdesk.mixing.addresses import with_value
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.parameters import BYPASS, STRIP_PARAMETERS
from stemdesk.mixing.settings import CEILING_DB, Point
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.ui.panels.job_words import job_words
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
