"""What a run was made with, and the device and precision that suit a machine."""

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

PACKAGES = ("rivals", "torch", "numpy", "pillow", "safetensors", "tyro")


def environment(seed: int, device: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Versions, device, seed, commit, and what to remember of the data, the digest of its index included."""
    return {
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        "platform": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if device.startswith("cuda") else device,
        "seed": seed,
        "commit": commit(),
        "data": dict(data),
    }


def device_of(wish: str) -> str:
    """The device that an option names; auto takes a CUDA device where there is one.

    Raises ValueError for a device that is not there.
    """
    if wish == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        kind = torch.device(wish).type
    except RuntimeError:
        kind = ""
    if kind not in ("cpu", "cuda"):
        raise ValueError(f"--device {wish} is unknown; use auto, cpu or cuda")
    if kind == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"--device {wish}: torch sees no CUDA device here; use --device cpu")
    return wish


def wants_bf16(wish: str, device: str) -> bool:
    """Whether convolutions run in bf16: where asked for, or where the hardware multiplies in it."""
    if wish != "auto":
        return wish == "bf16"
    if device.startswith("cuda"):
        return torch.cuda.is_bf16_supported()
    return torch.backends.mkldnn.is_available() and "avx512_bf16" in _flags()


def processor() -> str:
    """The processor's name."""
    for line in _cpuinfo():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def commit() -> str | None:
    """The commit of the checkout that this package runs from, if it is one."""
    here = Path(__file__).resolve().parents[2]
    if not (here / ".git").exists():
        return None
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _flags() -> str:
    return next((line for line in _cpuinfo() if line.startswith("flags")), "")


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
