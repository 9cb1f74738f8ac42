"""What is done to the processes and when: it follows from a seed, so that it can come again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

#: how often each kind of fault comes, beside the others
WEIGHTS = {
    "worker_kill": 22,
    "host_kill": 10,
    "worker_stop": 7,
    "worker_cut": 6,
    "api_kill": 8,
    "deliver_kill": 10,
    "sweep_kill": 7,
    "broker_restart": 4,
    "broker_flush": 6,
    "database_restart": 4,
    "database_cut": 4,
    "s3": 18,
    "disk_full": 4,
    "clock_jump": 4,
}
#: at what a worker is struck; shards are what there is most of
AIMS = ("shards", "shards", "shards", "validating", "finalizing", "finalizing", "predictions")
S3_FAULTS = ("503", "500", "slow", "truncated", "reset")


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong: what, where, when and for how long."""

    number: int
    kind: str
    #: seconds after the first one
    at_s: float
    #: which of several processes of the kind
    victim: int
    #: the whole tree rather than the parent alone; or every process rather than one
    whole: bool
    aim: str
    #: how it goes wrong, where there are several ways
    way: str
    #: a part of the longest time that such a fault takes
    share: float
    seed: int


def plan(seed: int, count: int, kinds: Sequence[str], every_s: float) -> list[Fault]:
    """The faults in their order, on average one in `every_s` seconds, sometimes several at once.

    The first ones are one of each kind, so that a short run has them all.
    """
    chance = random.Random(seed)
    chosen = list(kinds)
    chance.shuffle(chosen)
    weights = [WEIGHTS[kind] for kind in kinds]
    more = max(0, count - len(chosen))
    chosen = [*chosen[:count], *chance.choices(list(kinds), weights, k=more)]
    faults, at_s = [], 0.0
    for number, kind in enumerate(chosen, start=1):
        faults.append(_fault(chance, number, kind, at_s))
        # one in three comes together with the one before it
        at_s += 0.1 if chance.random() < 1 / 3 else chance.uniform(0.5, 2.5) * every_s
    return faults


def _fault(chance: random.Random, number: int, kind: str, at_s: float) -> Fault:
    return Fault(
        number=number,
        kind=kind,
        at_s=round(at_s, 2),
        victim=chance.randrange(6),
        whole=chance.random() < 0.5,
        aim=chance.choice(AIMS),
        way=chance.choice(S3_FAULTS),
        share=round(chance.random(), 3),
        seed=chance.randrange(2**31),
    )
