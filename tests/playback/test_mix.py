"""A mix that is changed while it plays, from its faders to the loudspeaker, without threads."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.addresses import with_effect, with_value
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, changed, neutral
from stemdesk.mixing.sources import ClipStem
from stemdesk.playback.chain import Chain
from stemdesk.playback.feed import Feed
from stemdesk.playback.timeline import Loop, Timeline
from stemdesk.playback.transport import State
from tests.playback.rig import Rig

RATE = 44_100
ECHO = EffectSettings(
    kind="delay",
    values={"amount": 1.0, "time_ms": 1100.0, "feedback": 0.9, "tone_hz": 20_000.0},
)


def clip(samples):
    return ClipStem(AudioClip(np.asarray(samples, np.float32), RATE))


def playing(stems, mix):
    renderer = Renderer({name: clip(samples) for name, samples in stems.items()}, mix)
    rig = Rig(renderer)
    rig.do(rig.transport.play)
    rig.render()
    return renderer, rig


def dragged(renderer, rig, mix, seconds):
    """What is heard while a fader of strip b moves with every callback."""
    heard = []
    for move in range(round(50 * seconds)):
        renderer.change(with_value(mix, "b.level_db", -float(move % 30)))
        rig.do(rig.transport.refresh)
        heard.append(rig.pull(882, 882))
    assert rig.counters.underruns == 0
    assert rig.transport.state is State.PLAYING
    return np.concatenate(heard, axis=1)


def onsets(sound, level):
    loud = np.flatnonzero(np.abs(sound[0]) > level)
    return loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 10)]


def test_echoes_go_on_while_a_fader_beside_them_is_dragged():
    click = np.zeros((2, 20 * RATE))
    click[:, 1000:1100] = 0.5
    mix = with_effect(neutral(("a", "b")), "a", ECHO)
    renderer, rig = playing({"a": click, "b": np.full_like(click, 0.01)}, mix)
    heard = dragged(renderer, rig, mix, 5.0)
    renderer.close()
    begun = onsets(heard, 0.2)
    assert list(np.diff(begun)) == [round(1.1 * RATE)] * 4
    assert heard[0, begun + 50] == pytest.approx(0.5 * 0.9 ** np.array([0, 0, 1, 2, 3]), abs=0.012)


@pytest.mark.parametrize("frames", [2205, 22_050, 60_000])
def test_echoes_go_on_over_the_seam_of_any_loop_and_through_moves_of_a_fader(frames):
    """The click lies before the loop: what is heard in it are echoes alone."""
    click = np.zeros((2, 20 * RATE))
    click[:, 1000:1100] = 0.5
    click[:, 2000 + frames :] = 0.7  # behind the loop: never to be heard, nor its echoes
    mix = with_effect(neutral(("a", "b")), "a", ECHO)
    renderer = Renderer({"a": clip(click), "b": clip(np.full_like(click, 0.01))}, mix)
    rig = Rig(renderer)
    rig.do(rig.transport.set_loop, Loop(2000, 2000 + frames))
    rig.do(rig.transport.play)
    heard = dragged(renderer, rig, mix, 5.0)
    renderer.close()
    begun = onsets(heard, 0.2)
    assert list(np.diff(begun)) == [round(1.1 * RATE)] * 4
    assert np.abs(heard).max() < 0.52


@pytest.mark.parametrize("moves", [1, 20])
def test_a_move_of_a_fader_is_heard_with_the_next_callback(moves):
    stem = np.full((2, 20 * RATE), 0.25)
    mix = neutral(("a",))
    renderer, rig = playing({"a": stem}, mix)
    rig.pull(RATE)
    for move in range(moves):
        level_db = -6.0 - move
        renderer.change(with_value(mix, "a.level_db", level_db))
        rig.do(rig.transport.refresh)
        heard = rig.pull(882, 882)
        assert heard[0, -1] == pytest.approx(0.25 * 10 ** (level_db / 20), rel=1e-4)
    renderer.close()
    assert rig.counters.underruns == 0


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 2), (44_100, 1)])
def test_nothing_above_the_mixs_ceiling_reaches_the_device(rate, channels):
    rng = np.random.default_rng(1)
    noise = rng.uniform(-1, 1, (6, 88_200)).astype(np.float32)
    stems = {"drums": ClipStem(AudioClip(noise, 44_100))}
    mix = changed(neutral(["drums"]), ceiling_db=-6.0)
    renderer = Renderer(stems, mix)
    feed = Feed(renderer, Timeline(0))
    chain = Chain(feed, 1.0, rate, channels)
    highest = 0.0
    while (block := chain.read()) is not None:
        highest = max(highest, float(np.abs(block).max(initial=0.0)))
    assert 0.4 < highest <= 10 ** (-6 / 20) + 1e-6
    renderer.close()
