"""What a move is: who moves, what is computed for it, and by how much."""

import cmath
import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from rivals.parts.average import MovingAverage
from rivals.play import Player, average_buffers, descend_together, gather, load_state, split, state_of


def mlp(inputs: int = 3, width: int = 8, outputs: int = 2, seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(inputs, width), nn.Tanh(), nn.Linear(width, outputs))


def player(network: nn.Module, lr: float = 0.1, **parts: Any) -> Player:
    return Player(network, torch.optim.SGD(network.parameters(), lr=lr), **parts)


def batch(n: int = 12, width: int = 3) -> Tensor:
    return torch.randn(n, width, generator=torch.Generator().manual_seed(4))


def numbers(player: Player) -> Tensor:
    return torch.cat([p.detach().flatten() for p in player.network.parameters()])


class Number(nn.Module):
    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value))

    def forward(self) -> Tensor:
        return self.value


# Freezing


def test_a_player_builds_no_graph_outside_its_own_move() -> None:
    mover, other = player(mlp()), player(mlp(seed=1))
    seen: dict[str, bool] = {}

    def loss(x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        seen["mover"], seen["other"] = mover(x).requires_grad, other(x).requires_grad
        return mover(x).square().mean() + other(x).mean(), {"made": mover(x)}

    assert not mover(batch()).requires_grad
    facts = mover.descend(loss, batch())
    assert seen == {"mover": True, "other": False}
    assert not facts["sequential/made"].requires_grad and not facts["sequential/loss"].requires_grad
    assert all(p.grad is None and not p.requires_grad for p in (*mover.parameters, *other.parameters))


def test_no_more_is_computed_than_the_arithmetic_needs() -> None:
    """Two layers each: G: z -> h -> x, D: x -> h -> 1. A product of (n, a) and (a, b) costs 2 n a b."""
    n, latent, hidden, width = 16, 5, 32, 7
    G, D = player(mlp(latent, hidden, width)), player(mlp(width, hidden, 1))
    real, z = batch(n, width), batch(n, latent)
    into_G, out_of_G, into_D, out_of_D = (
        2 * n * a * b for a, b in ((latent, hidden), (hidden, width), (width, hidden), (hidden, 1))
    )

    def critic_loss(real: Tensor, z: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return D(G(z)).mean() - D(real).mean(), {}

    def generator_loss(z: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return -D(G(z)).mean(), {}

    def cost(move: Callable[[], Any]) -> int:
        with FlopCounterMode(display=False) as counter:
            move()
        return counter.get_total_flops()

    # the critic: G forward; D twice forward, both its weights' gradients, and the gradient of its hidden layer
    assert cost(lambda: D.descend(critic_loss, real, z)) == into_G + out_of_G + 2 * (2 * into_D + 3 * out_of_D)
    # the generator: both forward; D's two input gradients and no weight's; G's weights' and its hidden layer's
    assert cost(lambda: G.descend(generator_loss, z)) == 2 * into_G + 3 * out_of_G + 2 * (into_D + out_of_D)


def test_a_loss_that_raises_leaves_nothing_behind() -> None:
    """Not even the gradient of the half batch that went before: the next move is as if it had never been."""
    mover, fresh, calls = player(mlp(), accumulate=2), player(mlp(), accumulate=2), []

    def loss(x: Tensor, fails: bool) -> tuple[Tensor, dict[str, Tensor]]:
        calls.append(len(x))
        if fails and len(calls) == 2:
            raise ArithmeticError("a loss of one's own")
        return mover(x).square().mean(), {}

    with pytest.raises(ArithmeticError):
        mover.descend(loss, batch(), True)
    assert all(p.grad is None and not p.requires_grad for p in mover.parameters)
    assert mover.steps == 0 and torch.equal(numbers(mover), numbers(fresh))
    mover.descend(loss, batch(), False)
    fresh.descend(lambda x: (fresh(x).square().mean(), {}), batch())
    assert torch.equal(numbers(mover), numbers(fresh))


def test_an_optimizer_may_move_a_part_of_the_network_only() -> None:
    network = mlp()
    mover = Player(network, torch.optim.SGD(network[2].parameters(), lr=0.1))
    before = network[0].weight.clone()
    mover.descend(lambda x: (mover(x).square().mean(), {}), batch())
    assert torch.equal(network[0].weight, before) and network[0].weight.grad is None


def test_strangers_in_the_optimizer() -> None:
    network, other = mlp(), mlp()
    with pytest.raises(ValueError, match="moves 4 tensors that Sequential does not own; build it from"):
        Player(network, torch.optim.SGD([*network.parameters(), *other.parameters()], lr=0.1))


# Simultaneous play


def test_a_bilinear_game_spirals_as_in_closed_form() -> None:
    """min over x, max over y of x y: simultaneous steps turn and stretch (x, y) by 1 + i rate."""
    x, y, rate, steps = player(Number(0.6), lr=0.2, name="x"), player(Number(-0.3), lr=0.2, name="y"), 0.2, 25

    def losses() -> tuple[tuple[Tensor, Tensor], dict[str, Tensor]]:
        product = x() * y()
        return (product, -product), {"product": product}

    for _ in range(steps):
        facts = descend_together((x, y), losses)
    point = complex(0.6, -0.3) * (1 + 1j * rate) ** steps
    assert complex(x().item(), y().item()) == pytest.approx(point, rel=1e-5)
    assert abs(point) == pytest.approx(cmath.sqrt(1 + rate**2).real ** steps * abs(complex(0.6, -0.3)))
    assert facts["x/loss"].item() == -facts["y/loss"].item() == pytest.approx(facts["product"].item())


def test_turns_differ_from_simultaneous_play() -> None:
    """The same game in turns: y answers the x that has already moved."""
    x, y = player(Number(0.6), name="x"), player(Number(-0.3), name="y")
    x.descend(lambda: (x() * y(), {}))
    y.descend(lambda: (-x() * y(), {}))
    assert x().item() == pytest.approx(0.6 + 0.1 * 0.3)
    assert y().item() == pytest.approx(-0.3 + 0.1 * 0.63)


# The parts of a step


@pytest.mark.parametrize("accumulate", [2, 5, 12, 40])
def test_accumulation_equals_the_whole_batch(accumulate: int) -> None:
    whole, parts = player(mlp()), player(mlp(), accumulate=accumulate)
    for mover in (whole, parts):

        def loss(x: Tensor, weight: Tensor, mover: Player = mover) -> tuple[Tensor, dict[str, Tensor]]:
            made = mover(x)
            return weight * made.square().mean(), {"mean": made.mean(), "made": made}

        for _ in range(3):
            facts = mover.descend(loss, batch(), torch.tensor(2.0))
        assert facts["sequential/made"].shape == (12, 2)
        if mover is whole:
            expected = facts
    torch.testing.assert_close(numbers(parts), numbers(whole), rtol=0, atol=1e-6)
    for name, fact in expected.items():
        torch.testing.assert_close(facts[name], fact, rtol=0, atol=1e-6)


def test_accumulation_of_simultaneous_moves() -> None:
    ends = []
    for accumulate in (1, 3):
        one, other = player(mlp(), accumulate=accumulate, name="a"), player(mlp(seed=1), name="b")

        def losses(x: Tensor, a: Player = one, b: Player = other) -> tuple[tuple[Tensor, Tensor], dict[str, Tensor]]:
            product = (a(x) * b(x)).sum(1).mean()
            return (product, -product), {}

        descend_together((one, other), losses, batch())
        ends.append(torch.cat((numbers(one), numbers(other))))
    torch.testing.assert_close(*ends, rtol=0, atol=1e-6)


def test_splitting_keeps_everything_in_order() -> None:
    x, y, scalar = torch.arange(7), torch.arange(14).view(7, 2), torch.tensor(3.0)
    shares = split((x, y, scalar, "word"), 3)
    assert torch.equal(torch.cat([inputs[0] for _, inputs in shares]), x)
    assert torch.equal(torch.cat([inputs[1] for _, inputs in shares]), y)
    assert all(inputs[2] is scalar and inputs[3] == "word" for _, inputs in shares)
    assert [weight for weight, _ in shares] == pytest.approx([len(inputs[0]) / 7 for _, inputs in shares])
    assert split((scalar,), 4) == [(1.0, (scalar,))]


@pytest.mark.parametrize(("clip", "expected"), [(0.5, 0.5), (100.0, 5.0), (None, 5.0)])
def test_clipping_bounds_the_norm_of_the_whole_gradient(clip: float | None, expected: float) -> None:
    network = nn.Linear(1, 1)
    mover = player(network, lr=1.0, clip=clip)
    before = numbers(mover)
    mover.descend(lambda: (3 * network.weight.sum() + 4 * network.bias.sum(), {}))
    step = before - numbers(mover)
    assert step.norm().item() == pytest.approx(expected, rel=1e-5)
    assert (step / step.norm()).tolist() == pytest.approx([0.6, 0.8], rel=1e-5)


def test_the_rate_is_a_function_of_the_number_of_steps() -> None:
    mover = player(Number(0.0), lr=0.5, schedule=lambda steps: 1 / (1 + steps))
    places = []
    for _ in range(4):
        mover.descend(lambda: (-mover(), {}))
        places.append(mover().item())
    assert places == pytest.approx([0.5, 0.75, 0.75 + 0.5 / 3, 0.875 + 0.5 / 3])
    resumed = player(Number(0.0), lr=0.5, schedule=lambda steps: 1 / (1 + steps))
    resumed.load_state_dict(mover.state_dict())
    resumed.descend(lambda: (-resumed(), {}))
    assert resumed.steps == 5 and resumed().item() == pytest.approx(places[-1] + 0.1)


def test_the_average_follows_every_step() -> None:
    network = Number(0.0)
    average = MovingAverage(network, half_life=1.0, warmup=float("inf"))
    mover = player(network, lr=1.0, average=average)
    expected = 0.0
    for step in range(1, 5):
        mover.descend(lambda: (-mover(), {}))
        expected = (expected + step) / 2
        assert mover.sampler().item() == pytest.approx(expected) and mover().item() == step
    assert mover.sampler is average.network and player(network).sampler is network
    again = Number(0.0)
    loaded = player(again, average=MovingAverage(again))
    loaded.load_state_dict(mover.state_dict())
    assert loaded.sampler().item() == mover.sampler().item()


def test_state_of_a_game_holds_its_direct_fields_with_memory() -> None:
    class Game:
        def __init__(self) -> None:
            self.mover, self.memory, self.rate, self.word = player(mlp()), nn.BatchNorm1d(2), 0.5, "plain"

    one, other = Game(), Game()
    one.mover.descend(lambda x: (one.mover(x).sum(), {}), batch())
    one.memory(batch(width=2))
    state = state_of(one)
    assert state.keys() == {"mover", "memory"} and state["mover"]["steps"] == 1
    load_state(other, state)
    assert torch.equal(numbers(one.mover), numbers(other.mover)) and other.mover.steps == 1
    assert torch.equal(one.memory.running_mean, other.memory.running_mean)
    with pytest.raises(ValueError, match="the saved state holds mover, and this Game needs memory, mover"):
        load_state(other, {"mover": state["mover"]})


# Compiling


def gradient_game(compile: bool) -> tuple[list[Player], Callable[[], dict[str, Tensor]]]:
    """A critic with a gradient penalty and a generator, both on the same batch."""
    G, D = player(mlp(2, 8, 3), compile=compile, name="G"), player(mlp(3, 8, 1, seed=1), compile=compile, name="D")

    def critic_loss(real: Tensor, z: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        slope = torch.func.grad(lambda x: D(x).sum())(real)
        return D(G(z)).mean() - D(real).mean() + slope.square().sum(1).mean(), {"slope": slope.norm()}

    def generator_loss(z: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return -D(G(z)).mean(), {}

    def together(z: Tensor, weight: Tensor) -> tuple[tuple[Tensor, Tensor], dict[str, Tensor]]:
        product = weight * D(G(z)).square().mean()
        return (product, -product), {}

    def round(weight: float) -> dict[str, Tensor]:
        facts = D.descend(critic_loss, batch(), batch(width=2)) | G.descend(generator_loss, batch(width=2))
        return facts | descend_together((G, D), together, batch(width=2), torch.tensor(weight))

    return [G, D], round


def graphs() -> int:
    return torch._dynamo.utils.counters["stats"]["unique_graphs"]


def test_compiled_losses_are_the_same_and_are_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole losses as one graph each, a penalty within and a simultaneous move among them; without code generation."""
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="aot_eager"))
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    eager, compiled = gradient_game(False), gradient_game(True)
    for step in range(5):
        expected, facts = eager[1](0.1 * step), compiled[1](0.1 * step)
        assert graphs() == 3, "one graph for each loss, and never again"
    assert not torch._dynamo.utils.counters["graph_break"]
    for ours, theirs in zip(compiled[0], eager[0], strict=True):
        torch.testing.assert_close(numbers(ours), numbers(theirs), rtol=0, atol=1e-5)
    for name, fact in expected.items():
        torch.testing.assert_close(facts[name], fact, rtol=0, atol=1e-5)


@pytest.mark.skipif(not shutil.which("c++"), reason="needs a C++ compiler")
@pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning")  # the compiler's own imports
def test_compiled_to_machine_code() -> None:
    import torch._inductor.config

    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    eager, compiled = player(mlp()), player(mlp(), compile=True)
    for mover in (eager, compiled):

        def loss(x: Tensor, mover: Player = mover) -> tuple[Tensor, dict[str, Tensor]]:
            return mover(x).square().mean(), {}

        with torch._inductor.config.patch(cpp_cache_precompile_headers=False, compile_threads=1):  # quicker, here
            for _ in range(5):
                mover.descend(loss, batch())
    assert graphs() == 1
    torch.testing.assert_close(numbers(compiled), numbers(eager), rtol=0, atol=1e-5)


# Ranks (each game's whole round is held against one process in tests/games/test_contract.py)


def one_rank(rank: int, folder: str) -> None:
    torch.set_num_threads(1)
    wait = timedelta(seconds=60)
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2, timeout=wait)
    torch.save(half(rank, 2), Path(folder) / f"{rank}.pt")
    dist.destroy_process_group()


def half(rank: int, world: int) -> dict[str, Tensor]:
    """What one rank of the world gets from its part of the batch."""
    size = 12 // world
    x = batch()[rank * size : (rank + 1) * size]

    def adam(network: nn.Module, **parts: Any) -> Player:
        return Player(network, torch.optim.Adam(network.parameters(), lr=0.1), **parts)

    lazy = adam(mlp(outputs=1))
    lazy.descend(lambda x: (lazy(x).square().mean(), {}), x)  # gives Adam's momentum to every parameter
    lazy.descend(lambda x: (torch.func.grad(lambda x: lazy(x).sum())(x).square().mean(), {}), x)  # not to the last bias
    spread = adam(mlp())
    spread.descend(lambda x: (gather(spread(x)).std(), {}), x)
    clipped = player(mlp(), clip=0.01)
    clipped.descend(lambda x: (clipped(x).square().mean(), {}), x)

    class Game:
        norm = nn.BatchNorm1d(3)

        def __init__(self) -> None:
            self.player = player(self.norm)

    game = Game()
    game.player(x)
    average_buffers(game)
    found = {"lazy": numbers(lazy), "spread": numbers(spread), "clipped": numbers(clipped)}
    return found | {"mean": game.norm.running_mean.clone()}


def test_two_ranks_equal_one(tmp_path: Path) -> None:
    """A penalty alone, which reaches no last bias; a loss that compares samples; clipping; batch statistics."""
    mp.spawn(one_rank, args=(str(tmp_path),), nprocs=2)
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    for name, alone in half(0, 1).items():
        assert torch.equal(first[name], second[name]), name
        torch.testing.assert_close(first[name], alone, rtol=0, atol=1e-5, msg=lambda text, name=name: f"{name}: {text}")
