"""Procedures and functions with the real snowflake.core. Prints what it saw as one JSON object."""

import json
import warnings

from core_support import connect, failed, fields
from snowflake.core import CreateMode, Root
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.procedure import (
    Argument,
    CallArgument,
    CallArgumentList,
    ColumnType,
    Procedure,
    PythonFunction,
    ReturnDataType,
    ReturnTable,
    SQLFunction,
)
from snowflake.core.user_defined_function import Argument as FunctionArgument
from snowflake.core.user_defined_function import PythonFunction as PythonUdf
from snowflake.core.user_defined_function import ReturnDataType as FunctionReturns
from snowflake.core.user_defined_function import SQLFunction as SqlUdf
from snowflake.core.user_defined_function import (
    UserDefinedFunction,
    UserDefinedFunctionArgument,
)


def procedures(schema, session):
    session.sql("create table routines.s.invoices as select 1 as id, 10.5::number(10, 1) as price union all select 2, 3").collect()
    python = Procedure(
        name="shout",
        arguments=[Argument(name="word", datatype="VARCHAR"), Argument(name="times", datatype="INT", default_value="2")],
        return_type=ReturnDataType(datatype="VARCHAR"),
        language_config=PythonFunction(runtime_version="3.11", packages=["snowflake-snowpark-python"], handler="run"),
        body="def run(session, word, times):\n    return (word + \"'s!\") * times",
        comment="it's loud",
        execute_as="CALLER",
    )
    table = Procedure(
        name="dear",
        arguments=[Argument(name="least", datatype="NUMBER")],
        return_type=ReturnTable(column_list=[ColumnType(name="id", datatype="NUMBER"), ColumnType(name="price", datatype="NUMBER")]),
        language_config=SQLFunction(),
        body="declare res resultset default (select id, price from routines.s.invoices where price > :least); begin return table(res); end;",
    )
    flag = Procedure(name="yes", arguments=[], return_type=ReturnDataType(datatype="BOOLEAN"), language_config=SQLFunction(), body="begin return true; end")
    procedure = schema.procedures.create(python)
    schema.procedures.create(table)
    schema.procedures.create(flag, mode=CreateMode.or_replace)
    fetched = schema.procedures["shout(VARCHAR, NUMBER)"].fetch()
    one = CallArgumentList(call_arguments=[CallArgument(name="word", datatype="VARCHAR", value="it")])
    both = CallArgumentList(
        call_arguments=[CallArgument(name="times", datatype="INT", value=1), CallArgument(name="word", datatype="VARCHAR", value="he")]
    )
    least = CallArgumentList(call_arguments=[CallArgument(name="least", datatype="NUMBER", value=5)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        plain = procedure.call(one)
    seen = {
        "fetched": fields(fetched, "name", "comment", "execute_as", "body", "min_num_arguments", "max_num_arguments", "schema_name"),
        "arguments": [fields(each, "name", "datatype", "default_value") for each in fetched.arguments],
        "language": [type(fetched.language_config).__name__, *fields(fetched.language_config, "runtime_version", "handler")],
        "packages": fetched.language_config.packages,
        "returns": fetched.return_type.datatype,
        "table": [fields(each, "name", "datatype") for each in schema.procedures["dear(NUMBER)"].fetch().return_type.column_list],
        "called": [plain, procedure.call(both, extract=True), schema.procedures["yes()"].call(extract=True)],
        "rows": schema.procedures["dear(NUMBER)"].call(least, extract=True),
        "listed": sorted([each.name, len(each.arguments)] for each in schema.procedures.iter()),
        "conflict": failed(lambda: schema.procedures.create(python), ConflictError),
    }
    procedure.drop()
    seen["dropped"] = failed(procedure.fetch, NotFoundError)
    return seen


def functions(schema):
    udf = UserDefinedFunction(
        name="added",
        arguments=[FunctionArgument(name="a", datatype="NUMBER"), FunctionArgument(name="b", datatype="NUMBER")],
        return_type=FunctionReturns(datatype="NUMBER"),
        language_config=PythonUdf(runtime_version="3.11", packages=[], handler="added", called_on_null_input=False),
        body="def added(a, b):\n    return a + b",
        comment="it's a sum",
    )
    half = UserDefinedFunction(
        name="added",
        arguments=[FunctionArgument(name="a", datatype="FLOAT")],
        return_type=FunctionReturns(datatype="VARIANT"),
        language_config=SqlUdf(),
        body="object_construct('half', a / 2)",
    )
    function = schema.user_defined_functions.create(udf)
    schema.user_defined_functions.create(half)
    fetched = schema.user_defined_functions["added(NUMBER, NUMBER)"].fetch()
    arguments = [UserDefinedFunctionArgument(name=name, datatype="NUMBER", value=value) for name, value in (("b", 5), ("a", -2))]
    seen = {
        "fetched": fields(fetched, "name", "comment", "body", "is_secure", "is_table_function"),
        "executed": [
            function.execute(arguments),
            schema.user_defined_functions["added(FLOAT)"].execute([UserDefinedFunctionArgument(name="a", datatype="FLOAT", value=3)]),
        ],
        "listed": sorted([each.name, len(each.arguments)] for each in schema.user_defined_functions.iter(like="ad%")),
    }
    function.rename("summed")
    seen["renamed"] = schema.user_defined_functions["summed(NUMBER,NUMBER)"].fetch().name
    schema.user_defined_functions["summed(NUMBER,NUMBER)"].drop()
    schema.user_defined_functions["added(FLOAT)"].drop()
    seen["dropped"] = failed(lambda: schema.user_defined_functions["added(FLOAT)"].fetch(), NotFoundError)
    seen["service"] = failed(lambda: list(schema.functions.iter()))
    seen["tags"] = failed(lambda: schema.procedures["yes()"].get_tags())
    return seen


def main():
    session = connect()
    for statement in ("create warehouse routines_wh", "create database routines", "create schema routines.s"):
        session.sql(statement).collect()
    session.use_warehouse("routines_wh")
    schema = Root(session).databases["routines"].schemas["s"]
    print(json.dumps({"procedures": procedures(schema, session), "functions": functions(schema)}))
    session.close()


main()
