"""Control without an opponent: PPO under the environment's own reward, a game with one player."""

from dataclasses import dataclass, field
from typing import Any

from rivals.control.ppo import PPO
from rivals.control.rollout import Environment, Returns, collect
from rivals.play import Facts, Player


@dataclass
class PolicyOptimisation:
    """Proximal policy optimisation (Schulman et al. 2017, 1707.06347, Algorithm 1). Needs no data."""

    policy: Player  # observation -> (distribution, value)
    environment: Environment
    steps: int = 128  # of every environment, in each round
    rule: PPO = field(default_factory=PPO)
    returns: Returns = field(default_factory=Returns)

    def play_round(self, feed: Any) -> Facts:
        rollout = collect(lambda seen: self.policy(seen)[0].sample(), self.environment, self.steps)
        facts = self.rule.improve(self.policy, rollout, rollout.reward)
        return facts | {"environment/return": self.returns.add(rollout)}
