"""What the child tells of its plug-in's window, with a rack that needs no plug-in."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from stemdesk.mixing.plugins.service import Service
from stemdesk.mixing.plugins.wire import Frame, Kind, pack_block, unpack_block

POLL = Frame(Kind.REQUEST, {"do": "poll"})


class Rack:
    def __init__(self):
        self.rate_hz, self.channels, self.reported_frames = 48_000, 2, 0
        self.values = {"gain": 0.5, "tone": 0.25}
        self.first = SimpleNamespace(raw_values=lambda: dict(self.values))
        self.editing = False
        self.mirrored = []
        self.error = ""

    def set(self, values):
        if self.error:
            raise RuntimeError(self.error)
        self.values.update(values)
        return dict(values)

    def mirror(self, values):
        self.mirrored.append(values)

    def run(self, block):
        return block * 2


def service_with_rack():
    service, rack = Service(), Rack()
    service._rack = rack
    service.answer(POLL)
    rack.mirrored.clear()
    return service, rack


def test_what_is_turned_in_the_window_is_told_once_and_reaches_the_other_channels():
    service, rack = service_with_rack()
    rack.editing = True
    rack.values["tone"] = 0.75
    told = service.answer(POLL).header
    assert told == {"values": {"tone": 0.75}, "window_is_open": True, "window_problem": ""}
    assert rack.mirrored == [{"tone": 0.75}]
    assert service.answer(POLL).header["values"] == {}
    assert len(rack.mirrored) == 1


def test_what_is_set_by_the_mixer_is_no_news():
    service, rack = service_with_rack()
    rack.editing = True
    assert service.answer(Frame(Kind.SET, {"gain": 0.9})) is None
    assert service.answer(POLL).header["values"] == {}
    assert rack.values["gain"] == 0.9
    assert not rack.mirrored


def test_a_window_that_failed_is_told_once():
    service, _ = service_with_rack()
    service.window_problem = "no window"
    assert service.answer(POLL).header["window_problem"] == "no window"
    assert service.answer(POLL).header["window_problem"] == ""


def test_an_error_without_an_answer_comes_with_the_next_one():
    service, rack = service_with_rack()
    rack.error = "cannot be set"
    assert service.answer(Frame(Kind.SET, {"gain": 0.9})) is None
    block = Frame(Kind.BLOCK, {}, pack_block(np.ones((2, 512), np.float32)))
    assert service.answer(block) == Frame(Kind.ERROR, {"error": "cannot be set"})


def test_news_of_the_latency_come_with_a_block_and_only_once():
    service, rack = service_with_rack()
    block = Frame(Kind.BLOCK, {}, pack_block(np.ones((2, 512), np.float32)))
    assert service.answer(block).header == {}
    rack.reported_frames = 300
    answer = service.answer(block)
    assert answer.header == {"latency": 300}
    assert np.all(unpack_block(answer.body, 2) == 2)
    assert service.answer(block).header == {}
    rack.reported_frames = -1
    assert service.answer(block).header == {}


def test_without_a_plug_in_there_is_an_error():
    assert Service().answer(POLL).kind is Kind.ERROR
    assert Service().answer(Frame(Kind.REQUEST, {"do": "dance"})).kind is Kind.ERROR
