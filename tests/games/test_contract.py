"""What every game must keep: exact resume, ownership of parameters, the same gradients on several ranks, learning."""

import io
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor

from rivals import play
from rivals.loop import fit
from rivals.play import load_state, players, state_of
from tests.games import tiny_codes, tiny_conditional, tiny_densities, tiny_encoder, tiny_gans, tiny_hard, tiny_named
from tests.games.tiny import Tiny

KINDS: dict[str, Callable[[], Tiny]] = (
    tiny_hard.TINY
    | tiny_gans.TINY
    | tiny_conditional.TINY
    | tiny_densities.TINY
    | tiny_codes.TINY
    | tiny_named.TINY
    | tiny_encoder.TINY
)
SAMPLING = {"seqgan", "gail", "ppo", "ebm"}
"""Draw samples, or chains of their own, inside their rounds: their ranks agree with each other, and with one rank alone
on fixed inputs."""


# 1. Resume


def leaves(state: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(state, dict):
        for key, value in state.items():
            yield from leaves(value, f"{path}/{key}")
    elif isinstance(state, list | tuple):
        for i, value in enumerate(state):
            yield from leaves(value, f"{path}/{i}")
    else:
        yield path, state


def assert_same(one: Any, other: Any, what: str) -> None:
    """Two states are equal, tensors bit for bit."""
    mine, theirs = dict(leaves(one)), dict(leaves(other))
    assert mine.keys() == theirs.keys(), what
    for path, leaf in mine.items():
        if isinstance(leaf, Tensor):
            assert torch.equal(leaf, theirs[path]), f"{what}: {path} differs"
        else:
            assert leaf == theirs[path], f"{what}: {path} differs"


def disturb() -> None:
    torch.rand(7), np.random.rand(5), random.random()


def copied(state: Any) -> Any:
    stream = io.BytesIO()
    torch.save(state, stream)
    stream.seek(0)
    return torch.load(stream, weights_only=True)


def played(tiny: Tiny, rounds: range, **options: int) -> list[dict[str, Any]]:
    facts = []
    for _, fact in fit(tiny.game, tiny.feed, rounds=rounds, **options):
        facts.append(fact)
        disturb()
    return facts


@pytest.mark.parametrize("kind", KINDS)
def test_resumes_exactly(kind: str) -> None:
    whole, first, second = KINDS[kind](), KINDS[kind](), KINDS[kind]()
    facts = played(whole, range(6), seed=3)
    played(first, range(3), seed=3)
    state, given = copied(state_of(first.game)), copied(first.feed.state_dict())
    played(second, range(1), seed=8)  # a used game forgets everything when it is loaded
    load_state(second.game, state)
    second.feed.load_state_dict(given)
    disturb()
    resumed = played(second, range(3, 6), seed=3)
    assert_same(state_of(whole.game), state_of(second.game), kind)
    assert_same(facts[3:], resumed, kind)
    assert whole.feed.state_dict() == second.feed.state_dict()


@pytest.mark.parametrize("kind", KINDS)
def test_state_is_tensors_and_plain_numbers(kind: str) -> None:
    tiny = KINDS[kind]()
    played(tiny, range(1))
    for path, leaf in leaves({"game": state_of(tiny.game), "feed": tiny.feed.state_dict()}):
        assert leaf is None or isinstance(leaf, Tensor | int | float | bool | str), f"{path} is a {type(leaf)}"


@pytest.mark.parametrize("kind", KINDS)
def test_facts_are_finite_scalars_without_a_graph(kind: str) -> None:
    (facts,) = played(KINDS[kind](), range(1))
    names = players(KINDS[kind]().game)
    assert {f"{name}/loss" for name in names} <= facts.keys()
    for name, fact in facts.items():
        value = torch.as_tensor(fact)
        assert value.dim() == 0 and not value.requires_grad and value.isfinite(), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_round_is_played_by_hand_whatever_the_players_are_called(kind: str) -> None:
    tiny = KINDS[kind]()
    named = players(tiny.game)
    for number, player in enumerate(named.values()):
        player.name = f"player {number}"
    facts = tiny.game.play_round(tiny.feed)
    assert {f"player {number}/loss" for number in range(len(named))} <= facts.keys()


# 2. Ownership


def weights(game: Any) -> dict[str, dict[str, Tensor]]:
    owned = players(game)
    return {name: {k: p.detach().clone() for k, p in owned[name].network.named_parameters()} for name in owned}


@pytest.mark.parametrize("kind", KINDS)
def test_a_move_changes_only_its_players(kind: str) -> None:
    tiny, moves = KINDS[kind](), []
    original = play._move

    def watched(movers: Any, losses: Any, *inputs: Any) -> Any:
        before = weights(tiny.game)
        facts = original(movers, losses, *inputs)
        moving, after = {player.name for player in movers}, weights(tiny.game)
        for name, own in after.items():
            changed = any(not torch.equal(value, before[name][key]) for key, value in own.items())
            assert changed == (name in moving), f"{name} {'moved' if changed else 'stood still'} in a move of {moving}"
        for name, player in players(tiny.game).items():
            for key, p in player.network.named_parameters():
                assert p.grad is None and not p.requires_grad, f"{name}.{key} is left with a gradient"
        moves.append(moving)
        return facts

    with patch.object(play, "_move", watched):
        played(tiny, range(2))
    assert set().union(*moves) == set(players(tiny.game)), "a player never moved"


# 3. Ranks


@contextmanager
def drawn_together(rank: int, world: int, batch: int) -> Iterator[None]:
    """Makes every random batch the rank's part of the global one, so that all ranks together see what one would."""

    def part(draw: Callable[..., Tensor], shape: tuple[int, ...], **options: Any) -> Tensor:
        if not shape or shape[0] == 0 or shape[0] % batch:
            return draw(shape, **options)
        return draw((shape[0] * world, *shape[1:]), **options)[rank * shape[0] : (rank + 1) * shape[0]]

    def shaped(name: str) -> Callable[..., Tensor]:
        draw = getattr(torch, name)
        return lambda *shape, **options: part(
            draw, tuple(shape[0]) if shape and not isinstance(shape[0], int) else shape, **options
        )

    def like(draw: Callable[..., Tensor]) -> Callable[..., Tensor]:
        return lambda x, **options: part(draw, tuple(x.shape), dtype=x.dtype, device=x.device, **options)

    def whole_numbers(*args: Any, **options: Any) -> Tensor:
        *bounds, shape = args
        return part(lambda size, **more: integers(*bounds, size, **more), tuple(shape), **options)

    rand, randn, integers = torch.rand, torch.randn, torch.randint
    replaced = {"rand": shaped("rand"), "randn": shaped("randn"), "rand_like": like(rand), "randn_like": like(randn)}
    with patch.multiple(torch, **replaced, randint=whole_numbers):
        yield


def part_of(value: Any, rank: int, world: int) -> Any:
    if not isinstance(value, Tensor) or not value.dim():
        return value
    size = len(value) // world
    return value[rank * size : (rank + 1) * size]


def fixed_moves(tiny: Tiny, rank: int, world: int) -> list[list[Tensor]]:
    """The gradients of moves on fixed inputs, averaged over ranks, read off a step of plain descent."""
    gradients = []
    for player, loss, inputs in tiny.moves() if tiny.moves else ():
        before = [p.detach().clone() for p in player.parameters]
        player.optimizer = torch.optim.SGD(player.parameters, lr=1.0)
        player.descend(loss, *(part_of(value, rank, world) for value in inputs))
        gradients.append([a - b for a, b in zip(before, player.parameters, strict=True)])
    return gradients


def part_for(kind: str, rank: int, world: int) -> Tiny:
    """The tiny game as one rank plays it.

    Descends with momentum: Adam divides by the gradient and so turns the rounding of a tiny one into a whole step.
    """
    tiny = KINDS[kind]()
    tiny.feed.rank, tiny.feed.world, tiny.feed.batch = rank, world, tiny.feed.batch // world
    for player in players(tiny.game).values():
        player.optimizer = torch.optim.SGD(player.parameters, lr=0.01, momentum=0.9)
    return tiny


def played_on(kind: str, rank: int, world: int) -> dict[str, Any]:
    """What rank `rank` of `world` holds after a few rounds, and what must be as with one rank alone."""
    tiny = part_for(kind, rank, world)
    compared: dict[str, Any] = {}
    if kind in SAMPLING:
        played(tiny, range(2), seed=5, rank=rank)
    else:
        with drawn_together(rank, world, tiny.feed.batch):
            played(tiny, range(3), seed=5)
        compared["rounds"] = [list(player.parameters) for player in players(tiny.game).values()]
    compared["moves"] = fixed_moves(KINDS[kind](), rank, world)
    state = {name: player.state_dict() for name, player in players(tiny.game).items()}
    return {"state": copied(state), "compared": copied(compared)}


def one_rank(rank: int, world: int, folder: str) -> None:
    torch.set_num_threads(1)
    meeting = f"file://{folder}/meeting"
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=world, timeout=timedelta(seconds=60))
    for kind in KINDS:
        try:
            result = played_on(kind, rank, world)
        except Exception:
            result = {"error": traceback.format_exc()}
        torch.save(result, Path(folder) / f"{kind}-{rank}.pt")
    dist.destroy_process_group()


@pytest.fixture(scope="module")
def two_ranks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ranks")
    mp.spawn(one_rank, args=(2, str(folder)), nprocs=2)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_two_ranks_play_as_one(kind: str, two_ranks: Path) -> None:
    first, second = (torch.load(two_ranks / f"{kind}-{rank}.pt", weights_only=True) for rank in (0, 1))
    assert "error" not in first, first["error"]
    assert_same(first["state"], second["state"], f"{kind}, the two ranks")
    alone = played_on(kind, 0, 1)
    for (path, ours), (_, theirs) in zip(leaves(alone["compared"]), leaves(first["compared"]), strict=True):
        apart, scale = (ours - theirs).abs().max(), ours.abs().max().clamp(min=1)
        assert apart <= 1e-5 * scale, f"{kind}{path}: {apart:.1e} apart at a size of {scale:.1e}"


# 5. Learns (the fourth, a round by hand, stands in each game's own file)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind]().learns])
def test_learns(kind: str) -> None:
    KINDS[kind]().learns()
