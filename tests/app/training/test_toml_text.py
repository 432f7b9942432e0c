import tomllib

import pytest

from stemdesk.app.training.drafting import model_id, with_field
from stemdesk.app.training.toml_text import TomlMistake, line_of, read, value_at, with_value

TEXT = """\
# What I tried on Friday.
init = "small"

[model]
title = "Mine" # for now
stems = [
    "vocals",
    "other",
]

[optimiser]
steps = 60
minutes = 30.0

[[odd]]
minutes = 1

[tuning]
base = "small"
"""


def test_one_value_changes_and_every_other_line_stays():
    changed = with_value(TEXT, "optimiser.minutes", 45)
    lines, before = changed.splitlines(), TEXT.splitlines()
    assert [new for new, old in zip(lines, before, strict=True) if new != old] == ["minutes = 45"]
    assert tomllib.loads(changed)["odd"] == [{"minutes": 1}]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tuning.freeze", "nothing"),
        ("tuning.freeze", ["blocks.0", "mask"]),
        ("model.stems", ["vocals"]),
        ("init", 'a "quoted" name'),
        ("seed", 7),
        ("tuning.listen", "C:\\Songs\\Über.wav"),
        ("data.batch", 4),
        ("model.title", "Mine"),
    ],
)
def test_what_is_written_is_what_is_read(path, value):
    changed = with_value(TEXT, path, value)
    assert value_at(read(changed), path) == value
    rest = tomllib.loads(changed)
    table, _, key = path.rpartition(".")
    (rest[table] if table else rest).pop(key)
    wanted = tomllib.loads(TEXT)
    (wanted.setdefault(table, {}) if table else wanted).pop(key, None)
    assert rest == wanted
    assert "# What I tried on Friday." in changed


def test_nothing_takes_the_line_out():
    assert value_at(read(with_value(TEXT, "optimiser.minutes", None)), "optimiser.minutes") is None
    assert with_value(TEXT, "tuning.listen", None) == TEXT
    assert with_value(TEXT, "data.batch", None) == TEXT


def test_a_mistake_names_its_line():
    with pytest.raises(TomlMistake) as caught:
        read(TEXT.replace('base = "small"', "base = "))
    assert caught.value.line == 19
    assert "line" not in caught.value.told
    with pytest.raises(TomlMistake):
        with_value('model = { title = "x" }\n', "model.title", "y")


def test_the_line_of_a_value_or_else_of_its_table():
    assert line_of(TEXT, "tuning.base") == 19
    assert line_of(TEXT, "optimiser.minutes") == 13
    assert line_of(TEXT, "tuning.freeze") == 18
    assert line_of(TEXT, "init") == 2
    assert line_of(TEXT, "optimiser") == 11
    assert line_of(TEXT, "nowhere.at_all") is None


def test_more_minutes_are_more_steps_and_another_title_another_id():
    text = with_value(with_value(TEXT, "validate_steps", 15), "model.id", "mine")
    longer = read(with_field(text, "optimiser.minutes", 60))
    assert (longer["optimiser"]["steps"], longer["validate_steps"]) == (120, 30)
    named = read(with_field(text, "model.title", "Küche & Bad, 2"))
    assert (named["model"]["title"], named["model"]["id"]) == ("Küche & Bad, 2", "küche_bad_2")
    assert model_id("!!!") == "tuned"
