"""SeqGAN: one round by hand, the action values, and sampling that keeps what it is given."""

import math

import pytest
import torch
from torch import Tensor, nn

from rivals.games.seqgan import SeqGAN
from rivals.loop import fit
from rivals.networks.sequence import TokenJudge, TokenPolicy
from rivals.parts.average import MovingAverage
from rivals.play import Player
from tests.games.tiny_hard import slowly


class Coin(nn.Module):
    """Writes token 1 with probability sigmoid(weight), whatever came before; its draws are fixed for the test."""

    def __init__(self, weight: float, drawn: Tensor, ending: int) -> None:
        super().__init__()
        self.weight, self.drawn, self.ending = nn.Parameter(torch.tensor(weight)), drawn, ending

    def forward(self, tokens: Tensor) -> Tensor:
        return torch.stack((torch.zeros_like(self.weight), self.weight)).expand(*tokens.shape, 2)

    def sample(self, count: int, length: int) -> Tensor:
        return self.drawn

    def continued(self, tokens: Tensor, keep: Tensor) -> Tensor:
        return torch.where(torch.arange(tokens.shape[1]) < keep[:, None], tokens, self.ending)


class Count(nn.Module):
    """Logit: weight times the number of ones."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.weight * tokens.sum(1)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_one_round_by_hand() -> None:
    """1609.05473, Algorithm 1 on sentences of two tokens; every continuation ends with token 1."""
    theta, w, rate = 0.4, 0.9, 0.1
    drawn, real = torch.tensor([[1, 0], [0, 1]]), torch.tensor([[1, 1], [1, 0]])
    policy, judge = Coin(theta, drawn, ending=1), Count(w)
    follower = MovingAverage(policy)
    game = SeqGAN(
        Player(policy, torch.optim.SGD(policy.parameters(), lr=rate)),
        Player(judge, torch.optim.SGD(judge.parameters(), lr=rate)),
        follower,
        samples=3,
        discriminator_steps=1,
        epochs=1,
    )
    ((_, facts),) = fit(game, iter([real, real]), rounds=range(1))

    # Q of the first token is D of (it, 1); Q of the last is D of the sentence (eq. 4)
    value = [[sigmoid(2 * w), sigmoid(w)], [sigmoid(w), sigmoid(w)]]
    p = sigmoid(theta)
    climb = (1 - p) * value[0][0] - p * value[0][1] - p * value[1][0] + (1 - p) * value[1][1]  # eq. 8, of two sentences
    assert policy.weight.item() == pytest.approx(theta + rate * climb / 2)
    assert facts["policy/reward"].item() == pytest.approx((value[0][1] + value[1][1]) / 2)

    # the discriminator: -log D(real) - log(1 - D(fake)), means over sentences (eq. 5)
    slope = -(2 * (1 - sigmoid(2 * w)) + (1 - sigmoid(w))) / 2 + sigmoid(w)
    assert judge.weight.item() == pytest.approx(w - rate * slope)
    assert follower.steps == 1


def test_the_discriminator_learns_from_the_same_fakes_for_some_epochs() -> None:
    policy, judge = Coin(0.4, torch.tensor([[1, 0], [0, 1]]), ending=1), Count(0.9)
    players = (Player(each, torch.optim.SGD(each.parameters(), lr=0.1)) for each in (policy, judge))
    game = SeqGAN(*players, MovingAverage(policy), samples=1, discriminator_steps=2, epochs=3)
    real = torch.tensor([[1, 1], [1, 0]])
    for _ in fit(game, iter([real] * 3), rounds=range(1)):
        pass
    assert game.discriminator.steps == 2 * 3


def test_prefixes_are_continued_by_the_policy_that_lags_behind() -> None:
    """1609.05473, Algorithm 1 continues by G_beta: here it ends with 0, and the policy that it follows with 1."""
    policy, judge = Coin(0.4, torch.tensor([[1, 0]]), ending=1), Count(0.9)
    follower = MovingAverage(policy)
    follower.network.ending = 0
    game = SeqGAN(*(Player(each, torch.optim.SGD(each.parameters(), lr=0.1)) for each in (policy, judge)), follower)
    value = game.action_value(torch.tensor([[1, 1], [0, 1]]))
    assert value.flatten().tolist() == pytest.approx([sigmoid(0.9), sigmoid(1.8), sigmoid(0.0), sigmoid(0.9)])


def test_the_rollout_policy_follows_each_step_of_the_policy() -> None:
    policy, judge = Coin(0.4, torch.tensor([[1, 0], [0, 1]]), ending=1), Count(0.9)
    players = [Player(each, torch.optim.SGD(each.parameters(), lr=0.1)) for each in (policy, judge)]
    game = SeqGAN(*players, slowly(policy), samples=1, discriminator_steps=0)
    game.play_round(iter([torch.zeros(2, 2)]))
    assert policy.weight.item() != pytest.approx(0.4)  # or there was nothing to follow
    assert game.rollout.network.weight.item() == pytest.approx(0.8 * 0.4 + 0.2 * policy.weight.item())


def test_action_values_average_continuations_of_each_prefix() -> None:
    torch.manual_seed(0)
    policy, judge = TokenPolicy(4), TokenJudge(4, 5)
    optimizer = torch.optim.SGD
    game = SeqGAN(
        Player(policy, optimizer(policy.parameters(), lr=0.1)),
        Player(judge, optimizer(judge.parameters(), lr=0.1)),
        slowly(policy),
        samples=4000,
    )
    tokens = policy.sample(2, 5)
    value = game.action_value(tokens)
    torch.testing.assert_close(value[:, -1], torch.sigmoid(judge(tokens)), rtol=0, atol=1e-5)
    for row in range(2):
        for keep in (1, 3):
            many = tokens[row].expand(20_000, 5)
            expected = torch.sigmoid(judge(policy.continued(many, torch.full((20_000,), keep)))).mean()
            assert value[row, keep - 1].item() == pytest.approx(expected.item(), abs=2e-3)


def test_sampling_keeps_the_prefix_and_follows_the_policy() -> None:
    torch.manual_seed(0)
    policy = TokenPolicy(3).requires_grad_(False)
    tokens = torch.randint(3, (6000, 4))
    keep = torch.arange(6000) % 5
    continued = policy.continued(tokens, keep)
    kept = torch.arange(4) < keep[:, None]
    assert torch.equal(continued[kept], tokens[kept])
    sampled = policy.sample(40_000, 2)
    share = torch.bincount(sampled[:, 0], minlength=3) / 40_000
    assert torch.allclose(share, policy(sampled[:1])[0, 0].softmax(-1), atol=0.01)
    after = sampled[sampled[:, 0] == 2]
    share = torch.bincount(after[:, 1], minlength=3) / len(after)
    assert torch.allclose(share, policy(after[:1])[0, 1].softmax(-1), atol=0.02)


def test_the_rollout_policy_keeps_four_fifths_of_itself() -> None:
    policy = nn.Linear(1, 1, bias=False)
    follower = slowly(policy)
    before = follower.network.weight.item()
    with torch.no_grad():
        policy.weight += 1
    follower.update()
    assert follower.network.weight.item() == pytest.approx(before + 0.2)
