from mortgage_config import PipelineConfig
from mortgage_send_alert import message
from mortgage_task import Run


def test_the_message_says_which_model_failed_by_how_much() -> None:
    run = Run(PipelineConfig(threshold=0.99), "v20241119_070640")
    text = message(run, {"metrics": {"test_accuracy": 0.89}})
    assert text == (
        "MORTGAGE_MODEL: the model of run v20241119_070640 was not promoted, test_accuracy 0.89 is below the threshold 0.99. "
        "The default version is unchanged."
    )
