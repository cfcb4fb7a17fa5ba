"""A run laid out to work with its codes: everything at rest, and what each part is for."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from rivals.loop import seed_of, set_random_state
from rivals.metrics.extractors import RandomNetwork
from rivals.networks.encoder import bare, can_encode
from rivals.networks.inside import entering, weighted
from rivals.play import Player, players
from rivals.run.progress import say

OWN = 256
"""Samples of its own that a generator's are compared with."""
FEATURE_WEIGHT = 0.1


class Workbench:
    """What codes can be found, moved and judged by in a loaded run; a function of `seed` wherever it draws.

    `condition` binds a generator that heeds one. Raises ValueError for a run whose pictures have no code to look for.
    """

    def __init__(self, learned: Any, *, condition: str = "", seed: int = 0) -> None:
        self.learned, self.seed, self.condition = learned, seed, condition
        self.setup = _bound(learned, condition)
        if self.setup.generator is None or self.setup.prior is None:
            others = "; `rivals explore` shows how it completes pictures" if self.setup.complete else ""
            raise ValueError(
                f"{learned.config.recipe} has no latent codes to edit; use `rivals sample {learned.path}`{others}"
            )
        if learned.config.plain().get("ensemble", 1) > 1:
            raise ValueError(f"{learned.path} is an ensemble of generators, where a code alone makes no picture")
        for player in players(self.setup.game).values():
            player.network.eval()
        if learned.session.round == 0:
            say(f"{learned.path} has not been trained yet: its codes mean nothing")
        self.latent = len(self.prior(1)[0])

    @property
    def device(self) -> torch.device:
        return self.prior(1).device

    def generator(self, codes: Tensor) -> Tensor:
        """Codes (n, latent) -> pictures (n, C, H, W), with gradients in the codes."""
        return self.setup.generator(codes)

    def prior(self, n: int, what: int = 0) -> Tensor:
        """n codes, the same for the same seed and purpose."""
        set_random_state(seed_of(self.seed, 6), what)
        return self.setup.prior(n)

    def own(self) -> Tensor:
        """Samples of its own (n, C, H, W)."""
        with torch.no_grad():
            return self.generator(self.prior(OWN, 1))

    def judge(self) -> Callable[[Tensor], Tensor] | None:
        """Pictures -> logits, where there is a judge and it sees them one by one."""
        return None if self.learned.config.plain().get("pack", 1) > 1 else self.setup.judge

    def discriminator(self) -> nn.Module | None:
        """The judge's network, where it is one that sees pictures one by one by a last layer of its own."""
        judge = self.setup.judge
        return judge.network if isinstance(judge, Player) and can_encode(judge.network) else None

    def network(self) -> nn.Module:
        """The averaged network that makes pictures of codes, to look into. Raises ValueError where there is none."""
        for name, player in players(self.setup.game).items():
            if name in ("generator", "decoder"):
                return player.sampler
            if isinstance(decoder := getattr(player.sampler, "decoder", None), nn.Module):
                return decoder
        raise ValueError(
            f"{self.learned.config.recipe} has no generator whose layers could be looked into; "
            "give labelled pictures with --data"
        )

    def features(self, space: str) -> Callable[[Tensor], Tensor] | None:
        """What pictures are compared by besides their pixels; None for those alone."""
        if space == "pixels":
            return None
        if space == "random":
            return RandomNetwork(self.learned.source.spec["image"].shape[0])
        found = self.discriminator()
        if found is None:
            raise ValueError("--space discriminator needs one that judges pictures one by one; use --space random")
        network = bare(found)
        return lambda x: entering(network, weighted(network)[-1], x)


def _bound(learned: Any, condition: str) -> Any:
    """The setup, under a condition where one is given. Raises ValueError where it heeds none, or needs one."""
    setup = learned.setup
    if condition and setup.conditions is None:
        raise ValueError(f"--condition {condition}: {learned.config.recipe} takes no condition; leave it out")
    if condition:
        return setup.conditions.under(setup.conditions.parse(condition))
    if setup.conditions is not None and setup.generator is None:
        raise ValueError(
            f"say which pictures to make with --condition, such as --condition {setup.conditions.shown[0]!r}"
        )
    return setup
