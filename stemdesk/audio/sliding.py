"""Windows that slide over values: every run of a fixed length, summed or its maximum taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def sliding(combine: np.ufunc, values: NDArray[Any], window: int) -> NDArray[Any]:
    """Combines every `window` consecutive values along the last axis.

    Runs of 1, 2, 4, ... are built by doubling and put together, so the cost grows with the
    logarithm of the window. Each result is made by the same operations in the same order wherever
    it lies in `values`: a stream cut into other blocks gives the same bits.

    Args:
        combine: An associative function, as `numpy.add` or `numpy.maximum`.
        values: `[..., n]`, n at least `window`.
        window: Number of values in a run, at least 1.

    Returns:
        `[..., n - window + 1]`; the first run begins at the first value. It may be a view.
    """
    count = values.shape[-1] - window + 1
    if window < 1 or count < 1:
        raise ValueError(f"no window of {window} fits in {values.shape[-1]} values")
    runs, run = values, 1
    result: NDArray[Any] | None = None
    covered = 0
    while True:
        if window & run:
            part = runs[..., covered : covered + count]
            result = part if result is None else combine(result, part)
            covered += run
        if 2 * run > window:
            assert result is not None
            return result
        runs = combine(runs[..., :-run], runs[..., run:])
        run *= 2
