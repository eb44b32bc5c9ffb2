"""The Dataset client: versions, what is read from them, and what is refused."""

from outcomes import error_of
from snowflake.ml.data import DataConnector
from snowflake.ml.dataset import Dataset, create_from_dataframe
from snowflake.snowpark import functions as F

ROWS = """
create table RAW.THINGS as
select seq4() as ID, iff(seq4() % 7 = 0, null, seq4() / 4) as X, 'n' || seq4() as NAME, seq4() % 2 = 0 as FLAG,
  '2024-01-01'::date + seq4() as DAY, dateadd('minute', seq4(), '2024-01-01'::timestamp_ntz) as TS,
  (seq4() / 3)::number(10, 2) as AMOUNT
from table(generator(rowcount => 100))
"""


def checks(session):
    session.sql(ROWS).collect()
    things = session.table("RAW.THINGS")
    missing = error_of(lambda: Dataset.load(session, "THINGS_SET"))
    dataset = Dataset.create(session, "THINGS_SET")
    found = {
        "missing": missing,
        "exists": error_of(lambda: Dataset.create(session, "THINGS_SET")),
        "exist_ok": Dataset.create(session, "things_set", exist_ok=True).fully_qualified_name,
    }
    version = dataset.create_version("v1", things, label_cols=["FLAG"], exclude_cols=["TS", "DAY"], comment="it's")
    dataset.create_version("None yet", things.filter(F.lit(False)))
    selected = dataset.select_version("v1").selected_version
    found["version"] = [selected.label_cols, selected.exclude_cols, selected.comment]
    found["versions"] = dataset.list_versions()
    found["refused"] = {
        "twice": error_of(lambda: dataset.create_version("v1", things)),
        "case_counts": error_of(lambda: dataset.select_version("V1")),
        "path": error_of(lambda: dataset.create_version("../v2", things.select("ID"))),
        "partitions": error_of(lambda: dataset.create_version("v2", things.select("ID"), partition_by="NOTHING")),
        "query": error_of(lambda: dataset.create_version("v2", session.sql("select 1 / 0 as X"))),
        "drop_missing": error_of(lambda: dataset.delete_version("v2")),
    }
    found["after_refusals"] = dataset.list_versions()
    found["reading"] = reading(version, dataset)
    found["from_frame"] = int(create_from_dataframe(session, "IDS", "v1", things.select("ID")).read.to_pandas().ID.sum())
    parts = dataset.create_version("parts", things, partition_by="iff(FLAG, 'even', 'odd')")
    found["partitioned"] = [
        sorted(name.rpartition("/versions/parts/")[2] for name in parts.read.files()),
        int(parts.read.to_pandas().ID.sum()),
        parts.read.to_snowpark_dataframe().count(),
    ]
    dataset.delete_version("parts")
    dataset.delete_version("v1")
    found["deleted"] = [dataset.list_versions(), error_of(lambda: version.read.to_snowpark_dataframe().collect())]
    dataset.delete()
    found["dropped"] = error_of(lambda: Dataset.load(session, "THINGS_SET"))
    return found


def reading(version, dataset):
    pandas = version.read.to_pandas().sort_values("ID", ignore_index=True)
    frame = version.read.to_snowpark_dataframe()
    halves = frame.random_split([0.8, 0.2], seed=7)
    return {
        "types": [str(kind) for kind in pandas.dtypes],
        "rows": pandas.head(2).astype(str).to_numpy().tolist(),
        "sum": [len(pandas), int(pandas.ID.sum()), int(pandas.X.isna().sum())],
        "features": version.read.to_snowpark_dataframe(only_feature_cols=True).columns,
        "snowpark": [list(row) for row in frame.filter(F.col("ID") < 2).sort("ID").collect()],
        "split": sum(part.count() for part in halves),
        "limited": len(DataConnector.from_dataset(version).to_pandas(limit=3)),
        "empty": list(dataset.select_version("None yet").read.to_pandas().shape),
        "files": [name.rpartition("/")[0] for name in version.read.files()],
    }
