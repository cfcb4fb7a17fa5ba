"""Maximum likelihood of token sequences: the pre-training of sequence GANs, a game with one player."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.nn.functional import cross_entropy

from rivals.play import Facts, Player


@dataclass
class MLE:
    """Next-token cross-entropy, in nats a token (1609.05473, Algorithm 1, line 2)."""

    policy: Player  # (n, T) -> logits (n, T, V)

    def play_round(self, feed: Any) -> Facts:
        return self.policy.descend(self.policy_loss, next(feed))

    def policy_loss(self, tokens: Tensor) -> tuple[Tensor, Facts]:
        return cross_entropy(self.policy(tokens).transpose(1, 2), tokens), {}
