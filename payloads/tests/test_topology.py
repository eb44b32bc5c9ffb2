import pytest

from mortgage_topology import Topology, read_topology

TOGETHER = {"MLRS_LAUNCH_BACKEND": "passthrough"}


def test_without_any_variable_a_job_is_one_node() -> None:
    assert read_topology({}) == Topology(0, 1, None, None)
    assert not read_topology({}).together


def test_each_node_knows_its_place_and_where_to_meet() -> None:
    environment = {
        "SNOWFLAKE_JOBS_COUNT": "3",
        "SNOWFLAKE_JOB_INDEX": "2",
        "MLRS_LAUNCH_BACKEND": "passthrough",
        "MLRS_HEAD_IP": "10.0.0.1",
        "MLRS_RDZV_PORT": "29500",
    }
    topology = read_topology(environment)
    assert topology == Topology(2, 3, "10.0.0.1", 29500)
    assert topology.together


def test_several_nodes_of_which_one_runs_the_entry_point_do_not_train_together() -> None:
    assert not read_topology({"SNOWFLAKE_JOBS_COUNT": "2", "MLRS_HEAD_IP": "10.0.0.1"}).together


def test_a_single_node_needs_no_meeting_point_even_if_it_is_told_one() -> None:
    assert not read_topology({"SNOWFLAKE_JOBS_COUNT": "1", **TOGETHER, "MLRS_HEAD_IP": "10.0.0.1"}).together


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"SNOWFLAKE_JOBS_COUNT": "two"}, "SNOWFLAKE_JOBS_COUNT must be a whole number from 1, got 'two'"),
        ({"SNOWFLAKE_JOBS_COUNT": "0"}, "SNOWFLAKE_JOBS_COUNT"),
        ({"SNOWFLAKE_JOBS_COUNT": "2", "SNOWFLAKE_JOB_INDEX": "-1"}, "SNOWFLAKE_JOB_INDEX"),
        ({"SNOWFLAKE_JOBS_COUNT": "2", "SNOWFLAKE_JOB_INDEX": "2"}, "SNOWFLAKE_JOB_INDEX is 2 in a job of"),
        ({"SNOWFLAKE_JOBS_COUNT": "2", **TOGETHER}, "MLRS_HEAD_IP must name"),
        ({"SNOWFLAKE_JOBS_COUNT": "2", **TOGETHER, "MLRS_HEAD_IP": "10.0.0.1"}, "MLRS_RDZV_PORT must be .* from 1, got ''"),
    ],
)
def test_a_variable_that_makes_no_sense_is_named(environment: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_topology(environment)
