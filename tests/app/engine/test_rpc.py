"""JSON-RPC 2.0 as its specification has it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stemdesk.app.engine import rpc
from stemdesk.errors import UserError


async def call(method, params):
    if method == "subtract":
        values = params if isinstance(params, list) else [params["minuend"], params["subtrahend"]]
        return values[0] - values[1]
    if method == "refuse":
        raise UserError("There is no such song", "name another")
    if method in ("update", "notify_hello", "notify_sum"):
        return None
    if method == "get_data":
        return ["hello", 5]
    if method == "crash":
        return 1 / 0
    raise rpc.RpcError(rpc.METHOD_NOT_FOUND, "There is no such method")


def answer(line):
    """Nothing in it ever waits, so no event loop is needed."""
    steps = rpc.answer(line, call)
    with pytest.raises(StopIteration) as end:
        steps.send(None)
    return end.value.value


def answered(line):
    line = line if isinstance(line, bytes) else line.encode()
    reply = answer(line)
    if reply is None:
        return None
    assert reply.endswith(b"\n")
    assert reply.count(b"\n") == 1
    return json.loads(reply)


def code(line):
    reply = answered(line)
    assert set(reply) == {"jsonrpc", "error", "id"}
    return reply["error"]["code"], reply["id"]


def test_the_specification_s_calls():
    ask = '{"jsonrpc": "2.0", "method": "subtract", "params": %s, "id": %s}'
    assert answered(ask % ("[42, 23]", 1)) == {"jsonrpc": "2.0", "result": 19, "id": 1}
    assert answered(ask % ("[23, 42]", '"x"')) == {"jsonrpc": "2.0", "result": -19, "id": "x"}
    named = '{"subtrahend": 23, "minuend": 42}'
    assert answered(ask % (named, 3)) == {"jsonrpc": "2.0", "result": 19, "id": 3}


def test_the_specification_s_notifications():
    assert answered('{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}') is None
    assert answered('{"jsonrpc": "2.0", "method": "foobar"}') is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"jsonrpc": "2.0", "method": "foobar", "id": "1"}', (-32601, "1")),
        ('{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', (-32700, None)),
        ('{"jsonrpc": "2.0", "method": 1, "params": "bar"}', (-32600, None)),
        ('[{"jsonrpc": "2.0", "method": "sum", "id": "1"},{"jsonrpc"', (-32700, None)),
        ("[]", (-32600, None)),
        ('{"method": "subtract", "id": 1}', (-32600, 1)),
        ('{"jsonrpc": "2.0", "method": "subtract", "params": null, "id": 1}', (-32600, 1)),
        ('{"jsonrpc": "2.0", "method": "update", "id": [1]}', (-32600, None)),
        ('{"jsonrpc": "2.0", "method": "update", "id": true}', (-32600, None)),
        ('{"jsonrpc": "2.0", "method": "update", "id": 1e999}', (-32600, None)),
        ('{"jsonrpc": "2.0", "method": "update", "id": NaN}', (-32700, None)),
        ("[" * 100_000, (-32700, None)),
        ('{"id": ' + "9" * 10_000 + "}", (-32700, None)),
        (b"\xff\xfe\x00", (-32700, None)),
        ("", (-32700, None)),
        ("17", (-32600, None)),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_is_wrong_has_the_specification_s_code(line, expected):
    assert code(line) == expected


def test_the_specification_s_batches():
    replies = answered("[1,2,3]")
    assert [each["error"]["code"] for each in replies] == [-32600] * 3
    replies = answered(
        """[
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
        ]"""
    )
    told = [each.get("result", each.get("error", {}).get("code")) for each in replies]
    assert told == [19, -32600, -32601, ["hello", 5]]
    assert [each["id"] for each in replies] == ["2", None, "5", "9"]
    assert answered('[{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]}]') is None


def test_a_batch_has_an_end():
    one = {"jsonrpc": "2.0", "method": "get_data", "id": 1}
    assert len(answered(json.dumps([one] * rpc.MOST_IN_BATCH))) == rpc.MOST_IN_BATCH
    assert code(json.dumps([one] * (rpc.MOST_IN_BATCH + 1))) == (-32600, None)


def test_a_refusal_carries_problem_and_remedy():
    error = answered('{"jsonrpc": "2.0", "method": "refuse", "id": 7}')["error"]
    assert error["code"] == rpc.USER_ERROR
    assert error["data"] == {"problem": "There is no such song", "remedy": "name another"}
    assert error["message"] == "There is no such song: name another."


def test_a_fault_is_told_here_and_hidden_there(capsys):
    reply = answered('{"jsonrpc": "2.0", "method": "crash", "id": 7}')
    assert reply["error"]["code"] == -32603
    assert "ZeroDivision" not in json.dumps(reply)
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_no_number_leaves_that_json_does_not_know():
    with pytest.raises(ValueError, match="JSON"):
        rpc.encode({"level": math.inf})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
ALMOST = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "method": st.sampled_from(["subtract", "refuse", "get_data"]) | JSON,
        "params": JSON,
        "id": JSON,
    },
)


patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(max_size=200).map(lambda text: text.encode(errors="replace"))


@patient
@given(st.binary(max_size=200) | TEXT)
@example(b"\xef\xbb\xbf{}")
def test_any_bytes_are_answered_in_order(line):
    reply = answer(line.replace(b"\n", b" "))
    assert reply is None or json.loads(reply)


@patient
@given(ALMOST | st.lists(ALMOST, max_size=3) | JSON)
def test_any_json_is_answered_in_order(message):
    reply = answer(json.dumps(message).encode())
    for each in _listed(reply):
        assert each["jsonrpc"] == "2.0"
        assert ("result" in each) != ("error" in each)
        assert "id" in each


def _listed(reply):
    if reply is None:
        return []
    told = json.loads(reply)
    return told if isinstance(told, list) else [told]


@pytest.mark.parametrize("value", ["[" * 1000 + "]" * 1000, "9" * 5000, '"\\ud800"'])
def test_a_request_that_holds_too_much_has_wrong_parameters(value):
    line = f'{{"jsonrpc": "2.0", "id": 5, "method": "separate", "params": {{"input": {value}}}}}'
    reply = answered(line)
    assert (reply["id"], reply["error"]["code"]) == (5, rpc.INVALID_PARAMS)
    assert "\n" not in reply["error"]["message"]
