import math

import pytest
import torch

from rivals.losses.recognition import wrong_label, wrong_tags


def test_a_label_costs_its_log_probability() -> None:
    logits = torch.tensor([[0.0, math.log(3)], [0.0, 0.0]])  # probabilities 1/4, 3/4 and 1/2, 1/2
    assert wrong_label(logits, torch.tensor([1, 0])).item() == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)


def test_tags_cost_the_log_probabilities_of_each() -> None:
    logits = torch.tensor([[math.log(3), 0.0]])  # probabilities 3/4 and 1/2
    tags = torch.tensor([[0.0, 1.0]])
    assert wrong_tags(logits, tags).item() == pytest.approx(math.log(4) + math.log(2))
    assert wrong_tags(torch.tensor([[50.0, -50.0]]), tags).item() == pytest.approx(100)
