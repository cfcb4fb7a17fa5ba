"""Healing: back to before the trouble, what the doctor names changed, and on."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rivals.doctor.finding import Finding
from rivals.recipes import recipe
from rivals.recipes.players import rank_batch
from rivals.recipes.recipe import Machine
from rivals.run.checkpoint import checkpoints
from rivals.run.clinic import BEYOND, HEALINGS, Unwell
from rivals.run.clinic import healed as times_healed
from rivals.run.config import Config, changed
from rivals.run.log import event
from rivals.run.progress import say
from rivals.run.session import Diverged, Session
from rivals.run.start import open_session


def train_healing(session: Session) -> Session:
    """Trains to the end; where the run may heal, an alarm is answered by its remedy. Returns the session that ended.

    Raises what `Session.train` does, Diverged only once there is no healing left.
    """
    while True:
        try:
            session.train()
            return session
        except Unwell as unwell:
            finding = unwell.finding
        except Diverged as broken:
            if not session.clinic.heals:
                raise
            finding = session.clinic.non_finite(broken.found)
        session = healed(session, finding)


def healed(session: Session, finding: Finding) -> Session:
    """The run as it was before the trouble, under the remedy; as it is and not to be healed if there is none."""
    option, value = finding.remedy.option, finding.remedy.value
    folder, before = session.folder, session.config.plain().get(option)
    if option in BEYOND or before is None or before == value:
        say(f"{finding.name}: {option} {value} is not for --heal to change; going on as it is")
        session.clinic.heals = False
        return session
    if refusal := refused(session, {option: value}):
        say(f"{finding.name}: {option} {value} is no remedy here: {refusal}; going on as it is")
        session.clinic.heals = False
        return session
    config = changed(session.config, {option: value})
    start = forget(folder, finding.since)
    event(folder, session.round, "healed", name=finding.name, option=option, before=before, after=value, back_to=start)
    config.write(folder / "config.yaml")
    say(
        f"{finding.name} at round {session.round}: --{option.replace('_', '-')} {before} -> {value}, from round {start}"
    )
    if times_healed(folder) == HEALINGS:
        say(f"that was the last of {HEALINGS} remedies; what comes now is for a person to look at")
    return reopened(config, folder, session)


def refused(session: Session, options: Mapping[str, Any]) -> str:
    """Why a run can't be had with other options, before anything of it is given up for that; nothing where it can."""
    try:
        config = changed(session.config, options)
        recipe(config.recipe).build(config.options, session.feed.source.spec, Machine())
        rank_batch(config.options, Machine())
    except ValueError as error:
        return str(error)
    return ""


def forget(folder: Path, since: int) -> int:
    """Removes the checkpoints from a round on; the round of the newest one left, 0 if the run has to begin anew."""
    for path in checkpoints(folder / "checkpoints"):
        if int(path.name) >= since:
            shutil.rmtree(path)
    left = checkpoints(folder / "checkpoints")
    if not left:
        (folder / "metrics.jsonl").unlink(missing_ok=True)
    return int(left[0].name) if left else 0


def reopened(config: Config, folder: Path, session: Session) -> Session:
    """The run under other options; from its beginning where they change the networks, which no checkpoint fits."""
    options: dict[str, Any] = {"fresh": False, "quiet": session.quiet, "source": None}
    try:
        return open_session(config, folder, **options)
    except RuntimeError as error:
        if "size mismatch" not in str(error) and "in state_dict" not in str(error):
            raise
    forget(folder, 0)
    return open_session(config, folder, **options)
