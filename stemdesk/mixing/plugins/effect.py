"""A third-party plug-in as an effect of a strip; whatever it does, the song goes on."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Self

import msgspec

from stemdesk.errors import UserError
from stemdesk.mixing.plugins.answers import News
from stemdesk.mixing.plugins.client import Patience, PluginChoice, PluginClient, decoded
from stemdesk.mixing.plugins.dry import DryLine, Switch
from stemdesk.mixing.plugins.faults import PluginFault, PluginRefusal
from stemdesk.mixing.plugins.leash import Leash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.mixing.plugins.answers import Measures
    from stemdesk.mixing.plugins.parameter import PluginParameter
    from stemdesk.mixing.settings import EffectSettings

    Block = NDArray[np.float32]

_DEFAULT_PATIENCE = Patience()


class PluginEffect:
    """An effect (see `stemdesk.mixing.effects.effect`) that lives in a process of its own.

    Making one takes as long as the plug-in takes to load, and never fails. A plug-in that is not
    there, crashes, hangs, throws or gives out no numbers, at any time, is left out from then on:
    its strip sounds dry, as late as before, and :attr:`fault` says what happened.

    Any thread may call; what asks the plug-in something makes `process` wait meanwhile, but
    loading it again does not: the strip sounds dry until it is done.

    Args:
        choice: which plug-in, and how it was left.
        rate_hz: sample rate.
        channels: of the strip, 1 to 8.
        patience: time limits.
        values: raw values 0..1 to set on top of its state.
        leash: by which its process is ended from elsewhere while it loads.

    Attributes:
        is_loading: whether it is being loaded now.
        was_loaded: whether the plug-in has told what it is, though it may have failed since.
        fault: what went wrong, in one sentence; None while all is well.
        title: the plug-in's name.
        tail_seconds: how long it sounded on after a burst of noise, when last measured.
        latency_frames: by how many frames the output lies behind the input, as measured.
        latency_changes: how often `latency_frames` has changed since the plug-in was made.
        parameters: what there is to turn, and how its state has it.
    """

    def __init__(
        self,
        choice: PluginChoice,
        rate_hz: int,
        channels: int,
        patience: Patience = _DEFAULT_PATIENCE,
        values: Mapping[str, float] | None = None,
        leash: Leash | None = None,
    ) -> None:
        self._choice, self._rate_hz, self._channels = choice, rate_hz, channels
        self._patience = patience
        self._lock = threading.RLock()
        self._loading = threading.Lock()  # one after the other, and none under a restored state
        self._leash = leash or Leash()
        self._client: PluginClient | None = None
        self._asked = dict(values or {})
        self._state = choice.state
        self._dry, self._switch = DryLine(channels), Switch(channels, rate_hz)
        self._log = ""
        self.was_loaded = self.is_loading = False
        self.fault: str | None = None
        self.title = choice.title
        self.tail_seconds = 0.0
        self.latency_frames = self.latency_changes = 0
        self.parameters: tuple[PluginParameter, ...] = ()
        self._load(self._leash)
        self.latency_changes = 0

    @classmethod
    def load(
        cls, settings: EffectSettings, rate_hz: int, channels: int, leash: Leash | None = None
    ) -> Self:
        """The plug-in that a mix's settings name, in the state that they hold."""
        choice = PluginChoice(settings.plugin, settings.plugin_name, settings.state)
        return cls(choice, rate_hz, channels, values=settings.values, leash=leash)

    @property
    def is_settled(self) -> bool:
        """Blocks go to the plug-in one by one, for it may change its latency at any of them."""
        return False

    def set(self, values: Mapping[str, float]) -> None:
        """Take raw values 0..1 by parameter, all that are not to be as the state has them.

        What was asked for last time is not sent again, so what the user turned in the plug-in's
        window holds until something else is asked for. What was asked for and no longer is goes
        back to where it was after loading.
        """
        with self._lock, self._guarded():
            before = self._asked
            home = {each.name: each.value for each in self.parameters if each.name in before}
            self._asked = {**home, **values}
            new = {name: each for name, each in self._asked.items() if before.get(name) != each}
            if new and self._client:
                self._client.set(new)

    def process(self, block: Block, rest: Block | None = None) -> Block:  # noqa: ARG002
        """The next block `[channels, QUANTUM_FRAMES]`, through the plug-in or past it."""
        with self._lock:
            wet: Block | None = None
            with self._guarded():
                wet = self._client.process(block) if self._client else None
                self._note_latency()
            dry = self._dry.push(block, self.latency_frames)
            return self._switch.dry(dry) if wet is None else self._switch.wet(wet, dry)

    def reset(self) -> None:
        """Forget all sound so far; the latency is measured anew if parameters were turned."""
        with self._lock, self._guarded():
            self._dry.clear()
            self._switch.clear()
            if self._client:
                self._client.reset()
                self._note_latency()

    def close(self) -> None:
        """End the plug-in's process, also one that is still loading."""
        with self._lock:
            self._leash.cut()
            if self._client:
                self._log = self._client.sandbox.log
                self._client.sandbox.close()
                self._client = None

    @property
    def log(self) -> str:
        """The last of what the plug-in printed, also after it has ended."""
        with self._lock:
            return self._client.sandbox.log if self._client else self._log

    @property
    def process_id(self) -> int | None:
        """Of the plug-in's process, while there is one."""
        with self._lock:
            return self._client.sandbox.process_id if self._client else None

    @property
    def state(self) -> str:
        """All that the plug-in saves, as base64; after a fault, what it last saved."""
        with self._lock, self._guarded():
            if self._client:
                self._state = self._client.state()
        return self._state

    def restore(self, state: str) -> None:
        """Give the plug-in a state, base64 of what it once saved; its sound begins anew.

        Raises:
            UserError: the text is no base64, or the plug-in does not take it.
        """
        decoded(state, self.title)
        with self._loading, self._lock, self._guarded(refusals_pass=True):
            if self._client:
                restored = self._client.restore(state)
                self._note_measures(restored)
                self.parameters = tuple(
                    msgspec.structs.replace(each, value=restored.values.get(each.name, each.value))
                    for each in self.parameters
                )
            self._state, self._asked = state, {}

    def measure(self) -> int:
        """Measure latency and tail now; the plug-in's sound begins anew.

        Returns:
            The latency in frames.
        """
        with self._lock, self._guarded():
            if self._client:
                self._note_measures(self._client.measure())
        return self.latency_frames

    def restart(self) -> None:
        """Load the plug-in again, as it was last known; it is heard again after a ramp."""
        with self._loading:
            with self._lock:
                self.close()
                self.fault = None
                self._leash = leash = Leash()
            self._load(leash)
            with self._lock:
                self._switch.recover(self.latency_frames)

    def text(self, name: str, value: float) -> str:
        """How the plug-in writes a raw value of a parameter; the number where it cannot."""
        with self._lock, self._guarded(), contextlib.suppress(PluginRefusal):
            if self._client:
                return self._client.text(name, value)
        return f"{value:.3f}"

    def show_editor(self) -> None:
        """Open the plug-in's own window; does not wait for it.

        Raises:
            UserError: there is no display, or no plug-in any more.
        """
        with self._lock, self._guarded():
            if self._client:
                self._client.open_window()
        if self.fault:
            raise UserError(f"The plug-in {self.title} is not running", "restart it")

    def close_editor(self) -> None:
        """Close the plug-in's window."""
        with self._lock, self._guarded():
            if self._client:
                self._client.close_window()

    def poll(self) -> News:
        """What was changed in the plug-in's window since the last call.

        Where something was, the state is taken note of too, for a restart.
        """
        with self._lock, self._guarded():
            if self._client:
                news = self._client.poll()
                if news.values:
                    self._state = self._client.state()
                return news
        return News()

    def _load(self, leash: Leash) -> None:
        """Load it without holding the lock, so that nobody waits; forget it if that is cut."""
        self.is_loading = True
        try:
            choice = PluginChoice(self._choice.path, self._choice.name, self._state)
            asked = dict(self._asked)
            client = PluginClient(
                choice, self._rate_hz, self._channels, self._patience, asked, leash
            )
        except PluginFault as fault:
            with self._lock:
                if not leash.is_cut:
                    self._fail(fault)
        else:
            if not self._is_taken(client, asked, leash):
                client.sandbox.close()
        finally:
            self.is_loading = False

    def _is_taken(self, client: PluginClient, asked: Mapping[str, float], leash: Leash) -> bool:
        with self._lock:
            if leash.is_cut:
                return False
            with self._guarded():
                self._client = client
                self.title = client.loaded.name
                if not self.was_loaded:  # later, what was asked for may be in the state as well
                    self.parameters = client.loaded.parameters
                    self.was_loaded = True
                self._note_measures(client.loaded)
                late = {n: each for n, each in self._asked.items() if asked.get(n) != each}
                if late:
                    client.set(late)
            return True

    def _note_measures(self, measures: Measures) -> None:
        self.tail_seconds = measures.tail_seconds
        self._note_latency()

    def _note_latency(self) -> None:
        if self._client and self._client.latency_frames != self.latency_frames:
            self.latency_frames = self._client.latency_frames
            self.latency_changes += 1

    @contextlib.contextmanager
    def _guarded(self, *, refusals_pass: bool = False) -> Iterator[None]:
        try:
            yield
        except PluginFault as fault:
            if refusals_pass and isinstance(fault, PluginRefusal):
                raise
            self._fail(fault)

    def _fail(self, fault: PluginFault) -> None:
        self.fault = str(fault)
        self._switch.fail()
        self._log = fault.log
        if self._client:
            self._client.sandbox.kill()
            self._log = self._client.sandbox.log
            self._client = None
