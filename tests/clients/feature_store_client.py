"""The Feature Store client: entities, feature views and what is read through them."""

import json

from outcomes import error_of
from snowflake.ml.feature_store import (
    CreationMode,
    Entity,
    Feature,
    FeatureStore,
    FeatureView,
    RollupConfig,
)
from snowflake.snowpark import functions as F

BALANCES = """
insert into RAW.BALANCES values
  (1, '2024-01-01', 10, 'a'), (1, '2024-02-01', 20, 'b'), (2, '2024-01-15', 30, null), (3, '2024-03-01', 40, 'd')
"""
SPINE = [(1, "2024-01-10", 0), (1, "2024-02-10", 1), (2, "2024-01-01", 0), (2, "2024-03-01", 1)]


def open_store(session, mode=CreationMode.FAIL_IF_NOT_EXIST, name="STORE", warehouse="ML_WH"):
    return FeatureStore(session, database="ML", name=name, default_warehouse=warehouse, creation_mode=mode)


def rows(frame, *order):
    return [list(row) for row in frame.sort(*order).collect()]


def checks(session):
    session.sql("create table RAW.BALANCES (CUSTOMER int, TS timestamp_ntz, BALANCE float, NOTE varchar)").collect()
    session.sql(BALANCES).collect()
    found = {
        "no_store": error_of(lambda: open_store(session, name="RAW")),
        "no_warehouse": error_of(lambda: open_store(session, name="RAW", warehouse="NO_SUCH_WH")),
    }
    store = open_store(session, CreationMode.CREATE_IF_NOT_EXIST)
    found["entities"] = entities(store)
    found["views"], managed, static = views(session, store)
    found["refresh"] = refresh(session, store, managed)
    found["reading"] = reading(session, store, managed, static)
    found["online_service"] = error_of(store.get_online_service_status)
    found["managed"] = managed_otherwise(session, store)
    found["appending"] = appending(session, store)
    found["tiled"] = tiled(session, store)
    found["deleting"] = deleting(store, managed)
    open_store(session)
    return found


def entities(store):
    store.register_entity(Entity("CUSTOMER", ["CUSTOMER"], desc="It's a customer"))
    store.register_entity(Entity("PAIR", ["LEFT_ID", "RIGHT_ID"]))
    found = {
        "read": [store.get_entity("CUSTOMER").desc, store.get_entity("PAIR").join_keys],
        "missing": error_of(lambda: store.get_entity("NOBODY")),
    }
    store.update_entity("CUSTOMER", desc="Whoever has an account")
    found["listed"] = rows(store.list_entities().select("NAME", "JOIN_KEYS", "DESC"), "NAME")
    store.delete_entity("PAIR")
    return {**found, "left": [row["NAME"] for row in store.list_entities().collect()]}


def views(session, store):
    customer = store.get_entity("CUSTOMER")
    balances = session.table("ML.RAW.BALANCES")
    draft = FeatureView("BALANCE", [customer], balances, timestamp_col="TS", refresh_freq="1 day", desc="Balances")
    managed = store.register_feature_view(draft.attach_feature_desc({"BALANCE": "in whole euros"}), "V1")
    doubled = balances.select("CUSTOMER", "TS", (F.col("BALANCE") * 2).alias("DOUBLE"))
    static = store.register_feature_view(FeatureView("DOUBLED", [customer], doubled, timestamp_col="TS", desc="A view"), "1")
    read = store.get_feature_view("BALANCE", "V1")
    listed = store.list_feature_views().select("NAME", "VERSION", "REFRESH_FREQ", "SCHEDULING_STATE", "WAREHOUSE")
    broken = FeatureView("BROKEN", [customer], balances, timestamp_col="TS", refresh_freq="1 second")
    found = {
        "managed": [read.status.name, read.refresh_freq, read.desc, dict(read.feature_descs), read.timestamp_col],
        "static": static.status.name,
        "listed": rows(listed, "NAME"),
        "of_entity": rows(store.list_feature_views(entity_name="CUSTOMER").select("NAME"), "NAME"),
        "missing": error_of(lambda: store.get_feature_view("BALANCE", "V2")),
        "bad_lag": error_of(lambda: store.register_feature_view(broken, "1")),
    }
    return found, managed, static


def refresh(session, store, view):
    before = store.read_feature_view(view).count()
    session.sql("insert into RAW.BALANCES values (2, '2024-02-15', 50, 'late')").collect()
    found = {"stale": [before, store.read_feature_view(view).count()]}
    store.refresh_feature_view(view)
    found["fresh"] = store.read_feature_view(view).count()
    history = store.get_refresh_history(view, verbose=True).sort("REFRESH_START_TIME").collect()
    found["history"] = [[row["STATE"], row["REFRESH_TRIGGER"], row["TARGET_LAG_SEC"]] for row in history]
    found["suspended"] = store.suspend_feature_view(view).status.name
    found["resumed"] = store.resume_feature_view("BALANCE", "V1").status.name
    updated = store.update_feature_view("BALANCE", "V1", refresh_freq="2 days", desc="Balances of accounts")
    found["updated"] = [updated.refresh_freq, updated.desc]
    return found


def reading(session, store, managed, static):
    spine = session.create_dataframe(SPINE, schema=["CUSTOMER", "AT_TEXT", "LABEL"])
    spine = spine.select("CUSTOMER", F.to_timestamp("AT_TEXT").alias("AT"), "LABEL")
    both = store.generate_training_set(spine, [managed, static], spine_timestamp_col="AT", spine_label_cols=["LABEL"])
    sliced = [managed.slice(["BALANCE"])]
    saving = {"save_as": "SAVED", "spine_timestamp_col": "AT", "include_feature_view_timestamp_col": True}
    store.generate_training_set(spine, sliced, **saving)
    dataset = store.generate_dataset(
        "TRAINING", spine, [managed], version="v1", spine_timestamp_col="AT", spine_label_cols=["LABEL"], desc="Both customers"
    )
    columns = ["CUSTOMER", "LABEL", "BALANCE"]
    return {
        "training_set": [
            [row["CUSTOMER"], row["LABEL"], row["BALANCE"], row["DOUBLE"]] for row in both.sort("CUSTOMER", "AT").collect()
        ],
        "saved": rows(
            session.table("ML.STORE.SAVED").select("CUSTOMER", "BALANCE_V1_TS", "BALANCE"), "CUSTOMER", "BALANCE_V1_TS"
        ),
        "saved_again": error_of(lambda: store.generate_training_set(spine, sliced, **saving)),
        "values": rows(store.retrieve_feature_values(spine, [managed], spine_timestamp_col="AT").select("NOTE"), "NOTE"),
        "dataset": dataset.read.to_pandas().sort_values(columns)[columns].fillna(-1).to_numpy().tolist(),
        "dataset_views": [view.name for view in store.load_feature_views_from_dataset(dataset)],
    }


def managed_otherwise(session, store):
    """Warehouses of its own, a schedule by cron, and views that take a dynamic table's place and the other way round."""
    balances = session.table("ML.RAW.BALANCES")

    def register(freq, **more):
        view = FeatureView("OTHER", [store.get_entity("CUSTOMER")], balances, timestamp_col="TS", refresh_freq=freq)
        return store.register_feature_view(view, "V1", overwrite=True, **more)

    draft = FeatureView(
        "OTHER",
        [store.get_entity("CUSTOMER")],
        balances,
        timestamp_col="TS",
        refresh_freq="1 day",
        initialization_warehouse="ML_WH",
        cluster_by=["CUSTOMER"],
    )
    found = {"initialization": [str(store.register_feature_view(draft, "V1").initialization_warehouse)]}
    updated = store.update_feature_view("OTHER", "V1", initialization_warehouse=None)
    found["initialization"].append(updated.initialization_warehouse)
    found["overwritten"] = [register(freq).status.name for freq in (None, "1 day", "0 5 * * * UTC", None)]
    found["tasks"] = session.sql("show tasks in schema ML.STORE").count()
    store.delete_feature_view("OTHER", "V1")
    return found


def appending(session, store):
    """A feature view that keeps what each refresh had; its columns can become more while its task is started."""
    balances = session.table("ML.RAW.BALANCES")
    draft = FeatureView(
        "KEPT",
        [store.get_entity("CUSTOMER")],
        balances.select("CUSTOMER", "TS", "BALANCE"),
        timestamp_col="TS",
        refresh_freq="0 5 * * * UTC",
        refresh_mode="FULL",
        append_only=True,
    )
    kept = store.register_feature_view(draft, "V1")
    found = {"rows": [kept.append_only, session.table(kept.fully_qualified_snapshot_table_name()).count()]}
    more = balances.select("CUSTOMER", "TS", "BALANCE", "NOTE")
    found["columns"] = store.update_feature_view("KEPT", "V1", updated_feature_df=more).feature_df.columns
    fewer = balances.select("CUSTOMER", "TS", "NOTE")
    found["fewer"] = error_of(lambda: store.update_feature_view("KEPT", "V1", updated_feature_df=fewer))
    found["manual"] = error_of(lambda: store.refresh_feature_view("KEPT", "V1"))
    store.delete_feature_view("KEPT", "V1")
    return found


def tiled(session, store):
    """Aggregations over windows, from parts of them, and those of a coarser entity."""
    session.sql("create table RAW.EVENTS (CUSTOMER int, TS timestamp_ntz, AMOUNT float, PAGE varchar)").collect()
    session.sql(
        "insert into RAW.EVENTS select seq4() % 2, dateadd('hour', seq4(), '2024-01-01'::timestamp_ntz), seq4(), 'p' || (seq4() % 3) "
        "from table(generator(rowcount => 48))"
    ).collect()
    session.sql("create table RAW.GROUPS as select column1 as CUSTOMER, 'all' as CLUB from values (0), (1)").collect()
    features = [
        Feature.sum("AMOUNT", "6h"),
        Feature.count("AMOUNT", "1d").alias("EVENTS"),
        Feature.avg("AMOUNT", "6h", offset="6h"),
        Feature.max("AMOUNT", "lifetime"),
        Feature.last_n("PAGE", "1d", n=2),
        Feature.first_distinct_n("PAGE", "1d", n=2),
        Feature.approx_count_distinct("PAGE", "1d"),
        Feature.approx_percentile("AMOUNT", "1d", percentile=0.5),
    ]
    customer = store.get_entity("CUSTOMER")
    events = session.table("ML.RAW.EVENTS")
    view = store.register_feature_view(
        FeatureView(
            "EVENTS", [customer], events, timestamp_col="TS", refresh_freq="1 hour", feature_granularity="1h", features=features
        ),
        "V1",
    )
    at = session.create_dataframe([(1, "2024-01-02 12:00:00"), (7, "2024-01-02")], schema=["CUSTOMER", "AT_TEXT"])
    spine = at.select("CUSTOMER", F.to_timestamp_ntz("AT_TEXT").alias("AT"))
    training = store.generate_training_set(spine, [view], spine_timestamp_col="AT", join_method="cte")
    club = store.register_entity(Entity("CLUB", ["CLUB"]))
    rolled = store.register_feature_view(
        FeatureView("CLUB_EVENTS", [club], rollup_config=RollupConfig(source=view, mapping_df=session.table("ML.RAW.GROUPS"))),
        "V1",
    )
    clubs = session.sql("select 'all' as CLUB, '2024-01-02 12:00:00'::timestamp_ntz as AT")
    of_club = store.generate_training_set(clubs, [rolled], spine_timestamp_col="AT", join_method="cte")
    found = {
        "features": [str(name) for name in view.feature_names],
        "training": [[plain(value) for value in row][2:] for row in training.sort("CUSTOMER").collect()],
        "club": [plain(value) for value in of_club.collect()[0]][2:],
        "other_join": error_of(lambda: store.generate_training_set(spine, [view], spine_timestamp_col="AT")),
    }
    store.delete_feature_view(rolled)
    store.delete_feature_view(view)
    store.delete_entity("CLUB")
    return found


def plain(value):
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


def deleting(store, view):
    in_use = error_of(lambda: store.delete_entity("CUSTOMER"))
    store.delete_feature_view(view)
    store.delete_feature_view("DOUBLED", "1")
    store.delete_entity("CUSTOMER")
    return {"in_use": in_use, "left": [store.list_feature_views().count(), store.list_entities().count()]}
