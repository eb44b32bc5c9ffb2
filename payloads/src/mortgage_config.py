"""Configuration of a pipeline run: the task graph's CONFIG, or a JSON file for the standalone pipeline.

Every key has a default that fits the stack's names, so a graph's CONFIG needs only what differs. A key that is unknown or out
of range is refused by name before anything runs.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from mortgage_metrics_names import DRIFT_METRICS, GATE_METRICS
from mortgage_sql import identifier, qualified, stage_path

_INTERVAL = re.compile(r"[1-9][0-9]* (minute|hour|day)s?")


class ConfigError(ValueError):
    """A configuration that cannot be used; the text names the key, what is allowed and an example."""


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """What a run needs to know. Every field may be set by the key of the same name.

    Attributes:
        dataset: Name of the dataset in ``schema``.
        model: Name of the model in ``schema``.
        metric: Test metric the gate looks at; higher is better.
        threshold: Lowest value of ``metric``, 0 to 1, at which a model is promoted.
        database: Database of everything below; empty: the session's.
        schema: Schema of dataset and model; empty: the session's.
        data_schema: Schema of the raw table and of the Feature Store.
        raw_table: Table the data file is loaded into.
        protected_tag: Tag in ``data_schema`` whose masking policy covers the protected attribute; empty: it is not tagged.
        row_policy: Row access policy in ``data_schema`` of the raw table; empty: none.
        warehouse: Warehouse of the Feature Store's refreshes; empty: the session's.
        compute_pool: Compute pool of the training job.
        code_stage: Stage path under which these modules lie, the source of the training job.
        job_stage: Stage of the training jobs and of the files a run leaves (``runs/<version>/``).
        notification_integration: Notification integration of SEND_ALERT.
        target_instances: Nodes that train together.
        job_timeout_seconds: How long TRAIN_MODEL waits for its job.
        keep_versions: How many versions of model and dataset CLEANUP keeps, besides the default version.
        test_share: Share of the loans that test, above 0 and below 1.
        rounds: Boosting rounds.
        max_depth: Depth of a tree.
        learning_rate: Step size, above 0, at most 1.
        inference_log: Table in ``data_schema`` of what the model was asked and said.
        monitor: Model monitor in ``schema`` of the default version.
        refresh_interval: How often the monitor reads the log, for example ``1 hour``.
        drift_metric: What drift is measured by.
        drift_column: Column of the log whose drift is watched.
        drift_limit: Drift above which people are alerted, from 0 up.
        drift_days: How many days back drift is looked for.
    """

    dataset: str = "MORTGAGE_DATASET"
    model: str = "MORTGAGE_MODEL"
    metric: str = "test_accuracy"
    threshold: float = 0.7
    database: str = ""
    schema: str = ""
    data_schema: str = "DATA"
    raw_table: str = "MORTGAGE_APPLICATIONS"
    protected_tag: str = ""
    row_policy: str = ""
    warehouse: str = ""
    compute_pool: str = "DEMO_POOL"
    code_stage: str = "@CODE_STAGE/src"
    job_stage: str = "@JOB_STAGE"
    notification_integration: str = "DEMO_NOTIFICATION_INTEGRATION"
    target_instances: int = 2
    job_timeout_seconds: int = 1800
    keep_versions: int = 3
    test_share: float = 0.2
    rounds: int = 100
    max_depth: int = 4
    learning_rate: float = 0.1
    inference_log: str = "INFERENCE_LOG"
    monitor: str = "MORTGAGE_MONITOR"
    refresh_interval: str = "1 hour"
    drift_metric: str = "POPULATION_STABILITY_INDEX"
    drift_column: str = "PROBABILITY"
    drift_limit: float = 0.2
    drift_days: int = 2

    @staticmethod
    def from_json(text: str | None) -> PipelineConfig:
        """The configuration in ``text`` (a JSON object, or nothing at all for the defaults).

        Raises:
            ConfigError: Not a JSON object, an unknown key, or a value that is not allowed.
        """
        if text is None or not text.strip():
            return PipelineConfig()
        try:
            values: object = json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(f"the configuration is not JSON: {error}") from None
        if not isinstance(values, dict):
            raise ConfigError('the configuration must be a JSON object, for example {"threshold": 0.7}')
        return PipelineConfig.from_mapping(values)

    @staticmethod
    def from_mapping(values: Mapping[str, object]) -> PipelineConfig:
        """As :meth:`from_json`, from parsed values."""
        unknown = sorted(set(values) - set(_RULES))
        if unknown:
            raise ConfigError(f"unknown key {', '.join(map(repr, unknown))}; known are {', '.join(_RULES)}")
        checked = {key: _RULES[key](key, value) for key, value in values.items()}
        return replace(PipelineConfig(), **checked)

    def located(self, database: str | None, schema: str | None, warehouse: str | None) -> PipelineConfig:
        """This configuration with what it leaves open taken from a session (whose names may come quoted).

        Raises:
            ConfigError: Neither the configuration nor the session names one of the three.
        """

        def fill(key: str, own: str, session_value: str | None) -> str:
            value = own or (session_value or "").strip('"')
            if not value:
                raise ConfigError(f'{key} is neither configured nor set in the session, for example {{"{key}": "SNOWBANK"}}')
            if _name(key, value) != value:
                raise ConfigError(f"{key}: the session's {session_value} has lower-case letters, which is not supported")
            return value

        return replace(
            self,
            database=fill("database", self.database, database),
            schema=fill("schema", self.schema, schema),
            warehouse=fill("warehouse", self.warehouse, warehouse),
        )

    @property
    def raw_table_name(self) -> str:
        """The raw table, fully qualified."""
        return qualified(self.database, self.data_schema, self.raw_table)

    @property
    def protected_tag_name(self) -> str:
        """The tag of the protected attribute, fully qualified; empty where there is none."""
        return qualified(self.database, self.data_schema, self.protected_tag) if self.protected_tag else ""

    @property
    def row_policy_name(self) -> str:
        """The row access policy of the raw table, fully qualified; empty where there is none."""
        return qualified(self.database, self.data_schema, self.row_policy) if self.row_policy else ""

    @property
    def inference_log_name(self) -> str:
        """The inference log, fully qualified."""
        return qualified(self.database, self.data_schema, self.inference_log)

    @property
    def monitor_name(self) -> str:
        """The model monitor, fully qualified."""
        return qualified(self.database, self.schema, self.monitor)

    @property
    def dataset_name(self) -> str:
        """The dataset, fully qualified."""
        return qualified(self.database, self.schema, self.dataset)


def _refuse(key: str, value: object, allowed: str) -> ConfigError:
    return ConfigError(f"{key} must be {allowed}, got {value!r}")


def _name(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refuse(key, value, "a Snowflake name")
    try:
        return identifier(value)
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def _name_or_nothing(key: str, value: object) -> str:
    return "" if value == "" else _name(key, value)


def _stage(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refuse(key, value, "a stage path such as @DB.SCHEMA.STAGE/folder")
    try:
        return stage_path(value)
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def _gate_metric(key: str, value: object) -> str:
    if not isinstance(value, str) or value not in GATE_METRICS:
        raise _refuse(key, value, f"one of {', '.join(GATE_METRICS)}")
    return value


def _drift_metric(key: str, value: object) -> str:
    if not isinstance(value, str) or value not in DRIFT_METRICS:
        raise _refuse(key, value, f"one of {', '.join(DRIFT_METRICS)}")
    return value


def _interval(key: str, value: object) -> str:
    if not isinstance(value, str) or not _INTERVAL.fullmatch(value):
        raise _refuse(key, value, "a number of minutes, hours or days, for example '1 hour'")
    return value


def _number(key: str, value: object, allowed: str) -> float:
    # Values set for one run on a command line arrive as text.
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise _refuse(key, value, allowed) from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _refuse(key, value, allowed)
    return float(value)


def _whole(low: int, high: int) -> Callable[[str, object], int]:
    allowed = f"a whole number from {low} to {high}"

    def check(key: str, value: object) -> int:
        number = _number(key, value, allowed)
        if not number.is_integer() or not low <= number <= high:
            raise _refuse(key, value, allowed)
        return int(number)

    return check


def _between(low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> Callable[[str, object], float]:
    allowed = f"a number {'above' if open_low else 'from'} {low:g} {'and below' if open_high else 'to'} {high:g}"

    def check(key: str, value: object) -> float:
        number = _number(key, value, allowed)
        if number < low or number > high or (open_low and number == low) or (open_high and number == high):
            raise _refuse(key, value, allowed)
        return number

    return check


_RULES: dict[str, Callable[[str, object], str | int | float]] = {
    "dataset": _name,
    "model": _name,
    "metric": _gate_metric,
    "threshold": _between(0, 1),
    "database": _name,
    "schema": _name,
    "data_schema": _name,
    "raw_table": _name,
    "protected_tag": _name_or_nothing,
    "row_policy": _name_or_nothing,
    "warehouse": _name,
    "compute_pool": _name,
    "code_stage": _stage,
    "job_stage": _stage,
    "notification_integration": _name,
    "target_instances": _whole(1, 64),
    "job_timeout_seconds": _whole(1, 7 * 24 * 3600),
    "keep_versions": _whole(1, 1000),
    "test_share": _between(0, 1, open_low=True, open_high=True),
    "rounds": _whole(1, 10_000),
    "max_depth": _whole(1, 20),
    "learning_rate": _between(0, 1, open_low=True),
    "inference_log": _name,
    "monitor": _name,
    "refresh_interval": _interval,
    "drift_metric": _drift_metric,
    "drift_column": _name,
    "drift_limit": _between(0, 1000),
    "drift_days": _whole(1, 365),
}
