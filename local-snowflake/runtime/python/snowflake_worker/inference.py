"""A model version served over HTTP, as Snowflake's inference server does it in its container.

https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api
"""

import asyncio
import contextlib
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web

from snowflake_worker.frames import FrameChannel, Header
from snowflake_worker.inference_method import InferenceMethod, RequestError

_LARGEST_BODY = 256 * 1024 * 1024


def perform(channel: FrameChannel, task: Header) -> int:
    """Loads the model, answers `{"port": n}` when it listens, and serves until the server hangs up."""
    service: dict[str, Any] = task["service"]
    started = time.monotonic()
    try:
        methods = _load(service)
    except Exception as error:  # noqa: BLE001 - the model's own code may raise anything
        traceback.print_exc()
        channel.send({"error": f"{type(error).__name__}: {error}"})
        return 1
    names = ", ".join(sorted(f"/{path}" for path in methods))
    print(f"Model {service['model']} loaded in {time.monotonic() - started:.1f} s. Serving {names}.", flush=True)
    asyncio.run(_serve(channel, methods))
    return 0


def _load(service: dict[str, Any]) -> dict[str, InferenceMethod]:
    from snowflake.ml.model._packager import model_packager

    packager = model_packager.ModelPackager(service["folder"])
    packager.load(as_custom_model=True)
    if packager.model is None or packager.meta is None:
        raise RuntimeError("the version's files hold no model")
    wanted = set(service["methods"])
    return {
        target.replace("_", "-"): InferenceMethod(target, getattr(packager.model, target), signature)
        for target, signature in packager.meta.signatures.items()
        if target.upper() in wanted or target in wanted
    }


async def _serve(channel: FrameChannel, methods: dict[str, InferenceMethod]) -> None:
    loop = asyncio.get_running_loop()
    # Models need not be safe to call from two threads at once.
    model_thread = ThreadPoolExecutor(max_workers=1)

    async def call(request: web.Request) -> web.Response:
        method = methods.get(request.match_info["method"])
        if method is None:
            return _fault(404, f"The model has no method {request.match_info['method']}; it has {', '.join(sorted(methods))}.")
        body = await request.read()
        try:
            answer = await loop.run_in_executor(model_thread, method.answer, body)
        except RequestError as error:
            return _fault(400, str(error))
        except Exception as error:  # noqa: BLE001 - the model's own code may raise anything
            traceback.print_exc()
            return _fault(500, f"{type(error).__name__}: {error}")
        return web.Response(body=answer, content_type="application/json")

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ready")

    application = web.Application(client_max_size=_LARGEST_BODY)
    application.router.add_get("/health", health)
    application.router.add_post("/{method}", call)
    runner = web.AppRunner(application, access_log=None, handle_signals=False, keepalive_timeout=3600)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    channel.send({"port": runner.addresses[0][1]})
    # Nothing is sent to this process any more: what can be read is the end of the connection.
    gone = asyncio.Event()
    loop.add_reader(channel.fileno(), gone.set)
    with contextlib.suppress(asyncio.CancelledError):
        await gone.wait()
    await runner.cleanup()


def _fault(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)
