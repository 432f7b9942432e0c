from __future__ import annotations

import pytest

from stemdesk.jobs.pace import pace_text


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (123.4, "123 x real time"),
        (5.23, "5.2 x real time"),
        (9.97, "10 x real time"),
        (1.0, "1.0 x real time"),
        (0.97, "takes 1.0 x the song's length"),
        (0.4, "takes 2.5 x the song's length"),
        (0.1, "takes 10 x the song's length"),
        (1 / 68, "takes 68 x the song's length"),
        (1e-6, "takes 1000000 x the song's length"),
    ],
)
def test_a_pace_is_never_zero(speed, words):
    assert pace_text(speed) == words
