"""What can go wrong with a plug-in, as sentences for the person who uses it."""

from __future__ import annotations

import signal

from stemdesk.errors import UserError

IMPOSSIBLE_LEVEL = 1e6  # +120 dB re full scale: no sound, an error
_LONGEST_QUOTE = 200
_WINDOWS_CRASHES = {
    0xC0000005: "access violation",
    0xC000001D: "illegal instruction",
    0xC0000094: "division by zero",
    0xC00000FD: "stack overflow",
    0xC0000374: "heap corruption",
    0xC0000409: "stack corruption",
}


class PluginFault(UserError):
    """A plug-in failed; the sound goes on without it.

    Attributes:
        log: the last of what it printed, where that is known.
    """

    log = ""


class PluginRefusal(PluginFault):
    """A plug-in answered with an error, and lives.

    Attributes:
        text: what it said, on one line.
    """

    text = ""


_LATER = "restart it, or take it off the strip"
_LOADING = "update it, or choose another plug-in"


def crashed(name: str, return_code: int | None, *, loading: bool) -> PluginFault:
    """Its process ended.

    Args:
        name: of the plug-in.
        return_code: of the process; negative for a signal, None if unknown.
        loading: it had not played yet.
    """
    when = " while it was loading" if loading else ""
    return PluginFault(
        f"The plug-in {name} crashed{when}{_cause(return_code)}", _LOADING if loading else _LATER
    )


def hung(name: str, patience_seconds: float, *, loading: bool) -> PluginFault:
    """It did not answer in time."""
    doing = "finish loading" if loading else "answer"
    remedy = "try again, or choose another plug-in" if loading else _LATER
    return PluginFault(f"The plug-in {name} did not {doing} within {patience_seconds:g} s", remedy)


def refused(name: str, text: str, *, loading: bool) -> PluginRefusal:
    """It, or its loader, gave an error.

    Args:
        name: of the plug-in.
        text: what was said; may be anything, of any length.
        loading: it had not played yet.
    """
    doing = "could not be loaded" if loading else "failed"
    said = quoted(text)
    refusal = PluginRefusal(f"The plug-in {name} {doing} ({said})", _LOADING if loading else _LATER)
    refusal.text = said
    return refusal


def gave_no_numbers(name: str) -> PluginFault:
    """Infinite samples, or none at all."""
    return PluginFault(f"The plug-in {name} gave out invalid sound (not numbers)", _LATER)


def spoke_nonsense(name: str, *, loading: bool) -> PluginFault:
    """Its process sent what cannot be: its memory is probably damaged."""
    return PluginFault(
        f"The plug-in {name} damaged its own process", _LOADING if loading else _LATER
    )


def missing(name: str, path: str) -> PluginFault:
    """There is no such file."""
    return PluginFault(
        f"The plug-in {name} is not on this computer ({path})",
        "install it, or take it off the strip",
    )


def damaged_state(name: str) -> PluginFault:
    """What was saved for it is no base64."""
    return PluginFault(
        f"The saved settings of the plug-in {name} are damaged", "set its parameters anew"
    )


def no_window(name: str, text: str) -> UserError:
    """Its window cannot be shown; it plays on."""
    return UserError(
        f"The window of the plug-in {name} cannot be shown ({quoted(text)})",
        "use the list of its parameters instead",
    )


def quoted(text: str) -> str:
    """One printable line of what a plug-in said."""
    line = " ".join(text.split())
    line = "".join(c for c in line if c.isprintable()).rstrip(". ")
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "..."


def _cause(return_code: int | None) -> str:
    if return_code is None:
        return ""
    if return_code < 0:
        try:
            return f" ({signal.Signals(-return_code).name})"
        except ValueError:
            return f" (signal {-return_code})"
    windows = _WINDOWS_CRASHES.get(return_code)
    return f" ({windows})" if windows else f" (exit code {return_code})"
