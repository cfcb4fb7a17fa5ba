"""The mapping network before a generator."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from rivals.networks.mapping import UNITS, Mapped
from rivals.recipes.networks import generator_of
from rivals.recipes.options import Networks

NETWORKS = Networks(latent=6, mapping=2, width=8)


def off_the_kinds(generator: nn.Module) -> float:
    """The share of samples between two kinds, -1 and 1, after the generator was told the kind of each code."""
    optimizer = torch.optim.Adam(generator.parameters(), 3e-3)
    for _ in range(400):
        z = torch.randn(128, 4)
        (generator(z) - kind(z)).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()
    z = torch.randn(2000, 4)
    with torch.no_grad():
        return float(((generator.eval()(z) - kind(z)).abs() > 0.5).float().mean())


def kind(z: Tensor) -> Tensor:
    """Four corners of the codes, in turn -1 and 1."""
    return (z[:, :1] * z[:, 1:2]).sign()


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_it_cuts_the_cloud_of_codes_where_a_linear_layer_cannot(norm) -> None:
    torch.manual_seed(0)
    assert off_the_kinds(nn.Linear(4, 1)) > 0.9
    assert off_the_kinds(Mapped(nn.Linear(UNITS, 1), 4, depth=3, norm=norm)) < 0.3


def test_the_variance_of_codes_passes_where_nothing_normalises() -> None:
    torch.manual_seed(0)
    mapping = Mapped(nn.Identity(), 512, depth=4, norm="none").mapping
    assert 0.5 < mapping(torch.randn(1000, 512)).square().mean() < 3


@pytest.mark.parametrize("network", ["mlp", "dcgan", "resnet", "r3gan", "infogan", "autoencoder", "unrolled"])
def test_every_picture_generator_may_have_one(network) -> None:
    torch.manual_seed(0)
    z, shape = torch.randn(5, 6), (1, 16, 16)
    mapped = generator_of(replace(NETWORKS, network=network), shape).eval()
    assert mapped(z).shape == (5, *shape)
    torch.testing.assert_close(mapped(z), mapped.body(mapped.mapping(z)))
    assert not any(isinstance(layer, Mapped) for layer in generator_of(replace(NETWORKS, mapping=0), shape).modules())


def test_each_of_several_generators_has_its_own() -> None:
    ensemble = generator_of(replace(NETWORKS, ensemble=3), (1, 8, 8))
    assert len([layer for layer in ensemble.modules() if isinstance(layer, Mapped)]) == 3
