"""Our cart and pole against Gymnasium's, step by step."""

import pytest
import torch

from rivals.control.cartpole import CartPole, advance
from rivals.control.rollout import collect, first_returns

gymnasium = pytest.importorskip("gymnasium")


def test_same_trajectories_as_gymnasium() -> None:
    """Ten episodes of random pushes, to the end: the same states, ends and lengths."""
    theirs, draw = gymnasium.make("CartPole-v1"), torch.Generator().manual_seed(0)
    for episode in range(10):
        seen, _ = theirs.reset(seed=episode)
        ours = CartPole(1)
        ours.observe()
        ours.state = torch.tensor(theirs.unwrapped.state, dtype=torch.float64)[None]
        assert torch.equal(ours.observe()[0], torch.from_numpy(seen))
        over = False
        while not over:
            action = int(torch.randint(2, (), generator=draw))
            seen, reward, terminated, truncated, _ = theirs.step(action)
            step = ours.step(torch.tensor([action]))
            assert torch.allclose(ours.state[0], torch.tensor(theirs.unwrapped.state), rtol=0, atol=1e-12)
            assert torch.allclose(step.following[0], torch.from_numpy(seen), rtol=0, atol=1e-6)
            assert (step.reward.item(), step.terminated.item(), step.truncated.item()) == (
                reward,
                terminated,
                truncated,
            )
            over = terminated or truncated
    theirs.close()


def test_time_is_up_after_the_limit_and_a_new_episode_starts() -> None:
    torch.manual_seed(0)
    cart = CartPole(3, limit=5)
    cart.observe()
    for age in range(1, 6):
        step = cart.step(torch.tensor([age % 2] * 3))
        assert step.truncated.tolist() == [age == 5] * 3 and not step.terminated.any()
    before = step.following
    after = cart.observe()
    assert not torch.equal(before, after) and after.abs().max() <= 0.05
    assert not cart.step(torch.zeros(3, dtype=torch.int64)).truncated.any()


def test_starts_are_uniform() -> None:
    torch.manual_seed(0)
    start = CartPole(20_000).observe()
    assert start.abs().max() <= 0.05
    assert start.mean(0).abs().max() < 2e-3
    assert (start.std(0) - 0.1 / 12**0.5).abs().max() < 1e-3


def test_state_is_restored_bit_for_bit() -> None:
    torch.manual_seed(0)
    push = torch.randint(2, (60, 8))
    one, other = CartPole(8), CartPole(8)
    for action in push[:30]:
        one.observe()
        one.step(action)
    other.load_state_dict(one.state_dict())
    states = []
    for cart in (one, other):
        torch.manual_seed(5)
        for action in push[30:]:
            cart.observe()
            cart.step(action)
        states.append(cart.state)
    assert torch.equal(*states)
    with pytest.raises(ValueError, match="of 8 environments, this game has 3"):
        CartPole(3).load_state_dict(one.state_dict())


def test_rollouts_hold_what_happened() -> None:
    torch.manual_seed(0)
    cart = CartPole(4, limit=7)
    rollout = collect(lambda seen: (seen[:, 2] > 0).long(), cart, 20)
    assert rollout.observation.shape == (20, 4, 4) and rollout.action.shape == rollout.reward.shape == (20, 4)
    assert torch.equal(rollout.action, (rollout.observation[..., 2] > 0).long())
    going = ~rollout.ended[:-1]
    assert torch.equal(rollout.following[:-1][going], rollout.observation[1:][going])
    assert rollout.ended[6].all() and rollout.ended.sum() == 8 and not rollout.terminated.any()
    moved = advance(rollout.observation[3].double(), rollout.action[3]).float()
    torch.testing.assert_close(rollout.following[3], moved, rtol=0, atol=1e-6)
    assert rollout.flat().observation.shape == (80, 4) and rollout.reward_per_episode() == 10
    assert first_returns(lambda seen: (seen[:, 2] > 0).long(), CartPole(4, limit=7), 20).tolist() == [7.0] * 4
