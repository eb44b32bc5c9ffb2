"""Snowpark's data frames, area by area; prints what it saw as one JSON object."""

import datetime
import decimal
import json
import os

from snowflake.snowpark import GroupingSets, Session, Window
from snowflake.snowpark import functions as f
from snowflake.snowpark.functions import col, lit, when
from snowflake.snowpark.types import (
    ArrayType,
    DecimalType,
    IntegerType,
    MapType,
    StringType,
    StructField,
    StructType,
    VariantType,
)

PARAMETERS = json.loads(os.environ["CONNECTION"])
DAYS = [datetime.date(2024, 1, day) for day in (1, 2, 1, 3)]


def rows(frame):
    return [list(row) for row in frame.collect()]


def sales(session):
    data = [(1, "a", DAYS[0], 10.0), (2, "a", DAYS[1], 20.0), (3, "b", DAYS[2], 5.0), (4, "b", DAYS[3], None)]
    return session.create_dataframe(data, schema=["id", "g", "d", "x"])


def creating(session):
    values = [1, 1.5, "t", True, DAYS[0], datetime.datetime(2024, 1, 2, 3, 4, 5), decimal.Decimal("1.25"), [1, 2], {"a": 1}, b"ab"]
    names = ["i", "f", "s", "b", "d", "ts", "dec", "arr", "obj", "bin"]
    of_values = session.create_dataframe([values], schema=names)
    typed = StructType(
        [
            StructField("A", IntegerType()),
            StructField("V", VariantType()),
            StructField("M", MapType(StringType(), IntegerType())),
            StructField("AR", ArrayType(IntegerType())),
        ]
    )
    numbered = f.row_number().over(Window.order_by(f.seq8())).alias("n")
    return {
        "types": [type(field.datatype).__name__ for field in of_values.schema.fields],
        "values": rows(of_values),
        "typed": rows(session.create_dataframe([[1, {"x": 1}, {"k": 2}, [1, 2]], [None] * 4], schema=typed)),
        "large": rows(session.create_dataframe([[i, str(i)] for i in range(2000)], schema=["a", "b"]).agg(f.sum("a"), f.max("b"))),
        "range": rows(session.range(1, 10, 3)),
        "range_filtered": session.range(10).filter(col("id") > 6).count(),
        "generator": rows(session.generator(numbered, rowcount=3)),
    }


def windows(session):
    frame = sales(session)
    by_day = Window.partition_by("g").order_by("d")
    last_two = by_day.rows_between(-1, Window.CURRENT_ROW)
    two_days = by_day.range_between(-f.make_interval(days=1), Window.CURRENT_ROW)
    latest = f.row_number().over(Window.partition_by("g").order_by(col("d").desc()))
    return {
        "functions": rows(
            frame.select(
                "id",
                f.rank().over(by_day),
                f.percent_rank().over(by_day),
                f.ntile(lit(2)).over(by_day),
                f.lag("x", 1, 0.0).over(by_day),
                f.lead("x").over(by_day),
                f.first_value("x").over(by_day),
                f.sum("x").over(last_two),
                f.avg("x").over(two_days),
            ).sort("id")
        ),
        "latest": rows(frame.with_column("rn", latest).filter(col("rn") == 1).select("id").sort("id")),
        "moving": rows(
            frame.analytics.moving_agg(aggs={"X": ["SUM"]}, window_sizes=[2], order_by=["D"], group_by=["G"]).select("ID", "X_SUM_2").sort("ID")
        ),
        "cumulative": rows(
            frame.analytics.cumulative_agg(aggs={"X": ["SUM"]}, order_by=["D"], group_by=["G"], is_forward=True)
            .select("ID", "X_SUM")
            .sort("ID")
        ),
    }


def joins(session):
    left, right = sales(session), session.create_dataframe([("a", 100), ("c", 300)], schema=["g", "v"])
    events = session.create_dataframe([[1, 10], [1, 12]], schema=["k", "t"])
    states = session.create_dataframe([[1, 9, "early"], [1, 11, "late"]], schema=["k2", "t2", "v"])
    texts = session.create_dataframe([[1, "x y"], [2, "z"]], schema=["i", "s"])
    return {
        "counts": {how: left.join(right, "g", how).count() for how in ("inner", "left", "right", "full", "semi", "anti")},
        "cross": left.cross_join(right).count(),
        "columns": left.join(right, left.g == right.g, lsuffix="_l", rsuffix="_r").columns,
        "asof": rows(
            events.join(states, on=events.k == states.k2, how="asof", match_condition=events.t >= states.t2).select("t", "v").sort("t")
        ),
        "split": rows(texts.join_table_function("split_to_table", texts["s"], lit(" ")).select("i", "index", "value").sort("i", "index")),
        "sets": [
            len(rows(work(session.range(3), session.range(2, 5))))
            for work in (
                lambda a, b: a.union(b),
                lambda a, b: a.union_all(b),
                lambda a, b: a.intersect(b),
                lambda a, b: a.except_(b),
                lambda a, b: a.union_all_by_name(b.select("id", lit(1).alias("z")), allow_missing_columns=True),
            )
        ],
    }


def reshaping(session):
    frame = sales(session)
    nested = session.create_dataframe([[1, {"a": [1, 2]}]], schema=["i", "o"])
    lists = session.create_dataframe([[1, [1, 2]], [2, []]], schema=["i", "s"])
    months = session.create_dataframe([(1, 10, None)], schema=StructType([StructField(n, IntegerType()) for n in ("e", "jan", "feb")]))
    return {
        "pivot": rows(frame.select("g", "x").pivot("g", ["a", "b"]).sum("x")),
        "pivot_all": rows(frame.select("d", "g", "x").group_by("d").pivot("g").agg(f.sum("x")).sort("d")),
        "unpivot": rows(months.unpivot("s", "m", ["jan", "feb"])),
        "unpivot_nulls": rows(months.unpivot("s", "m", ["jan", "feb"], include_nulls=True)),
        "flatten": rows(nested.flatten(nested["o"]["a"]).select("i", "index", "value")),
        "explode": rows(lists.select("i", f.explode_outer("s").alias("z")).sort("i", "z")),
        "path": rows(nested.select(nested["o"]["a"][1].cast("int"), f.get_path("o", lit("a[0]")), f.object_keys("o"))),
    }


def sampling(session):
    frame = session.range(1000)
    parts = frame.random_split([0.8, 0.2], seed=5)
    cached = sales(session).cache_result()
    return {
        "rows": frame.sample(n=10).count(),
        "share": 300 < frame.sample(frac=0.5).count() < 700,
        "split": [sum(part.count() for part in parts), 650 < parts[0].count() < 950],
        "by": frame.sample_by(col("id") % 2, {0: 1.0, 1: 0.0}).count(),
        "cached": [cached.is_cached, cached.count()],
    }


def grouping(session):
    frame = sales(session)
    return {
        "by": rows(frame.group_by("g").agg({"x": "sum", "id": "max"}).sort("g")),
        "sets": rows(frame.group_by_grouping_sets(GroupingSets([col("g")], [])).count().sort("g")),
        "rollup": rows(frame.rollup("g").sum("x").sort("g")),
        "statistics": rows(
            frame.group_by("g")
            .agg(
                f.array_agg("id").within_group("id"),
                f.listagg("g", ","),
                f.count_distinct("d"),
                f.variance("id"),
                f.median("x"),
                f.mode("g"),
                f.max_by("id", "d"),
                f.corr("id", "id"),
                f.approx_percentile("id", 0.5),
            )
            .sort("g")
        ),
        "described": sorted(rows(frame.select("x").describe())),
        "quantiles": frame.stat.approx_quantile("x", [0.5]),
        "crosstab": rows(frame.stat.crosstab("g", "d").sort("g")),
    }


def cleaning(session):
    frame = sales(session)
    size = when(col("x") > 5, "large").when(col("x").is_null(), "unknown").otherwise("small")
    return {
        "filled": rows(frame.na.fill({"x": 0.0}).select("x").sort("id")),
        "dropped": frame.na.drop().count(),
        "replaced": rows(frame.na.replace("a", "z").select("g").distinct().sort("g")),
        "expressions": rows(
            frame.select(
                size,
                f.iff(col("x") > 5, 1, 0),
                f.coalesce("x", lit(-1.0)),
                col("g").like("a%"),
                col("x").between(5, 15),
                col("x").cast(DecimalType(10, 2)),
                f.date_trunc("month", "d"),
                f.datediff("day", "d", lit(datetime.date(2024, 2, 1))),
                f.add_months("d", 1),
                f.regexp_replace("g", "[ab]", "-"),
                f.try_cast("g", IntegerType()),
            ).sort("id")
        ),
        "shape": [
            frame.drop("x").columns,
            frame.with_column_renamed("x", "xx").columns,
            frame.limit(2, offset=1).count(),
            frame.drop_duplicates("g").count(),
            list(frame.sort(col("x").desc_nulls_last()).first()),
        ],
    }


AREAS = {"creating": creating, "windows": windows, "joins": joins, "reshaping": reshaping, "sampling": sampling, "grouping": grouping, "cleaning": cleaning}


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in ("create warehouse frames_wh", "create database frames", "use schema frames.public"):
        session.sql(statement).collect()
    session.use_warehouse("frames_wh")
    print(json.dumps({name: work(session) for name, work in AREAS.items()}, default=str))
    session.close()


main()
