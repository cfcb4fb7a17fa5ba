"""The tables of learned codes: what they measure, by hand."""

from argparse import Namespace
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import torch

from rivals.run.run import configured

Script = Callable[[str], ModuleType]
GIVEN = Namespace(device="cpu", rounds=0, full=False, seeds=2, first=0)


def sheared(shear: float) -> torch.Tensor:
    """A stroke (1, 1, 32, 32) whose x moves by `shear` a pixel of y."""
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    ink = torch.exp(-((x - 16 - shear * (y - 16)).square() / 4 + (y - 16).square() / 40))
    return (2 * ink - 1)[None, None]


@pytest.mark.parametrize("shear", [-0.5, 0.0, 0.3])
def test_slant_is_the_shear_of_a_stroke(script: Script, shear: float) -> None:
    table = script("infogan")
    assert table.slant(sheared(shear))[0] == pytest.approx(shear, abs=0.01)
    assert table.slant(sheared(shear).roll(3, -1))[0] == pytest.approx(shear, abs=0.01)  # wherever it stands


def test_the_bar_is_for_the_median_and_every_seed_is_shown(script: Script) -> None:
    table = script("infogan")
    scores = [[60.0, 0.9, 12.0, 0.1], [96.0, 0.7, 15.0, 0.2], [97.0, 0.2, 20.0, 0.3]]
    rows = {
        (row.name, row.metric): row
        for row in table.rows_of("way", [{"scores": s, "core_seconds": 60.0} for s in scores])
    }
    middle = rows["way", "% of digits, median of seeds"].record()
    assert middle["ours"]["seeds"] == [96.0] and middle["reached"]
    assert list(rows["way", "% of digits, every seed"].values) == [60.0, 96.0, 97.0]
    assert rows["way, untrained Q", "% of digits, every seed"].control
    assert table.rows_of("way", []) == []


def test_controls_of_bigan_have_no_bar(script: Script) -> None:
    table = script("bigan")
    scores = {"trained": [97.5, 95.0, 92.0, 6.0, 0.6], "untrained": [96.8, 91.0, 91.0, 13.0, 1.0], "pixels": [96.9]}
    rows = [row.record() for row in table.rows_of([{"scores": scores, "core_seconds": 60.0}])]
    assert [row["reached"] for row in rows if row["bar"]] == [True, True]
    assert all(row["bar"] is None for row in rows if row["control"])
    assert sum(row["control"] for row in rows) == len(table.METRICS) + 1


def test_a_stranger_is_as_near_as_ones_own_where_all_are_returned_alike(script: Script, monkeypatch) -> None:
    table = script("bigan")

    class Test:
        def __len__(self) -> int:
            return 4

        def batch(self, index: torch.Tensor, draw: torch.Tensor) -> dict[str, torch.Tensor]:
            return {"image": torch.tensor([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])[index][:, None, None]}

    class Alike:
        encode = staticmethod(lambda x: x.flatten(1))
        generate = staticmethod(lambda z: torch.zeros(len(z), 1, 1, 2))

    class Exact(Alike):
        generate = staticmethod(lambda z: z[:, None, None])

    monkeypatch.setattr(table, "pictures", lambda split: Test())
    assert table.errors(Alike()) == pytest.approx((2**0.5 / 2, 2**0.5 / 2))
    own, other = table.errors(Exact())
    assert own == 0 and other == pytest.approx((1 + 2**0.5 + 1 + 2**0.5) / 4)


def test_both_tables_can_be_configured(script: Script) -> None:
    infogan, bigan = script("infogan"), script("bigan")
    assert configured("infogan", infogan.options_of("InfoGAN", 1, GIVEN)).run.seed == 1
    full = configured("bigan", bigan.options_of(1, Namespace(device="cpu", rounds=0, full=True, seeds=2, first=0)))
    assert full.options.training.rounds == 400 * 468 and full.options.weight_decay == 2.5e-5
    found = [configured("infogan", infogan.options_of(way, 0, GIVEN)).options for way in infogan.WAYS]
    assert [o.paired_weight for o in found] == [0, 1] and all(o.networks.latent == 62 + 10 + 2 for o in found)


def test_the_sweeps_of_every_digit_are_drawn_in_their_order(script: Script, tmp_path, monkeypatch) -> None:
    from PIL import Image

    from rivals.data.pictures import pixels_of
    from rivals.parts.codes import Codes

    table, codes = script("infogan"), Codes(1, (3,), 1)
    pictures = torch.eye(3).roll(1, 0)  # picture k is read as category k - 1

    class Shown:
        prior = encode = None
        generate = staticmethod(
            lambda z: (z[:, 1:4] @ torch.tensor([-0.9, 0.0, 0.9]))[:, None, None, None].expand(-1, 1, 8, 8)
        )

    shown = Shown()
    shown.codes, shown.prior, shown.encode = (
        codes,
        codes,
        lambda x: torch.cat([torch.zeros(3, 1), x, torch.zeros(3, 1)], 1),
    )
    monkeypatch.setattr(table, "tested", lambda: (pictures, np.arange(3)))
    table.draw(shown, type("Source", (), {"restore": staticmethod(pixels_of)}), tmp_path / "codes.png")
    page = np.asarray(Image.open(tmp_path / "codes.png").convert("L"))
    column = page[:, page.shape[1] // 2]
    places = [int(np.flatnonzero(abs(column.astype(int) - shade) < 2).mean()) for shade in (242, 13, 128)]
    assert places == sorted(places)  # digit 0 is category 2, digit 1 is category 0
