import pytest
import torch
from torch import Tensor

from rivals.games import VAEGAN
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Shift, Slope, descending, nothing, one_sample, sigmoid
from tests.games.tiny_codes import TINY, Straight
from tests.games.tiny_gans import fixed


class Both(Slope):
    """A hidden layer of slope * x, and the same as logits."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.slope * x, (self.slope * x).flatten()


@pytest.mark.parametrize(("gamma", "weight"), [(0.5, 1.0), (0.5, 0.0), (0.0, 2.0)])
def test_round_by_hand(gamma: float, weight: float) -> None:
    """With noise of 0: z = m = slope * x = 0.6, x~ = 1.1, and the sample of z_p = 0 is the shift."""
    encoder, generator, judge = Straight(), Shift(), Both()
    parts = [descending(net, name) for net, name in ((encoder, "encoder"), (generator, "generator"), (judge, "judge"))]
    game = VAEGAN(*parts, nothing, reconstruction_weight=gamma, gan_weight=weight)
    facts = game.play_round(one_sample())
    m = SLOPE * REAL
    returned = m + SHIFT
    unlike = (REAL - returned) / REAL  # in units of the hidden layer of real samples
    fakes = [sigmoid(SLOPE * fake) for fake in (returned, SHIFT)]
    assert facts["encoder/divergence"] == pytest.approx(m**2 / 2)
    assert facts["encoder/unlike"] == pytest.approx(unlike**2 / 2)
    assert facts["encoder/loss"] == pytest.approx(m**2 / 2 + unlike**2 / 2)
    assert encoder.slope.item() == pytest.approx(SLOPE - RATE * (m * REAL - unlike))
    pull = gamma * unlike / REAL + weight * SLOPE * sum(fakes) / 2  # of minimax: log(1 - D) falls as D grows
    assert generator.shift.item() == pytest.approx(SHIFT + RATE * pull)
    slope = (1 - sigmoid(SLOPE * REAL)) * REAL - (fakes[0] * returned + fakes[1] * SHIFT) / 2
    assert judge.slope.item() == pytest.approx(SLOPE + RATE * slope)


def test_likeness_does_not_move_the_discriminator() -> None:
    """It learns from the verdict alone, whatever the weight of the likeness."""
    judges: list[dict[str, Tensor]] = []
    for gamma in (0.0, 1.0):
        tiny = TINY["vaegan"]()
        tiny.game.reconstruction_weight = gamma
        torch.manual_seed(0)
        tiny.game.play_round(tiny.feed)
        judges.append(tiny.game.discriminator.network.state_dict())
    torch.testing.assert_close(judges[0], judges[1])


def test_a_hidden_layer_that_shrinks_changes_no_likeness() -> None:
    game, x, z = TINY["vaegan"]().game, fixed(0, 8, 2), fixed(1, 8, 2)
    before = game.losses(x, z[:, None], z)[1][f"{game.encoder.name}/unlike"]
    for p in game.discriminator.network.before[2].parameters():
        p.mul_(0.1)
    after = game.losses(x, z[:, None], z)[1][f"{game.encoder.name}/unlike"]
    assert before.item() > 1 and after.item() == pytest.approx(before.item(), rel=1e-4)
