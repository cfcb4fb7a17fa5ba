import pytest
import torch
from torch import Tensor

from rivals.losses.energies import contrastive, energy_margin, pulling_away, reconstruction_energy


def test_reconstruction_energy_by_hand() -> None:
    x = torch.tensor([[[1.0, 2.0]], [[0.0, 0.0]]])
    assert reconstruction_energy(x, torch.zeros(2, 1, 2)).tolist() == [2.5, 0.0]
    assert reconstruction_energy(x, torch.zeros(2, 1, 2), power=1).tolist() == [1.5, 0.0]


def test_energy_margin_by_hand() -> None:
    value = energy_margin(real=torch.tensor([0.2, 0.4]), fake=torch.tensor([0.5, 3.0]), margin=1.0)
    assert value == pytest.approx(0.3 + 0.25)


def test_energy_margin_leaves_fakes_beyond_it_alone() -> None:
    real, fake = torch.tensor([0.2, 50.0], requires_grad=True), torch.tensor([0.5, 50.0], requires_grad=True)
    up, down = torch.autograd.grad(energy_margin(real=real, fake=fake, margin=1.0), (real, fake))
    assert up.tolist() == [0.5, 0.5] and down.tolist() == [-0.5, 0.0]


@pytest.mark.parametrize(
    "code, value",
    [
        ([[1.0, 0.0], [5.0, 0.0]], 1.0),  # one direction
        ([[1.0, 0.0], [0.0, 3.0]], 0.0),  # at right angles
        ([[1.0, 0.0], [-2.0, 0.0]], 1.0),  # opposite counts as alike
        ([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], (0.5 + 0.5 + 0.0) / 3),
        ([[0.0, 0.0], [1.0, 0.0]], 0.0),
        ([[1.0, 2.0]], 0.0),  # nothing to pull away from
    ],
)
def test_pulling_away_by_hand(code: list[list[float]], value: float) -> None:
    assert pulling_away(torch.tensor(code)) == pytest.approx(value, abs=1e-6)


def test_pulling_away_pulls_apart() -> None:
    code = torch.tensor([[1.0, 0.2], [1.0, -0.2]], requires_grad=True)
    (slope,) = torch.autograd.grad(pulling_away(code), code)
    assert slope[0, 1] < 0 < slope[1, 1]
    moved = code.detach().double().requires_grad_()
    assert torch.autograd.gradcheck(pulling_away, moved)


def test_contrastive_by_hand() -> None:
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -3.0])
    assert contrastive(real=real, fake=fake) == pytest.approx(-1 - 1)
    assert contrastive(real=real, fake=fake, weight=0.1) == pytest.approx(-2 + 0.1 * (2 + 5))


@pytest.mark.parametrize("logit", [-50.0, 50.0])
def test_contrastive_at_large_logits(logit: float) -> None:
    real, fake = (torch.full((2,), v, requires_grad=True) for v in (logit, -logit))
    value = contrastive(real=real, fake=fake, weight=0.1)
    slopes = torch.autograd.grad(value, (real, fake))
    assert value.isfinite() and all(slope.isfinite().all() for slope in slopes)


def test_compiled_equals_eager() -> None:
    def whole(real: Tensor, fake: Tensor) -> Tensor:
        energies = reconstruction_energy(real, fake), reconstruction_energy(fake, fake.flip(0))
        logits = contrastive(real=energies[0], fake=energies[1], weight=0.1)
        return energy_margin(real=energies[0], fake=energies[1], margin=1.0) + pulling_away(fake) + logits

    torch._dynamo.reset()
    torch.manual_seed(0)
    real, fake = torch.randn(2, 4, 3)
    compiled = torch.compile(whole, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(real, fake), whole(real, fake))
