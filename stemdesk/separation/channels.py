"""How a song's channels are handed to a network that knows only mono or stereo."""

from __future__ import annotations

import torch

# Pairs that belong together in the usual orders (WAVE_FORMAT_EXTENSIBLE, ITU-R BS.775): front
# left/right, then surround pairs; centre, LFE and a lone rear centre stand alone.
_GROUPS: dict[int, list[tuple[int, ...]]] = {
    1: [(0,)],
    2: [(0, 1)],
    3: [(0, 1), (2,)],
    4: [(0, 1), (2, 3)],
    5: [(0, 1), (2,), (3, 4)],
    6: [(0, 1), (2,), (3,), (4, 5)],
    7: [(0, 1), (2,), (3,), (4,), (5, 6)],
    8: [(0, 1), (2,), (3,), (4, 5), (6, 7)],
}


def channel_groups(channels: int, network_channels: int) -> list[tuple[int, ...]]:
    """Which channels go through the network together; every channel stands in one group."""
    if network_channels == 1:
        return [(channel,) for channel in range(channels)]
    return _GROUPS[channels]


def heard_channels(groups: list[tuple[int, ...]], wanted: int) -> list[list[int]]:
    """Of every group the ``wanted`` channels that a network hears: a lone one stands for all."""
    return [[group[index % len(group)] for index in range(wanted)] for group in groups]


def gather(spectrum: torch.Tensor, groups: list[tuple[int, ...]], wanted: int) -> torch.Tensor:
    """``[channels, bins, steps]`` -> ``[groups, wanted, bins, steps]``.

    A lone channel is heard by a stereo network as centred mono.
    """
    return spectrum[torch.tensor(heard_channels(groups, wanted), device=spectrum.device)]


def scatter(masks: torch.Tensor, groups: list[tuple[int, ...]]) -> torch.Tensor:
    """``[groups, stems, wanted, bins, steps]`` -> ``[stems, channels, bins, steps]``.

    A lone channel gets the mean of the two masks it was given: convex, so still summing to one.
    """
    channels: dict[int, torch.Tensor] = {}
    for answer, group in zip(masks, groups, strict=True):
        if len(group) == 1:
            channels[group[0]] = answer.mean(dim=1)
        else:
            channels |= {channel: answer[:, index] for index, channel in enumerate(group)}
    return torch.stack([channels[channel] for channel in sorted(channels)], dim=1)
