"""Recipes are checked and blended by the trainer's own programs."""

import time

import pytest

from stemdesk.app.training.blending import Blend, Blended, BlendScores, Measured
from stemdesk.app.training.drafting import Draft
from stemdesk.app.training.recipe_checker import RecipeChecker
from tests.app.training.conftest import STAND_IN

WAIT_SECONDS = 60
RECIPE = STAND_IN.with_name("recipe.toml").read_text().replace("@BASE", "bandmask_small")


@pytest.fixture
def checker():
    checker = RecipeChecker()
    yield checker
    checker.close()


def asked(checker, text):
    checker.ask(text)
    end = time.monotonic() + WAIT_SECONDS
    while not checker.is_sure:
        assert time.monotonic() < end
        checker.pump()
        time.sleep(0.01)
    return checker.mistake


def test_the_trainer_itself_says_what_is_wrong_and_where(checker):
    assert asked(checker, RECIPE) is None
    assert asked(checker, RECIPE.replace("batch = 2", 'batch = "two"')).line == 17
    unknown = asked(checker, RECIPE.replace("replay =", "reply ="))
    assert "unknown field `reply`" in unknown.told
    assert unknown.line == RECIPE.splitlines().index("replay = 0.25") + 1
    assert asked(checker, RECIPE.replace("replay = 0.25", "replay = 2")).line == 31
    assert asked(checker, "[model\n").line == 1
    assert asked(checker, RECIPE) is None


def test_a_draft_is_a_recipe_that_can_be_run(stand_in, checker):
    work = Draft("bandmask_small", "Mine", 300.0)
    work.start()
    assert work.wait(WAIT_SECONDS)
    assert asked(checker, work.result) is None


def test_between_two_measured_blends_is_a_guess():
    known = Measured({0.0: Blended(0.0, 5.0, 3.0), 1.0: Blended(1.0, 7.0, 2.0)})
    assert known.at(0.5) == (Blended(0.5, 6.0, 2.5), False)
    assert known.at(1.0) == (known.points[1.0], True)
    assert known.missing() == (0.25, 0.5, 0.75)
    assert known.best(0.3) is None
    known.points[0.25] = Blended(0.25, 5.6, 2.8)
    known.points[0.5] = Blended(0.5, 6.2, 2.72)
    assert known.best(0.3).share == 0.5
    assert known.best(0.1) is None
    assert Measured().at(0.5) is None


def test_blends_are_measured_and_saved(stand_in, tmp_path):
    work = BlendScores(tmp_path, (0.25, 0.5))
    work.start()
    assert work.wait(WAIT_SECONDS)
    base, _, blend = work.result
    assert (base.share, base.songs, base.reference) == (0.0, 5.0, 3.0)
    assert (blend.share, blend.songs, blend.reference, blend.model) == (0.5, 5.5, 2.5, None)
    saved = Blend(tmp_path, 0.5, "Half of it")
    saved.start()
    assert saved.wait(WAIT_SECONDS)
    assert saved.result.model.name == "mine_0.5"
