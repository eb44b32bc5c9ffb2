"""The commands that need no Snowflake, as a user types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mortgage_config import ConfigError, PipelineConfig
from mortgage_environments import environment
from mortgage_pipeline import main


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mortgage_pipeline", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=Path(__file__).parent.parent / "src",
    )


def test_baseline_trains_a_model_that_is_good_enough_and_reports_as_json() -> None:
    result = run("baseline")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["branch"] == "promote_model"
    # Saying "never denied" is right in 88 % of the cases; the model must know more than that.
    assert report["metrics"]["test_accuracy"] > 0.88
    assert report["metrics"]["test_auc"] > 0.8
    assert report["metrics"]["test_rows"] + report["train_rows"] == 2381
    assert report["seconds"]["total"] >= report["seconds"]["train"] > 0


def test_baseline_takes_the_configured_threshold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.json").write_text('{"threshold": 0.99, "rounds": 5}')
    assert main(["baseline", "--config", str(tmp_path / "c.json")]) == 0
    assert json.loads(capsys.readouterr().out)["branch"] == "send_alert"


def test_data_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "--out", str(tmp_path / "hdma.csv")]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 2381
    assert (tmp_path / "hdma.csv").stat().st_size > 100_000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"threshold": 2}', "baseline: threshold must be a number from 0 to 1, got 2"),
        ('{"treshold": 0.5}', "baseline: unknown key 'treshold'"),
        ("[]", "must hold a JSON object"),
        ("{,}", "is not JSON"),
        (None, "baseline: the configuration file cannot be read"),
    ],
)
def test_a_wrong_configuration_ends_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, says: str
) -> None:
    path = tmp_path / "c.json"
    if content is not None:
        path.write_text(content)
    assert main(["baseline", "--config", str(path)]) == 1
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.out == ""


def test_an_unknown_environment_ends_before_anything_is_connected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--env", "moon"]) == 1
    assert "unknown environment 'moon'; known are local, dev, prod" in capsys.readouterr().err
    with pytest.raises(ConfigError):
        environment("LOCAL")


@pytest.mark.parametrize("name", ["local", "dev", "prod"])
def test_an_environments_configuration_is_complete_and_allowed(name: str) -> None:
    from dataclasses import asdict

    config = environment(name).config
    assert PipelineConfig.from_mapping(asdict(config)) == config
    assert config.located(None, None, None) == config
