"""PPO as a rule: what it lowers, and that its simplest setting is the policy gradient."""

import math

import pytest
import torch
from torch import nn

from rivals.control.cartpole import CartPole
from rivals.control.ppo import PPO
from rivals.control.rollout import Rollout, collect
from rivals.networks.policy import DiscretePolicy
from rivals.play import Player


def policy(lr: float = 0.1) -> Player:
    torch.manual_seed(0)
    network = DiscretePolicy(4, 2)
    return Player(network, torch.optim.SGD(network.parameters(), lr=lr), name="policy")


def random_rollout() -> Rollout:
    torch.manual_seed(1)
    return collect(lambda seen: torch.randint(2, (len(seen),)), CartPole(4), 16)


def test_without_clipping_one_epoch_is_the_policy_gradient() -> None:
    ours, reward = policy(), random_rollout().reward
    rule, rollout = PPO(epochs=1, minibatches=1, clip=math.inf, value_weight=0.0), random_rollout()
    observation, action, _, advantage, _ = rule.judged(ours, rollout)
    rule.improve(ours, rollout, reward)

    theirs = policy().network.requires_grad_(True)
    log_probability = theirs(observation)[0].log_prob(action)
    (log_probability * advantage).mean().backward()
    for moved, start in zip(ours.network.actor.parameters(), theirs.actor.parameters(), strict=True):
        torch.testing.assert_close(moved, start.detach() + 0.1 * start.grad, rtol=0, atol=1e-6)
    assert advantage.mean().abs() < 1e-6 and advantage.std(correction=0).item() == pytest.approx(1, abs=1e-4)


def test_the_whole_loss_is_equation_9() -> None:
    ours, rollout = policy(), random_rollout()
    rule = PPO(value_weight=0.7, entropy_weight=0.2)
    observation, action, old, advantage, target = rule.judged(ours, rollout)
    loss, facts = rule.loss(ours, observation, action, old, advantage, target)
    distribution, value = ours(observation)
    entropy = -(distribution.probs * distribution.logits).sum(1).mean()
    error = (value - target).square().mean() / 2
    torch.testing.assert_close(loss, -advantage.mean() + 0.7 * error - 0.2 * entropy)
    assert facts["entropy"].item() == pytest.approx(entropy.item()) and facts["moved"].abs() < 1e-6


def test_the_number_of_steps_and_what_is_shown() -> None:
    ours, rollout, shown = policy(), random_rollout(), []
    rule = PPO(epochs=3, minibatches=4)
    original = ours.descend
    ours.descend = lambda loss, *inputs: shown.append(inputs[1]) or original(loss, *inputs)  # type: ignore
    rule.improve(ours, rollout, rollout.reward)
    assert ours.steps == 12
    everything = rollout.flat().observation
    for epoch in range(3):
        seen = torch.cat(shown[4 * epoch : 4 * epoch + 4])
        assert torch.equal(seen.sort(0).values, everything.sort(0).values)
    assert not torch.equal(shown[0], shown[4])


def test_a_rollout_that_is_too_small() -> None:
    ours, rollout = policy(), random_rollout()
    with pytest.raises(ValueError, match="a rollout of 64 steps cannot be cut into 65 minibatches"):
        PPO(minibatches=65).improve(ours, rollout, rollout.reward)


def test_any_network_that_gives_a_distribution_and_a_value_is_a_policy() -> None:
    """A policy over actions of two real numbers, rewarded for being near (1, -1)."""

    class Arm(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mean, self.value = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(()))

        def forward(self, observation: torch.Tensor) -> tuple[torch.distributions.Distribution, torch.Tensor]:
            arm = torch.distributions.Normal(self.mean.expand(len(observation), 2), 0.3, validate_args=False)
            return torch.distributions.Independent(arm, 1, validate_args=False), self.value.expand(len(observation))

    torch.manual_seed(0)
    arm = Arm()
    player = Player(arm, torch.optim.Adam(arm.parameters(), lr=0.02), name="arm")
    over = torch.ones(1, 64, dtype=torch.bool)
    for _ in range(40):
        seen = torch.zeros(1, 64, 1)
        action = player(seen[0])[0].sample()[None]
        reward = -(action - torch.tensor([1.0, -1.0])).square().sum(-1)
        PPO(epochs=4, minibatches=2).improve(player, Rollout(seen, action, seen, reward, over, over), reward)
    torch.testing.assert_close(arm.mean.detach(), torch.tensor([1.0, -1.0]), rtol=0, atol=0.15)
