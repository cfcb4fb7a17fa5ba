import pytest
import torch

from rivals.parts.seen import SeenConditions, differ


def test_it_keeps_the_first_conditions_and_draws_from_them_alone() -> None:
    seen = SeenConditions(torch.full((5,), 9))
    assert set(seen.draw(20).tolist()) == {9}
    seen.add(torch.tensor([1, 2]))
    assert set(seen.draw(50).tolist()) == {1, 2}
    seen.add(torch.tensor([3, 4, 5, 6]))
    seen.add(torch.tensor([7]))
    assert seen.pool.tolist() == [1, 2, 3, 4, 5]


def test_its_state_is_all_there_is() -> None:
    one, other = SeenConditions(torch.zeros(4, 2)), SeenConditions(torch.zeros(4, 2))
    one.add(torch.ones(3, 2))
    other.load_state_dict(one.state_dict())
    other.add(torch.full((2, 2), 2.0))
    assert other.pool.tolist() == [[1, 1], [1, 1], [1, 1], [2, 2]] and one.pool[3].tolist() == [0, 0]


def test_room_is_needed() -> None:
    with pytest.raises(ValueError, match="room for at least one"):
        SeenConditions(torch.empty(0))


def test_conditions_differ_if_any_part_of_them_does() -> None:
    assert differ(torch.tensor([1, 2]), torch.tensor([1, 3])).tolist() == [False, True]
    assert differ(torch.tensor([[1, 2], [1, 2]]), torch.tensor([[1, 2], [1, 0]])).tolist() == [False, True]
