"""The doctor in a run: it changes no bit, survives a resume, finds what was planted, and heals it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

import rivals
from rivals.doctor.finding import Finding, Remedy
from rivals.metrics.modes import mode_coverage
from rivals.play import players
from rivals.run.checkpoint import checkpoints
from rivals.run.heal import forget, healed
from rivals.run.log import event
from rivals.run.session import Diverged
from tests.run.commands import called, finished, logged
from tests.run.tiny import PICTURES, POINTS, bits, state_of_run

LOOKING = ("--doctor-every", 5)
SMALL: dict[str, Any] = {
    "data": "moons", "batch": 64, "width": 16, "discriminator_width": 16, "rounds": 900, "log_every": 25,
    "doctor_every": 50, "save_every": 50, "sample_every": 1000, "threads": 1, "quiet": True,
}  # fmt: skip


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [each for each in found if each["event"] == kind]


def names(folder: Path) -> set[str]:
    return {each["name"] for each in events(folder, "finding") if each["severity"] != "note"}


@pytest.mark.parametrize("kind", [POINTS, PICTURES])
def test_looking_changes_no_bit_of_the_game(kind: tuple[Any, ...], tmp_path: Path) -> None:
    for name, every in (("seen", 5), ("unseen", 0)):
        words = ("train", *kind, "--rounds", 12, "--doctor-every", every, "--out", tmp_path / name)
        assert called(*words)[0] == 0
    seen, unseen = (state_of_run(tmp_path / name) for name in ("seen", "unseen"))
    assert seen["doctor"] and not unseen["doctor"]
    assert bits(tmp_path / "seen") != bits(tmp_path / "unseen")  # what the doctor remembers
    for state in (seen, unseen):
        del state["doctor"]
    assert rivals.run.checkpoint.bits_of(seen) == rivals.run.checkpoint.bits_of(unseen)
    looks = [line["round"] for line in logged(tmp_path / "seen") if "doctor/distance" in line]
    assert looks == [5, 10] and not any("doctor/distance" in line for line in logged(tmp_path / "unseen"))


@pytest.mark.parametrize("kind", [POINTS, PICTURES])
def test_stopped_between_two_looks_and_resumed_it_sees_the_same(kind: tuple[Any, ...], tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert called("train", *kind, *LOOKING, "--rounds", 21, "--out", whole)[0] == 0
    shutil.copytree(whole, broken)
    forget(broken, 8)
    assert [path.name for path in checkpoints(broken / "checkpoints")] == ["000007"]
    finished("resume", broken, log=tmp_path / "log")
    assert bits(broken) == bits(whole)
    lines = [[{k: v for k, v in line.items() if k != "seconds"} for line in logged(each)] for each in (broken, whole)]
    assert lines[0] == lines[1] and sum("doctor/turnover" in line for line in lines[0]) == 3


def test_a_healthy_run_is_called_healthy(tmp_path: Path) -> None:
    rivals.train("nsgan", **SMALL, out=tmp_path / "run")
    assert names(tmp_path / "run") == set()
    code, out, _ = called("doctor", tmp_path / "run", "--json")
    assert code == 0 and json.loads(out)["healthy"] is True
    assert called("doctor", tmp_path / "run")[1].startswith("healthy at round 900")
    assert "<span>doctor</span><b>healthy</b>" in (tmp_path / "run" / "report.html").read_text()


def test_flipped_labels_are_found_and_explained(tmp_path: Path) -> None:
    rivals.train("nsgan", **SMALL | {"rounds": 450}, label_noise=1.0, out=tmp_path / "run")
    assert "discriminator-weak" in names(tmp_path / "run")
    code, out, _ = called("doctor", tmp_path / "run", "--json")
    told = json.loads(out)
    first = told["findings"][0]
    assert code == 0 and told["healthy"] is False
    assert first.keys() >= {"name", "severity", "round", "evidence", "why", "remedy"}
    assert first["remedy"] == {"option": "label_noise", "value": 0.0} and first["evidence"]["separation"] < 0.1
    text = called("doctor", tmp_path / "run")[1]
    assert "try: --label-noise 0" in text and "1406.2661" in text
    assert "discriminator-weak" in (tmp_path / "run" / "report.html").read_text()


def test_a_frozen_discriminator_is_found_by_its_steps(tmp_path: Path) -> None:
    rivals.train("wgan-gp", **SMALL | {"rounds": 250}, discriminator_lr=0.0, out=tmp_path / "run")
    assert "discriminator-weak" in names(tmp_path / "run")


def test_a_run_healed_of_giant_steps_learns(tmp_path: Path) -> None:
    giant = SMALL | {"data": "ring", "discriminator_lr": 0.3, "rounds": 900}
    run = rivals.train("nsgan", **giant, heal=True, out=tmp_path / "run")
    healed = events(run.path, "healed")
    assert {(each["name"], each["option"], each["back_to"]) for each in healed} == {
        ("exploding", "discriminator_lr", 0)
    }
    assert healed[0]["before"] == 0.3 and len(healed) <= 3
    assert run.config.options.optimisers.discriminator_lr == healed[-1]["after"] < 0.1
    assert f"discriminator_lr: {healed[-1]['after']}\n" in (run.path / "config.yaml").read_text()
    assert [line["round"] for line in logged(run.path)] == list(range(25, 901, 25))
    reached = mode_coverage(run.arrays(1000), run.source.centres, 0.1).modes
    assert reached >= 7
    code, out, _ = called("doctor", run.path, "--json")
    assert code == 0 and "exploding" not in [each["name"] for each in json.loads(out)["findings"]]


def broken_at(monkeypatch: pytest.MonkeyPatch, lr: float) -> None:
    """Makes the loss of a wgan infinite while the critic's learning rate is that high."""
    from rivals.games import WGAN

    whole = WGAN.critic_loss

    def loss(game: Any, *inputs: torch.Tensor) -> Any:
        value, facts = whole(game, *inputs)
        rate = players(game)["critic"].optimizer.param_groups[0]["lr"]
        return (value * float("inf"), facts) if rate > lr and game.critic.steps > 200 else (value, facts)

    monkeypatch.setattr(WGAN, "critic_loss", loss)


def test_what_is_not_finite_is_a_finding_and_heals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_at(monkeypatch, 5e-4)
    options = SMALL | {"rounds": 100, "save_every": 30}
    with pytest.raises(Diverged):
        rivals.train("wgan", **options, out=tmp_path / "sick")
    told = json.loads(called("doctor", tmp_path / "sick", "--json")[1])
    assert told["findings"][0]["name"] == "non-finite" and not told["healthy"]
    assert told["findings"][0]["remedy"] == {"option": "discriminator_lr", "value": 1e-4}
    run = rivals.train("wgan", **options, heal=True, out=tmp_path / "healed")
    event = events(run.path, "healed")
    assert [(each["name"], each["after"], each["back_to"]) for each in event] == [("non-finite", 1e-4, 0)]
    assert run.session.round == 100 and json.loads(called("doctor", run.path, "--json")[1])["healthy"]


def test_three_remedies_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_at(monkeypatch, 0.0)
    with pytest.raises(Diverged):
        rivals.train("wgan", **SMALL | {"rounds": 100}, heal=True, out=tmp_path / "run")
    rates = [each["after"] for each in events(tmp_path / "run", "healed")]
    assert rates == pytest.approx([1e-4, 1e-5, 1e-6])


def test_a_remedy_that_changes_the_networks_begins_anew(tmp_path: Path) -> None:
    options = SMALL | {"data": "digits", "size": 8, "network": "mlp", "latent": 1, "augment": "none", "rounds": 450}
    run = rivals.train("nsgan", **options, heal=True, out=tmp_path / "run")
    first, *_ = events(run.path, "healed")
    assert (first["name"], first["option"], first["after"]) == ("mode-collapse", "latent", 64)
    assert run.setup.prior(1).shape == (1, 64) and run.session.round == 450


def test_alarms_that_are_over_are_told_and_are_no_alarm_any_more(tmp_path: Path) -> None:
    rivals.train("nsgan", **SMALL | {"rounds": 50}, out=tmp_path / "run")
    record = {"name": "exploding", "severity": "severe", "since": 10, "evidence": {}, "why": "", "remedy": {}}
    for round, kind, more in ((20, "finding", record), (30, "over", {"name": "exploding"}), (40, "finding", record)):
        event(tmp_path / "run", round, kind, **more)
    assert json.loads(called("doctor", tmp_path / "run", "--json")[1])["findings"] == [
        {"round": 20, **record, "over": 30}
    ]
    event(tmp_path / "run", 45, "healed", name="exploding")
    seen = json.loads(called("doctor", tmp_path / "run", "--json")[1])
    assert seen == {"healthy": True, "word": "early days", "findings": [], "round": 50, "looks": 1}


def test_a_remedy_that_the_recipe_refuses_changes_nothing(tmp_path: Path) -> None:
    words = {"data": "digits", "size": 8, "batch": 8, "latent": 16, "width": 8, "discriminator_width": 8}
    run = rivals.train("infogan", **words, rounds=20, save_every=10, out=tmp_path / "run", quiet=True)
    before = {path: path.read_bytes() for path in (tmp_path / "run").glob("*.*")}
    remedy = Remedy("pack", 2)
    finding = Finding("mode-collapse", "severe", 20, 10, {}, "", remedy)
    assert healed(run.session, finding) is run.session
    assert {path: path.read_bytes() for path in (tmp_path / "run").glob("*.*")} == before
    assert len(checkpoints(tmp_path / "run" / "checkpoints")) == 3


def test_healing_needs_the_doctor(tmp_path: Path) -> None:
    code, _, err = called("train", *POINTS, "--heal", "--doctor-every", 0, "--out", tmp_path / "run")
    assert code == 2 and "--heal needs the doctor" in err and not (tmp_path / "run").exists()


def test_without_signals_it_says_so(tmp_path: Path) -> None:
    assert called("train", *POINTS, "--rounds", 3, "--doctor-every", 0, "--out", tmp_path / "run")[0] == 0
    assert "no signals to judge by" in called("doctor", tmp_path / "run")[1]
    code, _, err = called("doctor", tmp_path / "nowhere")
    assert code == 2 and "no such folder" in err
