from pathlib import Path

import pandas as pd
import pytest

from mortgage_columns import APPLIED_AT, GROUP, LABEL, LOAN_ID, RAW_COLUMNS, RAW_NAMES
from mortgage_data import ROWS, DataError, check_csv, raw_rows, read_hdma, write_csv


@pytest.fixture(scope="module")
def csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "new" / "hdma.csv"
    assert write_csv(path) == ROWS
    return path


def test_the_file_has_the_raw_tables_columns_and_every_application(csv: Path) -> None:
    assert csv.read_text().splitlines()[0] == ",".join(RAW_NAMES)
    assert check_csv(csv) == 2381


def test_outcomes_and_groups_are_those_of_the_publication(csv: Path) -> None:
    # Stock and Watson, Introduction to Econometrics, chapter 9: 28.3 % of 339 black applicants denied, 9.3 % of the others.
    rows = pd.read_csv(csv)
    rate = rows.groupby(GROUP)[LABEL].mean()
    assert rows[GROUP].sum() == 339
    assert rate[True] == pytest.approx(0.283, abs=5e-4)
    assert rate[False] == pytest.approx(0.093, abs=5e-4)


def test_ids_and_times_follow_their_rule(csv: Path) -> None:
    rows = pd.read_csv(csv, parse_dates=[APPLIED_AT])
    assert rows[LOAN_ID].tolist() == list(range(1, 2382))
    assert rows[APPLIED_AT].iloc[0] == pd.Timestamp("1997-01-01")
    assert rows[APPLIED_AT].iloc[1] == pd.Timestamp("1997-01-01 07:21")
    assert rows[APPLIED_AT].iloc[-1] < pd.Timestamp("1999-01-01")
    assert rows[APPLIED_AT].is_monotonic_increasing


def test_missing_values_are_empty_and_flags_are_words(csv: Path) -> None:
    last = csv.read_text().splitlines()[-1].split(",")
    by_name = dict(zip(RAW_NAMES, last, strict=True))
    assert by_name["PUBLIC_BAD_RECORD"] == by_name["SELF_EMPLOYED"] == ""
    assert by_name["SINGLE"] == "true"
    assert by_name[LABEL] == "false"


def test_writing_twice_gives_the_same_file(csv: Path, tmp_path: Path) -> None:
    write_csv(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == csv.read_bytes()


def test_a_flag_that_is_no_flag_is_refused() -> None:
    hdma = read_hdma()
    hdma.loc[hdma.index[3], "single"] = "perhaps"
    with pytest.raises(DataError, match=r"single has \['perhaps'\]"):
        raw_rows(hdma)


HEADER = ",".join(RAW_NAMES)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\n1,2\n", "is empty"),
        (HEADER + "\n", "a header and no row"),
        (HEADER + "\n\n  \n", "a header and no row"),
        (HEADER.replace("SINGLE,", "") + "\n1\n", "its first line must be LOAN_ID"),
        ("some text", "starts with 'some text'"),
    ],
)
def test_a_file_not_worth_loading_is_refused_with_the_reason(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=says) as caught:
        check_csv(path)
    assert str(path) in str(caught.value)


def test_a_binary_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\x1f\x8b\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        check_csv(path)
    with pytest.raises(DataError, match="mortgage_pipeline data --out"):
        check_csv(tmp_path / "none.csv")


def test_every_column_of_the_publication_is_used_once() -> None:
    sources = [column.source for column in RAW_COLUMNS if column.source]
    assert sorted(sources) == sorted(read_hdma().columns)
