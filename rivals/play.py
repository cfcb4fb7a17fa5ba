"""What a move is: a player descends its own loss, in its own parameters, and nobody else moves.

The order of the moves is the paper, so it stands in the game's `play_round`; this file holds only the verb.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

import torch
import torch.distributed as dist
from torch import Tensor, nn

Facts = dict[str, Any]
"""Detached device scalars worth logging, and whatever a later move of the round needs."""
Loss = Callable[..., tuple[Tensor, Facts]]
Losses = Callable[..., tuple[Sequence[Tensor], Facts]]


class Game(Protocol):
    """Players and the order of their moves; inherits nothing."""

    def play_round(self, feed: Any, /) -> Facts: ...


class Follower(Protocol):
    """Something that follows a network after each of its steps, such as a moving average of its weights."""

    network: nn.Module

    def update(self) -> None: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Mapping[str, Any]) -> Any: ...


@runtime_checkable
class Ageing(Protocol):
    """A part of a network that changes with training, such as noise that dies away: told of each step of its player."""

    def grow_older(self) -> None: ...


class Player:
    """A network, its optimiser, a schedule, and the parts of a step: average over ranks, clip, step, drop gradients.

    A player is frozen except inside its own `descend`: elsewhere its parameters build no graph, so no game
    needs `detach` or `no_grad`, and no weight gradient of a non-moving player is ever computed.

    `schedule` maps the number of steps taken to a factor on the optimiser's learning rates; it must be pure.
    `accumulate` splits a batch into that many parts, one backward pass each, one step in all.
    `clip` bounds the norm of the whole gradient. `compile` compiles the whole loss into one graph.
    `average` follows the network after each step; `sampler` is then its network, otherwise the player's own.

    Raises ValueError if the optimiser moves a tensor that the network does not own.
    """

    def __init__(
        self,
        network: nn.Module,
        optimizer: torch.optim.Optimizer,
        *,
        schedule: Callable[[int], float] | None = None,
        accumulate: int = 1,
        clip: float | None = None,
        compile: bool = False,
        average: Follower | None = None,
        name: str = "",
    ) -> None:
        self.network, self.optimizer, self.schedule = network, optimizer, schedule
        self.accumulate, self.clip, self.compile, self.average = accumulate, clip, compile, average
        self.name = name or type(network).__name__.lower()
        self.steps = 0
        self.parameters = [p for group in optimizer.param_groups for p in group["params"]]
        self._compiled: dict[Any, Any] = {}
        modules: list[Any] = list(network.modules())
        self._ageing = [part for part in modules if isinstance(part, Ageing)]
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        owned = {id(p) for p in network.parameters()}
        strangers = sum(id(p) not in owned for p in self.parameters)
        if strangers:
            raise ValueError(
                f"the optimizer of this player moves {strangers} tensors that {type(network).__name__} "
                "does not own; build it from network.parameters()"
            )
        network.requires_grad_(False)

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        return self.network(*inputs, **named)

    @property
    def sampler(self) -> nn.Module:
        """The network that samples and scores are taken from: the averaged one where there is one."""
        return self.average.network if self.average else self.network

    def descend(self, loss: Loss, *inputs: Any) -> Facts:
        """Lowers `loss(*inputs) -> (scalar, facts)` by one step. Returns the facts, named `<player>/<fact>`."""

        def losses(*parts: Any) -> tuple[Sequence[Tensor], Facts]:
            value, facts = self._whole(loss)(*parts)
            return (value,), facts

        facts = _move((self,), losses, *inputs)
        return {k if k.startswith(f"{self.name}/") else f"{self.name}/{k}": v for k, v in facts.items()}

    def step(self) -> None:
        """Takes one optimiser step with the gradients at hand, averaged over ranks and clipped, and drops them."""
        _average_over_ranks(self.parameters)
        if self.clip is not None:
            nn.utils.clip_grad_norm_(self.parameters, self.clip)
        if self.schedule is not None:
            for group in self.optimizer.param_groups:
                group["lr"] = group["initial_lr"] * self.schedule(self.steps)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        for part in self._ageing:
            part.grow_older()
        if self.average is not None:
            self.average.update()

    def state_dict(self) -> dict[str, Any]:
        """Everything the next step depends on."""
        optimizer = self.optimizer.state_dict()
        memory = {str(index): entries for index, entries in optimizer["state"].items()}
        state = {
            "network": self.network.state_dict(),
            "optimizer": {"state": memory, "param_groups": optimizer["param_groups"]},
            "steps": self.steps,
        }
        return state | ({"average": self.average.state_dict()} if self.average else {})

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        groups = state["optimizer"]["param_groups"]
        memory = {int(index): dict(entries) for index, entries in state["optimizer"]["state"].items()}
        self.optimizer.load_state_dict({"state": memory, "param_groups": groups})
        for p, entries in self.optimizer.state.items():  # in the parameter's memory format, as fused kernels need it
            for key, value in entries.items():
                if isinstance(value, Tensor) and value.shape == p.shape and value.dim():
                    entries[key] = torch.empty_like(p).copy_(value)
        self.steps = int(state["steps"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])

    def _whole(self, loss: Callable[..., Any]) -> Callable[..., Any]:
        """The loss itself, or its compiled form: one graph for the whole of it, made once."""
        if not self.compile:
            return loss
        key = (getattr(loss, "__func__", loss), id(getattr(loss, "__self__", None)))
        if key not in self._compiled:
            self._compiled[key] = torch.compile(loss, fullgraph=True)
        return self._compiled[key]


def descend_together(players: Sequence[Player], losses: Losses, *inputs: Any) -> Facts:
    """Simultaneous play: every player's gradient before any player's step, from one shared forward pass.

    `losses(*inputs) -> (one scalar a player, facts)`. A player lowers its own scalar in its own parameters only.
    It is compiled if the first player compiles.
    """
    return _move(players, players[0]._whole(losses), *inputs)


def _move(players: Sequence[Player], losses: Losses, *inputs: Any) -> Facts:
    parts = max(player.accumulate for player in players)
    shares, collected = split(inputs, parts), list[tuple[float, Facts]]()
    with _free(players):
        for weight, share in shares:
            values, facts = losses(*share)
            _backward(players, [value * weight for value in values] if len(shares) > 1 else values)
            own = {f"{player.name}/loss": value.detach() for player, value in zip(players, values, strict=True)}
            collected.append((weight, own | {k: _detached(v) for k, v in facts.items()}))
    for player in players:
        player.step()
    return _merged(collected)


def split(inputs: Sequence[Any], parts: int) -> list[tuple[float, tuple[Any, ...]]]:
    """Cuts the tensors among `inputs` along their batch into at most `parts` shares, each with its weight."""
    tensors = [x for x in inputs if isinstance(x, Tensor) and x.dim()]
    size = max((len(x) for x in tensors), default=1)
    parts = min(parts, size)
    if parts == 1:
        return [(1.0, tuple(inputs))]
    cuts = [round(i * size / parts) for i in range(parts + 1)]
    return [
        ((b - a) / size, tuple(x[a:b] if isinstance(x, Tensor) and x.dim() and len(x) == size else x for x in inputs))
        for a, b in zip(cuts, cuts[1:], strict=False)
    ]


def players(game: Any) -> dict[str, Player]:
    """The players of a game, by the name that the game gives them."""
    return {name: part for name, part in vars(game).items() if isinstance(part, Player)}


def state_of(game: Any) -> dict[str, Any]:
    """Everything the next round depends on but the feed: the state of every direct field of the game that has one."""
    return {name: part.state_dict() for name, part in _with_memory(game).items()}


def load_state(game: Any, state: Mapping[str, Any]) -> None:
    """Puts back what `state_of` gave. Raises ValueError if it is the state of a game with other parts."""
    parts = _with_memory(game)
    if parts.keys() != state.keys():
        found, expected = (", ".join(sorted(names)) or "nothing" for names in (state, parts))
        raise ValueError(f"the saved state holds {found}, and this {type(game).__name__} needs {expected}")
    for name, part in parts.items():
        part.load_state_dict(state[name])


@contextmanager
def options_as_they_are(game: Any) -> Iterator[None]:
    """Keeps the optimisers' rates, betas and the like while a state is loaded: a run's options may have changed."""
    groups = [group for player in players(game).values() for group in player.optimizer.param_groups]
    own = [{name: value for name, value in group.items() if name != "params"} for group in groups]
    yield
    groups = [group for player in players(game).values() for group in player.optimizer.param_groups]
    for group, options in zip(groups, own, strict=True):
        group.update(options | {"lr": options["initial_lr"]})


def _with_memory(game: Any) -> dict[str, Any]:
    return {
        name: part
        for name, part in vars(game).items()
        if callable(getattr(part, "state_dict", None)) and callable(getattr(part, "load_state_dict", None))
    }


def gather(x: Tensor) -> Tensor:
    """The same tensor of every rank, joined along the batch, with gradients: for losses that compare samples.

    The backward pass adds up what every rank contributes, so that averaging over ranks gives the gradient of all.
    """
    if not _several_ranks():
        return x
    from torch.distributed.nn.functional import all_gather

    return torch.cat(list(all_gather(x.contiguous())))


def average_over_ranks(x: Tensor) -> Tensor:
    """The mean of a detached tensor over ranks: for what a game remembers between rounds, such as BEGAN's k."""
    if not _several_ranks():
        return x
    x = x.detach().clone()
    dist.all_reduce(x)
    return x / dist.get_world_size()


def average_buffers(game: Any) -> None:
    """Averages the floating-point buffers (batch statistics) of all players over ranks, so that ranks stay equal."""
    if _several_ranks():
        buffers = [b for player in players(game).values() for b in player.network.buffers() if b.is_floating_point()]
        _average_flat(buffers)


@contextmanager
def _free(players: Sequence[Player]) -> Iterator[None]:
    """Lets the moving players' parameters require gradients, and freezes them again whatever happens."""
    parameters = [p for player in players for p in player.parameters]
    for p in parameters:
        p.requires_grad_(True)
    try:
        yield
    except BaseException:  # half a gradient must not be found by the next move
        for p in parameters:
            p.grad = None
        raise
    finally:
        for p in parameters:
            p.requires_grad_(False)


def _backward(players: Sequence[Player], values: Sequence[Tensor]) -> None:
    last = len(players) - 1
    for i, (player, value) in enumerate(zip(players, values, strict=True)):
        value.backward(inputs=player.parameters, retain_graph=i < last)


def _detached(fact: Any) -> Any:
    return fact.detach() if isinstance(fact, Tensor) else fact


def _merged(collected: list[tuple[float, Facts]]) -> Facts:
    """One dict of facts from those of the shares: scalars averaged, batches joined."""
    if len(collected) == 1:
        return collected[0][1]
    merged: Facts = {}
    for key, first in collected[0][1].items():
        values = [facts[key] for _, facts in collected]
        if not isinstance(first, Tensor):
            merged[key] = first
        elif first.dim():
            merged[key] = torch.cat(values)
        else:
            merged[key] = sum(weight * value for (weight, _), value in zip(collected, values, strict=True))
    return merged


def _several_ranks() -> bool:
    return dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1


def _average_over_ranks(parameters: Sequence[Tensor]) -> None:
    """Averages gradients in one flat buffer; wrappers hooking the forward pass miss losses made of gradients alone."""
    if not _several_ranks() or not parameters:
        return
    reached = torch.tensor([float(p.grad is not None) for p in parameters], device=parameters[0].device)
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    _average_flat([*gradients, reached])
    if any(p.grad is None for p in parameters):  # an optimiser skips what no rank reached, as it does on one process
        for p, gradient, anywhere in zip(parameters, gradients, reached.tolist(), strict=True):
            p.grad = gradient if anywhere else None


def _average_flat(tensors: Sequence[Tensor]) -> None:
    if tensors:
        flat = torch.cat([t.detach().flatten().float() for t in tensors])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for tensor, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))
