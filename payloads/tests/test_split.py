import operator

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mortgage_split import is_test
from mortgage_split import test_condition as condition


def evaluate(sql: str, loan_id: int) -> bool:
    """The SQL condition in Python's arithmetic, which for these integers is Snowflake's."""
    return bool(eval(sql, {"MOD": operator.mod, "LOAN_ID": loan_id}))  # noqa: S307


@given(st.integers(min_value=0, max_value=10**15), st.floats(min_value=0.001, max_value=0.999))
def test_sql_and_pandas_put_a_loan_on_the_same_side(loan_id: int, share: float) -> None:
    assert evaluate(condition("LOAN_ID", share), loan_id) == bool(is_test(pd.Series([loan_id]), share).iloc[0])


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from([0.1, 0.2, 0.5]))
def test_any_run_of_a_thousand_ids_has_its_share(start: int, share: float) -> None:
    ids = pd.Series(range(start, start + 1000))
    assert abs(is_test(ids, share).mean() - share) < 0.02


@given(st.integers(min_value=0, max_value=10**9), st.floats(min_value=0.01, max_value=0.98))
def test_a_larger_share_keeps_every_test_loan(loan_id: int, share: float) -> None:
    ids = pd.Series([loan_id])
    if is_test(ids, share).all():
        assert is_test(ids, share + 0.01).all()


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5])
def test_a_share_that_leaves_one_side_empty_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="test share"):
        condition("LOAN_ID", share)
