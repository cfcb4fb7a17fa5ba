"""What the tables say of their parts, by hand; and the architectures that one of them draws."""

from argparse import Namespace
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import nn

from rivals.run.run import configured

Script = Callable[[str], ModuleType]


def test_an_architecture_has_the_convolutions_that_it_names(script: Script) -> None:
    made = script("architectures")
    for depth in (4, 6, 12):
        a = made.Architecture(depths=(depth, depth + 1))
        generator, discriminator = made.generator_of(a), made.discriminator_of(a)
        assert convolutions(generator) == depth
        assert convolutions(discriminator) == depth + 1
    assert convolutions(made.discriminator_of(made.COURSE["101 layers"])) == 101


def convolutions(network: nn.Module) -> int:
    return sum(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) for layer in network.modules())


def test_every_architecture_makes_and_judges_small_pictures(script: Script) -> None:
    made = script("architectures")
    shown = [*(made.drawn(seed, (4, 5), (4, 8)) for seed in range(6)), *made.COURSE.values()]
    for a in shown:
        pictures = made.generator_of(a)(torch.randn(3, made.LATENT))
        assert pictures.shape == (3, 1, 16, 16) and pictures.abs().max() <= 1
        assert made.discriminator_of(a, "layer")(pictures).shape == (3,)
    assert len({*shown}) == len(shown)


def test_norms_stand_only_where_they_are_asked_for(script: Script) -> None:
    made = script("architectures")
    bare = made.COURSE["no normalisation"]
    kinds = {type(layer) for net in (made.generator_of(bare), made.discriminator_of(bare)) for layer in net.modules()}
    assert not kinds & {nn.BatchNorm2d, nn.GroupNorm}
    kinds = {type(layer) for layer in made.discriminator_of(made.DCGAN, "layer").modules()}
    assert nn.GroupNorm in kinds and nn.BatchNorm2d not in kinds


def test_the_counts_of_who_trains_what(script: Script) -> None:
    table = script("robustness")
    found = [{"GAN": g, "WGAN-GP": w, "R3GAN": w} for g, w in ((6, 6), (2, 6), (2, 6), (2, 2), (6, 2))]
    for each in found:
        each |= {"least squares": 1, "WGAN": 1}
    rows = {(row.name, row.metric): row for row in table.cells(found)}
    middle = [rows["score above 5", f"% {cell}"].values[0] for cell in table.CELLS]
    assert middle == [20, 40, 20, 20]
    assert rows["score above 5", "% only WGAN-GP"].paper == 73.5
    assert rows["score above 5", "ratio"].values == [2]
    assert table.successes(found)[-1].values == [60]


def test_losses_are_ranked_by_their_means(script: Script) -> None:
    table = script("losses")
    names = list(table.LOSSES)
    first, second = [10.0 - i for i in range(10)], [100.0, 90, 70, 80, 60, 50, 40, 30, 20, 10]
    rows = [
        table.Row(name, metric, [value - 0.5, value + 0.5])
        for metric, values in zip(table.METRICS, (first, second), strict=False)
        for name, value in zip(names, values, strict=True)
    ]
    agreement, best, worst = table.rankings(rows)
    assert agreement.values == [pytest.approx(1 - 6 * 2 / (10 * 99))]  # Spearman's: 1 - 6 sum d^2 / (n (n^2 - 1))
    assert (best.values, worst.values) == ([1], [6])
    assert table.rankings(rows[:-1]) == []


def test_the_best_of_the_ablation_is_ahead_of_the_next(script: Script) -> None:
    table = script("stacked_mnist")
    ablated = [way for way in table.WAYS if "R1" in way]
    rows = [table.Row(way, "KL", [kl]) for way, kl in zip(ablated, (0.1, 0.9, 3.0, 4.0), strict=True)]
    assert table.order(rows)[0].values == [pytest.approx(0.8)]
    assert table.order(rows[1:]) == []


def test_every_way_of_a_table_can_be_configured(script: Script) -> None:
    given = Namespace(device="cpu", rounds=0, full=False, seeds=3)
    stacked, losses = script("stacked_mnist"), script("losses")
    for way, of in stacked.WAYS.items():
        assert configured(of.recipe, stacked.options_of(way, 1, given)).run.seed == 1
    for loss in losses.LOSSES:
        assert configured(losses.recipe_of(loss), losses.options_of(loss, 2, given)).run.seed == 2
    assert len({losses.recipe_of(loss) for loss in losses.LOSSES}) == len(losses.LOSSES)
    vaegan = script("vaegan")
    for way, (recipe, *_) in vaegan.WAYS.items():
        assert configured(recipe, vaegan.options_of(way, 3, given)).options.networks.network == "dcgan"


def test_modes_of_pictures_are_read_channel_by_channel(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that takes the brightness of a channel for its digit."""
    table = script("stacked_mnist")

    class Reader:
        def probabilities(self, pictures: np.ndarray) -> np.ndarray:
            return np.eye(10)[pictures[:, 0, 0, 0]]

    monkeypatch.setattr(table, "judge", lambda data: Reader())
    pictures = np.zeros((4, 2, 2, 3), np.uint8)
    pictures[1:, 0, 0] = [[0, 0, 1], [0, 1, 0], [0, 1, 0]]
    modes, divergence = table.modes_of(pictures)
    assert modes == 3
    assert divergence == pytest.approx(np.log(1000) - 1.5 * np.log(2))


def test_attribute_vectors_are_mean_codes_with_less_those_without(script: Script) -> None:
    table = script("vaegan")
    codes = torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 4.0], [0.0, 8.0]])
    attributes = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    expected = torch.tensor([[2.0, -6.0], [-4 / 3, 4 - 8 / 3], [-4 / 3, 8 - 4 / 3]])
    torch.testing.assert_close(table.vectors(codes, attributes), expected)


def test_attributes_asked_for_and_found_are_compared_by_angle_and_distance(script: Script) -> None:
    asked, found = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[2.0, 0.0], [3.0, 4.0]])
    assert script("attributes").similarity(asked, found) == pytest.approx([(1 + 0.8) / 2, (1 + 9 + 9) / 2])


def test_the_order_of_vaegan_is_taken_within_seeds(script: Script) -> None:
    table = script("vaegan")
    parts = {
        f"{table.slug(way)}-{seed}": {"scores": [base + 0.1 * seed, 0.0, 0.0, 0.0]}
        for way, base in zip(table.ORDER, (0.5, 0.6, 0.55), strict=True)
        for seed in (0, 1)
    }
    first, second = table.order(parts)
    assert first.values == pytest.approx([0.1, 0.1]) and second.values == pytest.approx([-0.05, -0.05])
    assert (first.record()["reached"], second.record()["reached"]) == (True, False)
    assert table.order({}) == []


def test_few_pictures_are_as_many_of_each_class_and_others_for_another_seed(script: Script) -> None:
    table = script("augment")
    labels = np.tile(np.arange(10), 30)
    images = np.arange(300)[:, None]
    first, other = (table.few(images, labels, 5, seed) for seed in (0, 1))
    assert np.bincount(first[1]).tolist() == [5] * 10 and len(np.unique(first[0])) == 50
    assert np.array_equal(first[0], table.few(images, labels, 5, 0)[0]) and not np.array_equal(first[0], other[0])
    assert (first[0][:, 0] % 10 == first[1]).all()


def test_varied_pictures_are_the_same_moved_and_mirrored(script: Script) -> None:
    table = script("augment")
    dot = torch.full((200, 1, 16, 16), -1.0)
    dot[:, 0, 8, 5] = 1.0
    places = (table.varied(dot) == 1).nonzero()
    assert len(places) == 200 and places[:, 0].tolist() == list(range(200))
    assert {*places[:, 2].tolist()} == {*range(6, 11)}
    assert {*places[:, 3].tolist()} == {*range(3, 8), *range(8, 13)}


def test_a_gain_is_a_difference_within_a_seed(script: Script) -> None:
    table = script("augment")
    rows = table.rows_of(5, [[60.0, 70.0, 65.0, 71.0], [50.0, 60.0, 49.0, 66.0]])
    gains = {row.name: row.values for row in rows if row.metric.startswith("points")}
    assert gains == {"5 a class, real + generated": [5.0, -1.0], "5 a class, all": [1.0, 6.0]}
    assert [row.record()["reached"] for row in rows[4:]] == [True, True]
    assert table.rows_of(5, []) == []


def test_a_classifier_learns_from_whatever_it_is_shown(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    table = script("augment")
    monkeypatch.setattr(table, "LESSONS", 10)
    monkeypatch.setattr(table, "BATCH", 8)
    monkeypatch.setattr(table, "CLASSES", 2)
    pictures = torch.rand(20, 1, 32, 32) / 4 + torch.arange(20)[:, None, None, None] % 2 - 1
    for way in table.WAYS.values():
        network = table.taught((pictures, torch.arange(20) % 2), (pictures, torch.arange(20) % 2), way, 0)
        assert (network(pictures).argmax(1) == torch.arange(20) % 2).all()


def test_an_interval_ends_where_its_number_does(script: Script) -> None:
    row = script("table").Row
    assert row("a seed", "core minutes", [1.0, 20.0]).record()["ours"]["low"] == 0
    assert row("a way", "% covered", [60.0, 90.0]).record()["ours"]["high"] == 100
    assert row("a gain", "points", [-1.0, 2.0]).record()["ours"]["low"] < -1
    assert row("a cost", "% of training time", [-1.0, 2.0]).record()["ours"]["low"] < -1
    assert row("a seed", "core minutes", [1.0]).record()["ours"]["low"] is None
