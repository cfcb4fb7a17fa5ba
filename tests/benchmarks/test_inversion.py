"""What the table of inversion says of its parts."""

from argparse import Namespace
from collections.abc import Callable
from types import ModuleType

import torch

from rivals.run.run import configured

Script = Callable[[str], ModuleType]


def test_a_brush_is_a_wish_for_its_place_alone_and_every_number_of_inversion_has_a_row(script: Script) -> None:
    table = script("inversion")
    (top, bottom, left, right), colour = table.BRUSHES["dark chin"]
    picture = torch.zeros(1, 3, table.SIZE, table.SIZE)
    picture[0, :, top:bottom, left:right] = torch.tensor(colour)[:, None, None]
    assert table.wish_of("dark chin")(picture).item() == 0 and table.wish_of("fair hair")(picture).item() > 0.1
    scores = {name: {"error": 0.02, "seconds": 1.0} for name in table.METHODS}
    scores |= {name: {"left": 0.1, "within": 90.0, "moved": 2.0} for name in ("strokes", "strokes, lambda_2 = 0")}
    scores |= {name: {"within": 90.0} for name in ("own samples", "inverted")}
    scores["both"]["error"] = 0.01
    rows = {(row.name, row.metric): row for row in table.rows_of([scores])}
    assert rows["both", "error, share of descent's"].values == [0.5]
    assert rows["strokes", "% of scores within own 5 to 95 %"].record()["reached"]
    given = Namespace(device="cpu", rounds=0, full=False, seeds=3, first=1)
    assert configured(table.RECIPE, table.options_of(1, given)).run.seed == 1 and list(table.seeds_of(given)) == [
        1,
        2,
        3,
    ]
