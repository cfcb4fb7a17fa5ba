import pytest
import torch
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games import ACGAN, ConditionalGAN, Supervised, TwoHeadedGAN
from rivals.losses.adversarial import AdversarialLoss, non_saturating, wasserstein
from rivals.losses.reconstruction import squared_error
from rivals.parts.seen import SeenConditions
from rivals.play import Player
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Points, Shift, descending, nothing, sigmoid

ASKED = 3


class Told(Shift):
    """G(z, c) = z + shift, whatever is asked for."""

    def forward(self, z: Tensor, condition: Tensor) -> Tensor:
        return super().forward(z)


class Judge(nn.Module):
    """D(x, c) = slope * x * c, flat."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(SLOPE))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        return self.slope * x.flatten() * condition


class Two(Judge):
    """Realism slope * x, match slope * x * c."""

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        return self.slope * x.flatten(), super().forward(x, condition)


class Classifying(Judge):
    """Realism slope * x, class logits (0, slope * x)."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        logit = self.slope * x.flatten()
        return logit, torch.stack([0 * logit, logit], 1)


class Asked(Points):
    """One real sample, always under the same condition."""

    def __init__(self, condition: int) -> None:
        super().__init__(torch.full((8, 1), REAL))
        self.condition = condition

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"point": self.points[index], "label": torch.full((len(index),), self.condition)}

    @property
    def spec(self):
        return super().spec | {"label": super().spec["point"]}


def feed(condition: int = ASKED) -> Feed:
    return Feed(Asked(condition), 4, fields=("point", "label"))


def players(judge: nn.Module) -> tuple[Player, Player]:
    return descending(Told(), "generator"), descending(judge, "discriminator")


def seen() -> SeenConditions:
    return SeenConditions(torch.zeros(4, dtype=torch.int64))


def test_round_of_the_conditional_gan_by_hand() -> None:
    """wasserstein, R1 and R2 of gamma / 2 (w c)^2 each; every condition is the same, so that nothing is wrong."""
    game = ConditionalGAN(*players(Judge()), nothing, seen(), wasserstein, penalty_weight=0.5)
    facts = game.play_round(feed())
    w = SLOPE + RATE * ASKED * (REAL - SHIFT) - RATE * 0.5 * 2 * SLOPE * ASKED**2
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * ASKED * w)
    assert facts["discriminator/r1"] == facts["discriminator/r2"] == pytest.approx((SLOPE * ASKED) ** 2 / 2)
    assert game.seen.pool.tolist() == [ASKED] * 4


@pytest.mark.parametrize("weight", [0.0, 0.25, 1.0])
def test_a_real_sample_under_a_wrong_condition_is_rejected(weight: float) -> None:
    """GAN-CLS: softplus(-s_r) + (1 - w) softplus(s_f) + w softplus(s_w); the second condition is no other."""
    game = ConditionalGAN(*players(Judge()), nothing, seen(), non_saturating, wrong_weight=weight, penalty_weight=0.0)
    real, z = torch.full((2, 1), REAL), torch.zeros(2, 1)
    value, _ = game.discriminator_loss(real, torch.tensor([1, 2]), torch.tensor([-1, 2]), z)

    def softplus(x: float) -> float:
        return float(torch.tensor(x).exp().log1p())

    right = [softplus(-SLOPE * REAL * c) for c in (1, 2)]
    fake = [softplus(SLOPE * SHIFT * c) for c in (1, 2)]
    wrong = [softplus(-SLOPE * REAL), fake[1]]
    expected = sum(r + (1 - weight) * f + weight * w for r, f, w in zip(right, fake, wrong, strict=True)) / 2
    assert value.item() == pytest.approx(expected)


@pytest.mark.parametrize("make", [ConditionalGAN, TwoHeadedGAN])
def test_the_discriminator_learns_which_pair_is_mismatched(make: type) -> None:
    """Two conditions, and all real samples under the first: the logit of the second falls, that of the first rises."""

    class Table(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logit = nn.Parameter(torch.zeros(2))

        def forward(self, x: Tensor, condition: Tensor):
            match = self.logit[condition]
            return (0 * match, match) if make is TwoHeadedGAN else match

    game = make(*players(Table()), nothing, seen(), non_saturating, wrong_weight=1.0, penalty_weight=0.0)
    real, z = torch.full((4, 1), REAL), torch.zeros(4, 1)
    right, other = torch.zeros(4, dtype=torch.int64), torch.ones(4, dtype=torch.int64)
    game.discriminator.descend(game.discriminator_loss, real, right, other, z)
    assert game.discriminator.network.logit.tolist() == pytest.approx([RATE / 2, -RATE / 2])


def test_round_of_two_heads_by_hand() -> None:
    """Both heads of a line, the match's weighed twice: w (1 + 2 c) is the slope of what R1 and R2 hold."""
    game = TwoHeadedGAN(*players(Two()), nothing, seen(), wasserstein, match_weight=2.0, penalty_weight=0.1)
    game.play_round(feed())
    both = 1 + 2 * ASKED
    w = SLOPE + RATE * both * (REAL - SHIFT) - RATE * 0.1 * 2 * SLOPE * both**2
    assert game.discriminator.network.slope.item() == pytest.approx(w, rel=1e-5)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * both * w, rel=1e-5)


@pytest.mark.parametrize("fake_weight", [1.0, 0.0])
def test_round_of_acgan_by_hand(fake_weight: float) -> None:
    """The class is the second, of log probability log sigmoid(w x): both players raise it."""
    game = ACGAN(*players(Classifying()), nothing, seen(), wasserstein, class_weight=2.0, fake_weight=fake_weight)
    facts = game.play_round(feed(1))
    real, fake = (sigmoid(-SLOPE * x) * x for x in (REAL, SHIFT))
    w = SLOPE + RATE * (REAL - SHIFT) + RATE * 2 * (real + fake_weight * fake)
    assert game.discriminator.network.slope.item() == pytest.approx(w, rel=1e-5)
    shift = SHIFT + RATE * (w + 2 * sigmoid(-w * SHIFT) * w)
    assert game.generator.network.shift.item() == pytest.approx(shift, rel=1e-5)
    assert facts["generator/mistake"] == pytest.approx(-float(torch.tensor(sigmoid(w * SHIFT)).log()), rel=1e-5)


def test_round_of_the_supervised_baseline_by_hand() -> None:
    game = Supervised(descending(Told(), "generator"), nothing, seen(), squared_error)
    game.play_round(feed())
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * 2 * (REAL - SHIFT))


def test_the_real_logits_are_taken_only_where_the_loss_reads_them() -> None:
    def unread(*, real: Tensor | None, fake: Tensor) -> Tensor:
        assert real is None
        return -fake.mean()

    loss = AdversarialLoss(wasserstein.discriminator, unread)
    for game in (
        ConditionalGAN(*players(Judge()), nothing, seen(), loss),
        ACGAN(*players(Classifying()), nothing, seen(), loss),
    ):
        game.play_round(feed(1))
