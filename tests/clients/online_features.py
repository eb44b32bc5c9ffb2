"""Online feature tables as the Feature Store client uses them; prints what it saw as one JSON object."""

import json
import logging
import os
import sys
import warnings

from outcomes import error_of
from snowflake.ml.feature_store import CreationMode, Entity, FeatureStore, FeatureView
from snowflake.ml.feature_store.feature_view import OnlineConfig, StoreType
from snowflake.snowpark import Session

SET_UP = (
    "create warehouse ML_WH",
    "use warehouse ML_WH",
    "create database ML",
    "create schema ML.RAW",
    "create table BALANCES (CUSTOMER int, TS timestamp_ntz, BALANCE float, NOTE varchar)",
    "insert into BALANCES values (1, '2024-01-01', 10, 'a'), (1, '2024-02-01', 20, 'b'), (2, '2024-01-15', 30, null)",
)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in SET_UP:
        session.sql(statement).collect()
    store = FeatureStore(session, database="ML", name="STORE", default_warehouse="ML_WH", creation_mode=CreationMode.CREATE_IF_NOT_EXIST)
    customer = Entity("CUSTOMER", ["CUSTOMER"])
    store.register_entity(customer)

    def read(keys, **more):
        frame = store.read_feature_view("BALANCE", "V1", keys=keys, store_type=StoreType.ONLINE, **more)
        return sorted([[str(value) for value in row] for row in frame.collect()])

    def shown():
        columns = ['"name"', '"source"', '"rows"', '"target_lag"', '"timestamp_column"', '"refresh_mode"', '"scheduling_state"']
        return [list(row) for row in session.sql("show online feature tables in schema ML.STORE").select(*columns).collect()]

    online = OnlineConfig(enable=True, target_lag="1 hour")
    balances = session.table("ML.RAW.BALANCES")
    view = store.register_feature_view(
        FeatureView("BALANCE", [customer], balances, timestamp_col="TS", refresh_freq="1 day", online_config=online), "V1"
    )
    doubled = session.sql("select CUSTOMER, 2 * max(BALANCE) as DOUBLE from ML.RAW.BALANCES group by CUSTOMER")
    store.register_feature_view(FeatureView("DOUBLED", [customer], doubled, online_config=OnlineConfig(enable=True)), "1")
    found = {
        "online": [view.online, view.online_config.target_lag],
        "shown": shown(),
        # The latest row of each key, by one key, by several, and all.
        "one": read([[1]]),
        "several": read([[1], [2], [9]], feature_names=["BALANCE"]),
        "all": read(None),
        "pandas": store.read_feature_view("DOUBLED", "1", keys=[[2]], store_type=StoreType.ONLINE, as_pandas=True).to_numpy().tolist(),
    }
    session.sql("insert into ML.RAW.BALANCES values (3, '2024-03-01', 40, 'c')").collect()
    store.refresh_feature_view("BALANCE", "V1")
    found["before"] = read([[3]])
    store.refresh_feature_view("BALANCE", "V1", store_type=StoreType.ONLINE)
    found["refreshed"] = read([[3]])
    history = store.get_refresh_history("BALANCE", "V1", store_type=StoreType.ONLINE, verbose=True)
    found["history"] = [list(row) for row in history.select("NAME", "STATE", "REFRESH_TRIGGER").sort("REFRESH_START_TIME").collect()]
    store.suspend_feature_view("BALANCE", "V1")
    found["suspended"] = [row[-1] for row in shown()]
    store.resume_feature_view("BALANCE", "V1")
    found["updated"] = store.update_feature_view("BALANCE", "V1", online_config=OnlineConfig(enable=True, target_lag="2 hours")).online_config.target_lag
    store.update_feature_view("BALANCE", "V1", online_config=OnlineConfig(enable=False))
    found["off"] = [[row[0] for row in shown()], error_of(lambda: read([[1]]))]
    store.update_feature_view("BALANCE", "V1", online_config=online)
    found["on"] = read([[3]])
    store.delete_feature_view("BALANCE", "V1")
    store.delete_feature_view("DOUBLED", "1")
    found["deleted"] = shown()
    session.close()
    json.dump(found, sys.stdout, default=str)


main()
