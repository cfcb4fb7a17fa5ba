"""A run's report with the doctor's word in it."""

from pathlib import Path

from rivals.doctor.diagnosis import word
from rivals.report.html import write_report
from rivals.run.checkup import checkup
from rivals.run.config import Config


def report(folder: Path, config: Config) -> Path:
    """Writes report.html from what the run has so far, under the doctor's last word; returns its path."""
    seen = checkup(folder, config)
    return write_report(folder, word(seen.found, seen.history) if seen.history.looks or seen.found else "")
