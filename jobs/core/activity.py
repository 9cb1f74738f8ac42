"""What a deployment did of late: its releases and its instances, as shapes and as one story."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jobs.core.deployment import ANY_HARDWARE, Demand, Deployment, Release
from jobs.core.instance import Instance
from jobs.core.wire import iso

Shape = dict[str, Any]


def deployment(value: Deployment) -> Shape:
    """Replicate's deployment object, with the release that serves beside the one asked for."""
    return {
        "owner": value.owner,
        "name": value.name,
        "current_release": release(value.current, value.owner),
        "serving_release": release(value.serving, value.owner),
        "rolling": value.is_rolling,
        "created_at": iso(value.created_at),
    }


def release(value: Release, owner: str) -> Shape:
    """Replicate's release; `created_by` is the token that asked."""
    return {
        "number": value.number,
        "model": value.model,
        "version": value.version,
        "created_at": iso(value.created_at),
        "created_by": {"type": "user", "username": owner, "name": value.created_by},
        "configuration": {
            "hardware": value.hardware or ANY_HARDWARE,
            "min_instances": value.min_instances,
            "max_instances": value.max_instances,
        },
    }


def instance(value: Instance) -> Shape:
    """One host; `setup_s` is how long its model took to load."""
    up = value.ready_at
    return {
        "id": value.id,
        "model": value.model,
        "version": value.version,
        "worker": value.worker,
        "state": value.state.value,
        "created_at": iso(value.created_at),
        "ready_at": iso(up),
        "setup_s": round((up - value.created_at).total_seconds(), 3) if up else None,
        "stopped_at": iso(value.stopped_at),
        "reason": value.reason.value if value.reason else None,
    }


def demand(value: Demand) -> Shape:
    """What there is to do for one version, and who is there."""
    return {
        "model": value.model,
        "version": value.version,
        "hardware": value.hardware or ANY_HARDWARE,
        "min_instances": value.least,
        "max_instances": value.most,
        "waiting": value.waiting,
        "running": value.running,
        "wanted_instances": value.wanted,
        "instances": value.instances,
    }


def story(releases: Sequence[Release], instances: Sequence[Instance]) -> list[Shape]:
    """What happened, the newest first: releases, and hosts that came up and went."""
    told: list[tuple[datetime, Shape]] = []
    for one in releases:
        about = {"release": one.number, "version": one.version, "by": one.created_by}
        told.append((one.created_at, {"what": "released", **about}))
    for host in instances:
        about = {"instance": host.id, "version": host.version, "worker": host.worker}
        told.append((host.created_at, {"what": "setting_up", **about}))
        if host.ready_at:
            told.append((host.ready_at, {"what": "ready", **about}))
        if host.stopped_at:
            why = host.reason.value if host.reason else None
            told.append((host.stopped_at, {"what": "stopped", **about, "reason": why}))
    told.sort(key=lambda pair: pair[0], reverse=True)
    return [{"at": iso(at), **shape} for at, shape in told]
