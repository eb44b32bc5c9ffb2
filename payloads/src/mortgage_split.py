"""Which loans train a model and which test it: a rule on the loan id alone.

A loan stays on its side for ever, whatever is loaded later, so a test score never rests on rows that an earlier model was
trained on, and two runs on the same data are comparable. Ids are spread by Fibonacci hashing (Knuth, The Art of Computer
Programming, volume 3, section 6.4), in numbers small enough for exact integer arithmetic in SQL and in Python alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BUCKETS = 65536
_MULTIPLIER = 40503  # 65536 divided by the golden ratio, made odd


def _test_buckets(test_share: float) -> int:
    if not 0 < test_share < 1:
        raise ValueError(f"test share must lie between 0 and 1, got {test_share}")
    return round(test_share * _BUCKETS)


def test_condition(column: str, test_share: float) -> str:
    """SQL condition that is true for the test rows; ``column`` is an integer column of the statement around it."""
    return f"MOD(MOD({column}, {_BUCKETS}) * {_MULTIPLIER}, {_BUCKETS}) < {_test_buckets(test_share)}"


def is_test(loan_id: pd.Series[int], test_share: float) -> pd.Series[bool]:
    """True for the loans (n integer ids) that belong to the test split."""
    return loan_id % _BUCKETS * _MULTIPLIER % _BUCKETS < _test_buckets(test_share)
