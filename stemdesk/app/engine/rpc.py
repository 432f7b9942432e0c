"""JSON-RPC 2.0, a message a line: what came in, made into calls and answers.

After the specification of the JSON-RPC Working Group, https://www.jsonrpc.org/specification
(2010, revised 2013): batches, notifications, and the codes of errors are as it has them.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from stemdesk.app.engine.complaint import complain_of_fault
from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Excessive, Unreadable
from stemdesk.parsing.json_text import outline, read_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Params = dict[str, Any] | list[Any]
    Call = Callable[[str, Params], Awaitable[Any]]

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
USER_ERROR = -32000
"""What the user can mend; `data` holds `problem` and `remedy`."""
UNAUTHORISED = -32001

MOST_IN_BATCH = 100


class RpcError(Exception):
    """An error as the protocol has it.

    Args:
        code: one of this module's.
        message: one sentence.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def encode(message: Any) -> bytes:
    """A message as a line; file names that are no Unicode come through as lone surrogates."""
    return json.dumps(message, allow_nan=False).encode() + b"\n"


def request(method: str, params: Params | None = None, id: int | None = None) -> dict[str, Any]:  # noqa: A002
    """A call, or without `id` a notification."""
    told: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        told["params"] = params
    return told if id is None else {**told, "id": id}


def failure(id: Any, error: RpcError, data: Any = None) -> dict[str, Any]:  # noqa: A002
    """The answer to a call that failed."""
    told = {"code": error.code, "message": error.message}
    if data is not None:
        told["data"] = data
    return {"jsonrpc": "2.0", "error": told, "id": id}


async def answer(line: bytes, call: Call) -> bytes | None:
    """What to send back for a line; None where nothing is due.

    Args:
        line: whatever came.
        call: carries out a method; what it raises becomes an error. The calls of a batch are
            made one after the other.
    """
    try:
        message = read_json(line, names=True, overflow=True)
    except Unreadable as error:
        return encode(_unread(line, error))
    if not isinstance(message, list):
        reply = await _answer_one(message, call)
        return None if reply is None else encode(reply)
    if not 1 <= len(message) <= MOST_IN_BATCH:
        wrong = RpcError(INVALID_REQUEST, f"A batch holds 1 to {MOST_IN_BATCH} requests")
        return encode(failure(None, wrong))
    replies = [await _answer_one(each, call) for each in message]
    due = [reply for reply in replies if reply is not None]
    return encode(due) if due else None


def _unread(line: bytes, error: Unreadable) -> dict[str, Any]:
    top = outline(line) if isinstance(error, Excessive) else {}
    if "method" not in top:
        return failure(None, RpcError(PARSE_ERROR, "That is no JSON"))
    told = RpcError(INVALID_PARAMS, f"The parameters are not right: {error}")
    return failure(top.get("id") if _is_id(top.get("id")) else None, told)


async def _answer_one(message: Any, call: Call) -> dict[str, Any] | None:
    if not isinstance(message, dict):
        return failure(None, RpcError(INVALID_REQUEST, "A request is an object"))
    known_id = message.get("id") if _is_id(message.get("id")) else None
    wrong = _mistake(message)
    if wrong:
        return failure(known_id, RpcError(INVALID_REQUEST, wrong))
    reply = await _outcome(message, known_id, call)
    return reply if "id" in message else None


async def _outcome(message: dict[str, Any], known_id: Any, call: Call) -> dict[str, Any]:
    try:
        result = await call(message["method"], message.get("params", {}))
    except RpcError as error:
        return failure(known_id, error)
    except UserError as error:
        told = {"problem": error.problem, "remedy": error.remedy}
        return failure(known_id, RpcError(USER_ERROR, str(error)), told)
    except Exception:  # noqa: BLE001 - the other hosts are not to suffer, and it is told
        complain_of_fault()
        wrong = RpcError(INTERNAL_ERROR, "StemDesk met a fault of its own")
        return failure(known_id, wrong)
    return {"jsonrpc": "2.0", "result": result, "id": known_id}


def _mistake(message: dict[str, Any]) -> str:
    """What is wrong with a request; nothing if it is one."""
    if message.get("jsonrpc") != "2.0":
        return 'A request has "jsonrpc": "2.0"'
    if not isinstance(message.get("method"), str):
        return "A request names its method"
    if not isinstance(message.get("params", {}), dict | list):
        return "Parameters are an object or an array"
    if "id" in message and not _is_id(message["id"]):
        return "An id is a number, a string or null"
    return ""


def _is_id(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))
