import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mortgage_cleanup import old_versions, served_versions
from mortgage_run_files import is_version

VERSIONS = st.sets(st.datetimes().map(lambda moment: f"v{moment:%Y%m%d_%H%M%S}").filter(is_version))


@given(VERSIONS, st.integers(1, 5), st.data())
def test_the_newest_and_the_protected_stay_and_all_others_go(versions: set[str], keep: int, data: st.DataObject) -> None:
    always = data.draw(st.sets(st.sampled_from(sorted(versions)))) if versions else set[str]()
    old = old_versions(versions, keep, always)
    newest = set(sorted(versions)[-keep:])
    assert not set(old) & (newest | always)
    assert set(old) | newest | always == versions
    assert old == sorted(old)


def test_a_version_that_is_not_named_after_a_run_is_nobodys_to_drop() -> None:
    assert old_versions({"v1", "prod", "v20241119_070640", "v20241120_070640"}, 1, set()) == ["v20241119_070640"]


def test_with_nothing_there_is_nothing_to_drop() -> None:
    assert old_versions([], 3, set()) == []


def test_versions_behind_a_service_are_protected() -> None:
    shown = pd.DataFrame({"name": ["V1", "V2", "V3"], "inference_services": ["[]", '["DB.SCHEMA.SERVICE"]', None]})
    assert served_versions(shown) == {"v2"}
    assert served_versions(shown.drop(columns="inference_services")) == set()
