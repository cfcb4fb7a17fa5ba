"""Picture sets of the Hugging Face kind: parquet files with a column `image` and, where there are classes,
`label`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rivals.data.bad import DataError
from rivals.data.shelf import Entry, Shelf


def read_parquet(paths: Sequence[Path], where: str) -> Shelf:
    """The pictures of one or more parquet files, in order, a few at a time. Needs pyarrow.

    Raises DataError for a damaged file, one without pictures, and files of different columns.
    """
    columns = [_columns(path) for path in paths]
    image, label = columns[0]
    for path, (other, mark) in zip(paths, columns, strict=True):
        if (other, mark) != (image, label):
            mine, first = (" and ".join(filter(None, each)) for each in ((other, mark), (image, label)))
            raise DataError(f"{path} has {mine} where {paths[0].name} has {first}; give files of one data set alone")
    classes = _class_names(paths[0], label) if label else ()

    def entries() -> Iterator[Entry]:
        for path in paths:
            for i, row in enumerate(_rows(path, image, label)):
                content = row[image]
                content = content.get("bytes") if isinstance(content, dict) else content
                problem = "" if content is not None else "has no bytes in the parquet file, only a path"
                yield Entry(f"{path.name}[{i}]", content or b"", row.get(label) if label else None, problem)

    return Shelf("parquet", where, entries, lambda: paths, classes)


def _columns(path: Path) -> tuple[str, str]:
    """The columns of pictures and of labels (or "")."""
    with _opened(path) as file:
        names = file.schema_arrow.names
        image = next((name for name in ("image", "img") if name in names), None)
        if image is None:
            raise DataError(f"{path} has no column 'image'; it has {', '.join(names)}")
        kind = file.schema_arrow.field(image).type
        if not ("struct" in str(kind) and "bytes" in str(kind)) and "binary" not in str(kind):
            raise DataError(f"{path}: the column {image!r} is {kind}; pictures must be bytes")
        labels = [
            name for name in ("label", "labels") if name in names and "int" in str(file.schema_arrow.field(name).type)
        ]
        return image, labels[0] if labels else ""


def _class_names(path: Path, label: str) -> tuple[str, ...]:
    """The names that the file gives its classes, otherwise their numbers."""
    with _opened(path) as file:
        about = (file.schema_arrow.metadata or {}).get(b"huggingface", b"{}")
        try:
            names = json.loads(about)["info"]["features"][label]["names"]
            return tuple(map(str, names))
        except (KeyError, TypeError, ValueError):
            highest = 0
            for batch in file.iter_batches(columns=[label]):
                highest = max([highest, *(number for number in batch.column(0).to_pylist() if number is not None)])
            return tuple(str(i) for i in range(highest + 1))


def _rows(path: Path, image: str, label: str) -> Iterator[dict[str, Any]]:
    with _opened(path) as file:
        for batch in file.iter_batches(batch_size=64, columns=[image, label] if label else [image]):
            yield from batch.to_pylist()


def _opened(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DataError('This needs pyarrow: pip install "rivals[parquet]"') from error
    try:
        return pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"{path} is not a parquet file, or is truncated; get it again") from error
