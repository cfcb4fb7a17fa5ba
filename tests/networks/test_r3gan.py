import torch
from torch.utils.flop_counter import FlopCounterMode

from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from rivals.networks.r3gan import Block, R3GANDiscriminator, R3GANGenerator


def flops(network, x):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(x)
    return counter.get_total_flops() / len(x)


def test_a_block_starts_as_the_identity():
    x = torch.randn(2, 16, 8, 8)
    assert torch.equal(Block(16, expansion=2, group=8, depth=4)(x), x)


def test_the_first_convolutions_are_scaled_by_the_depth():
    torch.manual_seed(0)
    shallow, deep = (Block(64, expansion=2, group=16, depth=depth) for depth in (1, 16))
    for layer in ("expand", "mix"):
        ratio = getattr(deep, layer).weight.std() / getattr(shallow, layer).weight.std()
        assert abs(ratio - 0.5) < 0.02  # 16^(-1/4)


def test_no_layer_normalises():
    names = {type(layer).__name__ for layer in R3GANDiscriminator((3, 32, 32)).modules()}
    assert not any("Norm" in name for name in names)


def test_the_default_costs_two_to_four_times_a_dcgan():
    z, x, shape = torch.randn(1, 128), torch.randn(1, 3, 32, 32), (3, 32, 32)
    assert 2 < flops(R3GANGenerator(128, shape), z) / flops(DCGANGenerator(128, shape).eval(), z) < 4
    assert 2 < flops(R3GANDiscriminator(shape), x) / flops(DCGANDiscriminator(shape).eval(), x) < 4
