import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mortgage_config
from mortgage_config import ConfigError, PipelineConfig


def test_nothing_configured_means_the_defaults() -> None:
    for text in (None, "", "  ", "{}"):
        assert PipelineConfig.from_json(text) == PipelineConfig()


def test_the_defaults_are_allowed_values_themselves() -> None:
    defaults = {field.name: field.default for field in fields(PipelineConfig) if field.default != ""}
    assert PipelineConfig.from_mapping(defaults) == PipelineConfig()


def test_every_field_has_a_rule() -> None:
    assert {field.name for field in fields(PipelineConfig)} == set(mortgage_config._RULES)  # pyright: ignore[reportPrivateUsage]


def test_keys_replace_defaults_and_names_come_in_upper_case() -> None:
    config = PipelineConfig.from_json('{"dataset": "my_data", "metric": "test_f1", "threshold": 0.25, "target_instances": 1}')
    assert (config.dataset, config.metric, config.threshold, config.target_instances) == ("MY_DATA", "test_f1", 0.25, 1)
    assert config.model == PipelineConfig().model


def test_numbers_set_on_a_command_line_come_as_text() -> None:
    config = PipelineConfig.from_json('{"threshold": "0.99", "rounds": "12"}')
    assert (config.threshold, config.rounds) == (0.99, 12)


@pytest.mark.parametrize("threshold", [0, 1, 0.5])
def test_thresholds_from_0_to_1_are_allowed(threshold: float) -> None:
    assert PipelineConfig.from_mapping({"threshold": threshold}).threshold == threshold


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("threshold", 1.01, "threshold must be a number from 0 to 1, got 1.01"),
        ("threshold", -0.1, "threshold must be a number from 0 to 1"),
        ("threshold", "high", "threshold must be a number from 0 to 1, got 'high'"),
        ("threshold", True, "threshold must be"),
        ("threshold", None, "threshold must be"),
        ("threshold", float("nan"), "threshold must be"),
        ("metric", "test_loss", "metric must be one of test_accuracy, "),
        ("metric", "test_denial_gap_predicted", "metric must be one of"),
        ("target_instances", 0, "target_instances must be a whole number from 1 to 64"),
        ("target_instances", 1.5, "target_instances must be a whole number"),
        ("keep_versions", 0, "keep_versions must be"),
        ("test_share", 0, "test_share must be a number above 0 and below 1"),
        ("test_share", 1, "test_share must be"),
        ("learning_rate", 0, "learning_rate must be a number above 0 to 1"),
        ("rounds", 10_001, "rounds must be"),
        ("model", "a b", "model: 'a b' is not a Snowflake identifier"),
        ("model", "a.b", "model: 'a.b' is not"),
        ("model", 3, "model must be a Snowflake name"),
        ("code_stage", "STAGE/src", "code_stage: 'STAGE/src' is not a stage path such as @"),
        ("job_stage", "@S/../x", "job_stage:"),
        ("job_stage", "@S/x'; DROP", "job_stage:"),
        ("job_stage", 1, "job_stage must be a stage path"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_name(key: str, value: Any, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        PipelineConfig.from_mapping({key: value})
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "must be a JSON object"),
        ("0.7", "must be a JSON object"),
        ('{"treshold": 0.7}', "unknown key 'treshold'; known are dataset, model, metric, threshold"),
    ],
)
def test_a_text_that_is_no_configuration_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        PipelineConfig.from_json(text)


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.floats().map(str), st.lists(st.integers()))
)
def test_a_threshold_that_is_taken_lies_between_0_and_1(value: Any) -> None:
    try:
        config = PipelineConfig.from_json(json.dumps({"threshold": value}))
    except ConfigError:
        return
    assert 0 <= config.threshold <= 1
    assert config.threshold == float(value)


def test_what_is_left_open_comes_from_the_session() -> None:
    located = PipelineConfig(schema="MINE").located('"SNOWBANK"', '"PUBLIC"', '"DEMO_WH"')
    assert (located.database, located.schema, located.warehouse) == ("SNOWBANK", "MINE", "DEMO_WH")
    assert located.raw_table_name == "SNOWBANK.DATA.MORTGAGE_APPLICATIONS"
    assert located.dataset_name == "SNOWBANK.MINE.MORTGAGE_DATASET"


@pytest.mark.parametrize("database", [None, "", '""'])
def test_what_nobody_says_is_asked_for(database: str | None) -> None:
    with pytest.raises(ConfigError, match="database is neither configured nor set in the session"):
        PipelineConfig().located(database, "S", "W")


def test_a_session_in_a_quoted_lower_case_schema_is_refused() -> None:
    with pytest.raises(ConfigError, match="lower-case"):
        PipelineConfig().located("D", '"mine"', "W")
