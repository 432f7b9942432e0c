"""The report: one page that needs nothing beside it, with a picture of every song."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from stemdesk_training.doctor.examination import MIXTURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk_training.doctor.check import Checked
    from stemdesk_training.doctor.facts import Facts

_COLOURS = {
    "vocals": "#e05a5a",
    "drums": "#e0a03c",
    "bass": "#4c8ee0",
    "other": "#58b368",
    MIXTURE: "#8a8f98",
}
_WIDTH, _LANE = 600, 36
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --dim: #888; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 0; }
article { border-top: 1px solid var(--line); padding: 1rem 0; display: grid;
  grid-template-columns: 620px 1fr; gap: 1.5rem; }
@media (max-width: 60rem) { article { grid-template-columns: 1fr; } }
ul { list-style: none; padding: 0; margin: .5rem 0; } li { margin: .25rem 0; }
.badge { border-radius: 4px; padding: 0 .45rem; font-size: .8rem; color: #fff; }
.pass { background: #2e8b57; } .fixable { background: #b8860b; } .reject { background: #c0392b; }
.note { background: #5b6b7b; } .dim { color: var(--dim); }
svg text { fill: var(--dim); font-size: 11px; }
table { border-collapse: collapse; font-size: .85rem; }
td, th { padding: 0 .7rem 0 0; text-align: right; }
td:first-child, th:first-child { text-align: left; }
"""


def page(title: str, checked: Sequence[Checked]) -> str:
    """The report of a library as HTML."""
    counts = Counter(each.verdict for each in checked)
    told = ", ".join(
        f'<span class="badge {name}">{counts[name]} {name}</span>'
        for name in ("pass", "fixable", "reject")
    )
    songs = "\n".join(_song(each) for each in checked)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}: dataset check</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>{len(checked)} songs: {told}</p>\n{songs}\n</body></html>\n"
    )


def _song(checked: Checked) -> str:
    found = checked.found
    badge = f'<span class="badge {checked.verdict}">{checked.verdict}</span>'
    findings = "".join(
        f'<li><span class="badge {finding.verdict.value}">{finding.verdict.value}</span> '
        f"{escape(finding.text)}</li>"
        for finding in checked.findings
    )
    mended = "".join(f'<li class="dim">In the copy: {escape(text)}</li>' for text in checked.mended)
    nothing = '<li class="dim">Nothing to say against it.</li>' if not checked.findings else ""
    return (
        f'<article id="{escape(found.name, quote=True)}"><div><h2>{escape(found.name)} {badge}</h2>'
        f"{_picture(found.facts)}</div>"
        f"<div><ul>{findings}{nothing}{mended}</ul>{_table(found.facts)}</div></article>"
    )


def _picture(facts: dict[str, Facts]) -> str:
    """A lane for each stem, all to the same scale."""
    if not facts:
        return ""
    top = max((max(each.envelope, default=0.0) for each in facts.values()), default=0.0) or 1.0
    lanes = []
    for place, (part, each) in enumerate(facts.items()):
        middle = _LANE * (place + 0.5)
        step = _WIDTH / max(1, len(each.envelope))
        half = [value / top * (_LANE / 2 - 2) for value in each.envelope]
        above = [f"{x * step:.1f},{middle - y:.1f}" for x, y in enumerate(half)]
        below = [f"{x * step:.1f},{middle + y:.1f}" for x, y in reversed([*enumerate(half)])]
        colour = _COLOURS.get(part, "#a070c0")
        lanes.append(
            f'<polygon points="{" ".join([*above, *below])}" fill="{colour}"/>'
            f'<text x="4" y="{_LANE * place + 12}">{escape(part)}</text>'
        )
    height = _LANE * len(facts)
    return (
        f'<svg width="100%" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-label="Waveforms">{"".join(lanes)}</svg>'
    )


def _table(facts: dict[str, Facts]) -> str:
    if not facts:
        return ""
    rows = "".join(
        f"<tr><td>{escape(part)}</td><td>{each.sample_rate}</td><td>{each.channels}</td>"
        f"<td>{each.seconds:.2f}</td><td>{each.peak_db:.1f}</td><td>{each.rms_db:.1f}</td>"
        f"<td>{each.top_hz / 1000:.1f}</td></tr>"
        for part, each in facts.items()
    )
    heads = "".join(
        f"<th>{head}</th>" for head in ("", "Hz", "ch", "s", "peak dBFS", "RMS dBFS", "up to kHz")
    )
    return f"<table><tr>{heads}</tr>{rows}</table>"
