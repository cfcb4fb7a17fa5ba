"""Section 4 of 1406.2661, and what the two losses of the generator give it to learn from."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Normal

from rivals.losses.adversarial import AdversarialLoss, minimax, non_saturating
from rivals.losses.cells import grid
from rivals.losses.optimum import criterion, game_value, jensen_shannon_divergence, optimal_discriminator

X = grid(-12, 12, 2000)


def normal(mean: float, sd: float) -> Tensor:
    return Normal(mean, sd).log_prob(X).softmax(0)


def test_no_discriminator_does_better_than_the_optimal_one() -> None:
    p, q = normal(0, 1), normal(1.5, 2)
    best = optimal_discriminator(p, q)
    assert game_value(best, p, q) == pytest.approx(criterion(p, q).item(), abs=1e-12)
    for seed in range(5):
        shift = 0.2 * torch.randn(len(X), generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        assert game_value(torch.sigmoid(best.logit() + shift), p, q) < criterion(p, q) - 1e-3


def test_the_optimal_discriminator_is_half_where_both_are_alike_or_absent() -> None:
    p, q = torch.tensor([0.5, 0.5, 0.0, 0.0]), torch.tensor([0.5, 0.0, 0.5, 0.0])
    assert optimal_discriminator(p, q).tolist() == [0.5, 1.0, 0.0, 0.5]


def test_the_criterion_is_least_where_the_model_is_the_data() -> None:
    p = normal(0, 1)
    assert criterion(p, p) == pytest.approx(-math.log(4), abs=1e-12)
    shift = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    for _ in range(100):  # plain gradient descent on C(G) alone finds the data
        (slope,) = torch.autograd.grad(criterion(p, (-0.5 * (X - shift).square()).softmax(0)), shift)
        shift = (shift - slope).detach().requires_grad_()
    assert shift.item() == pytest.approx(0, abs=1e-6)
    assert all(criterion(p, normal(mean, sd)) > 0.001 - math.log(4) for mean, sd in ((0.2, 1), (0, 1.2), (3, 0.5)))


def test_disjoint_supports_are_log_2_apart_however_far() -> None:
    cells = torch.eye(10, dtype=torch.float64)
    assert [jensen_shannon_divergence(cells[0], cells[k]).item() for k in range(10)] == pytest.approx(
        [0] + 9 * [math.log(2)]
    )


def pull(loss: AdversarialLoss, logits: Tensor) -> Tensor:
    """The gradient of the generator's loss in each logit of a fake."""
    logits = logits.clone().requires_grad_()
    return torch.autograd.grad(len(logits) * loss.generator(real=None, fake=logits), logits)[0]


def test_the_saturating_gradient_dies_where_fakes_are_found_out_and_the_other_does_not() -> None:
    logits = torch.tensor([-20.0, -5.0, 0.0, 5.0])
    D = logits.sigmoid()
    torch.testing.assert_close(pull(minimax, logits), -D)
    torch.testing.assert_close(pull(non_saturating, logits), D - 1)
    assert pull(minimax, logits)[0] > -1e-8 and pull(non_saturating, logits)[0] == pytest.approx(-1)


def test_far_from_the_data_only_the_non_saturating_generator_is_pulled() -> None:
    """N(shift, 1) against N(0, 1) under D*: the logit is shift^2 / 2 - shift x, its slope -shift everywhere."""
    for shift, died in ((1.0, False), (8.0, True)):
        q = normal(shift, 1)
        logits = shift**2 / 2 - shift * X
        pulls = {name: -shift * (q * pull(loss, logits)).sum().item() for name, loss in LOSSES.items()}
        assert (pulls["minimax"] < 1e-3) == died
        assert pulls["non-saturating"] == pytest.approx(shift * (q * (1 - logits.sigmoid())).sum().item())
        assert pulls["non-saturating"] > 0.4 * shift


LOSSES = {"minimax": minimax, "non-saturating": non_saturating}
