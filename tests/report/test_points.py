"""Pictures of points: what is drawn where."""

import numpy as np
import pytest
from PIL import Image

from rivals.report.axes import LEFT, SIDE, TOP, Axes, nice_ticks, tick_text
from rivals.report.ink import FAKE, REAL
from rivals.report.points import on_two_axes, scatter


def at(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    """The colour of the plane at fractions of its width from the left and of its height from below."""
    return image.getpixel((LEFT + round(x * SIDE), TOP + round((1 - y) * SIDE)))  # type: ignore[return-value]


def near(colour: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return sum(abs(a - b) for a, b in zip(colour, other, strict=True)) < 60


def test_points_stand_where_they_are_in_the_colour_of_their_kind() -> None:
    fake, real = np.array([[0.25, 0.75]] * 50), np.array([[0.75, 0.25]] * 50)
    image = scatter(fake, real, "two points", bounds=(0, 1, 0, 1))
    assert near(at(image, 0.25, 0.75), FAKE)
    assert near(at(image, 0.75, 0.25), REAL)
    assert near(at(image, 0.27, 0.27), (255, 255, 255))
    assert image.width % 2 == image.height % 2 == 0


def test_the_range_is_that_of_the_real_points_so_that_films_stand_still() -> None:
    real = np.random.default_rng(0).normal(size=(100, 2))
    near_by, far = scatter(real[:5], real), scatter(real[:5] * 1000, real)
    box = (0, TOP + SIDE + 2, LEFT + SIDE, TOP + SIDE + 28)  # the numbers under the plane
    assert near_by.crop(box).tobytes() == far.crop(box).tobytes()
    assert scatter(real[:5] * np.nan, real).size == near_by.size


def test_one_dimension_is_two_histograms() -> None:
    image = scatter(np.linspace(0, 1, 1000), np.linspace(2, 3, 1000)[:, None])
    # the range comes from the real values, 2 to 3, so only they fill the plane
    assert at(image, 0.5, 0.3)[2] > at(image, 0.5, 0.3)[0] + 20


def test_more_dimensions_go_to_the_principal_axes() -> None:
    draw = np.random.default_rng(0)
    plane = draw.normal(size=(5000, 2)) * (3, 1)
    turn, _ = np.linalg.qr(draw.normal(size=(6, 6)))
    cloud = plane @ turn[:2] + 7
    (flat,), labels = on_two_axes([cloud])
    centred = plane - plane.mean(0)
    cosines = np.abs(np.corrcoef(flat.T, centred.T)[:2, 2:])
    assert cosines.diagonal() == pytest.approx([1, 1], abs=1e-3)
    assert labels[0].startswith("principal axis 1 (90%")


def test_what_can_not_be_drawn_is_named() -> None:
    with pytest.raises(ValueError, match="3 dimensions and real ones 2"):
        scatter(np.zeros((4, 3)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="no finite point"):
        scatter(np.full((4, 2), np.nan))


def test_ticks() -> None:
    assert nice_ticks(-1.2, 1.2).tolist() == pytest.approx([-1, -0.5, 0, 0.5, 1])
    assert nice_ticks(0, 6).tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert [tick_text(tick, nice_ticks(0, 0.01)) for tick in nice_ticks(0, 0.01)[:2]] == ["0.000", "0.002"]


def test_a_line_joins_its_ends() -> None:
    axes = Axes((0, 1, 0, 1))
    axes.line(np.array([[0.1, 0.1], [0.9, 0.9]]), REAL)
    image = axes.image()
    assert near(at(image, 0.5, 0.5), REAL)
    assert not near(at(image, 0.5, 0.6), REAL)
