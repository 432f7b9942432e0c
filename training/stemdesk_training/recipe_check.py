"""``python -m stemdesk_training.recipe_check``: says what is wrong with recipes while one types.

A JSON object a line comes in, ``{"id": 1, "text": "..."}``, and one goes out for each:
``{"event": "checked", "id": 1, "problem": "", "path": ""}``, the path being that of the value the
problem is about, such as ``optimiser.steps``. Ends with its input.
"""

from __future__ import annotations

import json
import re
import sys

from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json
from stemdesk.parsing.toml_text import read_toml_as
from stemdesk_training.recipe import Recipe

_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_FIELD = re.compile(r"(?:unknown|required) field `(?P<field>[^`]*)`")


def check(text: str) -> tuple[str, str]:
    """What is wrong with a recipe, and the path of it; both empty where nothing is."""
    try:
        read_toml_as(text, Recipe)
    except Unreadable as error:
        told = str(error)
        place, field = _PLACE.search(told), _FIELD.search(told)
        parts = [place["path"] if place else "", field["field"] if field else ""]
        return _PLACE.sub("", told), ".".join(filter(None, parts)).replace("[...]", "")
    return "", ""


def main() -> int:
    """Answer until the input ends."""
    for line in sys.stdin.buffer:
        asked = read_json(line)
        problem, path = check(asked["text"])
        answer = {"event": "checked", "id": asked["id"], "problem": problem, "path": path}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the protocol
    return 0


if __name__ == "__main__":
    sys.exit(main())
