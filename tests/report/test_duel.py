"""A moment of a game: colours, border and arrows where they belong."""

from dataclasses import replace

import numpy as np
from PIL import Image

from rivals.report.axes import LEFT, SIDE, TOP
from rivals.report.duel import PULL, TINT, Moment, border, duel, tinted
from rivals.report.ink import FAKE, INK, REAL

LOWER = 30  # the legend's own line
EMPTY = np.empty((0, 2))
HALVES = np.linspace(-1, 1, 32)[None].repeat(32, 0)  # fake on the left, real on the right


def at(image: Image.Image, x: float, y: float) -> np.ndarray:
    return np.array(image.getpixel((LEFT + round(x * SIDE), TOP + LOWER + round((1 - y) * SIDE))), int)


def shown(moment: Moment) -> Image.Image:
    return duel(moment, (0, 1, 0, 1))


BARE = Moment(EMPTY, EMPTY, EMPTY, HALVES, "a game     round 1     KL(real|fake) 0.10     KL(fake|real) 0.20")


def near(colour: np.ndarray, other: tuple[int, int, int]) -> bool:
    return bool(np.abs(colour - other).sum() < 60)


def test_the_judge_is_seen_as_colour_and_its_border_as_a_line() -> None:
    image = shown(BARE)
    assert np.abs(at(image, 0.003, 0.3) - (255 + TINT * (np.array(FAKE) - 255))).max() < 4
    assert np.abs(at(image, 0.993, 0.3) - (255 + TINT * (np.array(REAL) - 255))).max() < 4
    assert near(at(image, 0.5, 0.33), INK) and not near(at(image, 0.45, 0.33), INK)


def test_low_rows_are_below() -> None:
    image = shown(replace(BARE, shade=HALVES.T))
    assert at(image, 0.33, 0.05)[2] < at(image, 0.33, 0.05)[0]  # orange
    assert at(image, 0.33, 0.95)[2] > at(image, 0.33, 0.95)[0]  # blue


def test_arrows_point_along_the_pull() -> None:
    fake = np.array([[0.3, 0.3]])
    image = shown(replace(BARE, fake=fake, pull=np.array([[0.0, 2.0]])))
    assert near(at(image, 0.3, 0.33), PULL) and not near(at(image, 0.3, 0.27), PULL)
    tail = at(image, 0.3, 0.298)
    assert tail[0] > 150 and tail[2] < 80  # the dot itself


def test_what_is_not_finite_or_does_not_pull_has_no_arrow() -> None:
    fake = np.array([[0.3, 0.3], [np.nan, 0.2], [0.6, 0.6]])
    pull = np.array([[0.0, 0.0], [1.0, 1.0], [np.inf, 0.0]])
    plain = replace(BARE, fake=fake, pull=0 * fake)
    assert shown(replace(BARE, fake=fake, pull=pull)).tobytes() == shown(plain).tobytes()


def test_the_border_is_as_wide_where_the_judge_is_steep_as_where_it_is_not() -> None:
    gentle = np.linspace(-0.5, 0.5, 200)[None].repeat(200, 0)
    widths = [border(slope * gentle)[100].sum() for slope in (0.1, 1.0, 2.0)]
    assert max(widths) - min(widths) < 1e-3 and 2 < widths[0] < 5
    assert border(np.zeros((9, 9)) + 0.5).max() == 0


def test_sure_is_deep_and_unsure_is_white() -> None:
    colours = tinted(np.array([-1.0, 0.0, 1.0]))
    assert (colours[1] == 255).all() and colours[0][2] < colours[0][0] and colours[2][2] > colours[2][0]
