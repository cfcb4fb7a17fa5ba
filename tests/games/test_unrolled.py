import pytest
import torch
from torch import nn

from rivals.games import UnrolledGAN
from rivals.losses.adversarial import wasserstein
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, descending, mlp, one_sample, pair_by_hand, sigmoid


@pytest.mark.parametrize("look_ahead", [0, 1, 3])
def test_round_by_hand(look_ahead: int) -> None:
    """Under -w x + w s the slope after K steps is w + K eta (x - s), and the generator lowers -s times that."""
    game = UnrolledGAN(**pair_by_hand(), loss=wasserstein, look_ahead=look_ahead, look_ahead_rate=0.2)
    facts = game.play_round(one_sample())
    reach = look_ahead * 0.2
    s = SHIFT + RATE * (SLOPE + reach * (REAL - 2 * SHIFT))
    assert facts["generator/loss"] == pytest.approx(-(SLOPE + reach * (REAL - SHIFT)) * SHIFT)
    assert game.generator.network.shift.item() == pytest.approx(s)
    assert game.discriminator.network.slope.item() == pytest.approx(SLOPE + RATE * (REAL - s))


def test_gradient_through_the_steps_against_finite_differences() -> None:
    game, real, z = UnrolledGAN(**pair_by_hand(), look_ahead=2), torch.full((3, 1), REAL), torch.zeros(3, 1)

    def loss_at(shift: float) -> float:
        w = SLOPE
        for _ in range(2):
            w -= 0.1 * (-REAL * sigmoid(-w * REAL) + shift * sigmoid(w * shift))
        return torch.nn.functional.softplus(torch.tensor(-w * shift, dtype=torch.float64)).item()

    slope = (loss_at(SHIFT + 1e-4) - loss_at(SHIFT - 1e-4)) / 2e-4
    game.generator.descend(game.generator_loss, real, z)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT - RATE * slope, rel=1e-5)


def test_looking_ahead_leaves_batch_statistics_alone() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(1, 4), nn.BatchNorm1d(4), mlp(4, 1))
    game = UnrolledGAN(**pair_by_hand() | {"discriminator": descending(network, "discriminator")})
    game.generator.descend(game.generator_loss, torch.randn(8, 1), torch.zeros(8, 1))
    assert network[1].num_batches_tracked == 0 and network[1].running_mean.eq(0).all()


def test_compiled_equals_eager() -> None:
    torch._dynamo.reset()
    game, inputs = UnrolledGAN(**pair_by_hand()), (torch.full((3, 1), REAL), torch.zeros(3, 1))
    compiled = torch.compile(game.generator_loss, fullgraph=True, backend="aot_eager")
    game.generator.network.requires_grad_(True)
    shift = game.generator.network.shift
    eager, traced = (torch.autograd.grad(f(*inputs)[0], shift)[0] for f in (game.generator_loss, compiled))
    torch.testing.assert_close(eager, traced)
