"""Queries through the connector in both of its result formats: what an Arrow result gives, and where JSON gives something else."""

import json
import math
import os

import snowflake.connector
from snowflake.connector.cursor import DictCursor

VALUES = {
    "tiny": "127",
    "small": "-129",
    "medium": "70000",
    "long": "5000000000",
    "longest": "repeat('9', 38)::number(38, 0)",
    "money": "-0.05::number(10, 2)",
    "wide": "12345678901234567890.123456789::number(38, 9)",
    "real": "1.5e-300::float",
    "nan": "'nan'::float",
    "infinite": "'-inf'::float",
    "words": "'ä 😀 \\n'",
    "empty": "''",
    "nothing": "null",
    "yes": "true",
    "first_day": "'0001-01-01'::date",
    "last_day": "'9999-12-31'::date",
    "clock": "'12:34:56.123456'::time",
    "clock_seconds": "'12:34:56'::time(0)",
    "clock_millis": "'23:59:59.999'::time(3)",
    "moment": "'2024-01-02 03:04:05.123456'::timestamp_ntz",
    "before_epoch": "'1969-12-31 23:59:59.5'::timestamp_ntz",
    "last_moment": "'9999-12-31 23:59:59.999999'::timestamp_ntz",
    "moment_seconds": "'2024-01-02 03:04:05'::timestamp_ntz(0)",
    "moment_micros": "'1950-01-02 03:04:05.123456'::timestamp_ntz(6)",
    "local": "'2024-07-02 03:04:05.5'::timestamp_ltz",
    "local_millis": "'2024-07-02 03:04:05.5'::timestamp_ltz(3)",
    "zoned": "'1960-01-02 03:04:05.25 +05:30'::timestamp_tz",
    "zoned_millis": "'1960-01-02 03:04:05.25 -08:00'::timestamp_tz(3)",
    "zoned_micros": "'2024-01-02 03:04:05.25 +01:00'::timestamp_tz(6)",
    "zoned_seconds": "'2024-01-02 03:04:05 +01:00'::timestamp_tz(0)",
    "variant": "parse_json('{\"a\": [1, null]}')",
    "list": "array_construct(1, 'x')",
    "map": "object_construct('k', 1.5)",
}
ONE_ROW = "select " + ", ".join(
    f'{value} as "{name}"' for name, value in VALUES.items()
)
WITH_NULLS = (
    "("
    + ONE_ROW
    + ") union all select "
    + ", ".join("null" for _ in VALUES)
    + " order by 1"
)
CHUNKED = "select seq4() as i, i * 1.01 as money, iff(i % 3 = 0, null, rpad('row ' || i, 300, '.')) as s from table(generator(rowcount => 60000))"
QUERIES = [
    ONE_ROW,
    WITH_NULLS,
    "select 1 as x where false",
    "select 'one' as x union all select null order by 1",
    CHUNKED,
]


def connect(**session):
    return snowflake.connector.connect(
        **json.loads(os.environ["CONNECTION"]), session_parameters=session
    )


def differs(a, b) -> bool:
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a):
        return not math.isnan(b)
    return a != b or type(a) is not type(b) or str(a) != str(b)


def main() -> dict:
    arrow, plain = connect(), connect(PYTHON_CONNECTOR_QUERY_RESULT_FORMAT="json")
    found = {"different": [], "formats": set(), "rows": []}
    for query in QUERIES:
        left, right = arrow.cursor().execute(query), plain.cursor().execute(query)
        found["formats"].add((left._query_result_format, right._query_result_format))
        rows, expected = left.fetchall(), right.fetchall()
        found["rows"].append([len(rows), len(expected)])
        if left.description != right.description:
            found["different"].append("description")
        for row, other in zip(rows, expected):
            pairs = zip(left.description, row, other)
            found["different"] += [
                [column.name, str(a), str(b)] for column, a, b in pairs if differs(a, b)
            ]
    found["formats"] = sorted(found["formats"])
    table = arrow.cursor().execute(WITH_NULLS).fetch_arrow_all()
    found["types"] = {field.name: str(field.type) for field in table.schema}
    found["zoned"] = [
        str(table[name][0].as_py())
        for name in ("zoned", "zoned_millis", "zoned_micros", "zoned_seconds")
    ]
    found["nulls"] = sorted({column.null_count for column in table.columns})
    frame = arrow.cursor().execute(CHUNKED).fetch_pandas_all()
    found["frame"] = [
        len(frame),
        str(frame["I"].dtype),
        int(frame["I"].sum()),
        round(float(frame["MONEY"].sum()), 2),
        int(frame["S"].isna().sum()),
    ]
    batches = arrow.cursor().execute(CHUNKED).get_result_batches()
    found["batches"] = [
        len(batches) > 1,
        sum(batch.to_arrow().num_rows for batch in batches),
    ]
    empty = (
        arrow.cursor()
        .execute("select 1 as x, 'a' as y where false")
        .fetch_arrow_all(force_return_table=True)
    )
    found["no_rows"] = [str(field.type) for field in empty.schema]
    found["binary"] = [
        bytes(row[0]).hex()
        for row in arrow.cursor()
        .execute("select to_binary('00ffab') union all select null")
        .fetchall()
        if row[0]
    ]
    found["by_name"] = (
        arrow.cursor(DictCursor).execute("select 1 as a, 'b' as b").fetchall()
    )
    found["other"] = [
        arrow.cursor().execute(sql)._query_result_format
        for sql in (
            "show databases",
            "create table if not exists t (x int)",
            "insert into t values (1)",
        )
    ]
    found["asked"] = (
        arrow.cursor()
        .execute(
            "select 1",
            _statement_params={"PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "JSON"},
        )
        ._query_result_format
    )
    arrow.cursor().execute(
        "alter session set python_connector_query_result_format = 'JSON'"
    )
    found["told"] = arrow.cursor().execute("select 1")._query_result_format
    return found


if __name__ == "__main__":
    print(json.dumps(main()))
