"""What every network for pictures promises: shapes, ranges, sane statistics, gradients everywhere."""

import pytest
import torch
from torch import nn

from rivals.networks.autoencoder import PictureAutoencoder
from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from rivals.networks.mlp import MLPDiscriminator, MLPGenerator
from rivals.networks.r3gan import R3GANDiscriminator, R3GANGenerator
from rivals.networks.resnet import ResNetDiscriminator, ResNetGenerator
from rivals.networks.shape import doublings, halving
from rivals.networks.spectral import spectral
from rivals.networks.unrolled import UnrolledDiscriminator, UnrolledGenerator

GENERATORS = {
    "mlp": lambda shape: MLPGenerator(6, shape, 16),
    "dcgan": lambda shape: DCGANGenerator(6, shape, 8),
    "dcgan-plain": lambda shape: DCGANGenerator(6, shape, 8, norm="none"),
    "resnet": lambda shape: ResNetGenerator(6, shape, 16),
    "r3gan": lambda shape: R3GANGenerator(6, shape, 8),
    "unrolled": lambda shape: UnrolledGenerator(6, shape, 8),
    "unrolled-plain": lambda shape: UnrolledGenerator(6, shape, 8, norm="none"),
}
DISCRIMINATORS = {
    "mlp": lambda shape: MLPDiscriminator(shape, 16),
    "mlp-maxout": lambda shape: MLPDiscriminator(shape, 16, activation="maxout"),
    "dcgan": lambda shape: DCGANDiscriminator(shape, 8),
    "dcgan-layer-std": lambda shape: DCGANDiscriminator(shape, 8, norm="layer", minibatch_std=True),
    "dcgan-spectral": lambda shape: spectral(DCGANDiscriminator(shape, 8, norm="none", dropout=0.3)),
    "resnet": lambda shape: ResNetDiscriminator(shape, 16),
    "resnet-layer-std": lambda shape: ResNetDiscriminator(shape, 16, norm="layer", minibatch_std=True),
    "resnet-spectral": lambda shape: spectral(ResNetDiscriminator(shape, 16, pool="sum")),
    "r3gan": lambda shape: R3GANDiscriminator(shape, 8),
    "unrolled": lambda shape: UnrolledDiscriminator(shape, 4, norm="none"),
}
SHAPES = [(1, 8, 8), (3, 16, 16), (4, 32, 32), (1, 64, 64), (3, 128, 128), (3, 256, 256)]


def noise(n, shape):
    return torch.randn(n, *shape).clamp(-1, 1)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS)
def test_generators_give_pictures_in_range_that_differ(make, shape):
    torch.manual_seed(0)
    samples = make(shape)(torch.randn(8, 6)).detach()
    assert samples.shape == (8, *shape)
    assert samples.abs().max() <= 1
    assert 0.02 < samples.std() < 0.95
    assert samples.std(0).mean() > 0.01  # codes matter


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("make", DISCRIMINATORS.values(), ids=DISCRIMINATORS)
def test_discriminators_give_one_small_logit_a_picture(make, shape):
    torch.manual_seed(0)
    logits = make(shape)(noise(4, shape)).detach()
    assert logits.shape == (4,)
    assert logits.abs().max() < 10
    assert logits.std() > 1e-5


@pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS)
def test_gradients_reach_every_parameter_of_a_generator(make):
    torch.manual_seed(0)
    network = make((3, 16, 16))
    check_gradients(network, torch.randn(8, 6), torch.linspace(-1, 1, 8 * 768).view(8, 3, 16, 16))


@pytest.mark.parametrize("make", DISCRIMINATORS.values(), ids=DISCRIMINATORS)
def test_gradients_reach_every_parameter_of_a_discriminator(make):
    torch.manual_seed(0)
    check_gradients(make((3, 16, 16)), noise(8, (3, 16, 16)), torch.linspace(-1, 1, 8))


def check_gradients(network: nn.Module, x, weight):
    """After one step, since branches that start at zero block their gradient at first."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        (network(x) * weight).mean().backward()
        optimizer.step()
    blocked = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert blocked == []


@pytest.mark.parametrize("make", DISCRIMINATORS.values(), ids=DISCRIMINATORS)
def test_a_penalty_by_functional_gradients_equals_one_by_a_second_graph(make):
    torch.manual_seed(0)
    network, x = make((3, 16, 16)).eval(), noise(8, (3, 16, 16))

    def gradients(penalty):
        network.zero_grad()
        penalty.backward()
        return [p.grad.clone() for p in network.parameters() if p.grad is not None]

    functional = torch.func.grad(lambda x: network(x).sum())(x)
    y = x.clone().requires_grad_()
    (second,) = torch.autograd.grad(network(y).sum(), y, create_graph=True)
    torch.testing.assert_close(functional, second)
    torch.testing.assert_close(gradients(functional.square().sum()), gradients(second.square().sum()))


@pytest.mark.parametrize("make", DISCRIMINATORS.values(), ids=DISCRIMINATORS)
def test_a_frozen_discriminator_builds_no_graph_but_passes_gradients(make):
    network = make((1, 8, 8)).requires_grad_(False)
    x = noise(4, (1, 8, 8))
    assert not network(x).requires_grad
    assert torch.func.grad(lambda x: network(x).sum())(x).abs().sum() > 0


@pytest.mark.parametrize("make", [*GENERATORS.values(), *DISCRIMINATORS.values()], ids=[*GENERATORS, *DISCRIMINATORS])
def test_channels_last_changes_nothing(make):
    torch.manual_seed(0)
    network = make((3, 16, 16)).eval()
    x = torch.randn(4, 6) if make in GENERATORS.values() else noise(4, (3, 16, 16))
    before = network(x)
    network = network.to(memory_format=torch.channels_last)
    x = x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x
    torch.testing.assert_close(network(x), before, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 32, 16), (3, 512, 512), (3, 4, 4), (32, 32), (0, 32, 32)], ids=str)
def test_other_shapes_are_refused_with_what_was_found(shape):
    for build in (DCGANGenerator, ResNetGenerator, R3GANGenerator):
        with pytest.raises(ValueError, match=" x ".join(map(str, shape))):
            build(6, shape)
    for build in (DCGANDiscriminator, ResNetDiscriminator, R3GANDiscriminator, PictureAutoencoder):
        with pytest.raises(ValueError, match="8, 16, 32, 64, 128, 256"):
            build(shape)


def test_a_wrong_number_of_channels_is_refused():
    with pytest.raises(ValueError, match="needs 3 positive numbers"):
        DCGANGenerator(6, (3, 32, 32), channels=(64, 32))
    with pytest.raises(ValueError, match="needs 4 positive numbers"):
        R3GANDiscriminator((3, 32, 32), channels=(64, 32))
    with pytest.raises(ValueError, match="groups of 8"):
        R3GANDiscriminator((3, 32, 32), width=6)


def test_channels_double_towards_4x4_up_to_a_limit():
    assert doublings((1, 8, 8)) == 1
    assert doublings((1, 256, 256)) == 6
    assert halving(64, (3, 32, 32)) == (256, 128, 64)
    assert halving(64, (3, 256, 256)) == (1024, 1024, 512, 256, 128, 64)


def test_the_small_pair_has_the_papers_layers():
    """Metz et al. 2017, 1611.02163, app. D, with a discriminator of a quarter; weights and biases counted by hand."""
    generator, discriminator = UnrolledGenerator(256, (3, 32, 32)), UnrolledDiscriminator((3, 32, 32))
    convolutions = 64 * 32 * 9 + 32 + 32 * 16 * 9 + 16 + 16 * 8 * 9 + 8 + 8 * 3 * 9 + 3
    norms = 2 * (64 + 32 + 16 + 8)
    assert sum(p.numel() for p in generator.parameters()) == 257 * 1024 + convolutions + norms
    convolutions, norms = 3 * 2 * 9 + 2 + 2 * 4 * 9 + 4 + 4 * 8 * 9 + 8, 2 * (2 + 4 + 8)
    assert sum(p.numel() for p in discriminator.parameters()) == convolutions + norms + 4 * 4 * 8 + 1
