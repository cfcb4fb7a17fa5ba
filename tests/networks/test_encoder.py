"""Discriminators with codes in place of logits, and what stands inside networks."""

import pytest
import torch
from torch import Tensor, nn

from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from rivals.networks.encoder import Encoder, can_encode
from rivals.networks.inside import entering, matrix, weighted
from rivals.networks.mlp import MLPDiscriminator, MLPGenerator
from rivals.networks.packing import Packed
from rivals.networks.precision import autocast
from rivals.networks.r3gan import R3GANDiscriminator
from rivals.networks.resnet import ResNetDiscriminator
from rivals.networks.spectral import spectral
from rivals.networks.view import Seen

SHAPE = (3, 16, 16)
JUDGES = {
    "dcgan": lambda: DCGANDiscriminator(SHAPE, 8),
    "resnet": lambda: ResNetDiscriminator(SHAPE, 8),
    "r3gan": lambda: R3GANDiscriminator(SHAPE, 8),
    "mlp": lambda: MLPDiscriminator(SHAPE, 8),
    "spectral": lambda: spectral(DCGANDiscriminator(SHAPE, 8, "none")),
    "seen": lambda: Seen(DCGANDiscriminator(SHAPE, 8), nn.Dropout(0.9)),
    "bf16": lambda: autocast(DCGANDiscriminator(SHAPE, 8)),
}


@pytest.mark.parametrize("kind", JUDGES)
def test_an_encoder_is_the_discriminator_but_for_its_last_layer(kind: str) -> None:
    torch.manual_seed(0)
    judge, x = JUDGES[kind]().eval().requires_grad_(False), torch.rand(5, *SHAPE) * 2 - 1
    encoder = Encoder(judge, 6).eval()
    codes = encoder(x)
    assert codes.shape == (5, 6) and codes.dtype == torch.float32
    assert torch.allclose(encoder(x[:1]), codes[:1], atol=1e-2)  # each by itself
    mine, theirs = (entering(net, weighted(net)[-1], x) for net in (encoder, judge))
    assert torch.allclose(mine, theirs, atol=1e-6)
    assert all(p.requires_grad for p in encoder.parameters()) and not any(p.requires_grad for p in judge.parameters())
    codes.sum().backward()
    assert judge(x).shape == (5,)


@pytest.mark.parametrize(
    "judge",
    [Packed(MLPDiscriminator((6, 16, 16), 8), 2), DCGANDiscriminator(SHAPE, 8, minibatch_std=True), nn.Linear(3, 2)],
    ids=["packed", "compares", "two outputs"],
)
def test_a_judge_of_several_samples_at_once_cannot_encode(judge: nn.Module) -> None:
    assert not can_encode(judge)
    with pytest.raises(ValueError, match="judges no sample by a last layer of one output"):
        Encoder(judge, 4)


@pytest.mark.parametrize(
    "generator", [DCGANGenerator(5, SHAPE, 8, "none"), MLPGenerator(5, SHAPE, 8)], ids=["dcgan", "mlp"]
)
def test_the_matrix_of_the_first_layer_is_what_it_does_to_a_code(generator: nn.Module) -> None:
    first = weighted(generator)[0]
    z = torch.randn(2, 5)
    out: list[Tensor] = []
    first.register_forward_hook(lambda layer, given, made: out.append(made))
    generator(z)
    bias = out[0].flatten(1) - z @ matrix(first).T
    assert torch.allclose(bias[0], bias[1], atol=1e-5)
