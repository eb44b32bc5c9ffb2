"""Columns of a batch as they travel: values side by side, little-endian, so that no row costs more than its own call.

A column is `text`, a JSON array of cells (see cells.py), or values of one size: a NUMBER's digits without its point, days and
microseconds since the epoch. The server's side is column-frame.ts.
"""

import datetime as dt
import decimal
import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from snowflake_worker import cells
from snowflake_worker.cells import Cell, SqlType

Bytes = bytes | memoryview

_CODES: dict[str, Literal["?", "h", "i", "q", "d"]] = {"bool": "?", "int16": "h", "int32": "i", "int64": "q", "float64": "d"}
_EPOCH = dt.datetime(1970, 1, 1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_LOW = (1 << 64) - 1
_LARGEST = (1 << 63) - 1
_WIDE = decimal.Context(prec=80)


@dataclass(slots=True)
class Column:
    """`valid` has a byte for each row, 1 where there is a value; None when there is one everywhere, and for text."""

    form: str
    data: Bytes
    valid: Bytes | None = None


@dataclass(slots=True)
class Records:
    """OBJECTs that all have the same keys."""

    fields: dict[str, Column]


def read(headers: list[dict[str, Any]], payload: bytearray) -> list[Column]:
    view = memoryview(payload)
    offset = 0

    def take(length: int) -> memoryview:
        nonlocal offset
        offset += length
        return view[offset - length : offset]

    return [Column(each["form"], take(each["bytes"]), take(each["valid"]) if each["valid"] else None) for each in headers]


def write(columns: Sequence[Column | Records]) -> tuple[list[dict[str, Any]], bytes]:
    parts: list[Bytes] = []

    def header(column: Column) -> dict[str, Any]:
        parts.append(column.data)
        if column.valid is not None:
            parts.append(column.valid)
        return {"form": column.form, "bytes": len(column.data), "valid": len(column.valid or b"")}

    headers: list[dict[str, Any]] = []
    for column in columns:
        if isinstance(column, Records):
            fields = [{"key": key, **header(column.fields[key])} for key in sorted(column.fields)]
            headers.append({"form": "record", "fields": fields})
        else:
            headers.append(header(column))
    return headers, b"".join(parts)


def text(column: list[Cell]) -> Column:
    return Column("text", json.dumps(column, ensure_ascii=False, separators=(",", ":")).encode())


def raw(code: str, values: Sequence[Any]) -> Column:
    """Values side by side; `code` as in module `array`, and `?` for truth values. Bytes are taken as they are."""
    form = next(form for form, each in _CODES.items() if each == code)
    if isinstance(values, bytes):
        return Column(form, values)
    return Column(form, bytes(values) if code == "?" else array(code, values).tobytes())


# --- to Python -----------------------------------------------------------------------------------------------------


def decode(sql_type: SqlType, timezone: str, column: Column) -> list[Any]:
    """Values of the types that cells.py gives."""
    if column.form == "text":
        return cells.decode_column(sql_type, timezone, json.loads(bytes(column.data)))
    values = _whole_numbers(column) if column.form == "int128" else memoryview(column.data).cast(_CODES[column.form]).tolist()
    convert = _converter(sql_type, timezone)
    # What stands where there is no value means nothing.
    if column.valid is not None:
        pairs = zip(values, column.valid, strict=True)
        return [convert(value) if valid else None for value, valid in pairs] if convert else _masked(values, column.valid)
    return [convert(value) for value in values] if convert else values


def _masked(values: list[Any], valid: Bytes) -> list[Any]:
    return [value if there else None for value, there in zip(values, valid, strict=True)]


def _whole_numbers(column: Column) -> list[int]:
    words = memoryview(column.data).cast("q").tolist()
    return [
        low if high == low >> 63 else (high << 64) | (low & _LOW) for low, high in zip(words[::2], words[1::2], strict=True)
    ]


def _converter(sql_type: SqlType, timezone: str) -> Callable[[Any], Any] | None:
    kind = sql_type["kind"]
    if kind == "NUMBER" and sql_type["scale"]:
        scale = -sql_type["scale"]
        return lambda digits: _WIDE.scaleb(digits, scale)
    if kind == "DATE":
        return lambda days: dt.date.fromordinal(_EPOCH_ORDINAL + days)
    if kind == "TIME":
        return lambda microseconds: (_EPOCH + dt.timedelta(microseconds=microseconds)).time()
    if kind == "TIMESTAMP_NTZ":
        return lambda microseconds: _EPOCH + dt.timedelta(microseconds=microseconds)
    if kind == "TIMESTAMP_LTZ":
        zone = ZoneInfo(timezone)
        utc = _EPOCH.replace(tzinfo=dt.UTC)
        return lambda microseconds: (utc + dt.timedelta(microseconds=microseconds)).astimezone(zone).replace(tzinfo=None)
    return None


# --- from Python ---------------------------------------------------------------------------------------------------


def encode(sql_type: SqlType, timezone: str, values: list[Any]) -> Column:
    """Side by side where all values are of one plain type and fit; else as text, which also says what is wrong with them."""
    pack = _packers.get(sql_type["kind"])
    if pack is not None:
        present = set(map(type, values))
        absent = type(None) in present
        present.discard(type(None))
        valid = bytes([value is not None for value in values]) if absent else None
        if present <= {pack.python}:
            filled = values if valid is None else [pack.zero if value is None else value for value in values]
            column = pack.column(sql_type, filled)
            if column is not None:
                column.valid = valid
                return column
    if sql_type["kind"] == "VARCHAR" and set(map(type, values)) <= {str, type(None)}:
        return text(values)
    return text(cells.encode_column(sql_type, timezone, values))


def _pack_number(sql_type: SqlType, values: list[int]) -> Column | None:
    unit = 10 ** sql_type["scale"]
    digits = [value * unit for value in values] if unit > 1 else values
    largest = max(map(abs, digits), default=0)
    return raw(integer_code(sql_type), digits) if fits(sql_type, largest) else None


def fits(sql_type: SqlType, largest: int) -> bool:
    """Whether a NUMBER's digits can stand side by side."""
    return largest < 10 ** sql_type["precision"] and largest <= _LARGEST


def integer_code(sql_type: SqlType) -> str:
    precision = sql_type["precision"]
    return "h" if precision <= 4 else "i" if precision <= 9 else "q"


def _pack_moment(_: SqlType, values: list[dt.datetime]) -> Column | None:
    try:
        elapsed = [value - _EPOCH for value in values]
    except TypeError:  # with a time zone, which cells.py refuses
        return None
    return raw("q", [(each.days * 86_400 + each.seconds) * 1_000_000 + each.microseconds for each in elapsed])


@dataclass(slots=True, frozen=True)
class _Packer:
    #: The only type that it takes.
    python: type
    #: What stands where there is no value.
    zero: Any
    #: None when the values do not fit.
    column: Callable[[SqlType, list[Any]], Column | None]


_packers: dict[str, _Packer] = {
    "FLOAT": _Packer(float, 0.0, lambda _, values: raw("d", values)),
    "BOOLEAN": _Packer(bool, False, lambda _, values: raw("?", values)),
    "NUMBER": _Packer(int, 0, _pack_number),
    "DATE": _Packer(dt.date, _EPOCH.date(), lambda _, values: raw("i", [each.toordinal() - _EPOCH_ORDINAL for each in values])),
    "TIMESTAMP_NTZ": _Packer(dt.datetime, _EPOCH, _pack_moment),
}
