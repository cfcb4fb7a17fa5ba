"""What a run was asked to do, as a file that starts it again. Imports no torch."""

import difflib
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from rivals.data.names import kind_of
from rivals.doctor.remedies import USUAL
from rivals.recipes import recipe
from rivals.recipes.bounds import Count, check_bounds
from rivals.recipes.options import idle
from rivals.recipes.recipe import plain

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """Where, on what and how a recipe is trained."""

    data: str = "digits"
    """A toy (ring, grid, ...), a named set (digits, mnist, ...), a folder, a zip, tar.gz, npz, parquet or idx file."""
    out: str = ""
    """Folder of the run; runs/<recipe>-<time> if empty."""
    tags: str = ""
    """CSV file of tags, classes or captions; a tags.csv with the pictures if empty, none leaves that aside."""
    minutes: float = 0.0
    """Minutes of training after which to stop, resumed ones counted; 0 for no limit but the rounds."""
    seed: int = 0
    """Governs weights, order of the data, codes and augmentation."""
    device: str = "auto"
    """auto, cpu or cuda."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Of forward passes; auto is bf16 for convolutions where the processor has it."""
    compile: bool = False
    """Compile every loss with its networks into one graph (gains on a GPU)."""
    threads: int = 0
    """Threads for the processor's arithmetic; 0 leaves it to torch. Another number may round differently."""
    size: int = 0
    """Side of the pictures: a power of two from 8 to 256, or where the network allows it any from 4; 0: by the data."""
    channels: int = 0
    """1 (grey), 3 (colour) or 4 (with alpha); 0 chooses by the data."""
    fit: Literal["crop", "pad", "stretch"] = "crop"
    """How pictures that are not square become so."""
    flip: bool = False
    """Mirror every other picture left to right."""
    on_bad_file: Literal["error", "skip"] = "error"
    """What to do about files that cannot be used: stop and list them, or leave them out with a word."""
    log_every: Count = 50
    """Rounds between lines of metrics.jsonl."""
    save_every: Count = 500
    """Rounds between checkpoints."""
    sample_every: Count = 500
    """Rounds between sample files."""
    keep: Count = 3
    """Newest checkpoints kept."""
    doctor_every: int = 100
    """Rounds between looks of the training doctor, at log points; 0 turns it off."""
    heal: bool = False
    """Apply the doctor's remedies: go back to before the trouble, change what it names, at most three times."""
    tensorboard: bool = False
    """Write TensorBoard events too (extra: tensorboard)."""


@dataclass(frozen=True)
class Config:
    """A recipe's name, the run's options, and the recipe's own.

    Raises ValueError for a number out of bounds, and for an option that the recipe has no use for.
    """

    recipe: str
    run: RunOptions
    options: Any

    def __post_init__(self) -> None:
        check_bounds(self.run)
        check_bounds(self.options)
        recipe(self.recipe).check(self.options)

    def plain(self) -> dict[str, Any]:
        """Every option by its plain name, wherever it stands."""
        return asdict(self.run) | plain(self.options)

    def heeded(self) -> dict[str, Any]:
        """Every option that the recipe and its network have a use for, and under USUAL those of the preset."""
        chosen, known = recipe(self.recipe), self.plain()
        unused = {*chosen.without, *(name for name in known if idle(name, known))}
        usual = replace(self, options=chosen.presets.get(kind_of(self.run.data), self.options)).plain()
        return {name: value for name, value in known.items() if name not in unused} | {USUAL: usual}

    def write(self, path: Path) -> None:
        """As YAML, whole or not at all."""
        from rivals.whole import whole_file

        content = {
            "format": FORMAT,
            "recipe": self.recipe,
            "run": asdict(self.run),
            "options": asdict(self.options),
        }
        with whole_file(path) as part:
            part.write_text(yaml.safe_dump(content, sort_keys=False))


def read_config(path: Path, kind: str = "") -> Config:
    """The configuration in a file; what it leaves out has the recipe's preset.

    Raises ValueError, naming the file and the key, for anything unknown or of the wrong type.
    """
    try:
        content = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; a run writes its own as config.yaml") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or "recipe" not in content:
        raise ValueError(f"{path} needs a key `recipe`, such as `recipe: r3gan`")
    if content.get("format", FORMAT) != FORMAT:
        raise ValueError(f"{path} has format {content['format']}; this version reads format {FORMAT}")
    known(content, ("format", "recipe", "run", "options"), str(path))
    chosen = recipe(str(content["recipe"]))
    run = merged(RunOptions(), content.get("run") or {}, f"{path}: run")
    preset = chosen.preset(kind or kind_of(run.data))
    options = merged(preset, content.get("options") or {}, f"{path}: options")
    try:
        return Config(chosen.name, run, options)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def merged(default: Any, values: Mapping[str, Any], where: str) -> Any:
    """A dataclass with some of its values replaced, nested ones too.

    Raises ValueError for an unknown key, with the nearest known one, or a value of the wrong type.
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"{where} must be a mapping of options, found {values!r}")
    known(values, [f.name for f in fields(default)], where)
    hints = typing.get_type_hints(type(default))
    changes = {}
    for key, value in values.items():
        current = getattr(default, key)
        if is_dataclass(current):
            changes[key] = merged(current, value, f"{where}.{key}")
        else:
            changes[key] = checked(value, hints[key], f"{where}.{key}")
    return replace(default, **changes)


def changed(config: Config, changes: Mapping[str, Any]) -> Config:
    """A configuration with some options changed by their plain names, wherever they stand."""
    homes = {f.name: f.name for f in fields(config.options)}
    groups = {g.name: getattr(config.options, g.name) for g in fields(config.options)}
    nested = {f.name: g for g, part in groups.items() if hasattr(part, "__dataclass_fields__") for f in fields(part)}
    own = {f.name for f in fields(RunOptions)}
    known(changes, [*own, *nested, *homes], config.recipe)
    run = merged(
        config.run,
        {k: str(v) if k in ("data", "tags", "out") else v for k, v in changes.items() if k in own},
        "options",
    )
    tree: dict[str, Any] = {}
    for key, value in changes.items():
        if key in nested:
            tree.setdefault(nested[key], {})[key] = value
        elif key not in own:
            tree[key] = value
    return Config(config.recipe, run, merged(config.options, tree, "options"))


def checked(value: Any, kind: Any, where: str) -> Any:
    """The value as the type that the option has. Raises ValueError if it is of another."""
    if type(value).__module__ == "numpy" and not getattr(value, "ndim", 1):
        value = value.item()  # a number out of np.logspace, say
    if typing.get_origin(kind) is Literal:
        choices = typing.get_args(kind)
        if value not in choices:
            raise ValueError(
                f"{where} must be one of {', '.join(map(str, choices))}; found {value!r}{near(value, choices)}"
            )
        return value
    if kind is float and isinstance(value, str):
        value = _number(value)  # YAML reads 1e-3 as text
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise ValueError(f"{where} must be of type {kind.__name__}; found {value!r}")
    return value


def known(values: Any, names: Any, where: str) -> None:
    """Raises ValueError for the first key that is not among the names."""
    for key in values:
        if key not in names:
            raise ValueError(f"{where}: unknown key `{key}`{near(key, names)}")


def near(word: Any, names: Any) -> str:
    """A suggestion to put behind an error, if any name is close."""
    close = difflib.get_close_matches(str(word), [str(n) for n in names], 1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
