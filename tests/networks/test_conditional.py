"""Where a condition enters, checked against what the papers' formulas give."""

import torch
from torch import Tensor, nn

from rivals.networks.conditional import (
    ClassifyingDiscriminator,
    ConditionalBatchNorm,
    JoinedDiscriminator,
    JoinedGenerator,
    ModulatedGenerator,
    ProjectionDiscriminator,
    TwoHeadedDiscriminator,
)
from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from rivals.networks.mapping import UNITS, Mapped
from rivals.networks.mlp import MLPDiscriminator
from rivals.networks.r3gan import R3GANDiscriminator
from rivals.networks.readers import SentenceReader, TagReader
from rivals.networks.resnet import ResNetDiscriminator, ResNetGenerator
from rivals.networks.unrolled import UnrolledDiscriminator
from rivals.networks.view import Seen

SHAPE = (1, 8, 8)
LABELS = torch.tensor([0, 2, 1, 2])


def embedding(*rows: list[float]) -> nn.Embedding:
    return nn.Embedding.from_pretrained(torch.tensor(rows))


def test_conditional_batch_norm_is_batch_norm_with_an_affine_map_a_class() -> None:
    torch.manual_seed(0)
    norm, x = ConditionalBatchNorm(2, width=3), torch.randn(4, 2, 5, 5) * 3 + 1
    nn.init.normal_(norm.norm.weight), nn.init.normal_(norm.norm.bias)
    one_hot = torch.eye(3)
    found = norm(x, one_hot[LABELS])
    for label in range(3):
        scale, shift = 1 + norm.change[:2, label], norm.change[2:, label]
        plain = nn.functional.batch_norm(
            x, None, None, norm.norm.weight * scale, norm.norm.bias * scale + shift, training=True
        )
        torch.testing.assert_close(found[label == LABELS], plain[label == LABELS])


def test_the_projection_logit_is_the_formula() -> None:
    """psi = 3, phi = (x, 2 x) and vectors (1, 0) and (0, -1): 3 + x / sqrt 2 and 3 - 2 x / sqrt 2."""
    body = nn.Linear(1, 3)
    body.weight.data, body.bias.data = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([3.0, 0.0, 0.0])
    D = ProjectionDiscriminator(body, embedding([1.0, 0.0], [0.0, -1.0]))
    x = torch.tensor([[5.0], [5.0]])
    torch.testing.assert_close(D(x, torch.tensor([0, 1])), torch.tensor([3 + 5 / 2**0.5, 3 - 10 / 2**0.5]))
    realism, match = TwoHeadedDiscriminator(body, D.reader)(x, torch.tensor([0, 1]))
    torch.testing.assert_close(realism, torch.tensor([3.0, 3.0]))
    torch.testing.assert_close(match, torch.tensor([5 / 2**0.5, -10 / 2**0.5]))


def test_a_condition_beside_a_sample_is_a_constant_channel() -> None:
    D = JoinedDiscriminator(nn.Identity(), embedding([1.0, 2.0], [3.0, 4.0]))
    seen = D(torch.zeros(2, 1, 4, 4), torch.tensor([1, 0]))
    assert seen.shape == (2, 3, 4, 4) and not seen[:, 0].any()
    assert torch.equal(seen[0, 1:, 2, 3], torch.tensor([3.0, 4.0])) and torch.equal(seen[1, 2], torch.full((4, 4), 2.0))
    assert torch.equal(D(torch.zeros(1, 2), torch.tensor([0])), torch.tensor([[0.0, 0.0, 1.0, 2.0]]))


def test_the_classifier_stands_beside_the_judge() -> None:
    x = torch.tensor([[7.0, 1.0, 2.0]])
    realism, classes = ClassifyingDiscriminator(nn.Identity())(x)
    assert realism.tolist() == [7.0] and classes.tolist() == [[1.0, 2.0]]


def test_every_generator_heeds_its_condition_and_only_its_own() -> None:
    torch.manual_seed(0)

    def norm(channels: int) -> nn.Module:
        return ConditionalBatchNorm(channels, 6)

    z = torch.randn(1, 4).expand(4, -1)
    for G in (
        JoinedGenerator(DCGANGenerator(10, SHAPE, 8), nn.Embedding(3, 6)),
        ModulatedGenerator(DCGANGenerator(4, SHAPE, 8, norm), nn.Embedding(3, 6)),
        ModulatedGenerator(ResNetGenerator(4, SHAPE, 8, norm), nn.Embedding(3, 6)),
        ModulatedGenerator(Mapped(ResNetGenerator(UNITS, SHAPE, 8, norm), 4, 1), nn.Embedding(3, 6)),
    ):
        made = G.eval()(z, LABELS)
        assert made.shape == (4, *SHAPE)
        torch.testing.assert_close(made[1], made[3])
        assert (made[0] - made[1]).abs().max() > 1e-4 and (made[1] - made[2]).abs().max() > 1e-4


def test_bodies_say_as_many_things_as_asked() -> None:
    x = torch.randn(5, *SHAPE)
    for body in (DCGANDiscriminator, ResNetDiscriminator, R3GANDiscriminator, MLPDiscriminator, UnrolledDiscriminator):
        assert body(SHAPE, 8, outputs=3)(x).shape == (5, 3)
        assert body(SHAPE, 8)(x).shape == (5,)


def test_a_view_changes_the_sample_and_not_the_condition() -> None:
    class Doubled(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return 2 * x

    D = Seen(JoinedDiscriminator(nn.Identity(), embedding([1.0])), Doubled())
    assert D(torch.ones(1, 1), torch.tensor([0])).tolist() == [[2.0, 1.0]]
    assert D.eval()(torch.ones(1, 1), torch.tensor([0])).tolist() == [[1.0, 1.0]]


def test_tags_add_up() -> None:
    reader = TagReader(3, 4)
    both, first, last = reader(torch.tensor([[1.0, 0, 1], [1, 0, 0], [0, 0, 1]]))
    torch.testing.assert_close(both, first + last)


def test_a_sentence_is_its_words_in_their_order_and_not_its_padding() -> None:
    torch.manual_seed(0)
    reader = SentenceReader(6, 8)
    short, long = torch.tensor([[2, 4, 0]]), torch.tensor([[2, 4, 0, 0, 0, 0]])
    torch.testing.assert_close(reader(short), reader(long))
    others = torch.tensor([[4, 2, 0], [2, 0, 0], [2, 4, 4], [0, 0, 0]])
    assert (reader(others) - reader(short)).abs().amax(1).min() > 1e-3
