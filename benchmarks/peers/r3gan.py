"""R3GAN (github.com/brownvc/R3GAN): its networks at 32x32, a narrow version, by its `AdversarialTraining`."""

import importlib
import sys
from typing import Any

import packaging.version
import torch
from peers.foreign import absent, checkout
from peers.match import Adam, Match, Step, players

from rivals.feed import Feed
from rivals.games import R3GAN
from rivals.parts.priors import gaussian
from rivals.recipes import Machine

BATCH, LATENT, WIDTH, GAMMA = 16, 64, 96, 1.0
NETWORK: dict[str, Any] = {
    "WidthPerStage": [WIDTH] * 4, "CardinalityPerStage": [WIDTH // 8] * 4, "BlocksPerStage": [2] * 4,
    "ExpansionFactor": 2,
}  # fmt: skip


def matches(path: str) -> list[Match]:
    sys.path.insert(0, str(checkout(path, "r3gan", "R3GAN/Networks.py")))
    absent("requests", "pkg_resources")
    # What newer versions of setuptools no longer bring.
    vars(sys.modules["pkg_resources"])["parse_version"] = packaging.version.parse
    networks, trainer = (importlib.import_module(f"R3GAN.{name}") for name in ("Networks", "Trainer"))
    G, D = networks.Generator(LATENT, **NETWORK), networks.Discriminator(**NETWORK)
    adam = Adam(beta2=0.99)

    def ours(machine: Machine) -> Any:
        # Its resamplers count channels to the batch, for which a channels-last picture would have to be copied.
        both = players(G, D, adam, machine, torch.contiguous_format)
        return R3GAN(*both, gaussian(LATENT), penalty_weight=GAMMA)

    def theirs(feed: Feed, device: str) -> Step:
        opt_g, opt_d = adam.of(G.to(device)), adam.of(D.to(device))
        training = trainer.AdversarialTraining(G, D)

        def step() -> None:
            G.requires_grad_(False), D.requires_grad_(True)
            opt_d.zero_grad(set_to_none=True)
            training.AccumulateDiscriminatorGradients(
                torch.randn(BATCH, LATENT, device=device), next(feed), None, GAMMA
            )
            opt_d.step()
            G.requires_grad_(True), D.requires_grad_(False)
            opt_g.zero_grad(set_to_none=True)
            training.AccumulateGeneratorGradients(torch.randn(BATCH, LATENT, device=device), next(feed), None)
            opt_g.step()

        return step

    return [Match("R3GAN 32x32", "one step of each network", (3, 32, 32), BATCH, theirs, ours)]
