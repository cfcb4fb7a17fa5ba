"""Each game's penalty is on the gradient where its paper takes it: D(x) = w x^2, whose gradient is 2 w x."""

import pytest
import torch
from torch import Tensor

from rivals.games import ACGAN, GAN, R3GAN, WGANGP, LossSensitiveGAN
from rivals.losses.adversarial import non_saturating
from rivals.losses.penalties import Penalty, dragan, one_centred, r1, r2
from rivals.parts.seen import SeenConditions
from tests.games.tiny import REAL, SHIFT, SLOPE, Curve, Shift, descending, nothing, one_sample, pair_by_hand

AT_REAL, AT_FAKE = 2 * SLOPE * REAL, 2 * SLOPE * SHIFT


@pytest.mark.parametrize(("penalty", "slope"), [(r1(2.0), AT_REAL), (r2(2.0), AT_FAKE)])
@pytest.mark.parametrize("every", [1, 4])
def test_gan(penalty: Penalty, slope: float, every: int) -> None:
    game = GAN(**pair_by_hand(network=Curve()), penalty=penalty, penalty_every=every)
    game.discriminator = descending(Curve(), "discriminator", rate=0.0)
    assert game.play_round(one_sample())["discriminator/penalty"] == pytest.approx(slope**2)


def test_one_centred_penalties_look_between_and_around() -> None:
    D, real, fake = Curve(), torch.full((4, 1), REAL), torch.full((4, 1), SHIFT)
    third = torch.full((4, 1), 1 / 3)
    between = 2 * SLOPE * (REAL / 3 + SHIFT * 2 / 3)
    assert one_centred(1.0)(D, real, fake, third).item() == pytest.approx((between - 1) ** 2)
    spread = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    around = 2 * SLOPE * (spread + 0.5 * spread.std() / 3)
    assert dragan(1.0)(D, spread, fake, third).item() == pytest.approx((around - 1).square().mean().item())


def test_wgan_gp() -> None:
    game = WGANGP(**pair_by_hand("critic", Curve()))
    _, facts = game.critic_loss(torch.full((4, 1), REAL), nothing(4), torch.full((4, 1), 0.25))
    assert facts["penalty"].item() == pytest.approx((2 * SLOPE * (0.25 * REAL + 0.75 * SHIFT) - 1) ** 2)


def test_r3gan_looks_at_both() -> None:
    facts = R3GAN(**pair_by_hand(network=Curve())).play_round(one_sample())
    assert facts["discriminator/r1"] == pytest.approx(AT_REAL**2 / 2)
    assert facts["discriminator/r2"] == pytest.approx(AT_FAKE**2 / 2)


def test_r3gan_and_acgan_add_both() -> None:
    class Told(Shift):
        def forward(self, z: Tensor, condition: Tensor) -> Tensor:
            return super().forward(z)

    class Classifying(Curve):
        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
            return super().forward(x), x.new_zeros(len(x), 2)

    players = descending(Told(), "generator"), descending(Classifying(), "discriminator")
    classes, real = torch.zeros(4, dtype=torch.int64), torch.full((4, 1), REAL)
    heavy, light = (
        ACGAN(*players, nothing, SeenConditions(classes), non_saturating, penalty_weight=w) for w in (3.0, 1.0)
    )
    (more, facts), (less, _) = (game.discriminator_loss(real, classes, nothing(4)) for game in (heavy, light))
    assert (facts["r1"].item(), facts["r2"].item()) == pytest.approx((AT_REAL**2 / 2, AT_FAKE**2 / 2))
    assert (more - less).item() == pytest.approx(2 * (AT_REAL**2 + AT_FAKE**2) / 2)

    heavy, light = (R3GAN(**pair_by_hand(network=Curve()), penalty_weight=w) for w in (3.0, 1.0))
    more, less = (game.discriminator_loss(real, nothing(4))[0] for game in (heavy, light))
    assert (more - less).item() == pytest.approx(2 * (AT_REAL**2 + AT_FAKE**2) / 2)


def test_loss_sensitive() -> None:
    facts = LossSensitiveGAN(**pair_by_hand(network=Curve())).play_round(one_sample())
    assert facts["discriminator/penalty"] == pytest.approx(AT_REAL**2 / 2)
