"""Edits under constraints, on a generator whose pictures are its codes."""

import pytest
import torch
from torch import Tensor

from rivals.latent import walks
from rivals.latent.constrained import (
    carried,
    coloured,
    constrained,
    edges,
    filled,
    shaped,
    softened,
    standardised,
)
from rivals.latent.descent import Descent

SHAPE = (1, 4, 4)
DESCENT = Descent(300, 0.2)


def plain(codes: Tensor) -> Tensor:
    """G(z) = z as pictures (n, 1, 4, 4)."""
    return codes.unflatten(1, SHAPE)


def corner() -> Tensor:
    where = torch.zeros(SHAPE)
    where[:, :2, :2] = 1
    return where


def test_a_stroke_on_a_plain_generator_is_a_weighted_mean_of_wish_and_start() -> None:
    """Each of 4 stroked pixels lowers (x - 1)^2 / 4 + l (x - x0)^2: x = (1/4 + l x0) / (1/4 + l); others stay."""
    start, closeness = walks.random(2, 16, 0), 0.5
    found = constrained(plain, start, coloured(torch.ones(SHAPE), corner()), DESCENT, closeness=closeness)
    stroked = corner().flatten() > 0
    expected = torch.where(stroked, (0.25 + closeness * start) / (0.25 + closeness), start)
    assert torch.allclose(found, expected, atol=1e-3)


def test_the_more_closeness_counts_the_less_the_code_moves_and_the_wish_is_met() -> None:
    start, wish = walks.random(1, 16, 0), coloured(torch.ones(SHAPE), corner())
    found = [constrained(plain, start, wish, DESCENT, closeness=weight) for weight in (0.001, 0.1, 1.0, 100.0)]
    moved = [float((codes - start).norm()) for codes in found]
    missed = [float(wish(plain(codes))) for codes in found]
    assert moved == sorted(moved, reverse=True) and moved[-1] < 0.02
    assert missed == sorted(missed) and missed[-1] < float(wish(plain(start)))
    assert missed[0] < 0.01 * float(wish(plain(start)))


def test_the_judge_draws_the_edit_towards_what_it_takes_for_real() -> None:
    start, wish = torch.zeros(1, 16), coloured(torch.ones(SHAPE), corner())

    def judge(made: Tensor) -> Tensor:
        return -made.square().sum((1, 2, 3))

    without = constrained(plain, start, wish, DESCENT, closeness=0.01)
    found = constrained(plain, start, wish, DESCENT, closeness=0.01, judge=judge, realism=0.5)
    stroked = corner().flatten() > 0
    assert torch.allclose(found[0, stroked], torch.full((4,), 0.25 / (0.25 + 0.01 + 0.5)), atol=1e-3)
    assert judge(plain(found)) > judge(plain(without))


def test_scores_are_in_standard_deviations_and_end_at_the_mean() -> None:
    own = torch.tensor([1.0, 3.0]).view(2, 1, 1, 1)
    score = standardised(lambda x: 10 * x.flatten(), own)
    assert score(torch.tensor([0.0, 2.0, 9.0]).view(3, 1, 1, 1)).tolist() == pytest.approx([-(2**0.5), 0, 0])


def test_strokes_count_by_their_cover() -> None:
    cover = torch.tensor([[[1.0, 0.5], [0.0, 0.0]]])
    made = torch.tensor([[[[3.0, 1.0], [9.0, 9.0]]]])
    assert coloured(torch.ones(1, 2, 2), cover)(made).item() == pytest.approx(4 / 1.5)


def test_edges_stand_where_brightness_changes() -> None:
    picture = torch.full((1, 3, 7, 7), -1.0)
    picture[..., 4:] = 1
    found = edges(picture)[0, 0]
    assert found[3].argmax() in (3, 4) and found[3, 0] < 0.01
    assert found[3, 3].item() == pytest.approx(4 / 3, abs=0.01)  # steps of 2 in two columns of three


def test_a_line_wants_an_edge_there_and_none_beside_it() -> None:
    lines, where = torch.zeros(1, 7, 7), torch.ones(1, 7, 7)
    lines[:, :, 3:5] = 1
    wish, step, flat = shaped(lines, where), torch.full((1, 1, 7, 7), -0.5), torch.zeros(1, 1, 7, 7)
    step[..., 4:] = 0.5
    assert wish(step).item() < 1e-5  # a step of 1 is an edge of 1 on both of its sides
    blurred = torch.tensor([0, 0, 1 / 3, 2 / 3, 2 / 3, 1 / 3, 0])
    assert wish(flat).item() == pytest.approx(float(blurred.square().mean()), abs=1e-3)
    assert wish(step.roll(2, 3)).item() > wish(flat).item()


def test_of_a_margin_of_two_a_pixel_is_soft_by_thirds() -> None:
    where = torch.zeros(1, 9, 9)
    where[0, 4, 4] = 1
    assert softened(where, 2)[0, 4].tolist() == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3, 0, 0])


def test_an_edit_is_carried_whole_and_a_judge_is_not_heeded_unless_asked() -> None:
    original, before, after = (
        torch.full((1, 1, 1, 1), 0.2),
        torch.full((1, 1, 1, 1), 0.1),
        torch.full((1, 1, 1, 1), 0.4),
    )
    assert carried(original, before, after).item() == pytest.approx(0.5)
    start, wish = torch.zeros(1, 16), coloured(torch.ones(SHAPE), corner())
    without = constrained(plain, start, wish, DESCENT, closeness=0.01)
    found = constrained(plain, start, wish, DESCENT, closeness=0.01, judge=lambda made: made.sum((1, 2, 3)))
    assert torch.equal(found, without)


def test_an_edit_is_soft_around_its_place_and_untouched_beyond() -> None:
    where = torch.zeros(1, 16, 16)
    where[:, 0:3, 6:9] = 0.4
    for margin in (0, 1):
        assert torch.equal(softened(where, margin), (where > 0).float())
    soft = softened(where, 4)
    assert torch.equal(soft[where > 0], torch.ones(9))
    far = torch.ones(1, 16, 16, dtype=torch.bool)
    far[:, :7, 2:13] = False
    assert float(soft[far].abs().max()) == 0 and 0 < float(soft[0, 4, 7]) < 1
    original, before, after = (walks.random(2, 256, seed).view(2, 1, 16, 16).clamp(-1, 1) for seed in range(3))
    result = carried(original, before, after, soft)
    outside = (soft == 0).expand_as(original)
    assert torch.equal(result[outside], original[outside])
    inside = (soft == 1).expand_as(original)
    assert torch.allclose(result[inside], (original + after - before).clamp(-1, 1)[inside])
    over = filled(original, after, soft)
    assert torch.equal(over[outside], original[outside]) and torch.allclose(over[inside], after[inside])
