"""Discriminators in two halves, and the networks of codes that are built on them."""

import pytest
import torch
from torch import nn

from rivals.networks.dcgan import DCGANDiscriminator
from rivals.networks.featured import Featured, TwoHeads, features_size
from rivals.networks.infogan import InfoGANDiscriminator, InfoGANGenerator
from rivals.networks.joint import flat_encoder, flat_joint, picture_encoder, picture_joint
from rivals.networks.mlp import MLPDiscriminator
from rivals.networks.r3gan import R3GANDiscriminator
from rivals.networks.resnet import ResNetDiscriminator

PICTURE = (2, 16, 16)
JUDGES = {
    "mlp": lambda: MLPDiscriminator(PICTURE, 8, 2, norm="batch"),
    "dcgan": lambda: DCGANDiscriminator(PICTURE, 8, minibatch_std=True),
    "resnet": lambda: ResNetDiscriminator(PICTURE, 8),
    "r3gan": lambda: R3GANDiscriminator(PICTURE, 8),
    "infogan": lambda: InfoGANDiscriminator(PICTURE, 4),
}


@pytest.mark.parametrize("name", JUDGES)
def test_logits_are_a_layer_away_from_features(name: str) -> None:
    torch.manual_seed(0)
    judge, x = JUDGES[name](), torch.randn(4, *PICTURE)
    assert isinstance(judge, Featured)
    assert judge.features(x).shape == (4, features_size(judge, PICTURE))
    assert torch.allclose(judge.logits(judge.features(x)), judge(x), atol=1e-6)
    assert judge(x).shape == (4,) and judge.training


@pytest.mark.parametrize("name", JUDGES)
def test_two_heads_share_a_body(name: str) -> None:
    torch.manual_seed(0)
    judge = JUDGES[name]()
    both = TwoHeads(judge, features_size(judge, PICTURE), 5, 16)
    x = torch.randn(4, *PICTURE, requires_grad=True)
    logits, reading = both(x)
    assert torch.allclose(logits, judge(x), atol=1e-6) and reading.shape == (4, 5)
    (slope,) = torch.autograd.grad(reading.square().sum(), x)
    assert slope.abs().sum() > 0  # through the body


@pytest.mark.parametrize("size", [8, 28, 32])
def test_infogans_pair_takes_any_size_of_four_k(size: int) -> None:
    torch.manual_seed(0)
    shape = (1, size, size)
    pictures = InfoGANGenerator(20, shape, 8)(torch.randn(6, 20))
    assert pictures.shape == (6, *shape) and pictures.abs().max() <= 1
    assert InfoGANDiscriminator(shape, 8)(pictures).shape == (6,)


def test_infogans_pair_of_the_paper() -> None:
    G, D = InfoGANGenerator(74, (1, 28, 28)), InfoGANDiscriminator((1, 28, 28))
    sizes = lambda net: [tuple(m.weight.shape) for m in net.modules() if hasattr(m, "weight") and m.weight.dim() > 1]  # noqa: E731
    assert sizes(G) == [(1024, 74), (128 * 49, 1024), (128, 64, 4, 4), (64, 1, 4, 4)]
    assert sizes(D) == [(64, 1, 4, 4), (128, 64, 4, 4), (1024, 128 * 49), (1, 1024)]
    with pytest.raises(ValueError, match="sides of 4 k pixels, got 30x30"):
        InfoGANDiscriminator((1, 30, 30))


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_signals_neither_vanish_nor_explode_at_the_start(norm: str) -> None:
    torch.manual_seed(0)
    x = InfoGANGenerator(20, (1, 28, 28), 16, norm)(torch.rand(32, 20) * 2 - 1)
    assert 0.02 < x.std() < 0.9
    assert 1e-3 < InfoGANDiscriminator((1, 28, 28), 16, norm)(torch.rand_like(x) * 2 - 1).std() < 5


@pytest.mark.parametrize("make", [flat_encoder, picture_encoder])
def test_an_encoder_draws_by_its_noise_only_if_it_is_stochastic(make: type) -> None:
    torch.manual_seed(0)
    x, noise = torch.randn(6, *PICTURE), torch.randn(6, 3)
    plain, drawing = (make(PICTURE, 3, 8, stochastic=stochastic).eval() for stochastic in (False, True))
    assert torch.equal(plain(x), plain(x, noise)) and plain(x).shape == (6, 3)
    mean, log_sd = drawing.head(drawing.features(x)).chunk(2, 1)
    assert torch.equal(drawing(x), mean)
    assert torch.allclose(drawing(x, noise), mean + log_sd.exp() * noise)


@pytest.mark.parametrize("make", [flat_joint, picture_joint])
def test_a_pair_is_judged_by_both_of_its_halves(make: type) -> None:
    torch.manual_seed(0)
    judge: nn.Module = make(PICTURE, 3, 8, norm="none")
    x, z = torch.randn(6, *PICTURE, requires_grad=True), torch.randn(6, 3, requires_grad=True)
    logits = judge(x, z)
    assert logits.shape == (6,)
    for slope in torch.autograd.grad(logits.sum(), (x, z)):
        assert slope.abs().sum() > 0
