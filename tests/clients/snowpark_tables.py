"""Snowpark's ways into and out of tables, stages and views; prints what it saw as one JSON object."""

import datetime
import json
import os

from snowflake.snowpark import Session
from snowflake.snowpark import functions as f
from snowflake.snowpark.exceptions import SnowparkSQLException
from snowflake.snowpark.functions import col, lit, when_matched, when_not_matched
from snowflake.snowpark.types import DateType, DoubleType, IntegerType, StringType, StructField, StructType

PARAMETERS = json.loads(os.environ["CONNECTION"])
SCHEMA = StructType(
    [StructField("id", IntegerType()), StructField("g", StringType()), StructField("d", DateType()), StructField("x", DoubleType())]
)


def rows(frame):
    return [list(row) for row in frame.collect()]


def sales(session):
    first, second = datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)
    return session.create_dataframe([(1, "a", first, 10.0), (2, "a", second, 20.0), (3, "b", first, None)], schema=SCHEMA)


def writing(session):
    frame, counts = sales(session), []
    for mode in ("overwrite", "append", "ignore", "truncate"):
        frame.write.mode(mode).save_as_table("written")
        counts.append(session.table("written").count())
    try:
        frame.write.mode("errorifexists").save_as_table("written")
    except SnowparkSQLException as error:
        counts.append(error.sql_error_code)
    frame.select("x", "d", "g", "id").write.mode("append").save_as_table("written", column_order="name")
    frame.write.save_as_table("fleeting", mode="overwrite", table_type="temporary")
    frame.write.save_as_table(["tables", "public", "lasting"], mode="overwrite", table_type="transient", comment="kept")
    return {"counts": counts, "by_name": rows(session.table("written").group_by("id", "g").count().sort("id")), "made": session.table("fleeting").count() + session.table("lasting").count()}


def changing(session):
    sales(session).write.mode("overwrite").save_as_table("changed")
    table = session.table("changed")
    other = session.create_dataframe([(1, 99.0), (9, 9.0)], schema=["id", "x"])
    on = table["id"] == other["id"]
    merged = table.merge(other, on, [when_matched().update({"x": other["x"]}), when_not_matched().insert({"id": other["id"], "x": other["x"]})])
    return {
        "merged": list(merged),
        "updated": list(table.update({"x": lit(0.5)}, table["id"] == 2)),
        "updated_from": list(table.update({"x": other["x"] + 1}, on, other)),
        "deleted": list(table.delete(table["id"] == 3)),
        "left": rows(table.select("id", "x").sort("id")),
    }


def staging(session):
    session.sql("create or replace stage files").collect()
    frame = sales(session)
    unloaded = frame.write.copy_into_location("@files/csv/", file_format_type="csv", header=True, overwrite=True)
    frame.write.parquet("@files/parquet/", overwrite=True, header=True)
    frame.select(f.object_construct("*")).write.json("@files/json/", overwrite=True)
    csv = session.read.schema(SCHEMA).option("skip_header", 1).csv("@files/csv/")
    inferred = session.read.options({"infer_schema": True, "parse_header": True}).csv("@files/csv/")
    parquet = session.read.parquet("@files/parquet/")
    return {
        "unloaded": unloaded[0]["rows_unloaded"],
        "csv": rows(csv.sort("id")),
        "inferred": [[field.name, type(field.datatype).__name__] for field in inferred.schema.fields],
        "inferred_rows": inferred.count(),
        "parquet": [[field.name, type(field.datatype).__name__] for field in parquet.schema.fields],
        "parquet_rows": rows(parquet.filter(col("X").is_not_null()).sort("ID")),
        "with_metadata": rows(
            session.read.with_metadata("METADATA$FILE_ROW_NUMBER").schema(SCHEMA).option("skip_header", 1).csv("@files/csv/").sort("id").select("METADATA$FILE_ROW_NUMBER")
        ),
        "json": rows(session.read.json("@files/json/").select(col("$1")["G"].cast("string").alias("g")).sort("g")),
        "copied": [row["rows_loaded"] for row in csv.copy_into_table("copied", force=True)],
        "copied_rows": rows(session.table("copied").sort("id")),
    }


def views(session):
    sales(session).write.mode("overwrite").save_as_table("base")
    base = session.table("base")
    base.filter(col("id") > 1).create_or_replace_view("plain", comment="without the first")
    base.create_or_replace_temp_view("brief")
    base.group_by("g").count().create_or_replace_dynamic_table("kept", warehouse="tables_wh", lag="1 day", comment="counts")
    return {
        "rows": [session.table(name).count() for name in ("plain", "brief", "kept")],
        "lag": session.sql("show dynamic tables like 'KEPT'").select('"target_lag"', '"comment"').collect()[0].as_dict(),
    }


def fetching(session):
    frame = session.range(5)
    return {
        "pandas": [frame.to_pandas()["ID"].tolist(), sum(len(batch) for batch in frame.to_pandas_batches())],
        "iterated": [row[0] for row in frame.to_local_iterator()],
        "described": [[field.name, type(field.datatype).__name__, field.nullable] for field in session.table("base").schema.fields],
    }


def asynchronous(session):
    frame = sales(session)
    job = frame.collect_nowait()
    saved = frame.write.mode("overwrite").save_as_table("saved", block=False)
    saved.result()
    again = session.create_async_job(job.query_id)
    slow = session.sql("select system$wait(600)").collect_nowait()
    slow.cancel()
    return {
        "rows": [len(job.result()), len(again.result()), frame.count(block=False).result(), session.table("saved").count()],
        "pandas": len(frame.to_pandas(block=False).result()),
        "cancelled": slow.is_failed(),
    }


def session_state(session):
    session.query_tag = '{"step": 1}'
    session.update_query_tag({"run": 2})
    tag = session.query_tag
    session.query_tag = None
    with session.query_history() as history:
        session.range(2).collect()
    session.sql("create or replace table counted (n int)").collect()
    session.sql("begin").collect()
    session.sql("insert into counted values (1)").collect()
    session.sql("rollback").collect()
    return {
        "tag": json.loads(tag),
        "history": len(history.queries),
        "bound": rows(session.sql("select ? + ?, ?", params=[1, 2, "x"])),
        "rolled_back": session.table("counted").count(),
        "lambda": rows(session.sql("select transform([1, 2, 3], x int -> x * 2), filter([1, 2, 3], x -> x > 1)")),
    }


AREAS = {
    "writing": writing,
    "changing": changing,
    "staging": staging,
    "views": views,
    "fetching": fetching,
    "asynchronous": asynchronous,
    "session": session_state,
}


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in ("create warehouse tables_wh", "create database tables", "use schema tables.public"):
        session.sql(statement).collect()
    session.use_warehouse("tables_wh")
    print(json.dumps({name: work(session) for name, work in AREAS.items()}, default=str))
    session.close()


main()
