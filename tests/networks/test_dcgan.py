import torch
from torch import nn

from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator, course_pair


def convolutions(network):
    return [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]


def test_the_course_pair_has_its_channels_and_layers():
    generator, discriminator = course_pair()
    chain = [(layer.in_channels, layer.out_channels) for layer in convolutions(generator)]
    assert chain == [(128, 512), (512, 256), (256, 128), (128, 64), (64, 32), (32, 3)]
    chain = [(layer.in_channels, layer.out_channels) for layer in convolutions(discriminator)]
    assert chain == [(3, 64), (64, 128), (128, 256), (256, 512), (512, 1024), (1024, 1)]
    for network, norms in ((generator, 5), (discriminator, 4)):
        assert {layer.weight.shape[2:] for layer in convolutions(network)} == {(4, 4)}
        assert sum(isinstance(layer, nn.BatchNorm2d) for layer in network.modules()) == norms
        slopes = {layer.negative_slope for layer in network.modules() if isinstance(layer, nn.LeakyReLU)}
        assert slopes == {0.2}
    samples = generator(torch.randn(2, 128))
    assert samples.shape == (2, 3, 128, 128)
    assert discriminator(samples).shape == (2,)


def test_the_course_pair_is_a_setting_of_the_widths():
    generator, discriminator = course_pair()
    by_width = DCGANGenerator(128, (3, 128, 128), width=32), DCGANDiscriminator((3, 128, 128), width=64)
    for ours, theirs in zip((generator, discriminator), by_width, strict=True):
        assert [p.shape for p in ours.parameters()] == [p.shape for p in theirs.parameters()]


def test_weights_start_as_in_the_paper():
    torch.manual_seed(0)
    generator = DCGANGenerator(100, (3, 32, 32))
    weights = torch.cat([layer.weight.flatten() for layer in convolutions(generator)])
    assert abs(weights.mean()) < 1e-4
    assert abs(weights.std() - 0.02) < 1e-4


def test_plain_weights_keep_the_variance_through_the_network():
    torch.manual_seed(0)
    for shape in ((3, 16, 16), (3, 64, 64)):
        x = DCGANGenerator(64, shape, width=32, norm="none").layers(torch.randn(64, 64)[:, :, None, None])
        assert 0.5 < x.std() < 2


def test_dropout_makes_the_judge_uncertain_in_training_only():
    discriminator = DCGANDiscriminator((1, 16, 16), 8, norm="none", dropout=0.5)
    x = torch.randn(4, 1, 16, 16)
    assert not torch.equal(discriminator(x), discriminator(x))
    discriminator.eval()
    assert torch.equal(discriminator(x), discriminator(x))
