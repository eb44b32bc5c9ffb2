"""A bounded load of one HTTP endpoint on this machine."""

import http.client
import statistics
import threading
import time

CLIENTS = 4
REQUESTS = 250


def load(host: str, path: str, body: str, headers: dict[str, str]) -> dict[str, float]:
    """Requests a second of four clients with 250 requests each, on connections that stay open; median and p99 in seconds."""
    times: list[float] = []

    def client(requests: int) -> None:
        connection = http.client.HTTPConnection(host, timeout=120)
        for _ in range(requests):
            begin = time.perf_counter()
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, text
            times.append((time.perf_counter() - begin) * 1000)
        connection.close()

    client(20)
    times.clear()
    threads = [threading.Thread(target=client, args=(REQUESTS,)) for _ in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begin
    assert len(times) == CLIENTS * REQUESTS
    quantiles = statistics.quantiles(times, n=100)
    return {
        "online: requests a second": len(times) / taken,
        "online: p50": quantiles[49] / 1000,
        "online: p99": quantiles[98] / 1000,
    }
