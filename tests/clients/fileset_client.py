"""File sets, and stages and datasets as file systems."""

import fsspec
import pyarrow.parquet
from outcomes import error_of
from snowflake.ml.dataset import create_from_dataframe
from snowflake.ml.fileset import fileset, sfcfs, stage_fs


def checks(session):
    session.sql("create stage RAW.FILES encryption = (type = 'SNOWFLAKE_SSE')").collect()
    session.sql("create stage RAW.ENCRYPTED").collect()
    rows = "select seq4() as ID, seq4() / 4 as X, 'n' || seq4() as NAME from table(generator(rowcount => 100))"
    session.sql(f"create table RAW.FILED as {rows}").collect()
    return {"file_set": file_set(session), "stage": stage(session), "dataset": dataset(session)}


def file_set(session):
    place = "@ML.RAW.FILES/sets"
    filed = session.table("RAW.FILED")

    def make(name, where=place):
        return fileset.FileSet.make(target_stage_loc=where, name=name, snowpark_dataframe=filed)

    made = make("IT")
    queried = fileset.FileSet.make(
        target_stage_loc=place, name="FEW", sf_connection=session.connection, query="select * from RAW.FILED limit 5"
    )
    found = {
        "files": made.files(),
        "location": made.fileset_stage_location(),
        "rows": [made.to_snowpark_dataframe().count(), queried.to_snowpark_dataframe().count()],
        "again": error_of(lambda: make("IT")),
        "encrypted": error_of(lambda: make("IT", "@ML.RAW.ENCRYPTED/sets")),
        "missing": error_of(lambda: make("IT", "@ML.RAW.NOTHING/sets")),
    }
    found["restored"] = fileset.FileSet(target_stage_loc=place, name="IT", snowpark_session=session).files() == made.files()
    made.delete()
    return {**found, "left": sfcfs.SFFileSystem(snowpark_session=session).ls(f"{place}/"), "deleted": error_of(made.files)}


def stage(session):
    session.sql(
        "copy into @RAW.FILES/csv/a.csv from (select 1, 2) file_format = (type = csv compression = none) single = true"
    ).collect()
    files = sfcfs.SFFileSystem(snowpark_session=session)
    path = "@ML.RAW.FILES/csv/a.csv"
    files.optimize_read([path])
    with fsspec.open(f"sfc://{path}", mode="rb", sf_connection=session.connection) as opened:
        through_fsspec = opened.read().decode()
    of_stage = stage_fs.SFStageFileSystem(db="ML", schema="RAW", stage="FILES", snowpark_session=session)
    return {
        "listed": files.ls("@ML.RAW.FILES/csv"),
        "size": files.info(path)["size"],
        "read": [files.open(path).read().decode(), through_fsspec, of_stage.open("csv/a.csv").readline().decode()],
        "exists": [files.exists(path), files.exists(f"{path}x")],
        "no_file": error_of(lambda: files.open(f"{path}x").read()),
        "no_stage": error_of(lambda: files.ls("@ML.RAW.NOTHING/")),
    }


def dataset(session):
    version = create_from_dataframe(session, "FILED_SET", "v1", session.table("RAW.FILED"))
    name = version.read.files()[0]
    files = version.read.filesystem()
    return {
        "arrow": pyarrow.parquet.read_table(name, filesystem=files).num_rows,
        "same_size": files.info(name)["size"] == len(files.open(name).read()),
    }
