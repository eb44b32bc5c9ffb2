"""Registers and calls Python procedures and functions with the real Snowpark, and prints what it saw as one JSON object."""

import json
import os
import pathlib
import tempfile

from snowflake.snowpark import Session
from snowflake.snowpark.functions import call_udf, col, lit, udaf, udtf
from snowflake.snowpark.types import FloatType, IntegerType, PandasDataFrameType, PandasSeriesType, StringType, StructField, StructType

PARAMETERS = json.loads(os.environ["CONNECTION"])


def message_of(work):
    try:
        work()
    except Exception as error:
        return str(error)
    return None


class Words:
    """Rows for each row."""

    def process(self, text: str):
        for word in (text or "").split():
            yield (word, len(word))


class Total:
    """A row for each partition."""

    def __init__(self):
        self.total = 0.0

    def process(self, _group, x):
        self.total += x or 0

    def end_partition(self):
        yield (self.total,)


class Summary:
    """A frame for each partition."""

    def end_partition(self, frame):
        frame.columns = ["g", "n"]
        yield frame.groupby("g", as_index=False).agg({"n": "sum"})


class LargestTwo:
    def __init__(self):
        self.values = []

    @property
    def aggregate_state(self):
        return self.values

    def accumulate(self, value):
        if value is not None:
            self.values = sorted([*self.values, value])[-2:]

    def merge(self, other):
        self.values = sorted([*self.values, *other])[-2:]

    def finish(self):
        return sum(self.values)


def table_functions(session):
    import pandas

    numbers = session.table("numbers")
    texts = session.create_dataframe([[1, "a bb"], [2, ""], [3, "ccc"]], schema=["i", "s"])
    schema = StructType([StructField("w", StringType()), StructField("n", IntegerType())])
    words = session.udtf.register(Words, output_schema=schema, input_types=[StringType()], name="words_of")
    total = udtf(Total, output_schema=StructType([StructField("total", FloatType())]), input_types=[StringType(), FloatType()])
    Summary.end_partition._sf_vectorized_input = pandas.DataFrame
    summary = session.udtf.register(
        Summary,
        output_schema=PandasDataFrameType([StringType(), FloatType()], ["gg", "tot"]),
        input_types=[PandasDataFrameType([StringType(), FloatType()])],
        packages=["pandas"],
    )

    def rows(frame):
        return [list(row) for row in frame.collect()]

    return {
        "alone": rows(session.table_function(words(lit("x yy"))).sort("w")),
        "by_name": rows(session.table_function("words_of", lit("q"))),
        "joined": rows(texts.join_table_function(words(texts["s"])).select("i", "w", "n").sort("w")),
        "selected": rows(texts.select("i", words("s").alias("word", "size")).sort("word")),
        "partitions": rows(numbers.join_table_function(total("g", "n").over(partition_by="g", order_by="n")).select("g", "n", "total").sort("g")),
        "vectorised": rows(numbers.join_table_function(summary("g", "n").over(partition_by="g")).select("gg", "tot").sort("gg")),
        "applied": rows(
            numbers.group_by("g")
            .apply_in_pandas(
                lambda frame: frame.assign(N=frame["N"] * 2),
                output_schema=StructType([StructField("n", FloatType()), StructField("g", StringType())]),
            )
            .filter(col("n").is_not_null())
            .sort("n")
        ),
        "raised": message_of(lambda: session.table_function(words(lit(1), lit(2))).collect()),
    }


def aggregates(session):
    largest = udaf(LargestTwo, return_type=IntegerType(), input_types=[IntegerType()], name="largest_two")
    numbers = session.table("numbers")
    return {
        "grouped": [list(row) for row in numbers.group_by("g").agg(largest("n").alias("l")).sort("g").collect()],
        "sql": [list(row) for row in session.sql("select largest_two(n), count(*) from numbers where n < 3").collect()],
        "shown": session.sql("show functions like 'LARGEST_TWO'").select('"is_aggregate"').collect()[0][0],
    }


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in ("create warehouse wh", "create database db", "create schema db.s", "create stage db.s.code"):
        session.sql(statement).collect()
    session.use_schema("db.s")
    session.use_warehouse("wh")
    session.sql("create table numbers (n int, g varchar)").collect()
    session.sql("insert into numbers values (1, 'a'), (2, 'b'), (3, 'a'), (null, 'b')").collect()
    found = {}

    def total(session: Session, factor: int) -> int:
        return int(session.table("numbers").filter(col("g") == "a").to_pandas()["N"].sum()) * factor

    registered = session.sproc.register(total, packages=["snowflake-snowpark-python", "pandas"])
    found["procedure"] = registered(10)

    def stepper(session: Session) -> str:
        session.sql("create or replace table made_by_procedure as select 7 as seven").collect()
        return "made " + str(session.table("made_by_procedure").collect()[0][0])

    anonymous = session.sproc.register(stepper, packages=["snowflake-snowpark-python"], anonymous=True)
    found["anonymous"] = anonymous()

    def rows(session: Session, group: str):
        return session.table("numbers").filter(col("g") == group)

    session.sproc.register(
        rows,
        name="rows_of",
        return_type=StructType([StructField("N", IntegerType()), StructField("G", StringType())]),
        input_types=[StringType()],
        packages=["snowflake-snowpark-python"],
    )
    found["table"] = sorted([list(row) for row in session.call("rows_of", "a").collect()])

    with tempfile.TemporaryDirectory() as folder:
        module = pathlib.Path(folder) / "steps.py"
        module.write_text("LIMIT = 5\ndef check(session, n):\n    if n > LIMIT:\n        raise ValueError(f'{n} is too many')\n    return n\n")
        session.file.put(str(module), "@code", auto_compress=False)
    session.sql(
        "create procedure check_limit(n int) returns int language python runtime_version = 3.11 "
        "packages = ('snowflake-snowpark-python') imports = ('@db.s.code/steps.py') handler = 'steps.check'"
    ).collect()
    found["imported"] = session.call("check_limit", 4)
    found["raised"] = message_of(lambda: session.call("check_limit", 6))
    found["packages"] = message_of(
        lambda: session.sql(
            "create procedure p() returns int language python runtime_version = 3.11 packages = ('torch') handler = 'f' as $$ $$"
        ).collect()
    )

    plus = session.udf.register(lambda x: None if x is None else x + 1, return_type=IntegerType(), input_types=[IntegerType()], name="plus_one")
    found["function"] = [row[0] for row in session.table("numbers").select(plus(col("n"))).sort(col("n")).collect()]
    found["by_name"] = session.table("numbers").filter(col("n") < 3).select(call_udf("plus_one", col("n")).alias("y")).sort("y").to_pandas()["Y"].tolist()

    halves = session.udf.register(
        lambda frame: frame[0] / 2,
        name="halves",
        return_type=PandasSeriesType(FloatType()),
        input_types=[PandasDataFrameType([IntegerType()])],
        packages=["pandas"],
        max_batch_size=2,
    )
    found["vectorised"] = [row[0] for row in session.table("numbers").filter(col("n").is_not_null()).select(halves(col("n"))).collect()]
    found["function_raised"] = message_of(lambda: session.sql("select plus_one(n) from (select 'x' as n)").collect())
    found["table_functions"] = table_functions(session)
    found["aggregates"] = aggregates(session)
    print(json.dumps(found))
    session.close()


main()
