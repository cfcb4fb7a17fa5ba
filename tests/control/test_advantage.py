"""Generalised advantages against sums written out by hand."""

import pytest
import torch

from rivals.control.advantage import generalised_advantage, normalised
from rivals.losses.policy import clipped_surrogate, policy_gradient, value_error

G, L = 0.9, 0.8
REWARD, VALUE, NEXT = [1.0, 2.0, 4.0], [0.5, 1.5, -1.0], [1.5, -1.0, 3.0]


def advantage(terminated: list[bool], ended: list[bool], trace: float = L) -> list[float]:
    columns = (torch.tensor(row).unsqueeze(1) for row in (REWARD, VALUE, NEXT))
    flags = {"terminated": torch.tensor(terminated).unsqueeze(1), "ended": torch.tensor(ended).unsqueeze(1)}
    return generalised_advantage(*columns, **flags, discount=G, trace=trace).flatten().tolist()


NO = [False] * 3
ERROR = [1 + G * 1.5 - 0.5, 2 + G * -1 - 1.5, 4 + G * 3 + 1.0]  # delta_t


def test_an_episode_that_goes_on() -> None:
    """1506.02438, eq. 16: the sum of (gamma lambda)^l delta_{t+l}."""
    last, middle = ERROR[2], ERROR[1] + G * L * ERROR[2]
    assert advantage(NO, NO) == pytest.approx([ERROR[0] + G * L * middle, middle, last])


def test_a_terminated_episode_is_worth_nothing_afterwards() -> None:
    over = [False, True, False]
    error = 2 - 1.5
    assert advantage(over, over) == pytest.approx([ERROR[0] + G * L * error, error, ERROR[2]])


def test_a_truncated_episode_is_bootstrapped_but_not_carried_on() -> None:
    assert advantage(NO, [False, True, False]) == pytest.approx([ERROR[0] + G * L * ERROR[1], ERROR[1], ERROR[2]])


def test_lambda_one_is_the_discounted_return_and_zero_the_one_step_error() -> None:
    over = [False, False, True]
    returns = [1 + G * 2 + G**2 * 4, 2 + G * 4, 4.0]
    assert advantage(over, over, trace=1.0) == pytest.approx([r - v for r, v in zip(returns, VALUE, strict=True)])
    assert advantage(NO, NO, trace=0.0) == pytest.approx(ERROR)


def test_normalised() -> None:
    x = torch.tensor([1.0, 2.0, 6.0])
    expected = (x - 3) / (14 / 3) ** 0.5
    torch.testing.assert_close(normalised(x), expected)


def test_policy_losses_by_hand() -> None:
    lp = torch.tensor([-1.0, -2.0], requires_grad=True)
    loss = policy_gradient(lp, torch.tensor([3.0, -1.0]))
    assert loss.item() == pytest.approx(-(-3 + 2) / 2)
    (slope,) = torch.autograd.grad(loss, lp)
    assert slope.tolist() == [-1.5, 0.5]  # descent makes the good action likelier, the bad one rarer
    tokens = policy_gradient(torch.tensor([[-1.0, -2.0], [-3.0, -4.0]]), torch.ones(2, 2))
    assert tokens.item() == pytest.approx(10 / 2)
    assert value_error(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0])).item() == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("ratio", "advantage", "value", "slope"),
    [  # 1707.06347, fig. 1: the objective is min(r A, clip(r) A); its slope in log r is r A, or nothing when clipped
        (1.1, 2.0, 2.2, 2.2),
        (1.5, 2.0, 2.4, 0.0),
        (0.5, 2.0, 1.0, 1.0),
        (1.5, -2.0, -3.0, -3.0),
        (0.5, -2.0, -1.6, 0.0),
    ],
)
def test_clipped_surrogate_by_hand(ratio: float, advantage: float, value: float, slope: float) -> None:
    log_probability = torch.tensor([-0.7], requires_grad=True)
    old = log_probability.detach() - torch.tensor(ratio).log()
    loss = clipped_surrogate(log_probability, old, torch.tensor([advantage]), clip=0.2)
    assert -loss.item() == pytest.approx(value)
    (gradient,) = torch.autograd.grad(loss, log_probability)
    assert -gradient.item() == pytest.approx(slope)
