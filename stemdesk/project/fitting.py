"""A document as JSON has it, brought to what the structs take: unknown fields, endless levels."""

from __future__ import annotations

import math
from typing import Any

import msgspec
from msgspec import inspect

SILENT = "-inf"
"""JSON has no infinite numbers: a fader that is all the way down is written as this text."""


def writable(value: Any) -> Any:
    """Built-in values for JSON, from :func:`msgspec.to_builtins`: silence as a text.

    Raises:
        ValueError: some number is not one, or is +inf; no document has such.
    """
    if isinstance(value, float) and not math.isfinite(value):
        if value != -math.inf:
            raise ValueError(f"a document cannot hold the number {value}")
        return SILENT
    if isinstance(value, dict):
        return {key: writable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [writable(each) for each in value]
    return value


def fitted(value: Any, kind: type[msgspec.Struct]) -> tuple[Any, list[str]]:
    """What `msgspec.convert(..., kind)` takes, and the places of fields that it does not know.

    What is of a wrong type is left as it is, for msgspec to refuse with its place.
    """
    fitter = _Fitter()
    return fitter.fit(value, inspect.type_info(kind), ""), fitter.unknown


class _Fitter:
    def __init__(self) -> None:
        self.unknown: list[str] = []

    def fit(self, value: Any, kind: inspect.Type, place: str) -> Any:
        if isinstance(kind, inspect.UnionType):
            kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
        if isinstance(kind, inspect.FloatType):
            return -math.inf if value == SILENT else value
        if isinstance(value, dict):
            return self._mapping(value, kind, place)
        if isinstance(value, list):
            return self._sequence(value, kind, place)
        return value

    def _mapping(self, value: dict[str, Any], kind: inspect.Type, place: str) -> Any:
        if isinstance(kind, inspect.DictType):
            return {
                key: self.fit(each, kind.value_type, f"{place}.{key}")
                for key, each in value.items()
            }
        if not isinstance(kind, inspect.StructType) or kind.array_like:
            return value
        fields = {field.encode_name: field.type for field in kind.fields}
        self.unknown += [f"{place}.{key}".lstrip(".") for key in value if key not in fields]
        return {
            key: self.fit(each, fields[key], f"{place}.{key}")
            for key, each in value.items()
            if key in fields
        }

    def _sequence(self, value: list[Any], kind: inspect.Type, place: str) -> Any:
        if isinstance(kind, inspect.VarTupleType):
            return [
                self.fit(each, kind.item_type, f"{place}[{index}]")
                for index, each in enumerate(value)
            ]
        if isinstance(kind, inspect.StructType) and kind.array_like:
            types = [field.type for field in kind.fields]
            known = [
                self.fit(each, type_, place) for each, type_ in zip(value, types, strict=False)
            ]
            return [*known, *value[len(types) :]]
        return value
