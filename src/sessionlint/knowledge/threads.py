"""What runs a function somewhere else: threads, executors, concurrent tasks, task queues and background tasks, by canonical name."""

from __future__ import annotations

from sessionlint.knowledge.words import words


def _each(kind: str, names: str) -> dict[str, str]:
    return dict.fromkeys(sorted(words(names)), kind)


def _methods(kind: str, owners: str, names: str) -> dict[str, str]:
    return {f"{owner}.{name}": kind for owner in sorted(words(owners)) for name in sorted(words(names))}


_EXECUTORS = """concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor concurrent.futures.Executor
concurrent.futures.thread.ThreadPoolExecutor concurrent.futures.process.ProcessPoolExecutor"""
_POOLS = "multiprocessing.Pool multiprocessing.pool.Pool multiprocessing.pool.ThreadPool multiprocessing.dummy.Pool"
_SCHEDULERS = """apscheduler.schedulers.background.BackgroundScheduler apscheduler.schedulers.asyncio.AsyncIOScheduler
apscheduler.schedulers.blocking.BlockingScheduler apscheduler.schedulers.base.BaseScheduler flask_apscheduler.APScheduler"""
_QUEUES = "rq.Queue rq.queue.Queue flask_rq2.RQ"
LOOP = "asyncio.AbstractEventLoop"

HAND_OVERS: dict[str, str] = {
    **_each("a thread", "threading.Thread threading.Timer _thread.start_new_thread asyncio.to_thread anyio.to_thread.run_sync"),
    **_each("a thread", "starlette.concurrency.run_in_threadpool fastapi.concurrency.run_in_threadpool trio.to_thread.run_sync"),
    **_each("a thread", "asyncio.run_coroutine_threadsafe gevent.spawn eventlet.spawn eventlet.spawn_n"),
    **_each("a process", "multiprocessing.Process multiprocessing.context.Process"),
    **_methods("an executor", _EXECUTORS, "submit map"),
    **_methods("a pool", _POOLS, "apply_async map map_async imap imap_unordered starmap starmap_async apply"),
    f"{LOOP}.run_in_executor": "an executor",
    **_each("a background task", "fastapi.BackgroundTask fastapi.BackgroundTasks.add_task"),
    **_methods("a scheduler", _SCHEDULERS, "add_job"),
    **_methods("a task queue", _QUEUES, "enqueue enqueue_call enqueue_in enqueue_at"),
    "celery.Celery.send_task": "a task queue",
}
"""Calls that hand their arguments on to be run elsewhere, and what that is called."""

RETURNING: dict[str, int] = {
    **dict.fromkeys(sorted(words("asyncio.to_thread anyio.to_thread.run_sync trio.to_thread.run_sync")), 0),
    **dict.fromkeys(sorted(words("starlette.concurrency.run_in_threadpool fastapi.concurrency.run_in_threadpool")), 0),
    f"{LOOP}.run_in_executor": 1,
}
"""Hand-overs that are awaited and then give what the function returned: where the function stands among the arguments."""

TASKS: dict[str, str] = {
    **_each("task", "asyncio.create_task asyncio.ensure_future"),
    **_methods("task", f"{LOOP} asyncio.TaskGroup", "create_task"),
    **_methods("start", "anyio.abc.TaskGroup trio.Nursery", "start_soon"),
    **_each("wait", "asyncio.gather asyncio.wait asyncio.as_completed"),
}
"""What runs coroutines side by side: `task` starts one, `start` calls an async function and starts it, `wait` runs all it is given."""

MADE: dict[str, str] = {
    **{name: name for name in sorted(words(f"{_EXECUTORS} {_POOLS} {_SCHEDULERS} {_QUEUES}"))},
    **dict.fromkeys(("asyncio.get_event_loop", "asyncio.get_running_loop", "asyncio.new_event_loop", LOOP), LOOP),
    "asyncio.TaskGroup": "asyncio.TaskGroup",
    "anyio.create_task_group": "anyio.abc.TaskGroup",
    "anyio.abc.TaskGroup": "anyio.abc.TaskGroup",
    "trio.open_nursery": "trio.Nursery",
    "trio.Nursery": "trio.Nursery",
    "fastapi.BackgroundTasks": "fastapi.BackgroundTasks",
    "celery.Celery": "celery.Celery",
}
"""Classes, and functions that make instances of them, whose methods hand over."""

GROUPS = frozenset({"asyncio.TaskGroup", "anyio.abc.TaskGroup", "trio.Nursery"})
"""Context managers that wait for their tasks before they are left."""

QUEUED = words("delay apply_async send send_with_options kiq defer defer_async schedule")
"""Methods of a function that a task queue has decorated: they put a call of it into the queue."""

TELLING = words("submit add_task run_in_executor start_soon enqueue add_job")
"""Methods that hand over where nothing is known of the owner but that the first function among the arguments is one of the program."""

WORDS = frozenset(name.rpartition(".")[2] for name in (*HAND_OVERS, *TASKS)) | QUEUED
"""Names without which nothing is handed over."""
