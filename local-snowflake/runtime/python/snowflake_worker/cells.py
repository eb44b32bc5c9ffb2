"""Values between Snowflake's wire text and Python, by SQL type.

https://docs.snowflake.com/en/developer-guide/udf-stored-procedure-data-type-mapping#sql-python-data-type-mappings
"""

import datetime as dt
import decimal
import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

Cell = str | None
SqlType = dict[str, Any]
Decode = Callable[[str], Any]
Encode = Callable[[Any], str]

_EPOCH = dt.datetime(1970, 1, 1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_WIDE = decimal.Context(prec=80)


class SqlNull:
    """SQL NULL of a VARIANT argument, told apart from a JSON null, which is None.

    https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-designing#null-values
    """

    is_sql_null = True

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NULL"


sql_null = SqlNull()


class ConversionError(TypeError):
    pass


# --- to Python -----------------------------------------------------------------------------------------------------


def decoder(sql_type: SqlType, timezone: str) -> Decode:
    kind = sql_type["kind"]
    if kind == "NUMBER":
        return int if sql_type["scale"] == 0 else decimal.Decimal
    if kind == "TIMESTAMP_LTZ":
        zone = ZoneInfo(timezone)
        return lambda text: _instant(text).replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None)
    return _decoders[kind]


def decode_column(sql_type: SqlType, timezone: str, column: list[Cell]) -> list[Any]:
    null = sql_null if sql_type["kind"] == "VARIANT" else None
    decode = decoder(sql_type, timezone)
    if decode is _same and null is None:
        return column
    return [null if text is None else decode(text) for text in column]


def decode_cell(sql_type: SqlType, timezone: str, cell: Cell) -> Any:
    return decode_column(sql_type, timezone, [cell])[0]


def _same(text: str) -> str:
    return text


def _boolean(text: str) -> bool:
    return text in ("1", "TRUE", "true")


def _date(text: str) -> dt.date:
    return dt.date.fromordinal(_EPOCH_ORDINAL + int(text))


def split_seconds(text: str) -> tuple[int, int]:
    """`seconds.fraction` as whole seconds and nanoseconds, the latter never negative."""
    whole, _, fraction = text.partition(".")
    nanoseconds = int((fraction + "000000000")[:9])
    seconds = int(whole or "0")
    if text.startswith("-") and nanoseconds:
        return seconds - 1, 1_000_000_000 - nanoseconds
    return seconds, nanoseconds


def _instant(text: str) -> dt.datetime:
    seconds, nanoseconds = split_seconds(text)
    return _EPOCH + dt.timedelta(seconds=seconds, microseconds=nanoseconds // 1000)


def _time(text: str) -> dt.time:
    return _instant(text).time()


def _zoned(text: str) -> dt.datetime:
    instant, _, offset = text.partition(" ")
    zone = dt.timezone(dt.timedelta(minutes=int(offset) - 1440))
    return _instant(instant).replace(tzinfo=dt.UTC).astimezone(zone)


_decoders: dict[str, Decode] = {
    "FLOAT": float,
    "BOOLEAN": _boolean,
    "DATE": _date,
    "TIME": _time,
    "TIMESTAMP_NTZ": _instant,
    "TIMESTAMP_TZ": _zoned,
    "VARCHAR": _same,
    "BINARY": bytes.fromhex,
    "VARIANT": json.loads,
    "OBJECT": json.loads,
    "ARRAY": json.loads,
    "STRUCTURED_ARRAY": json.loads,
    "STRUCTURED_OBJECT": json.loads,
    "MAP": json.loads,
    "VECTOR": json.loads,
}


# --- from Python ---------------------------------------------------------------------------------------------------


def encoder(sql_type: SqlType, timezone: str) -> Encode:
    kind = sql_type["kind"]
    if kind == "NUMBER":
        return _integer_text if sql_type["scale"] == 0 else _scaled(sql_type["scale"])
    if kind == "TIMESTAMP_LTZ":
        zone = ZoneInfo(timezone)
        return lambda value: _instant_text(_naive(value, "TIMESTAMP_LTZ").replace(tzinfo=zone).astimezone(dt.UTC))
    return _encoders[kind]


def encode_column(sql_type: SqlType, timezone: str, values: list[Any]) -> list[Cell]:
    encode = encoder(sql_type, timezone)
    return [None if value is None or value is sql_null else encode(value) for value in values]


def encode_cell(sql_type: SqlType, timezone: str, value: Any) -> Cell:
    return encode_column(sql_type, timezone, [value])[0]


def _refuse(value: Any, expected: str) -> ConversionError:
    return ConversionError(f"Expected a value for {expected}, got {type(value).__name__}: {value!r:.100}")


def _integer_text(value: Any) -> str:
    if type(value) is int:
        return str(value)
    return _scaled(0)(value)


def _scaled(scale: int) -> Encode:
    unit = decimal.Decimal(1).scaleb(-scale)

    def encode(value: Any) -> str:
        try:
            exact = decimal.Decimal(_plain(value)) if not isinstance(value, decimal.Decimal) else value
            return format(exact.quantize(unit, decimal.ROUND_HALF_UP, _WIDE), "f")
        except (decimal.InvalidOperation, ValueError, TypeError):
            raise _refuse(value, "NUMBER") from None

    return encode


def _plain(value: Any) -> Any:
    """A number of another library (numpy) as Python's own; a float by its shortest text, as SQL would read it."""
    if isinstance(value, bool):
        return int(value)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int | str):
        return value
    raise TypeError


def _float_text(value: Any) -> str:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _refuse(value, "FLOAT") from None
    if number != number:
        return "NaN"
    return repr(number)


def _boolean_text(value: Any) -> str:
    if hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, bool | int):
        raise _refuse(value, "BOOLEAN")
    return "1" if value else "0"


def _varchar_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _binary_text(value: Any) -> str:
    if not isinstance(value, bytes | bytearray | memoryview):
        raise _refuse(value, "BINARY")
    return bytes(value).hex().upper()


def _date_text(value: Any) -> str:
    if not isinstance(value, dt.date):
        raise _refuse(value, "DATE")
    return str(value.toordinal() - _EPOCH_ORDINAL)


def _time_text(value: Any) -> str:
    if isinstance(value, dt.timedelta):
        value = (_EPOCH + value).time()
    if not isinstance(value, dt.time):
        raise _refuse(value, "TIME")
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f"{seconds}.{value.microsecond * 1000:09d}"


def _naive(value: Any, name: str) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        raise _refuse(value, name)
    if value.tzinfo is not None:
        raise ConversionError(f'{name} requires a "naive" datetime, got one with a time zone: {value!r}')
    return value


def _instant_text(value: dt.datetime) -> str:
    elapsed = value.replace(tzinfo=None) - _EPOCH
    seconds = elapsed.days * 86_400 + elapsed.seconds
    nanoseconds = elapsed.microseconds * 1000 + getattr(value, "nanosecond", 0)
    if seconds < 0 and nanoseconds:
        return f"-{-(seconds + 1)}.{1_000_000_000 - nanoseconds:09d}"
    return f"{seconds}.{nanoseconds:09d}"


def _ntz_text(value: Any) -> str:
    return _instant_text(_naive(value, "TIMESTAMP_NTZ"))


def _tz_text(value: Any) -> str:
    if not isinstance(value, dt.datetime):
        raise _refuse(value, "TIMESTAMP_TZ")
    offset = value.utcoffset()
    if offset is None:
        raise ConversionError(f'TIMESTAMP_TZ requires an "aware" datetime, got {value!r}')
    return f"{_instant_text(value.astimezone(dt.UTC))} {int(offset.total_seconds()) // 60 + 1440}"


def _jsonable(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex().upper()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if value is sql_null:
        return None
    raise _refuse(value, "VARIANT")


# json.dumps would make an encoder for each value.
json_text = json.JSONEncoder(default=_jsonable, ensure_ascii=False, separators=(",", ":")).encode


def _shaped(expected: type, name: str) -> Encode:
    def encode(value: Any) -> str:
        if expected is list and hasattr(value, "tolist"):
            value = value.tolist()
        if not isinstance(value, expected | tuple if expected is list else expected):
            raise _refuse(value, name)
        return json_text(value)

    return encode


_encoders: dict[str, Encode] = {
    "FLOAT": _float_text,
    "BOOLEAN": _boolean_text,
    "DATE": _date_text,
    "TIME": _time_text,
    "TIMESTAMP_NTZ": _ntz_text,
    "TIMESTAMP_TZ": _tz_text,
    "VARCHAR": _varchar_text,
    "BINARY": _binary_text,
    "VARIANT": json_text,
    "OBJECT": _shaped(dict, "OBJECT"),
    "ARRAY": _shaped(list, "ARRAY"),
    "STRUCTURED_ARRAY": _shaped(list, "ARRAY"),
    "STRUCTURED_OBJECT": _shaped(dict, "OBJECT"),
    "MAP": _shaped(dict, "MAP"),
    "VECTOR": _shaped(list, "VECTOR"),
}
