"""What stands where in codes with a meaning."""

import pytest
import torch

from rivals.parts.codes import Codes


def test_codes_are_noise_then_one_hot_categories_then_numbers() -> None:
    torch.manual_seed(0)
    codes = Codes(3, (4, 2), 2)
    z = codes(1000)
    assert z.shape == (1000, codes.latent) == (1000, 11)
    assert codes.places == [slice(3, 7), slice(7, 9)] and list(codes.numbers) == [9, 10]
    for place in codes.places:
        assert torch.equal(z[:, place].sum(1), torch.ones(1000)) and set(z[:, place].unique().tolist()) == {0.0, 1.0}
        assert z[:, place].mean(0) == pytest.approx(torch.full_like(z[0, place], 1 / z[:, place].shape[1]), abs=0.05)
    rest = torch.cat([z[:, :3], z[:, 9:]], 1)
    assert -1 <= rest.min() < -0.99 and 0.99 < rest.max() < 1


@pytest.mark.parametrize("learned_sd", [False, True])
def test_a_reading_comes_apart_as_the_codes_do(learned_sd: bool) -> None:
    codes = Codes(3, (4, 2), 2, learned_sd)
    reading = torch.arange(float(codes.reading)).expand(5, -1)
    logits, mean, log_sd = codes.read(reading)
    assert [each[0].tolist() for each in logits] == [[0, 1, 2, 3], [4, 5]]
    assert mean[0].tolist() == [6, 7] and log_sd[0].tolist() == ([8, 9] if learned_sd else [0, 0])
    categories, values = codes.parts(codes(5))
    assert [each.shape for each in (*categories, values)] == [each.shape for each in (*logits, mean)]


def test_the_expected_code_can_be_generated_from() -> None:
    codes = Codes(1, (3,), 1)
    expected = codes.expected(torch.tensor([[0.0, 100.0, 0.0, 0.7]]))
    assert expected.tolist()[0] == pytest.approx([0.0, 0.0, 1.0, 0.0, 0.7])


def test_codes_without_a_meaning_are_refused() -> None:
    with pytest.raises(ValueError, match="one named part, found 5 and 0"):
        Codes(5, (), 0)
    with pytest.raises(ValueError, match="a category needs two values or more, found 1"):
        Codes(5, (3, 1))
