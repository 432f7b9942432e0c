"""The child's threads, with a service that needs no plug-in: blocks beside an open window."""

from __future__ import annotations

import os
import threading
import time
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from stemdesk.mixing.plugins import window
from stemdesk.mixing.plugins.host import OPEN_WINDOW, Host
from stemdesk.mixing.plugins.wire import Frame, Kind, WireError

OPEN = Frame(Kind.REQUEST, {"do": OPEN_WINDOW})


class Service:
    """Answers every frame with its number and the thread that answered."""

    def __init__(self, show_editor):
        plugin = SimpleNamespace(show_editor=show_editor)
        self.rack = SimpleNamespace(editing=False, first=SimpleNamespace(plugin=plugin))
        self.close_window = threading.Event()
        self.window_problem = ""
        self.reflections = 0

    def answer(self, frame):
        if frame.header.get("do") == "close window":
            self.close_window.set()
        thread = threading.get_ident()
        return Frame(Kind.REPLY, {**frame.header, "thread": thread, "editing": self.rack.editing})

    def reflect(self):
        self.reflections += 1


class Wire:
    def __init__(self):
        self.sent = SimpleQueue()

    def send(self, frame):
        if frame.header.get("do") == "end":
            raise WireError
        self.sent.put(frame)


@pytest.fixture
def serving(monkeypatch):
    """Starts a host; returns a function that asks it, its service, and the thread it serves in."""
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(window, "_survive_x_errors", lambda: None)
    threads = []

    def start(show_editor):
        wire, inbox, service = Wire(), SimpleQueue(), Service(show_editor)

        def serve():
            with pytest.raises(WireError):
                Host(wire, inbox, service).serve()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        threads.append((thread, inbox))

        def ask(frame):
            inbox.put(frame)
            return wire.sent.get(timeout=10)

        return ask, service, thread

    yield start
    for thread, inbox in threads:
        inbox.put(Frame(Kind.REQUEST, {"do": "end"}))
        thread.join(10)
        assert not thread.is_alive()
    assert not ended


def wait_until_closed(ask):
    deadline = time.monotonic() + 10
    while ask(Frame(Kind.BLOCK)).header["editing"]:
        assert time.monotonic() < deadline


def test_sound_goes_on_while_the_window_is_open(serving):
    shown = threading.Event()

    def show_editor(close):
        assert threading.get_ident() == thread.ident
        shown.set()
        assert close.wait(10)

    ask, service, thread = serving(show_editor)
    assert ask(Frame(Kind.BLOCK, {"n": 0})).header["thread"] == thread.ident
    assert ask(OPEN).kind is Kind.REPLY
    assert shown.wait(10)
    beside = ask(Frame(Kind.BLOCK, {"n": 1})).header
    assert beside["thread"] != thread.ident
    assert beside["editing"]
    assert ask(OPEN).kind is Kind.REPLY
    assert ask(Frame(Kind.REQUEST, {"do": "close window"})).header["thread"] != thread.ident
    numbers = []
    deadline = time.monotonic() + 10
    while (answer := ask(Frame(Kind.BLOCK, {"n": len(numbers) + 2}))).header["editing"]:
        numbers.append(answer.header["n"])
        assert time.monotonic() < deadline
    assert numbers == list(range(2, len(numbers) + 2))
    assert answer.header["thread"] == thread.ident
    assert service.reflections == len(numbers) + 3
    assert service.window_problem == ""


def test_the_window_opens_again_after_it_was_closed_by_its_user(serving):
    opened = []
    ask, _, _ = serving(lambda close: opened.append(close.is_set()))
    for _ in range(3):
        assert ask(OPEN).kind is Kind.REPLY
        wait_until_closed(ask)
        ask(Frame(Kind.REQUEST, {"do": "close window"}))  # too late, and for this one only
    assert opened == [False, False, False]


def test_a_window_that_fails_is_told(serving):
    def show_editor(close):
        raise RuntimeError("Plugin has no available editor UI.")

    ask, service, _ = serving(show_editor)
    assert ask(OPEN).kind is Kind.REPLY
    wait_until_closed(ask)
    assert service.window_problem == "Plugin has no available editor UI."


def test_without_a_display_nothing_is_tried(serving, monkeypatch):
    monkeypatch.setattr(window.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY")
    ask, _, _ = serving(lambda _: pytest.fail("opened"))
    assert ask(OPEN).kind is Kind.ERROR
    assert not ask(Frame(Kind.BLOCK)).header["editing"]


def test_the_program_ends_when_nobody_listens_beside_the_window(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(os, "_exit", lambda _: ended.set())
    inbox = SimpleQueue()
    inbox.put(Frame(Kind.REQUEST, {"do": "end"}))
    Host(Wire(), inbox, Service(None))._serve_beside_window()
    assert ended.is_set()


def test_other_systems_always_have_a_display(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    for platform, shows in (("linux", False), ("darwin", True), ("win32", True)):
        monkeypatch.setattr(window.sys, "platform", platform)
        assert window.has_display() is shows
