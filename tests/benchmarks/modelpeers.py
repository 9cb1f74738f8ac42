"""The torch models through what people use instead; each answers with rows per second.

What starts a peer and loads its model does not count: a batch of ours finds its host warm too. Ray
and Cog are in virtual environments of their own (see peers.py) and take torch from ours, which
comes last on their path.
"""

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from jobs.adapters.hostenv import THREADS
from tests.benchmarks import peers
from tests.servers.penstock import ROOT
from tests.servers.process import Server

#: where a peer finds torch, and this project
PATHS = [str(ROOT), str(Path(torch.__file__).parents[1])]
ENVIRONMENT = dict.fromkeys(THREADS, "1")

#: an actor of its own for the model, as its users have it; time counts from its first batch
RAY = """
import sys, time
paths, folder, source, target, size = sys.argv[1].split(":"), *sys.argv[2:5], int(sys.argv[5])
import ray

class Model:
    def __init__(self):
        import sys
        sys.path += paths
        from tests.benchmarks.bareloop import loaded
        self.batch = loaded(folder)

    def __call__(self, batch):
        import json, os, time
        if not os.path.exists(target + ".began"):
            open(target + ".began", "w").write(str(time.time()))
        outputs = self.batch([{"image": None} | dict(given) for given in batch["input"]])
        told = [json.dumps(output, default=str) for output in outputs]
        return {"custom_id": batch["custom_id"], "output": told}

ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False
rows = ray.data.read_json(source, lines=True)
rows.map_batches(Model, batch_size=size, concurrency=1).write_json(target)
ended = time.time()
written = sum(1 for _ in ray.data.read_json(target, lines=True).iter_rows())
print(written / (ended - float(open(target + ".began").read())))
"""

#: one call after the other over one connection; after its last it may still be busy for a moment
CALL = """
import json, sys, time
import httpx

url, rows = sys.argv[1], [json.loads(line) for line in open(sys.argv[2])]
with httpx.Client(timeout=60) as client:
    for number, row in enumerate([rows[0], *rows]):
        if number == 1:
            began = time.perf_counter()
        answer = client.post(url, json={"input": row["input"]})
        while answer.status_code == 409:
            answer = client.post(url, json={"input": row["input"]})
        assert answer.json()["status"] == "succeeded", answer.text
print(len(rows) / (time.perf_counter() - began))
"""

TASKS = """
import json
from celery import Celery
from celery.signals import worker_init
from redis import Redis
from tests.benchmarks.bareloop import loaded

app = Celery("rows", broker={url!r})
app.conf.update(task_ignore_result=True, task_acks_late=True, worker_prefetch_multiplier=1)
done, models = Redis.from_url({url!r}), []

@worker_init.connect
def load(**_):
    models.append(loaded({folder!r}))

@app.task
def one(given):
    outputs = models[0]([{{"image": None}} | given])
    done.rpush("outputs", json.dumps(outputs[0], default=str))
"""

SEND = """
import json, sys, time
import rows

given = [json.loads(line)["input"] for line in open(sys.argv[1])]
rows.done.delete("outputs")
rows.one.delay(given[0])
while rows.done.llen("outputs") < 1: time.sleep(0.01)
began = time.perf_counter()
for one in given: rows.one.delay(one)
while rows.done.llen("outputs") < 1 + len(given): time.sleep(0.01)
print(len(given) / (time.perf_counter() - began))
"""


@dataclass(frozen=True)
class Job:
    """Rows for one model, and where a peer may leave what it makes."""

    model: Path
    #: `{"custom_id": ..., "input": ...}`, one on each line
    rows: Path
    #: the batch size at which the bare loop is best
    size: int
    folder: Path
    redis_url: str


def ray_data(job: Job) -> float:
    """`map_batches` with the model in an actor, at the bare loop's best batch size."""
    python = peers.interpreter("ray", "'ray[data]'")
    words = [":".join(PATHS), job.model, job.rows, job.folder / "ray", job.size]
    return peers.told([python, "-c", RAY, *words], env=ENVIRONMENT)[0]


def cog_server(job: Job) -> float:
    """Cog's own server, called for each row."""
    model = job.folder / "cog-model"
    shutil.copytree(job.model, model, ignore=shutil.ignore_patterns("__pycache__"))
    predict = model / "predict.py"
    found = f"import sys; sys.path += {PATHS[1:]!r}\n"
    predict.write_text(found + predict.read_text())
    with peers.cog_serving(job.folder, model, env=ENVIRONMENT) as url:
        python = peers.interpreter("cog", "cog httpx")
        return peers.told([python, "-c", CALL, url, job.rows])[0]


def celery_tasks(job: Job) -> float:
    """A worker with the model loaded, a task for each row."""
    script = TASKS.format(url=job.redis_url, folder=str(job.model))
    (job.folder / "rows.py").write_text(script)
    environment = ENVIRONMENT | {"PYTHONPATH": f"{job.folder}:{ROOT}"}
    command = [sys.executable, "-m", "celery", "-A", "rows", "worker", "-P", "solo", "-l", "ERROR"]
    worker = Server(command, job.folder / "celery.log", env=environment)
    try:
        words = [sys.executable, "-c", SEND, job.rows]
        return peers.told(words, folder=job.folder, env=environment)[0]
    finally:
        worker.stop()


PEERS: dict[str, Callable[[Job], float]] = {
    "Ray Data, map_batches": ray_data,
    "Cog's server, a call for each": cog_server,
    "Celery, a task for each": celery_tasks,
}


def written(inputs: Sequence[dict[str, Any]], file: Path) -> Path:
    """The rows as a peer reads them."""
    rows = ({"custom_id": f"row-{number}", "input": one} for number, one in enumerate(inputs))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file
