"""DELETE of what has ended, and `penstock purge`."""

import json
from datetime import timedelta

from click.testing import CliRunner, Result
from sqlalchemy import update

from jobs.adapters.sql.tables import batches, shards
from jobs.cli import main
from jobs.core.ids import new_id
from jobs.wiring import clock
from tests.functional.conftest import Owner, World


def keys(world: World, id: str) -> list[str]:
    return [stat.key for stat in world.made.blobs.list(f"batches/{id}/")]


def test_a_batch_is_removed_by_its_owner_once_it_has_ended(ann: Owner, bob: Owner) -> None:
    model = ann.model()
    batch = ann.batch(model)
    place = f"/v1/batches/{batch['id']}"
    early = ann.ask("DELETE", place)
    assert early.status_code == 409
    assert "cancel it, or wait" in early.json["detail"]
    assert bob.ask("DELETE", place).status_code == 404

    assert ann.ask("POST", f"{place}/cancel").json["status"] == "cancelled"
    assert ann.ask("DELETE", place).status_code == 204
    assert ann.ask("GET", place).status_code == 404
    assert ann.ask("DELETE", place).status_code == 404
    assert batch["id"] not in json.dumps(ann.ask("GET", "/v1/batches").json)


def test_a_prediction_is_removed_by_its_owner_once_it_has_ended(ann: Owner, bob: Owner) -> None:
    body = {"model": ann.model(), "input": {"text": "x"}}
    place = f"/v1/predictions/{ann.ask('POST', '/v1/predictions', json=body).json['id']}"
    assert ann.ask("DELETE", place).status_code == 409
    ann.ask("POST", f"{place}/cancel")
    assert bob.ask("DELETE", place).status_code == 404
    assert ann.ask("DELETE", place).status_code == 204
    assert ann.ask("GET", place).status_code == 404


def purge(world: World, *words: str) -> Result:
    env = {"PENSTOCK_DATA": str(world.made.settings.data)}
    return CliRunner().invoke(main, ["purge", *words], env=env)


def test_purge_removes_what_is_old_and_says_so_before(world: World, ann: Owner) -> None:
    id = ann.finished(ann.push("hello"))["id"]
    assert keys(world, id)
    older = new_id("batch", clock() - timedelta(days=40))
    with world.made.store.database.write() as connection:
        at = (clock() - timedelta(days=40)).timestamp()
        query = update(batches).where(batches.c.id == id)
        connection.execute(query.values(times={"completed": at}))
    assert json.loads(purge(world, "--older-than", "30d", "--json").stdout)["batches"] == 0

    with world.made.store.database.write() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(query.values(id=older))
        connection.execute(update(shards).where(shards.c.batch == id).values(batch=older))
    world.made.blobs.put(f"batches/{older}/results.2/output.jsonl", [b"{}"])

    dry = purge(world, "--older-than", "30d", "--dry-run")
    assert dry.stdout == "batches: 1, predictions: 0, trainings: 0, files: 0 (would go)\n"
    assert keys(world, older)
    done = purge(world, "--older-than", "4w")
    assert done.stdout == "batches: 1, predictions: 0, trainings: 0, files: 0 (gone)\n"
    assert keys(world, older) == []
    assert keys(world, id), "objects of another id are another's"


def test_an_age_is_told_in_hours_days_or_weeks(world: World) -> None:
    refused = purge(world, "--older-than", "30")
    assert refused.exit_code == 2
    assert "such as 30d" in refused.stderr
