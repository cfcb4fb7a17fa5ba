"""Our cart and pole against Gymnasium's, step by step."""

import pytest
import torch

from rivals.control.cartpole import CartPole, advance
from rivals.control.rollout import Returns, Rollout, collect, first_returns

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
    assert rollout.flat().observation.shape == (80, 4)
    assert first_returns(lambda seen: (seen[:, 2] > 0).long(), CartPole(4, limit=7), 20).tolist() == [7.0] * 4


def test_returns_are_those_of_whole_episodes_however_long_a_rollout_is() -> None:
    def act(seen: torch.Tensor) -> torch.Tensor:
        return (seen[:, 2] > 0).long()

    cart, returns = CartPole(4, limit=7), Returns()
    found = [float(returns.add(collect(act, cart, 5))) for _ in range(6)]
    assert found == [0.0, 7.0, 7.0, 7.0, 7.0, 7.0]  # 5 steps hold no whole one
    twin = Returns()
    twin.load_state_dict(returns.state_dict())
    rollout = collect(act, cart, 20)
    assert float(twin.add(rollout)) == float(returns.add(rollout)) == 7.0


def test_returns_of_episodes_of_unequal_length_are_averaged_over_episodes() -> None:
    reward = torch.tensor([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])
    ended = torch.tensor([[False, True], [False, False], [True, True], [False, False]])
    rollout = Rollout(*[torch.zeros(4, 2)] * 3, reward, ended, ended)
    returns = Returns()
    assert float(returns.add(rollout)) == pytest.approx((3 + 2 + 4) / 3)
    assert returns.running.tolist() == [1.0, 2.0]
