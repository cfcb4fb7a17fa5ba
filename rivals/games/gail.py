"""GAIL: a policy that learns from demonstrations, with a discriminator as its reward."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from rivals.control.ppo import PPO
from rivals.control.rollout import Environment, Returns, Rollout, collect
from rivals.losses.adversarial import AdversarialLoss, non_saturating
from rivals.play import Facts, Player


def log_odds(logits: Tensor) -> Tensor:
    """Reward log D - log(1 - D) with D = sigmoid(logit) the chance of being the expert's: that is the logit itself."""
    return logits


def paper_reward(logits: Tensor) -> Tensor:
    """Minus the paper's cost log D', whose D' is high on the policy: -log sigmoid(-logit) = softplus(logit) > 0.

    Being positive it also pays for staying alive, whatever the expert does.
    """
    return softplus(logits)


@dataclass
class GAIL:
    """Generative adversarial imitation learning (Ho & Ermon 2016, 1606.03476, Algorithm 1).

    Takes expert pairs "observation", "action". Differs from the paper: PPO in place of TRPO, and by default the
    log-odds as the reward (as 1710.11248, sec. 5 derives it), which does not pay for mere survival.
    """

    policy: Player  # pi_theta: observation -> (distribution, value)
    discriminator: Player  # D_w: (observation, action) -> logits (n,), high on the expert
    environment: Environment
    steps: int = 128  # of every environment, in each round
    discriminator_steps: int = 4
    rule: PPO = field(default_factory=PPO)
    reward: Callable[[Tensor], Tensor] = log_odds
    loss: AdversarialLoss = non_saturating
    returns: Returns = field(default_factory=Returns)

    def play_round(self, feed: Any) -> Facts:
        facts: Facts = {}
        rollout = collect(lambda seen: self.policy(seen)[0].sample(), self.environment, self.steps)
        flat = rollout.flat()
        for _ in range(self.discriminator_steps):
            observation, action = next(feed)
            some = torch.randint(len(flat.action), (len(action),), device=action.device)
            pairs = (observation, action, flat.observation[some], flat.action[some])
            facts = self.discriminator.descend(self.discriminator_loss, *pairs)
        facts |= self.rule.improve(self.policy, rollout, self.rewarded(rollout))
        return facts | {"environment/return": self.returns.add(rollout)}

    def rewarded(self, rollout: Rollout) -> Tensor:
        """The reward (T, n) of each step under the discriminator as it now stands."""
        flat = rollout.flat()
        return self.reward(self.discriminator(flat.observation, flat.action)).view(rollout.reward.shape)

    def discriminator_loss(
        self, observation: Tensor, action: Tensor, own_observation: Tensor, own_action: Tensor
    ) -> tuple[Tensor, Facts]:
        expert, own = self.discriminator(observation, action), self.discriminator(own_observation, own_action)
        facts = {"expert": (expert > 0).float().mean(), "policy": (own < 0).float().mean()}
        return self.loss.discriminator(real=expert, fake=own), facts
