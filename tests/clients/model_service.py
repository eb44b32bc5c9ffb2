"""Serves a model with the real Registry client, calls it over plain HTTP, and prints what it saw as one JSON object."""

import contextlib
import io
import json
import logging
import os
import sys
import time
import warnings

import numpy as np
import pandas as pd
import requests
import xgboost
from outcomes import error_of
from snowflake.ml.model import custom_model, model_signature, task
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session

CONNECTION = json.loads(os.environ["CONNECTION"])
X = pd.DataFrame({"A": np.linspace(0, 1, 40), "B": np.linspace(1, 0, 40) ** 2})
MODEL = xgboost.XGBClassifier(n_estimators=3).fit(X, X.A > 0.5)
SERVICE = "ML.SERVING.APPROVAL_SERVICE"


class Moody(custom_model.CustomModel):
    """Raises for negative numbers, and ends its process for large ones."""

    @custom_model.inference_api
    def predict(self, frame: pd.DataFrame, *, factor: float = 2.0) -> pd.DataFrame:
        if (frame["N"] > 1000).any():
            os._exit(3)
        if (frame["N"] < 0).any():
            raise ValueError("this model takes no negative numbers")
        print("moody", len(frame), flush=True)
        return pd.DataFrame({"twice": frame["N"] * factor})


def quietly(work):
    """The client's progress bars go nowhere."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return work()


def log_models(registry):
    approval = quietly(
        lambda: registry.log_model(
            MODEL,
            model_name="APPROVAL",
            version_name="V1",
            sample_input_data=X,
            task=task.Task.TABULAR_BINARY_CLASSIFICATION,
            options={"enable_explainability": False},
        )
    )
    factor = model_signature.ParamSpec(name="factor", dtype=model_signature.DataType.DOUBLE, default_value=2.0)
    given, made = pd.DataFrame({"N": [1.5]}), pd.DataFrame({"twice": [3.0]})
    signature = model_signature.infer_signature(given, made, params=[factor])
    moody = quietly(
        lambda: registry.log_model(
            Moody(), model_name="MOODY", version_name="V1", signatures={"predict": signature}, pip_requirements=["pandas"]
        )
    )
    return approval, moody


def until(condition):
    """Waits for what the server does on its own; the test's own timeout ends it when it never comes."""
    while True:
        found = condition()
        if found:
            return found
        time.sleep(0.1)


def row_of(session, text):
    return session.sql(text).collect()[0].as_dict()


def post(url, path, body, token, scheme="Snowflake"):
    header = {"Snowflake": f'Snowflake Token="{token}"', "Bearer": f"Bearer {token}", "": token}[scheme]
    answer = requests.post(f"http://{url}/{path}", json=body, headers={"Authorization": header} if token else {}, timeout=120)
    return answer.status_code, answer.json()


def over_http(url, token):
    split = {"dataframe_split": json.loads(X.to_json(orient="split"))}
    records = {"dataframe_records": json.loads(X.to_json(orient="records"))}
    rows = {"data": np.column_stack([range(len(X)), X.values]).tolist()}
    expected = MODEL.predict(X).tolist()
    status, answer = post(url, "predict", split, token)
    found = {"status": status, "rows": [answer["data"][0][0], len(answer["data"])]}
    found["forms"] = [
        [row[1]["output_feature_0"] for row in post(url, "predict", body, token)[1]["data"]] == expected
        for body in (split, records, rows)
    ]
    _, probabilities = post(url, "predict-proba", records, token)
    found["probabilities"] = bool(
        np.allclose([list(row[1].values()) for row in probabilities["data"]], MODEL.predict_proba(X), atol=1e-6)
    )
    found["bearer"] = post(url, "predict", split, token, "Bearer")[0]
    found["no_token"] = post(url, "predict", split, None)
    found["wrong_token"] = post(url, "predict", split, "made up")[0]
    found["unknown_endpoint"] = post(url.replace("-localorg", "x-localorg"), "predict", split, token)[0]
    found["unknown_method"] = post(url, "score", split, token)
    found["missing_column"] = post(url, "predict", {"dataframe_records": [{"A": 1}]}, token)
    found["wrong_type"] = post(url, "predict", {"dataframe_records": [{"A": 1, "B": "many"}]}, token)[0]
    found["wrong_width"] = post(url, "predict", {"data": [[0, 1.0]]}, token)
    found["no_form"] = post(url, "predict", {"frame": []}, token)
    found["unknown_parameter"] = post(url, "predict", {**split, "params": {"heat": 1}}, token)
    found["empty"] = post(url, "predict", {"data": []}, token)
    return found


def in_sql(session, approval):
    predicted = quietly(lambda: approval.run(X, function_name="predict", service_name="APPROVAL_SERVICE"))
    frame = session.create_dataframe(X)
    scored = quietly(lambda: approval.run(frame, function_name="predict_proba", service_name=SERVICE).to_pandas())
    counted = session.sql(
        "select count(*) N, sum(APPROVAL_SERVICE!PREDICT(A, B):output_feature_0::int) S from "
        "(select seq4() / 5000 A, 0.5 B from table(generator(rowcount => 5000)))"
    )
    return {
        "pandas": bool((predicted["output_feature_0"] == MODEL.predict(X)).all()),
        "snowpark": bool(np.allclose(scored[["output_feature_0", "output_feature_1"]], MODEL.predict_proba(X), atol=1e-6)),
        "batches": counted.collect()[0]["N"],
        "unknown_method": error_of(lambda: session.sql("select APPROVAL_SERVICE!SCORE(1, 2)").collect()),
        "too_few": error_of(lambda: session.sql("select APPROVAL_SERVICE!PREDICT(1)").collect()),
    }


def lifecycle(session, url, token):
    one = {"dataframe_records": [{"A": 0.9, "B": 0.1}]}
    session.sql(f"alter service {SERVICE} suspend").collect()
    until(lambda: row_of(session, f"describe service {SERVICE}")["status"] == "SUSPENDED")
    found = {"suspended": [row_of(session, "show compute pools like 'SERVICE_POOL'")["active_nodes"]]}
    session.sql(f"alter service {SERVICE} set auto_resume = false").collect()
    found["suspended"].append(post(url, "predict", one, token)[0])
    session.sql(f"alter service {SERVICE} unset auto_resume").collect()
    found["resumed"] = [post(url, "predict", one, token)[0], row_of(session, f"describe service {SERVICE}")["status"]]
    session.sql(f"alter service {SERVICE} set min_instances = 2 max_instances = 2 comment = 'two'").collect()
    until(lambda: row_of(session, f"describe service {SERVICE}")["current_instances"] == 2)
    shown = row_of(session, "show services in compute pool SERVICE_POOL")
    found["two"] = [shown["min_instances"], shown["target_instances"], shown["comment"]]
    pool = row_of(session, "show compute pools like 'SERVICE_POOL'")
    found["pool"] = [pool["num_services"], pool["num_jobs"], pool["active_nodes"], pool["state"]]
    rows = session.sql(f"show service instances in service {SERVICE}").collect()
    found["instances"] = [[row["instance_id"], row["status"]] for row in rows]
    found["too_many"] = error_of(
        lambda: session.sql(f"alter service {SERVICE} set min_instances = 9 max_instances = 9").collect()
    )
    found["crossed"] = error_of(lambda: session.sql(f"alter service {SERVICE} set min_instances = 3").collect())
    found["pool_in_use"] = error_of(lambda: session.sql("drop compute pool SERVICE_POOL").collect())
    return found


def roles(session, url):
    """A user whose role may not use the service, and then may."""
    for statement in (
        "create role CALLER",
        "create user CALLER password = 'Call-Me-1' default_role = CALLER default_warehouse = SERVING_WH must_change_password = false",
        "grant role CALLER to user CALLER",
        "grant usage on warehouse SERVING_WH to role CALLER",
        "grant usage on database ML to role CALLER",
        "grant usage on schema ML.SERVING to role CALLER",
    ):
        session.sql(statement).collect()
    caller = Session.builder.configs({**CONNECTION, "user": "CALLER", "password": "Call-Me-1"}).create()
    token = caller.connection.rest.token
    one = {"dataframe_records": [{"A": 0.9, "B": 0.1}]}
    before = post(url, "predict", one, token)
    in_sql_before = error_of(lambda: caller.sql(f"select {SERVICE}!PREDICT(1, 2)").collect())
    session.sql(f"grant service role {SERVICE}!ALL_ENDPOINTS_USAGE to role CALLER").collect()
    after = post(url, "predict", one, token)[0]
    in_sql_after = len(caller.sql(f"select {SERVICE}!PREDICT(1, 2)").collect())
    session.sql(f"revoke service role {SERVICE}!ALL_ENDPOINTS_USAGE from role CALLER").collect()
    last = post(url, "predict", one, token)[0]
    caller.close()
    return {"before": before, "sql": [in_sql_before, in_sql_after], "after": after, "revoked": last}


def refusals(session, approval):
    def create(name, **more):
        arguments = {"service_compute_pool": "SERVICE_POOL", "ingress_enabled": True, **more}
        return error_of(lambda: quietly(lambda: approval.create_service(service_name=name, block=False, **arguments).result()))

    found = {
        "exists": create("APPROVAL_SERVICE"),
        "pool_too_small": create("LARGE", min_instances=9, max_instances=9),
        "no_pool": create("LOST", service_compute_pool="NO_SUCH_POOL"),
        "node_too_small": create("HUNGRY", memory_requests="100Gi"),
        "capture": create("CAPTURING", autocapture=True),
    }
    found["left"] = [row["name"] for row in session.sql("show services in schema ML.SERVING").collect()]
    return found


def moods(session, moody, token):
    """A model that raises, and one whose process ends."""
    quietly(
        lambda: moody.create_service(
            service_name="MOODY", service_compute_pool="SERVICE_POOL", ingress_enabled=True, min_instances=1, block=False
        ).result()
    )
    url = row_of(session, "show endpoints in service MOODY")["ingress_url"]
    found = {"twice": post(url, "predict", {"dataframe_records": [{"N": 21}]}, token)}
    found["parameter"] = [
        post(url, "predict", {"dataframe_records": [{"N": 21}], "params": {"factor": 3}}, token)[1]["data"][0][1]["twice"],
        moody.run(pd.DataFrame({"N": [21.0]}), service_name="MOODY", params={"factor": 4.0})["twice"].tolist(),
        moody.run(pd.DataFrame({"N": [21.0]}), service_name="MOODY")["twice"].tolist(),
        [row[0] for row in session.sql("select ML.SERVING.MOODY!PREDICT(21, factor => 5):twice::int").collect()],
    ]
    found["raises"] = post(url, "predict", {"dataframe_records": [{"N": -1}]}, token)
    found["raises_in_sql"] = error_of(lambda: session.sql("select ML.SERVING.MOODY!PREDICT(-1)").collect())
    logs = session.sql("select system$get_service_logs('MOODY', '0', 'model-inference')").collect()[0][0]
    found["logs"] = ["moody 1" in logs, "this model takes no negative numbers" in logs]
    found["status"] = json.loads(session.sql("select system$get_service_status('MOODY')").collect()[0][0])[0]["status"]
    found["model_in_use"] = error_of(lambda: session.sql("drop model ML.SERVING.MOODY").collect())
    session.sql("drop service MOODY").collect()
    found["gone"] = post(url, "predict", {"dataframe_records": [{"N": 21}]}, token)[0]
    return found


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    session = Session.builder.configs(CONNECTION).create()
    for statement in (
        "create warehouse SERVING_WH",
        "create database ML",
        "create schema ML.SERVING",
        "create compute pool SERVICE_POOL min_nodes = 1 max_nodes = 3 instance_family = CPU_X64_S",
    ):
        session.sql(statement).collect()
    registry = Registry(session, database_name="ML", schema_name="SERVING")
    approval, moody = log_models(registry)
    created = quietly(
        lambda: approval.create_service(
            service_name="APPROVAL_SERVICE", service_compute_pool="SERVICE_POOL", ingress_enabled=True, max_instances=2
        )
    )
    found = {"created": created}
    listed = approval.list_services()
    found["listed"] = listed.drop(columns=["inference_endpoint", "internal_endpoint"]).to_numpy().tolist()
    url = listed["inference_endpoint"][0]
    token = session.connection.rest.token
    found["http"] = over_http(url, token)
    found["sql"] = in_sql(session, approval)
    found["roles"] = roles(session, url)
    found["refused"] = refusals(session, approval)
    found["moods"] = moods(session, moody, token)
    found["lifecycle"] = lifecycle(session, url, token)
    approval.delete_service("APPROVAL_SERVICE")
    found["deleted"] = [len(approval.list_services()), post(url, "predict", {"data": []}, token)[0]]
    pool = row_of(session, "show compute pools like 'SERVICE_POOL'")
    found["nodes"] = [pool["num_services"], pool["active_nodes"]]
    # For the script that comes after a new start of the server.
    quietly(
        lambda: moody.create_service(
            service_name="KEPT", service_compute_pool="SERVICE_POOL", ingress_enabled=True, num_workers=2, block=False
        ).result()
    )
    session.close()
    json.dump(found, sys.stdout, default=str)


if __name__ == "__main__":
    main()
