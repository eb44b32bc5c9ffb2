"""One instance of a batch inference job: a model's method over the rows of Parquet files, its outputs beside them in new ones.

The instances of a job share the rows without talking to one another: each takes the batches (or groups) of its number. The
last one to end writes `_SUCCESS`.
https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/batch-inference-jobs
"""

import base64
import mimetypes
import os
import shutil
import time
import traceback
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas
from pyarrow import parquet

from snowflake_worker.inference_method import InferenceMethod, RequestError

_READY = ".instances"


def run(inference: dict[str, Any]) -> int:
    started = time.monotonic()
    index, count = int(os.environ["SNOWFLAKE_JOB_INDEX"]), int(os.environ["SNOWFLAKE_JOBS_COUNT"])
    try:
        method = _load(inference)
        rows = _score(inference, method, index, count)
    except RequestError as error:
        print(f"The input does not fit model {inference['model']}: {error}", flush=True)
        return 1
    except Exception:  # noqa: BLE001 - the model's own code may raise anything
        traceback.print_exc()
        return 1
    print(f"{rows} rows scored with model {inference['model']} in {time.monotonic() - started:.1f} s.", flush=True)
    _finish(inference, index, count)
    return 0


def _load(inference: dict[str, Any]) -> InferenceMethod:
    from snowflake.ml.model._packager import model_packager

    packager = model_packager.ModelPackager(inference["folder"])
    packager.load(as_custom_model=True)
    if packager.model is None or packager.meta is None:
        raise RuntimeError("the version's files hold no model")
    wanted = inference["method"]
    for target, signature in packager.meta.signatures.items():
        if wanted in (target, target.upper()):
            return InferenceMethod(target, getattr(packager.model, target), signature)
    raise RuntimeError(f"the version's files hold no method {wanted}")


def _score(inference: dict[str, Any], method: InferenceMethod, index: int, count: int) -> int:
    output = Path(inference["output"])
    output.mkdir(parents=True, exist_ok=True)
    scored = 0
    for number, frame in _shares(inference, index, count):
        outputs = method.predict(_arguments(frame, method, inference["files"]), inference["parameters"])
        if inference["partitioned"]:
            kept = {} if inference["partitionColumn"] is None else {inference["partitionColumn"]: _group(frame, inference)}
            outputs = outputs.assign(**{name: value for name, value in kept.items() if name not in outputs})
        else:
            if len(outputs) != len(frame):
                raise ValueError(f"the method returned {len(outputs)} rows for {len(frame)}")
            frame = frame.drop(columns=[name for name in outputs if name in frame])
            outputs = pandas.concat([frame.reset_index(drop=True), outputs.reset_index(drop=True)], axis=1)
        outputs.to_parquet(output / f"part_{index}_{number}.parquet", index=False)
        scored += len(frame)
    return scored


def _shares(inference: dict[str, Any], index: int, count: int) -> Iterator[tuple[int, pandas.DataFrame]]:
    """The batches or groups that are this instance's, each with a number of its own."""
    if not inference["partitioned"]:
        for number, frame in enumerate(_batches(inference)):
            if number % count == index:
                yield number, frame
        return
    column = inference["partitionColumn"]
    everything = pandas.concat(list(_batches(inference)) or [pandas.DataFrame()], ignore_index=True)
    if column is None:
        if index == 0 and len(everything) > 0:
            yield 0, everything
        return
    if column not in everything.columns:
        raise RequestError(f"there is no column {column} to partition by")
    for number, (group, frame) in enumerate(everything.groupby(column, dropna=False, sort=False)):
        if zlib.crc32(repr(group).encode()) % count == index:
            yield number, frame


def _group(frame: pandas.DataFrame, inference: dict[str, Any]) -> Any:
    return frame[inference["partitionColumn"]].iloc[0]


def _batches(inference: dict[str, Any]) -> Iterator[pandas.DataFrame]:
    files = sorted(path for path in Path(inference["input"]).rglob("*.parquet") if path.is_file())
    if not files:
        raise RequestError("there are no Parquet files in the input location")
    for path in files:
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=inference["batchRows"]):
            yield batch.to_pandas()


def _arguments(frame: pandas.DataFrame, method: InferenceMethod, files: dict[str, str]) -> pandas.DataFrame:
    """The method's columns, by their names or, as SQL folds those, in capitals."""
    found = {name: name if name in frame.columns else name.upper() for name in method.columns}
    missing = [name for name, column in found.items() if column not in frame.columns]
    if missing:
        raise RequestError(f"there is no column {', '.join(missing)}")
    chosen = pandas.DataFrame({name: frame[column] for name, column in found.items()})
    for column, form in files.items():
        name = next((each for each, source in found.items() if column in (each, source)), None)
        if name is None:
            raise RequestError(f"column_handling names column {column}, which the method does not take")
        chosen[name] = [_file(path, form) for path in chosen[name]]
    return chosen


def _file(path: str, form: str) -> bytes | str:
    from snowflake.ml._internal.utils import connection_params
    from snowflake.snowpark import Session

    options: dict[str, Any] = dict(connection_params.SnowflakeLoginOptions())
    session = Session.builder.configs(options).getOrCreate()
    with session.file.get_stream(path) as stream:
        content = stream.read()
    if form == "raw_bytes":
        return content
    text = base64.b64encode(content).decode()
    if form == "base64":
        return text
    return f"data:{mimetypes.guess_type(path)[0] or 'application/octet-stream'};base64,{text}"


def _finish(inference: dict[str, Any], index: int, count: int) -> None:
    output = Path(inference["output"])
    ready = output.parent / f"{output.name}{_READY}"
    ready.mkdir(exist_ok=True)
    (ready / str(index)).touch()
    if len(list(ready.iterdir())) < count:
        return
    shutil.rmtree(ready, ignore_errors=True)
    if inference["inputIsOwn"]:
        shutil.rmtree(inference["input"], ignore_errors=True)
    (output / "_SUCCESS").touch()
