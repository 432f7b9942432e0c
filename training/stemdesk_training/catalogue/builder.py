"""A whole catalogue: recordings listened to, pairs found, triplets written, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk_training.catalogue.ledger import Ledger, LeftOut, load_ledger, save_ledger
from stemdesk_training.catalogue.matching import find_candidates
from stemdesk_training.catalogue.pairing import Pairing
from stemdesk_training.catalogue.recordings import Recording, find_recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from stemdesk_training.catalogue.settings import Settings

    Report = Callable[[float, str], None]

_CACHE = ".recordings"
_MIXES_HEARD, _ALL_HEARD, _MATCHED = 0.25, 0.5, 0.55  # fractions done when these are


class _Sources(NamedTuple):
    """The two folders."""

    mixes: Path
    instrumentals: Path


def build_catalogue(
    mixes: Path, instrumentals: Path, output: Path, settings: Settings, report: Report
) -> Ledger:
    """Make a catalogue, or go on with one.

    Each pair is in the ledger as soon as its triplets are on disk; a pair that is there, with the
    same sound, is not made again.

    Args:
        mixes: folder of finished songs; only read.
        instrumentals: folder of instrumentals; may be the same, then their names tell them.
        output: folder for the songs and the ledger.
        settings: of what is made.
        report: told the fraction done and what is at hand; may raise to stop.

    Raises:
        UserError: a folder is not there or is empty, the ledger is of other settings, the output
            lies among the originals or cannot be written.
    """
    for folder in (mixes, instrumentals):
        if output.resolve().is_relative_to(folder.resolve()):
            raise UserError(f"{output} lies in {folder}", "name an output folder outside of it")
    ensure_writable_folder(output)
    ledger = load_ledger(output, settings)
    whole, bare = _listened(_Sources(mixes, instrumentals), output / _CACHE, report)
    candidates = find_candidates(
        [each for each in whole if not each.heard.problem],
        [each for each in bare if not each.heard.problem],
        _stage(report, _ALL_HEARD, _MATCHED),
    )
    pairing = Pairing(ledger, output, settings)
    taking = _stage(report, _MATCHED, 1.0)
    for place, candidate in enumerate(candidates):
        taking(place / len(candidates), candidate.mix.name)
        pairing.take(candidate)
    mixed = {pair.mix for pair in pairing.pairs}
    played = {pair.instrumental for pair in pairing.pairs}
    done = Ledger(
        settings=settings,
        pairs=[*pairing.pairs, *(pair for pair in pairing.unseen if pair.is_taken)],
        mixes_left_out=_left_out(whole, mixed, "there is no instrumental of it"),
        instrumentals_left_out=_left_out(bare, played, "there is no mix of it"),
    )
    save_ledger(output, done)
    report(1.0, "")
    return done


def _stage(report: Report, first: float, last: float) -> Report:
    return lambda done, told: report(first + done * (last - first), told)


def _listened(
    sources: _Sources, cache: Path, report: Report
) -> tuple[list[Recording], list[Recording]]:
    """Mixes and instrumentals; an instrumental among the mixes is none of them."""
    whole = find_recordings(sources.mixes, cache, _stage(report, 0.0, _MIXES_HEARD))
    bare = find_recordings(sources.instrumentals, cache, _stage(report, _MIXES_HEARD, _ALL_HEARD))
    whole = [each for each in whole if not each.title.is_instrumental]
    if sources.mixes.resolve() == sources.instrumentals.resolve():
        bare = [each for each in bare if each.title.is_instrumental]
    for kind, group, folder in zip(("mix", "instrumental"), (whole, bare), sources, strict=True):
        if not group:
            raise UserError(
                f"By their names there is no {kind} in {folder}",
                "name the folder of mixes, then that of instrumentals",
            )
    return whole, bare


def _left_out(group: list[Recording], paired: Collection[str], why: str) -> list[LeftOut]:
    return [
        LeftOut(recording=each.name, why=each.heard.problem or why)
        for each in group
        if each.name not in paired
    ]
