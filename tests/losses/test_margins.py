import pytest
import torch
from torch import Tensor

from rivals.losses.margins import LpMargin, loss_sensitive


def test_margin_by_hand() -> None:
    real, fake = torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([[3.0, -4.0], [1.0, 1.0]])
    assert LpMargin()(real, fake).tolist() == [3.5, 0.0]
    assert LpMargin(2.0)(real, fake).tolist() == [7.0, 0.0]
    torch.testing.assert_close(LpMargin(1.0, power=2)(real, fake), torch.tensor([12.5**0.5, 0.0]))


def test_loss_by_hand() -> None:
    """L(x) = (-2, 0), L(G(z)) = (1, -0.5), Delta = (1, 1): (1 - 2 - 1)+ = 0 and (1 + 0 + 0.5)+ = 1.5."""
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([-1.0, 0.5])
    value = loss_sensitive(real=real, fake=fake, margin=torch.ones(2), weight=10.0)
    assert value == pytest.approx(-1 + 10 * (0 + 1.5) / 2)
    value = loss_sensitive(real=real, fake=fake, margin=torch.ones(2), weight=10.0, real_weight=0.5)
    assert value == pytest.approx(-0.5 + 10 * (0 + 1.5) / 2)


def test_pairs_beyond_their_margin_push_no_fake() -> None:
    real, fake = torch.tensor([2.0, 0.0], requires_grad=True), torch.tensor([-1.0, 0.5], requires_grad=True)
    value = loss_sensitive(real=real, fake=fake, margin=torch.ones(2), weight=10.0)
    up, down = torch.autograd.grad(value, (real, fake))
    assert up.tolist() == [-0.5, -5.5] and down.tolist() == [0.0, 5.0]


def test_the_margin_decides_pair_by_pair() -> None:
    """A fake close to its real sample needs a smaller gap than one far off."""
    logits = torch.zeros(2, requires_grad=True)
    value = loss_sensitive(real=torch.ones(2), fake=logits, margin=torch.tensor([0.5, 2.0]))
    assert torch.autograd.grad(value, logits)[0].tolist() == [0.0, 0.5]


@pytest.mark.parametrize("real, fake", [(50.0, -50.0), (-50.0, 50.0)])
def test_finite_at_large_logits(real: float, fake: float) -> None:
    value = loss_sensitive(real=torch.full((2,), real), fake=torch.full((2,), fake), margin=torch.ones(2))
    assert value == -real + max(0.0, 1 - real + fake)


def test_compiled_equals_eager() -> None:
    def whole(real: Tensor, fake: Tensor) -> Tensor:
        return loss_sensitive(real=real.sum(1), fake=fake.sum(1), margin=LpMargin(0.5)(real, fake), weight=2.0)

    torch._dynamo.reset()
    torch.manual_seed(0)
    real, fake = torch.randn(2, 4, 3)
    compiled = torch.compile(whole, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(real, fake), whole(real, fake))
