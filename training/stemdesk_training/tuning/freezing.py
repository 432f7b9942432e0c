"""Which parameters a fine-tuning may move, by how much there is to learn from.

Little material cannot teach a whole network without spoiling it. What lies near the output is moved
first: it says how what is heard becomes masks, while the first layers hear much alike in all music
(Yosinski, Clune, Bengio and Lipson 2014, "How transferable are features in deep neural networks?").

How near a parameter lies is read from the computation itself, so it holds for any network, however
its modules are named or ordered: the longest chain of operations from the parameter to the masks,
in the graph that autograd keeps of one short forward pass. Shortcuts (residual and skip
connections) do not shorten it. Parameters of one module belong together.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from stemdesk.errors import UserError
from stemdesk.separation.network import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.tuning_settings import FreezePolicy

LITTLE_SECONDS = 600.0
MUCH_SECONDS = 3600.0
PROBE_STEPS = 32
# What keeps running statistics of its input.
_Statistics = (nn.modules.batchnorm._NormBase,)  # noqa: SLF001 - torch has no other name for them
_NORMS = (*_Statistics, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)


def policy_for(seconds: float) -> FreezePolicy:
    """What ``auto`` stands for with so many seconds of multitracks."""
    if seconds < LITTLE_SECONDS:
        return "all_but_heads"
    return "lower_half" if seconds < MUCH_SECONDS else "nothing"


def frozen_names(
    network: MaskNetwork, policy: FreezePolicy | list[str], shape: tuple[int, int, int]
) -> set[str]:
    """Names of the parameters that stay as they are.

    ``all_but_heads`` leaves free all layers that normalise, and the part of the network that lies
    nearest to the masks: everything below that one of its children. ``lower_half`` freezes the half
    of the modules that is further from the masks. Where several networks are joined, one for each
    stem or an ensemble, each of them is treated so.

    Args:
        network: any.
        policy: not ``auto``; a list holds beginnings of names.
        shape: channels, bins, and a number of steps that the network takes.

    Raises:
        UserError: a name in the list is the beginning of none, or nothing would be left to train.
    """
    names = [name for name, _ in network.named_parameters()]
    if policy == "nothing":
        return set()
    if isinstance(policy, list):
        return _listed(names, policy)
    trunks: dict[str, nn.Module] = {"": network}
    if isinstance(network, Joined):
        trunks = {f"networks.{place}.": one for place, one in enumerate(network.networks)}
    frozen: set[str] = set()
    for prefix, trunk in trunks.items():
        depths = _module_depths(trunk, shape)
        half = policy == "lower_half"
        free = _upper_half(depths) if half else _heads(trunk, depths)
        own = {name for name, _ in trunk.named_parameters()}
        frozen |= {prefix + name for name in own if _owner(name) not in free}
    return frozen


def freeze(network: MaskNetwork, names: Iterable[str]) -> None:
    """Take the gradient from these parameters, and keep what normalises by statistics from moving.

    An optimiser leaves a parameter without gradient alone, weight decay included, so frozen weights
    stay equal bit for bit. Where anything is frozen, running means and variances stay the base's
    too: batches of a few items would only blur them.
    """
    chosen = set(names)
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name not in chosen)
    if chosen:
        for module in network.modules():
            if isinstance(module, _Statistics):
                # On each of them, for not every loss goes by way of the network's forward.
                module.register_forward_pre_hook(_stays)


def _stays(module: nn.Module, _: Any) -> None:
    # In a hook, because a trainer puts the whole network into training mode at every step.
    module.eval()


def parameter_depths(network: nn.Module, shape: tuple[int, int, int]) -> dict[str, int]:
    """Longest chain of operations from each parameter to the masks; those unused are deepest."""
    channels, bins, steps = shape
    device = next(network.parameters()).device
    noise = torch.randn(
        1, channels, bins, steps, dtype=torch.complex64, generator=torch.Generator().manual_seed(0)
    )
    with torch.enable_grad():
        masks = network(noise.to(device))
    found = _chains(masks.grad_fn)
    deepest = max(found.values(), default=0) + 1
    return {
        name: found.get(id(parameter), deepest) for name, parameter in network.named_parameters()
    }


def _chains(root: Any) -> dict[int, int]:
    """Id of a parameter -> length of its longest chain, over the graph in topological order."""
    waiting: dict[Any, int] = defaultdict(int)
    seen, stack = {root}, [root]
    while stack:
        for after in _next(stack.pop()):
            waiting[after] += 1
            if after not in seen:
                seen.add(after)
                stack.append(after)
    length: dict[Any, int] = defaultdict(int)
    found: dict[int, int] = {}
    ready = deque([root])
    while ready:
        node = ready.popleft()
        if hasattr(node, "variable"):
            found[id(node.variable)] = length[node]
        for after in _next(node):
            length[after] = max(length[after], length[node] + 1)
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    return found


def _next(node: Any) -> list[Any]:
    return [after for after, _ in node.next_functions if after is not None]


def _owner(name: str) -> str:
    return name.rpartition(".")[0]


def _module_depths(trunk: nn.Module, shape: tuple[int, int, int]) -> dict[str, int]:
    """Module -> depth of the nearest parameter of its own."""
    depths: dict[str, int] = {}
    was_training = trunk.training
    trunk.eval()
    for name, depth in parameter_depths(trunk, shape).items():
        depths[_owner(name)] = min(depth, depths.get(_owner(name), depth))
    trunk.train(was_training)
    return depths


def _upper_half(depths: dict[str, int]) -> set[str]:
    nearest_first = sorted(depths, key=lambda name: depths[name])
    return set(nearest_first[: -(-len(nearest_first) // 2)])


def _heads(trunk: nn.Module, depths: dict[str, int]) -> set[str]:
    nearest_first = sorted(depths, key=lambda name: depths[name])
    # What the network keeps itself has no child to stand for; it is free with the nearest child.
    nearest = next((name for name in nearest_first if name), "")
    child = nearest.partition(".")[0]
    free = {name for name in depths if name == child or name.startswith(f"{child}.")}
    if depths.get("", 0) and depths[""] <= depths[nearest]:
        free.add("")
    return free | {name for name, module in trunk.named_modules() if isinstance(module, _NORMS)}


def _listed(names: list[str], beginnings: list[str]) -> set[str]:
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in names):
            raise UserError(
                f"No parameter's name begins with {beginning!r}",
                f"write beginnings of names such as {names[0]} into freeze",
            )
    frozen = {name for name in names if name.startswith(tuple(beginnings))}
    if len(frozen) == len(names):
        raise UserError("Everything would be frozen", "leave a part of the network out of freeze")
    return frozen
