"""SeqGAN: a policy over tokens, rewarded by a discriminator of whole sentences."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

import torch
from torch import Tensor

from rivals.losses.adversarial import AdversarialLoss, non_saturating
from rivals.losses.policy import policy_gradient
from rivals.play import Facts, Follower, Player


class Writer(Protocol):
    """A network that writes sentences: see `rivals.networks.sequence.TokenPolicy`."""

    def sample(self, count: int, length: int, /) -> Tensor: ...
    def continued(self, tokens: Tensor, keep: Tensor, /) -> Tensor: ...


@dataclass
class SeqGAN:
    """SeqGAN (Yu et al. 2017, 1609.05473, Algorithm 1 without the pre-training, which is `MLE` on the same policy).

    The policy's network maps tokens (n, T) to logits (n, T, V) and is a `Writer`. The roll-out policy follows it
    slowly: its update is the last line of a policy move. Of what the feed gives there, only the shape is used.
    """

    policy: Player  # G_theta
    discriminator: Player  # D_phi: (n, T) -> logits (n,)
    rollout: Follower  # G_beta
    samples: int = 16  # N, Monte-Carlo continuations of each prefix
    policy_steps: int = 1  # g-steps
    discriminator_steps: int = 5  # d-steps
    epochs: int = 3  # k, on each set of fakes
    loss: AdversarialLoss = non_saturating
    centred: bool = False
    """Whether the mean over the batch is taken off the action values; the paper has no such baseline."""

    def play_round(self, feed: Any) -> Facts:
        facts: Facts = {}
        policy = cast(Writer, self.policy.network)
        for _ in range(self.policy_steps):
            tokens = policy.sample(*next(feed).shape)
            value = self.action_value(tokens)
            baseline = value.mean(0) if self.centred else 0.0
            facts = self.policy.descend(self.policy_loss, tokens, value - baseline)
            facts[f"{self.policy.name}/reward"] = value[:, -1].mean()
            self.rollout.update()
        for _ in range(self.discriminator_steps):
            real = next(feed)
            fake = policy.sample(*real.shape)
            for _ in range(self.epochs):
                facts |= self.discriminator.descend(self.discriminator_loss, real, fake)
        return facts

    def action_value(self, tokens: Tensor) -> Tensor:
        """Q(a = y_t, s = Y_1:t-1), (n, T): the chance of being real, averaged over continuations of Y_1:t (eq. 4).

        All prefixes of all sentences are continued in one batch of N * T * n; the last prefix is the sentence itself.
        """
        n, length = tokens.shape
        keep = torch.arange(1, length + 1, device=tokens.device).repeat_interleave(n).repeat(self.samples)
        continued = cast(Writer, self.rollout.network).continued(tokens.repeat(self.samples * length, 1), keep)
        real = torch.sigmoid(self.discriminator(continued))
        return real.view(self.samples, length, n).mean(0).T

    def policy_loss(self, tokens: Tensor, value: Tensor) -> tuple[Tensor, Facts]:
        log_probability = self.policy(tokens).log_softmax(-1).gather(-1, tokens[:, :, None]).squeeze(-1)  # (n, T)
        return policy_gradient(log_probability, value), {}

    def discriminator_loss(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Facts]:
        on_real, on_fake = self.discriminator(real), self.discriminator(fake)
        facts = {"real": on_real.mean(), "fake": on_fake.mean()}
        return self.loss.discriminator(real=on_real, fake=on_fake), facts
