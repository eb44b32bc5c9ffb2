import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mortgage_sql import identifier, literal, qualified, stage_path


def read_literal(sql: str) -> str:
    """What Snowflake makes of a single-quoted string: '' is a quote, a backslash escapes what follows it."""
    assert sql[0] == sql[-1] == "'"
    inner = sql[1:-1]
    assert re.fullmatch(r"(?:[^'\\]|''|\\.)*", inner, re.DOTALL), inner
    return re.sub(r"''|\\(.)", lambda match: match.group(1) or "'", inner, flags=re.DOTALL)


@given(st.text())
def test_a_literal_means_the_text_it_was_made_from(text: str) -> None:
    assert read_literal(literal(text)) == text


@given(st.text())
def test_an_identifier_holds_nothing_that_could_end_it(text: str) -> None:
    try:
        name = identifier(text)
    except ValueError:
        return
    assert re.fullmatch(r"[A-Z_][A-Z0-9_$]*", name)


def test_names_are_joined_in_upper_case() -> None:
    assert qualified("snowbank", "Data", "t_1") == "SNOWBANK.DATA.T_1"


@pytest.mark.parametrize("path", ["@S", "@D.S.STAGE", "@D.S.STAGE/runs/v20241119_070640", "@DAG_STAGE/src/", "@s/a-b.c"])
def test_stage_paths_are_taken_without_their_last_slash(path: str) -> None:
    assert stage_path(path) == path.rstrip("/")


@pytest.mark.parametrize(
    "path", ["", "S", "@", "@~", "@%t", "@S//x", "@S/a b", "@S/../x", "@S/x;", "@S/'x'", "@A.B.C.D", "snow://x"]
)
def test_other_texts_are_no_stage_paths(path: str) -> None:
    with pytest.raises(ValueError, match="is not a stage path"):
        stage_path(path)
