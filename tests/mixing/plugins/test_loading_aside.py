"""Plug-ins that are loaded while the mix sounds: nobody waits, nothing clicks, none is left."""

import threading
import time

import numpy as np
import pytest

from stemdesk.errors import Cancelled, UserError
from stemdesk.mixing.addresses import with_value
from stemdesk.mixing.plugins import known
from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.recipe import with_plugin
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import changed, neutral
from tests.mixing.conftest import clip_stems, grid_noise
from tests.mixing.plugins.processes import ends, is_running

RATE, BLOCK = 44_100, 4096
LOUDER = 60 / 72 + 6 / 72  # +6 dB on a scale from -60 to 12 dB


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """As in a program that has just begun."""
    monkeypatch.setattr(known, "_told", {})


@pytest.fixture
def rendering():
    """Makes renderers that do not wait, and closes them."""
    made = []

    def render(mix, stems=None, **options):
        stems = stems or {name: np.full((2, 8 * RATE), 0.1, np.float32) for name in names(mix)}
        made.append(Renderer(clip_stems(stems), mix, **{"waits": False, **options}))
        return made[-1]

    yield render
    for each in made:
        each.close()


class Loading(threading.Thread):
    """Loads what a renderer awaits there."""

    def __init__(self, renderer, awaited=None):
        super().__init__(daemon=True)
        self.renderer, self.error = renderer, None
        self.awaited = awaited or next(iter(renderer.awaited().values()))
        self.start()

    def run(self):
        try:
            self.plugin = self.renderer.load(self.awaited)
        except (Cancelled, UserError) as error:
            self.error = error

    @property
    def process_id(self):
        """Of the process, once it is there."""
        while self.awaited._leash._sandbox is None:
            assert self.is_alive()
            time.sleep(0.005)
        return self.awaited._leash._sandbox.process_id

    def end(self):
        self.join(40)
        assert not self.is_alive()


def names(mix):
    return [strip.name for strip in mix.strips]


def with_values(mix, **values):
    first, *others = mix.strips
    effects = tuple(changed(each, values=values) for each in first.effects)
    return changed(mix, strips=(changed(first, effects=effects), *others))


@pytest.fixture
def slow(built):
    """A plug-in that takes two seconds to load."""
    return with_plugin(neutral(("drums", "bass")), "drums", built / "slow-on-load.vst3")


@pytest.fixture
def stuck(built):
    """One that never gets there."""
    return with_plugin(neutral(("drums", "bass")), "drums", built / "hang-on-load.vst3")


def test_the_mix_is_there_at_once_and_can_be_changed_while_a_plugin_loads(slow, rendering):
    renderer = rendering(with_values(slow, gain_db=LOUDER))
    assert renderer.loading() == {("drums", "slow_on_load")}
    loading = Loading(renderer)
    assert loading.process_id
    mix = with_values(slow, gain_db=LOUDER)
    for level in range(1, 20):
        renderer.change(with_value(mix, "bass.level_db", -float(level)))
        assert renderer.plugin("drums", "slow_on_load") is None
        assert renderer.faults() == []
        heard = renderer.read(BLOCK)
    assert loading.is_alive()  # all that did not wait for it
    assert heard[0, -1] == pytest.approx(0.1 + 0.1 * 10 ** (-19 / 20), abs=1e-3)
    loading.end()
    assert renderer.loading() == set()
    assert renderer.plugin("drums", "slow_on_load") is loading.plugin
    renderer.read(RATE)
    heard = renderer.read(BLOCK)
    assert heard[0, -1] == pytest.approx(0.2 + 0.1 * 10 ** (-19 / 20), abs=1e-3)


@pytest.mark.parametrize(
    ("behaviour", "deepest"), [("slow-on-load", 0.2), ("slow-on-load-honest", 0.0)]
)
def test_it_comes_without_a_click(built, behaviour, deepest, rendering):
    slow = with_plugin(neutral(("drums", "bass")), "drums", built / f"{behaviour}.vst3")
    renderer = rendering(with_values(slow, gain_db=LOUDER))
    before = renderer.read(RATE)
    loading = Loading(renderer)
    loading.end()
    course = np.concatenate((before, renderer.read(RATE)), axis=1)[0]
    assert course[0] == pytest.approx(0.2, abs=1e-4)
    assert course[-1] == pytest.approx(0.3, abs=1e-3)
    assert course.min() == pytest.approx(deepest, abs=0.01)  # where strips are aligned anew
    assert np.abs(np.diff(course)).max() < 1.2 * np.pi / 2 * (0.3 - deepest) / (0.01 * RATE)


def test_strips_are_aligned_when_a_late_one_comes(built, rendering):
    mix = with_plugin(neutral(("drums", "bass")), "drums", built / "slow-on-load-honest.vst3")
    stems = {name: grid_noise(2, 3 * RATE, seed) for seed, name in enumerate(names(mix))}
    renderer = rendering(mix, stems)
    dry = renderer.read(RATE)
    Loading(renderer).end()
    assert renderer.plugin("drums", "slow_on_load_honest").latency_frames == 1000
    course = np.concatenate((dry, renderer.read(RATE)), axis=1)
    song = sum(stems.values())[:, : 2 * RATE]
    assert np.array_equal(dry, song[:, :RATE])
    fading = 16 * 512  # what is rendered already, out, in
    assert np.allclose(course[:, RATE + fading :], song[:, RATE + fading :], atol=1e-6)
    moment = slice(RATE, RATE + fading)
    assert (np.abs(course[:, moment]) <= np.abs(song[:, moment]) + 1e-6).all()
    shares = course[:, moment] / np.where(np.abs(song[:, moment]) < 0.05, np.nan, song[:, moment])
    assert np.nanmin(shares) < 0.1  # it went down and came up again, step by step


def test_a_file_waits_for_its_plugins(slow, rendering):
    renderer = rendering(with_values(slow, gain_db=LOUDER), waits=True)
    assert renderer.awaited() == {}
    assert renderer.read(BLOCK)[0, 100] == pytest.approx(0.3, abs=1e-3)


def test_what_is_undone_while_it_loads_is_forgotten(stuck, rendering):
    renderer = rendering(neutral(("drums", "bass")))
    renderer.read(BLOCK)
    renderer.change(stuck)
    loading = Loading(renderer)
    process_id = loading.process_id
    renderer.read(BLOCK)  # what stands there is heard by now, as it were
    renderer.change(neutral(("drums", "bass")))
    loading.end()
    assert isinstance(loading.error, Cancelled)
    assert ends(process_id)
    assert renderer.awaited() == {}
    assert renderer._rack._slots == {}


def test_what_is_redone_meanwhile_is_loaded_anew(slow, rendering):
    renderer = rendering(slow)
    loading = Loading(renderer)
    process_id = loading.process_id
    renderer.change(neutral(("drums", "bass")))
    renderer.change(slow)
    again = Loading(renderer)
    assert again.awaited is not loading.awaited
    loading.end()
    assert isinstance(loading.error, Cancelled)
    assert ends(process_id)
    again.end()
    assert again.error is None
    assert renderer.plugin("drums", "slow_on_load") is again.plugin


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_song_that_is_closed_waits_for_nothing_and_leaves_no_process(stuck, has_begun, rendering):
    renderer = rendering(stuck)
    (awaited,) = renderer.awaited().values()
    if has_begun:
        loading = Loading(renderer)
        process_id = loading.process_id
        renderer.close()
        assert ends(process_id)
    else:
        renderer.close()
        loading = Loading(renderer, awaited)
    loading.end()
    assert isinstance(loading.error, Cancelled)


def test_a_song_that_is_closed_when_it_has_just_come_leaves_no_process(slow, rendering):
    renderer = rendering(slow)
    loading = Loading(renderer)
    process_id = loading.process_id
    with renderer._changing:  # it is loaded, but not in the mix yet
        while not isinstance(renderer._rack._slots[next(iter(renderer._rack._slots))].effect,
                             PluginEffect):  # fmt: skip
            time.sleep(0.01)
        assert is_running(process_id)
        renderer._is_closed = True
    loading.end()
    assert isinstance(loading.error, Cancelled)
    renderer.close()
    assert ends(process_id)


def test_one_that_ends_at_leisure_keeps_nobody_waiting(built, rendering):
    mix = with_plugin(neutral(("drums",)), "drums", built / "plain.vst3")
    renderer = rendering(mix)
    loading = Loading(renderer)
    loading.end()
    plugin, process_id = loading.plugin, loading.plugin.process_id
    with plugin._lock:  # as when it is asked something in another thread
        asking = threading.Thread(target=renderer.close)
        asking.start()
        asking.join(20)
        assert not asking.is_alive()
        assert is_running(process_id)
    assert ends(process_id)


def test_one_that_does_not_load_is_told_and_left_out(built, rendering):
    mix = with_plugin(neutral(("drums",)), "drums", built / "slow-on-load-throw-on-load.vst3")
    renderer = rendering(mix)
    assert renderer.faults() == []
    loading = Loading(renderer)
    loading.end()
    (fault,) = renderer.faults()
    assert "could not be loaded" in fault
    assert list(renderer.faults_by_place()) == [("drums", "slow_on_load_throw_on_load")]
    assert renderer.loading() == set()
    assert renderer.read(BLOCK)[0, -1] == pytest.approx(0.1)


def test_a_mix_that_asks_for_what_it_has_not_goes_on_without(slow, rendering):
    renderer = rendering(with_values(slow, gian_db=0.5))
    loading = Loading(renderer)
    loading.end()
    assert "no parameter gian_db" in str(loading.error)
    assert renderer.read(BLOCK)[0, -1] == pytest.approx(0.2)
    renderer.change(slow)
    assert renderer.plugin("drums", "slow_on_load") is not None


def test_what_the_user_gives_up_is_told_and_can_be_taken_up(slow, rendering):
    renderer = rendering(slow)
    loading = Loading(renderer)
    process_id = loading.process_id
    loading.awaited.give_up()
    loading.end()
    assert isinstance(loading.error, Cancelled)
    assert ends(process_id)
    assert "was not loaded" in renderer.faults()[0]
    assert renderer.loading() == set()
    loading.awaited.take_up()
    again = Loading(renderer)
    again.end()
    assert renderer.faults() == []
    assert renderer.plugin("drums", "slow_on_load") is again.plugin


def test_one_that_is_expected_is_there_when_the_mix_comes(slow, built, rendering):
    renderer = rendering(neutral(("drums", "bass")))
    (effect,) = slow.strips[0].effects
    awaited = renderer.expect("drums", effect)
    loading = Loading(renderer, awaited)
    renderer.change(with_value(neutral(("drums", "bass")), "bass.level_db", -3.0))
    loading.end()
    assert loading.error is None
    assert renderer.expect("drums", effect) is None
    renderer.change(slow)
    assert renderer.loading() == set()
    renderer.forget("drums", effect)
    assert renderer.plugin("drums", "slow_on_load") is loading.plugin
    other = with_plugin(neutral(("drums", "bass")), "bass", built / "plain.vst3")
    (effect,) = other.strips[1].effects
    loading = Loading(renderer, renderer.expect("bass", effect))
    loading.end()
    process_id = loading.plugin.process_id
    renderer.forget("bass", effect)
    assert ends(process_id)


def test_the_sound_goes_on_while_a_plugin_is_loaded_again(built):
    plugin = PluginEffect(PluginChoice(str(built / "slow-on-load.vst3")), RATE, 2)
    first = plugin.process_id
    again = threading.Thread(target=plugin.restart, daemon=True)
    again.start()
    while not plugin.is_loading:
        time.sleep(0.005)
    block = grid_noise(2, 512, 1)
    assert np.array_equal(plugin.process(block), block)
    plugin.set({"gain_db": LOUDER})
    assert plugin.is_loading
    assert again.is_alive()
    again.join(40)
    assert plugin.process_id not in (None, first)
    for _ in range(4):
        heard = plugin.process(block)
    assert np.allclose(heard, block * 10 ** (6 / 20), atol=1e-3)
    again = threading.Thread(target=plugin.restart, daemon=True)
    again.start()
    while plugin._leash._sandbox is None:
        time.sleep(0.005)
    process_id = plugin._leash._sandbox.process_id
    plugin.close()
    assert ends(process_id)
    again.join(40)
    assert not again.is_alive()
    assert plugin.process_id is None
    assert plugin.fault is None
    again = threading.Thread(target=plugin.restart, daemon=True)
    again.start()
    while plugin._leash._sandbox is None:
        time.sleep(0.005)
    sandbox = plugin._leash._sandbox
    with plugin._lock:  # loaded, but not taken over yet
        while plugin._leash._sandbox is not None:
            time.sleep(0.005)
        assert is_running(sandbox.process_id)
        plugin.close()
    again.join(40)
    assert ends(sandbox.process_id)
    assert plugin.process_id is None
