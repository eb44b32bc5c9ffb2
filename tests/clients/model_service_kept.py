"""After a new start of the server: the service is there again; its process may end; a program calls it with a key."""

import base64
import datetime
import hashlib
import json
import sys

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from model_service import CONNECTION, post, row_of, until
from snowflake.snowpark import Session

ONE = {"dataframe_records": [{"N": 4}]}


def key_pair(session):
    """A user with a key, and how it signs. https://docs.snowflake.com/en/developer-guide/sql-api/authenticating"""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    for statement in (
        "create role if not exists ROBOT",
        f"create user ROBOT rsa_public_key = '{base64.b64encode(public).decode()}' default_role = ROBOT",
        "grant role ROBOT to user ROBOT",
    ):
        session.sql(statement).collect()
    fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(public).digest()).decode()
    now = datetime.datetime.now(datetime.UTC)
    claims = {
        "iss": f"{CONNECTION['account'].upper()}.ROBOT.{fingerprint}",
        "sub": f"{CONNECTION['account'].upper()}.ROBOT",
        "iat": now,
        "exp": now + datetime.timedelta(minutes=30),
    }
    return jwt.encode(claims, key, algorithm="RS256")


def exchange(signed, scope):
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "scope": scope, "assertion": signed}
    answer = requests.post(f"http://127.0.0.1:{CONNECTION['port']}/oauth/token", data=form, timeout=60)
    return answer.status_code, answer.text


def main():
    session = Session.builder.configs(CONNECTION).create()
    session.use_schema("ML.SERVING")
    until(lambda: row_of(session, "describe service KEPT")["status"] == "RUNNING")
    url = row_of(session, "show endpoints in service KEPT")["ingress_url"]
    token = session.connection.rest.token
    found = {"answer": post(url, "predict", ONE, token)[1]["data"]}
    signed = key_pair(session)
    found["refused"] = [exchange("x.y.z", "")[0], exchange(signed, "session:role:ACCOUNTADMIN")[0]]
    status, exchanged = exchange(signed, f"session:role:ROBOT {url}")
    found["exchanged"] = [status, post(url, "predict", ONE, exchanged)[0]]
    session.sql("grant service role KEPT!ALL_ENDPOINTS_USAGE to role ROBOT").collect()
    found["granted"] = post(url, "predict", ONE, exchanged)[0]
    _, elsewhere = exchange(signed, "session:role:ROBOT other-localorg-local.snowflakecomputing.app")
    found["other_endpoint"] = post(url, "predict", ONE, elsewhere)[0]
    found["ended"] = post(url, "predict", {"dataframe_records": [{"N": 5000}]}, token)[0]
    containers = "show service containers in service KEPT"
    until(lambda: row_of(session, containers)["restart_count"] == 1 and row_of(session, containers)["status"] == "READY")
    row = row_of(session, containers)
    found["again"] = [row["last_exit_code"], post(url, "predict", ONE, token)[0]]
    session.sql("alter compute pool SERVICE_POOL stop all").collect()
    found["stopped"] = [len(session.sql("show services").collect()), post(url, "predict", ONE, token)[0]]
    session.close()
    json.dump(found, sys.stdout, default=str)


main()
