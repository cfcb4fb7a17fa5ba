"""Playing policies in environments, and improving them by their advantages."""

from rivals.control.advantage import generalised_advantage, normalised
from rivals.control.cartpole import CartPole
from rivals.control.ppo import PPO
from rivals.control.rollout import Environment, Returns, Rollout, Step, collect, first_returns

__all__ = [
    "CartPole",
    "Environment",
    "PPO",
    "Returns",
    "Rollout",
    "Step",
    "collect",
    "first_returns",
    "generalised_advantage",
    "normalised",
]
