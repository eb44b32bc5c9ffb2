"""Lineage: of tables and views, and from a source table over a feature view and a dataset to a model."""

import contextlib
import io
import json

import pandas as pd
from outcomes import error_of
from snowflake.ml.feature_store import CreationMode, Entity, FeatureStore, FeatureView
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session
from sklearn.linear_model import LinearRegression

GET_LINEAGE = "select * from table(snowflake.core.get_lineage({})) order by distance, target_object_name, source_object_name"


def edges(session, arguments):
    rows = session.sql(GET_LINEAGE.format(arguments)).collect()
    return [[row["DISTANCE"], row["SOURCE_OBJECT_NAME"], row["TARGET_OBJECT_NAME"]] for row in rows]


def nodes(found):
    """Class, name and version of the nodes that a client's lineage() gave."""
    return sorted(
        [type(node).__name__, node._lineage_node_domain, node._lineage_node_name, node._lineage_node_version] for node in found
    )


def checks(session, parameters):
    return {"tables": tables(session), "ml": machine_learning(session), "privileges": privileges(session, parameters)}


def tables(session):
    for statement in (
        "create table A (X int, Y int)",
        "create table B as select X from A",
        "create table C as select X from B",
        "create view V as select X from C",
        "create table INSERTED (X int)",
        "insert into INSERTED select X from V",
        "insert into INSERTED values (1)",
        "create table MERGED (X int)",
        "merge into MERGED using B on MERGED.X = B.X when not matched then insert values (B.X)",
        "create temporary table BRIDGE as select X from A",
        "create table BEYOND as select X from BRIDGE",
        "create table CLONED clone A",
        "create stage FILES",
        "copy into @FILES/rows/ from A",
        "copy into A from @FILES",
    ):
        session.sql(statement).collect()
    down = edges(session, "'ML.RAW.A', 'TABLE', 'DOWNSTREAM'")
    near = edges(session, "object_name => 'A', object_domain => 'TABLE', direction => 'DOWNSTREAM', max_distance => 1")
    up = edges(session, "'INSERTED', 'TABLE', 'UPSTREAM'")
    trace = session.lineage.trace("ML.RAW.C", "TABLE", direction="both", distance=2).collect()
    traced = [[json_name(row[0]), json_name(row[1]), row[2], row[3]] for row in trace]
    files = edges(session, "'FILES', 'STAGE', 'DOWNSTREAM', 1")
    session.sql("drop table C").collect()
    gone = edges(session, "'V', 'TABLE', 'UPSTREAM'")
    session.sql("create table C (X int)").collect()
    return {
        "down": down,
        "near": near,
        "up": up,
        "traced": traced,
        "files": files,
        "source_gone": gone,
        "source_again": edges(session, "'V', 'TABLE', 'UPSTREAM'"),
        "missing": error_of(lambda: edges(session, "'NOTHING', 'TABLE', 'UPSTREAM'")),
        "columns": error_of(lambda: edges(session, "'A.X', 'COLUMN', 'UPSTREAM'")),
        "direction": error_of(lambda: edges(session, "'A', 'TABLE', 'SIDEWAYS'")),
        "too_far": error_of(lambda: edges(session, "'A', 'TABLE', 'UPSTREAM', 6")),
    }


def json_name(text):
    node = json.loads(text)
    return f"{node['domain']} {node['name']} {node['status']}"


def machine_learning(session):
    session.sql("create table SALES (CUSTOMER int, TS timestamp_ntz, AMOUNT float)").collect()
    session.sql("insert into SALES values (1, '2024-01-01', 10), (2, '2024-01-02', 30)").collect()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        store = FeatureStore(session, "ML", "STORE", default_warehouse="ML_WH", creation_mode=CreationMode.CREATE_IF_NOT_EXIST)
        customer = store.register_entity(Entity("CUSTOMER", ["CUSTOMER"]))
        amounts = FeatureView("AMOUNTS", [customer], session.table("ML.RAW.SALES"), timestamp_col="TS", refresh_freq="1 day")
        amounts = store.register_feature_view(amounts, "v1")
        doubled = session.table("ML.RAW.SALES").select("CUSTOMER", "TS", "AMOUNT")
        doubled = store.register_feature_view(FeatureView("Doubled", [customer], doubled, timestamp_col="TS"), "v2")
        spine = session.create_dataframe([(1, 2.0), (2, 6.0)], schema=["CUSTOMER", "PRICE"])
        dataset = store.generate_dataset("TRAINING", spine, [amounts], version="first", spine_label_cols=["PRICE"])
        frame = dataset.read.to_snowpark_dataframe().select("AMOUNT", "PRICE")
        registry = Registry(session, database_name="ML", schema_name="REGISTRY")
        rows = pd.DataFrame({"AMOUNT": [10.0, 30.0]})
        model = LinearRegression().fit(rows, [2.0, 6.0])
        options = {"enable_explainability": False}
        from_dataset = registry.log_model(
            model, model_name="PRICES", version_name="V1", sample_input_data=frame.select("AMOUNT"), options=options
        )
        from_table = registry.log_model(
            model, model_name="PRICES", version_name="V2", sample_input_data=session.table("ML.RAW.SALES").select("AMOUNT")
        )
    session.sql("create model ML.REGISTRY.COPY with version V9 from model ML.REGISTRY.PRICES version V1").collect()
    found = {
        "feature_view_up": nodes(amounts.lineage("upstream")),
        "feature_view_down": nodes(amounts.lineage()),
        "view_up": nodes(doubled.lineage("upstream")),
        "dataset_up": nodes(dataset.lineage("upstream")),
        "dataset_down": nodes(dataset.lineage()),
        "model_up": nodes(from_dataset.lineage(direction="upstream")),
        "model_down": nodes(from_dataset.lineage()),
        "filtered": nodes(from_dataset.lineage(direction="upstream", domain_filter={"table"})),
        "model_from_table": nodes(from_table.lineage(direction="upstream")),
        "sql": edges(session, "'ML.REGISTRY.PRICES', 'MODULE', 'UPSTREAM', 5, 'V1'"),
    }
    dataset.delete()
    return {**found, "dataset_deleted": nodes(from_dataset.lineage(direction="upstream"))}


def privileges(session, parameters):
    for statement in (
        "create role READER",
        f"grant role READER to user {parameters['user']}",
        "grant usage on warehouse ML_WH to role READER",
        "grant usage on database ML to role READER",
        "grant usage on schema ML.RAW to role READER",
        "grant select on table ML.RAW.B to role READER",
    ):
        session.sql(statement).collect()
    reader = Session.builder.configs({**parameters, "role": "READER", "warehouse": "ML_WH"}).create()
    reader.sql("use secondary roles none").collect()
    masked = reader.sql("select source_object_name, source_status from table(snowflake.core.get_lineage('ML.RAW.B', 'TABLE', 'UPSTREAM'))")
    found = {
        "masked": [list(row) for row in masked.collect()],
        "masked_node": nodes_of_trace(reader),
        "hidden": error_of(lambda: edges(reader, "'ML.RAW.A', 'TABLE', 'UPSTREAM'")),
    }
    session.sql("grant resolve all on account to role READER").collect()
    found["resolved"] = [list(row) for row in masked.collect()]
    session.sql("revoke view lineage on account from role PUBLIC").collect()
    found["without"] = error_of(masked.collect)
    reader.close()
    session.sql("grant view lineage on account to role PUBLIC").collect()
    return found


def nodes_of_trace(session):
    rows = session.lineage.trace("ML.RAW.B", "TABLE", direction="upstream", distance=1).collect()
    return [json_name(row[0]) for row in rows]
