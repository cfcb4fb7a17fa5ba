from copy import deepcopy

import pytest
import torch
from torch import nn

from rivals.parts.history import FakeHistory, PastPlayers


def batch(start, n):
    return torch.arange(start, start + n, dtype=torch.float32)[:, None].expand(n, 2)


def test_a_filling_pool_returns_what_it_is_given_and_remembers_it():
    history = FakeHistory(6)
    assert torch.equal(history.swap(batch(0, 4)), batch(0, 4))
    assert torch.equal(history.swap(batch(4, 2)), batch(4, 2))
    assert history.pool[:, 0].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_full_pool_swaps_half_and_nothing_is_lost_or_doubled():
    torch.manual_seed(0)
    history, shown, given = FakeHistory(50), [], 0
    for size in [32] * 40:
        shown.append(history.swap(batch(given, size)))
        given += size
    everything = torch.cat([*shown, history.pool])[:, 0].sort().values
    # The first 50 were shown and remembered; since then each fake has been shown once or is remembered still.
    assert torch.equal(everything.unique(), torch.arange(given, dtype=torch.float32))
    assert len(everything) == given + 50
    old = [(len(s) - torch.isin(s[:, 0], batch(i * 32, 32)[:, 0]).sum()) / len(s) for i, s in enumerate(shown)]
    assert abs(torch.stack(old[2:]).mean() - 0.5) < 0.05


def test_a_batch_that_straddles_the_end_of_filling():
    history = FakeHistory(5)
    history.swap(batch(0, 4))
    shown = history.swap(batch(4, 9))  # one fills the pool, five meet it, three find no partner
    assert shown[0, 0] == 4
    assert torch.equal(shown[6:], batch(10, 3))
    assert sorted(torch.cat([shown, history.pool])[:, 0].tolist()) == sorted([*range(4), 4, 4, *range(5, 13)])


def test_without_size_nothing_is_kept_and_a_negative_one_is_refused():
    x = batch(0, 4)
    assert torch.equal(FakeHistory(0).swap(x), x)
    with pytest.raises(ValueError, match="got -1"):
        FakeHistory(-1)


def test_what_is_shown_is_free_of_the_graph_and_of_later_changes():
    history, x = FakeHistory(4), torch.zeros(4, 2, requires_grad=True)
    shown = history.swap(x * 1.0)
    shown += 1
    assert not shown.requires_grad
    assert history.pool.sum() == 0


@pytest.mark.parametrize("before", [0, 1, 3])
def test_the_pool_resumes_bit_by_bit(before):
    whole = FakeHistory(20)
    for _ in range(before):
        whole.swap(torch.randn(8, 3))
    state = deepcopy(whole.state_dict())
    x = [torch.randn(8, 3) for _ in range(4)]
    torch.manual_seed(7)
    expected = [whole.swap(part) for part in x]
    torch.randn(100)
    resumed = FakeHistory(20)
    resumed.load_state_dict(state)
    torch.manual_seed(7)
    assert all(torch.equal(a, resumed.swap(part)) for a, part in zip(expected, x, strict=True))
    assert torch.equal(whole.pool, resumed.pool)


def weights(past):
    return [network.weight.item() for network in past]


def test_past_players_are_the_last_few_at_their_times():
    network = nn.Linear(1, 1, bias=False)
    past = PastPlayers(network, keep=2, every=3)
    seen = []
    for step in range(1, 13):
        nn.init.constant_(network.weight, float(step))
        past.update()
        seen.append(sorted(weights(past)))
    assert seen[1] == []
    assert seen[2] == seen[4] == [3.0]
    assert seen[5] == [3.0, 6.0]
    assert seen[8] == [6.0, 9.0]
    assert seen[11] == [9.0, 12.0]
    assert not any(p.requires_grad for copy in past for p in copy.parameters())


def test_past_players_resume():
    network = nn.Linear(1, 1, bias=False)
    past = PastPlayers(network, keep=2, every=1)
    for value in (1.0, 2.0, 3.0):
        nn.init.constant_(network.weight, value)
        past.update()
    resumed = PastPlayers(network, keep=2, every=1)
    resumed.load_state_dict(past.state_dict())
    nn.init.constant_(network.weight, 4.0)
    past.update()
    resumed.update()
    assert weights(past) == weights(resumed) == [3.0, 4.0]


def test_past_players_need_a_number_of_copies():
    with pytest.raises(ValueError, match="at least 1, got 0 and 5"):
        PastPlayers(nn.Linear(1, 1), keep=0, every=5)
