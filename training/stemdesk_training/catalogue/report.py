"""What became of a catalogue, as text for the terminal and as a page."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk_training.catalogue.ledger import Ledger, LeftOut, Pair, Verdict

_VERDICTS: tuple[Verdict, ...] = ("good", "poor", "duplicate", "dropped")
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8884; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
.badge { border-radius: 4px; padding: 0 .45rem; font-size: .8rem; color: #fff; }
.good { background: #2e8b57; } .poor { background: #b8860b; }
.duplicate { background: #5b6b7b; } .dropped { background: #c0392b; }
"""


def summary(ledger: Ledger) -> str:
    """One sentence: how many pairs came to what."""
    counts = Counter(pair.verdict for pair in ledger.pairs)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _VERDICTS)
    songs = sum(len(pair.folders) for pair in ledger.pairs)
    return f"{len(ledger.pairs)} pairs: {told}; {songs} song folders"


def as_text(ledger: Ledger) -> str:
    """A line for each pair and for each recording that is in none."""
    lines = []
    for pair in ledger.pairs:
        lines.append(f"{pair.verdict:10} {pair.mix} + {pair.instrumental}")
        measured = _measured(pair)
        if measured:
            lines.append(f"           {measured}")
        if pair.why:
            lines.append(f"           {pair.why}")
    lines += [f"left out   {each.recording}: {each.why}" for each in _left_out(ledger)]
    return "\n".join([*lines, summary(ledger)])


def page(title: str, ledger: Ledger) -> str:
    """The same as HTML, one page that needs nothing beside it."""
    heads = ("", "mix", "instrumental", "measured", "")
    head = "".join(f"<th>{each}</th>" for each in heads)
    rows = "\n".join(_row(pair) for pair in ledger.pairs)
    alone = "\n".join(
        f"<tr><td>{escape(each.recording)}</td><td>{escape(each.why)}</td></tr>"
        for each in _left_out(ledger)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}: catalogue</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>{escape(summary(ledger))}</p>\n"
        f"<table><tr>{head}</tr>\n{rows}</table>\n"
        f"<h2>Left out</h2><table>\n{alone}</table>\n</body></html>\n"
    )


def _row(pair: Pair) -> str:
    return (
        f'<tr><td><span class="badge {pair.verdict}">{pair.verdict}</span></td>'
        f"<td>{escape(pair.mix)}</td><td>{escape(pair.instrumental)}</td>"
        f"<td>{escape(_measured(pair))}</td><td>{escape(pair.why)}</td></tr>"
    )


def _measured(pair: Pair) -> str:
    found = pair.measured
    if found is None:
        return ""
    told = f"offset {found.offset_seconds:+.4f} s, the same in {found.agreeing_share:.0%}"
    if found.drift_ppm:
        told += f", clock {found.drift_ppm:+.1f} ppm"
    if pair.is_taken:
        told += (
            f", gain {found.gain_db:+.2f} dB, vocals {found.vocals_db:.1f} dB,"
            f" residue in them {found.residue_db:.1f} dB"
        )
    return told


def _left_out(ledger: Ledger) -> list[LeftOut]:
    return [*ledger.mixes_left_out, *ledger.instrumentals_left_out]
