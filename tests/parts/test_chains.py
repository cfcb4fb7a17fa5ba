import pytest
import torch

from rivals.parts.chains import Chains


def test_chains_are_taken_up_where_they_were_put_down() -> None:
    chains = Chains(lambda n: torch.zeros(n, 2), size=8, restart=0.0)
    _, place = chains.take(5)
    chains.put(place, torch.full((5, 2), 3.0))
    assert len(place.unique()) == 5  # a place twice, and which of two chains stays there would be chance
    assert chains.samples[place].eq(3).all() and chains.samples.sum() == 6 * 5
    with pytest.raises(ValueError, match="there are 8 chains, and 9 are asked for"):
        chains.take(9)


def test_any_number_is_drawn_as_they_stand() -> None:
    chains = Chains(torch.zeros, size=2, restart=1.0)
    chains.samples.copy_(torch.tensor([1.0, 2.0]))
    assert set(chains.draw(100).tolist()) == {1.0, 2.0}


def test_share_of_restarts() -> None:
    torch.manual_seed(0)
    chains = Chains(lambda n: torch.zeros(n, 2), size=4000, restart=0.25)
    chains.samples.fill_(1.0)
    samples, _ = chains.take(4000)
    assert samples.mean() == pytest.approx(0.75, abs=0.03)
    assert set(samples.sum(1).tolist()) == {0.0, 2.0}  # whole samples


def test_state() -> None:
    first, second = Chains(lambda n: torch.randn(n, 2), size=8), Chains(lambda n: torch.randn(n, 2), size=8)
    second.load_state_dict(first.state_dict())
    first.samples.zero_()
    assert second.samples.abs().sum() > 0


@pytest.mark.parametrize("options", [{"size": 0}, {"restart": 1.5}])
def test_refuses(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="chains need"):
        Chains(lambda n: torch.zeros(n, 1), **options)
