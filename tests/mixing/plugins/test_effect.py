"""The plug-in at its best: sound, channels, parameters, state, latency."""

from __future__ import annotations

import base64
import threading

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.parameters import Taper
from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.settings import EffectSettings

RATE, BLOCK = 48_000, 512
MOST = 20_000  # frames, where the test plug-in's delay and report are 1


@pytest.fixture
def effect(built):
    """Loads plug-ins by behaviour, and closes them."""
    made = []

    def load(behaviour, channels=2, rate_hz=RATE, **values):
        choice = PluginChoice(str(built / f"{behaviour}.vst3"))
        made.append(PluginEffect(choice, rate_hz, channels, values=values))
        assert made[-1].fault is None
        return made[-1]

    yield load
    for each in made:
        each.close()


def noise(block_count, channels=2, seed=0):
    random = np.random.default_rng(seed)
    return random.uniform(-0.9, 0.9, (channels, block_count * BLOCK)).astype(np.float32)


def played(effect, sound):
    outputs = []
    for first in range(0, sound.shape[1], BLOCK):
        outputs.append(effect.process(sound[:, first : first + BLOCK], None))
        assert outputs[-1].shape == (sound.shape[0], BLOCK)
    return np.concatenate(outputs, axis=1)


def delayed(sound, frames):
    return np.pad(sound, ((0, 0), (frames, 0)))[:, : sound.shape[1]]


@pytest.mark.parametrize(
    ("behaviour", "channels"), [("plain", 1), ("plain", 2), ("plain", 7), ("mono", 1), ("mono", 8)]
)
def test_every_channel_goes_its_own_way(effect, behaviour, channels):
    plugin, sound = effect(behaviour, channels), noise(4, channels)
    assert np.allclose(played(plugin, sound), sound, atol=1e-7)
    plugin.set({"gain_db": 48 / 72})
    assert np.allclose(played(plugin, sound)[:, BLOCK:], sound[:, BLOCK:] * 0.2512, atol=1e-4)


@pytest.mark.parametrize("rate_hz", [8000, 192_000])
def test_any_sample_rate(effect, rate_hz):
    plugin = effect("honest", rate_hz=rate_hz)
    sound = noise(6)
    assert plugin.latency_frames == 1000
    assert np.allclose(played(plugin, sound), delayed(sound, 1000), atol=1e-7)


@pytest.mark.parametrize(
    ("behaviour", "frames"),
    [("honest", 1000), ("unreported", 1000), ("overreported", 0), ("sticky", 1000)],
)
def test_latency_is_what_is_heard_whatever_is_reported(effect, behaviour, frames):
    plugin, sound = effect(behaviour), noise(8)
    assert plugin.latency_frames == frames
    assert plugin.latency_changes == 0
    assert np.allclose(played(plugin, sound), delayed(sound, frames), atol=1e-7)


def test_no_sound_before_a_reset_comes_out_after_it(effect):
    for behaviour in ("honest", "sticky"):
        plugin = effect(behaviour)
        played(plugin, noise(4))
        plugin.reset()
        after = noise(8, seed=1)
        assert np.allclose(played(plugin, after), delayed(after, 1000), atol=1e-7)


@pytest.mark.parametrize("behaviour", ["plain", "sticky"])
def test_an_echo_does_not_outlive_a_reset(effect, behaviour):
    plugin = effect(behaviour, delay=1.0)
    played(plugin, noise(20))
    plugin.reset()
    assert not played(plugin, np.zeros((2, 50 * BLOCK), np.float32)).any()


def test_frames_that_a_false_report_costs_shift_no_others(effect):
    plugin, sound = effect("plain"), noise(40)
    plugin.set({"report": 16_000 / MOST})
    heard = played(plugin, sound)
    lost = heard == 0
    assert np.array_equal(heard[~lost], sound[~lost])
    assert 0 < lost[0].sum() < 16_000
    assert not lost[:, 16_000:].any()


def test_who_hides_latency_is_not_believed_when_another_is_reported(effect):
    plugin = effect("unreported")
    plugin.set({"report": 500 / MOST})
    heard = played(plugin, noise(120))
    assert (plugin.latency_frames, plugin.latency_changes) == (1000, 0)
    assert np.allclose(heard, delayed(noise(120), 1000), atol=1e-7)


def test_a_change_that_is_reported_counts_from_the_next_block(effect):
    plugin, sound = effect("plain"), noise(12)
    played(plugin, sound)
    plugin.set({"delay": 1500 / MOST, "report": 1500 / MOST})
    after = noise(12, seed=1)
    heard = played(plugin, after)
    assert (plugin.latency_frames, plugin.latency_changes) == (1500, 1)
    assert np.allclose(heard[:, 1500:], after[:, :-1500], atol=1e-7)


@pytest.mark.parametrize("report", [0, 3000])
def test_a_change_that_is_not_reported_is_heard_in_the_song(effect, report):
    plugin = effect("plain", report=report / MOST)
    assert plugin.latency_frames == 0
    plugin.set({"delay": 1200 / MOST})
    played(plugin, noise(200))
    assert (plugin.latency_frames, plugin.latency_changes) == (1200, 1)


def test_a_false_report_while_playing_is_found_out(effect):
    plugin = effect("plain")
    plugin.set({"report": 2000 / MOST})
    heard = played(plugin, noise(200))
    assert plugin.latency_frames == 0
    assert np.allclose(heard, noise(200), atol=1e-7)


def test_a_reset_measures_anew_what_was_turned(effect):
    plugin = effect("plain")
    plugin.set({"delay": 2400 / MOST})
    plugin.reset()
    assert (plugin.latency_frames, plugin.latency_changes) == (2400, 1)
    assert plugin.measure() == 2400
    assert plugin.latency_changes == 1


def test_the_tail_is_measured(effect):
    assert effect("plain").tail_seconds == 0.0
    plugin = effect("plain", delay=1.0)
    assert 20_000 / RATE <= plugin.tail_seconds < 20_000 / RATE + 0.2
    assert plugin.latency_frames == 0  # so long a delay is an echo


def test_parameters_are_listed_set_and_written_out(effect):
    plugin = effect("plain")
    by_name = {each.name: each for each in plugin.parameters}
    gain = by_name["gain_db"]
    assert (gain.title, gain.unit, gain.steps, gain.is_automatable) == ("Gain", "dB", 0, True)
    assert float(gain.lowest) == pytest.approx(-60)
    assert float(gain.highest) == pytest.approx(12)
    assert float(gain.text) == pytest.approx(0, abs=1e-4)
    assert gain.default == gain.value == pytest.approx(60 / 72)
    assert by_name["trouble"].steps == 11
    assert float(plugin.text("gain_db", 0.5)) == pytest.approx(-24)
    assert plugin.text("no such thing", 0.5) == "0.500"
    parameter = gain.as_parameter()
    assert (parameter.minimum, parameter.maximum, parameter.taper) == (0.0, 1.0, Taper.LINEAR)
    with pytest.raises(UserError, match=r"a\.b\.c cannot be -6.*: .* 0 \(-60 dB\) to 1 \(12 dB\)"):
        parameter.check(-6.0, "a.b.c")
    assert (parameter.name, parameter.default) == ("gain_db", gain.default)
    plugin.set({"no such thing": 0.5, "gain_db": 0.0})
    assert np.abs(played(plugin, noise(2))[:, BLOCK:]).max() < 0.001
    assert plugin.fault is None


def test_values_reach_the_very_next_block(effect):
    plugin, sound = effect("plain"), np.ones((2, BLOCK), np.float32)
    for raw in np.linspace(0.5, 1.0, 7):
        plugin.set({"gain_db": float(raw)})
        gain = 10 ** ((72 * raw - 60) / 20)
        assert np.allclose(plugin.process(sound), gain, rtol=1e-4)


def test_what_was_not_asked_anew_is_not_sent_again(effect):
    plugin, sound = effect("plain"), noise(2)
    plugin.set({"gain_db": 1.0})
    played(plugin, sound)
    plugin._client.set({"gain_db": 0.5})  # as if it had been turned in the plug-in's window
    plugin.set({"gain_db": 1.0})
    assert np.allclose(played(plugin, sound), sound * 10 ** (-24 / 20), atol=1e-5)
    plugin.set({"gain_db": 60 / 72})
    assert np.allclose(played(plugin, sound), sound, atol=1e-5)


def test_what_is_no_longer_asked_for_goes_back_to_where_it_was(effect):
    plugin, sound = effect("honest"), noise(2)
    untouched = {each.name: each.value for each in plugin.parameters}
    before = played(plugin, sound)
    plugin.set({"gain_db": 0.25, "delay": 0.5})
    assert not np.allclose(played(plugin, sound), before, atol=0.01)
    plugin.set({"gain_db": 0.25})
    assert plugin._client.poll().values == {}
    plugin.set({})
    plugin.reset()
    assert plugin.latency_frames == 1000
    assert np.allclose(played(plugin, sound), before, atol=1e-6)
    assert {each.name: each.value for each in plugin.parameters} == untouched


def test_it_goes_back_to_the_saved_state_whatever_was_asked_for_while_loading(built, effect):
    quiet = effect("plain", gain_db=0.5).state
    settings = EffectSettings(
        kind="plugin", plugin=str(built / "plain.vst3"), state=quiet, values={"gain_db": 1.0}
    )
    plugin, sound = PluginEffect.load(settings, RATE, 2), noise(3)
    try:
        assert {each.name: each.value for each in plugin.parameters}["gain_db"] == 0.5
        assert np.allclose(played(plugin, sound), sound * 10 ** (12 / 20), atol=1e-4)
        plugin._state = plugin.state  # as a poll does, so that a restart brings the window's back
        plugin.restart()
        assert {each.name: each.value for each in plugin.parameters}["gain_db"] == 0.5
        plugin.set({})
        played(plugin, noise(4))
        assert np.allclose(played(plugin, sound), sound * 10 ** (-24 / 20), atol=1e-5)
        plugin.restart()
        played(plugin, noise(4))
        assert np.allclose(played(plugin, sound), sound * 10 ** (-24 / 20), atol=1e-5)
        plugin.restore(effect("plain", gain_db=0.75).state)
        plugin.set({"gain_db": 1.0})
        plugin.set({})
        assert np.allclose(played(plugin, sound), sound * 10 ** (-6 / 20), atol=1e-5)
    finally:
        plugin.close()


def test_what_was_turned_in_the_window_holds_while_other_things_are_undone(effect):
    plugin, sound = effect("plain"), noise(2)
    plugin._client.set({"gain_db": 0.5})
    plugin.set({"delay": 0.5})
    plugin.set({})
    assert np.allclose(played(plugin, sound), sound * 10 ** (-24 / 20), atol=1e-5)


def test_after_a_state_was_restored_everything_is_sent(effect):
    plugin, sound = effect("plain"), noise(2)
    plugin.set({"gain_db": 0.5})
    quiet = plugin.state
    plugin.set({"gain_db": 1.0})
    plugin.restore(quiet)
    assert np.allclose(played(plugin, sound), sound * 10 ** (-24 / 20), atol=1e-5)
    plugin.set({"gain_db": 1.0})
    assert np.abs(played(plugin, sound)).max() > 2


def test_the_state_carries_over_to_another_load_and_through_a_restart(built, effect):
    plugin, sound = effect("plain"), noise(3)
    plugin.set({"gain_db": 0.5, "delay": 0.02})
    state = plugin.state
    assert base64.b64decode(state, validate=True)
    settings = EffectSettings(
        kind="plugin", plugin=str(built / "plain.vst3"), state=state, values={"gain_db": 1.0}
    )
    other = PluginEffect.load(settings, RATE, 2)
    try:
        assert other.latency_frames == 400
        loud = delayed(sound, 400) * 10 ** (12 / 20)
        assert np.allclose(played(other, sound), loud, atol=1e-4)
        before = other.process_id
        other.restart()
        assert other.process_id != before
        assert other.latency_frames == 400
        settled = played(other, noise(6))[:, -BLOCK:]
        late = delayed(noise(6), 400)[:, -BLOCK:] * 10 ** (12 / 20)
        assert np.allclose(settled, late, atol=1e-4)
    finally:
        other.close()


def test_a_damaged_state_is_refused_and_the_plug_in_plays_on(effect):
    plugin = effect("plain")
    with pytest.raises(UserError, match=r"saved settings of the plug-in Troublemaker are damaged"):
        plugin.restore("no base64!")
    assert plugin.fault is None
    assert np.array_equal(played(plugin, noise(2)), noise(2))


def test_no_window_without_a_display(effect, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    plugin = effect("plain")
    with pytest.raises(UserError, match="window of the plug-in Troublemaker cannot be shown"):
        plugin.show_editor()
    assert plugin.fault is None
    assert not plugin.poll().window_is_open
    plugin.close_editor()
    assert np.array_equal(played(plugin, noise(2)), noise(2))


def test_what_was_set_from_here_is_no_news(effect):
    plugin = effect("plain")
    plugin.set({"gain_db": 0.123456789, "delay": 0.2})
    played(plugin, noise(1))
    assert plugin.poll().values == {}


def test_two_threads_may_ask_at_once(effect):
    plugin, sound = effect("plain"), noise(300)
    stop = threading.Event()

    def look():
        while not stop.is_set():
            assert plugin.text("gain_db", 0.5)
            plugin.poll()

    other = threading.Thread(target=look)
    other.start()
    try:
        assert np.array_equal(played(plugin, sound), sound)
    finally:
        stop.set()
        other.join()
    assert plugin.fault is None


def test_a_shell_gives_the_plug_in_that_is_named(built):
    path = str(built / "shell.vst3")
    unnamed = PluginEffect(PluginChoice(path), RATE, 2)
    assert "holds Troublemaker, Troublemaker2" in unnamed.fault
    named = PluginEffect(PluginChoice(path, "Troublemaker2"), RATE, 2)
    try:
        assert (named.fault, named.title) == (None, "Troublemaker2")
        assert np.array_equal(played(named, noise(2)), noise(2))
    finally:
        named.close()
