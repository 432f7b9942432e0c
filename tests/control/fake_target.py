"""A mix and its transport for control surfaces to drive, which remembers what was done to it."""

from __future__ import annotations

import math

from stemdesk.control.target import POSITION, TRANSPORT_PARAMETERS, position_parameter
from stemdesk.mixing.parameters import LEVEL_DB, STRIP_PARAMETERS, Parameter, Taper

AMOUNT = Parameter("amount", "Amount", "%", 0.0, 100.0, 20.0)
CUTOFF = Parameter("cutoff_hz", "Cutoff", "Hz", 20.0, 20_000.0, 1000.0, Taper.LOG)
STEMS = ("vocals", "drums", "bass", "other")


class FakeTarget:
    def __init__(self, stems=STEMS, rounding=None):
        self.stems, self.rounding = tuple(stems), rounding
        self.parameters = dict(TRANSPORT_PARAMETERS) | {POSITION: position_parameter(300.0)}
        for stem in stems:
            for name, parameter in STRIP_PARAMETERS.items():
                self.parameters[f"{stem}.{name}"] = parameter
            self.parameters[f"{stem}.reverb.amount"] = AMOUNT
            self.parameters[f"{stem}.filter.cutoff_hz"] = CUTOFF
        self.parameters["master.level_db"] = LEVEL_DB
        self.values = {address: each.default for address, each in self.parameters.items()}
        self.meters = dict.fromkeys(stems, -math.inf)
        self.log = []

    def parameter(self, address):
        return self.parameters.get(address)

    def get(self, address):
        return self.values[address]

    def set(self, address, value):
        self.log.append((address, value))
        self.values[address] = value if self.rounding is None else self.rounding(value)

    def touch(self, address, *, down):
        self.log.append((address, "touch" if down else "release"))

    def strips(self):
        return self.stems

    def meter_db(self, strip):
        return self.meters[strip]

    def touches(self, address):
        return [what for where, what in self.log if where == address and isinstance(what, str)]

    def travel(self, address):
        return self.parameters[address].to_travel(self.values[address])
