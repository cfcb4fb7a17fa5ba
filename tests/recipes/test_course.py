"""Twenty pictures of one's own, two kinds of ten, and the networks that courses teach."""

import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

import rivals


def draw_twenty(folder: Path) -> None:
    """Ten discs and ten houses, each in its own folder, sizes and colours of their own."""
    chance = random.Random(0)
    for kind in ("discs", "houses"):
        (folder / kind).mkdir(parents=True)
        for number in range(10):
            side = chance.randint(120, 200)
            picture = Image.new("RGB", (side, side), (235, 235, 225))
            pen, colour = ImageDraw.Draw(picture), tuple(chance.randint(0, 120) for _ in range(3))
            low, high = side // 4, side * 3 // 4
            if kind == "discs":
                pen.ellipse((low, low, high, high), fill=colour)
            else:
                pen.rectangle((low, side // 2, high, high), fill=colour)
                pen.polygon(((low, side // 2), (side // 2, low), (high, side // 2)), fill=(150, 40, 30))
            picture.save(folder / kind / f"{number}.png")


def test_twenty_pictures_train_with_the_course_networks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    draw_twenty(tmp_path / "mine")
    run = rivals.train(
        "nsgan",
        data=tmp_path / "mine",
        out=tmp_path / "run",
        size=128,
        network="dcgan-course",
        rounds=6,
        log_every=1,
        quiet=True,
    )
    said = capfd.readouterr().err
    assert "batch of 20" in said and "adaptive augmentation is on" in said
    metrics = run.metrics()
    assert len(metrics) == 6
    assert (
        metrics[-1]["discriminator/real"] > metrics[-1]["discriminator/fake"] + 1
    )  # it has learned to tell them apart
    pictures = run.arrays(4)
    assert pictures.shape == (4, 128, 128, 3) and pictures.dtype == "uint8"
    channels = [
        layer.out_channels for layer in run.setup.game.discriminator.network.modules() if hasattr(layer, "out_channels")
    ]
    assert channels == [64, 128, 256, 512, 1024, 1]
