"""A process of Penstock whose leases are short, so that a test need not wait for long ones.

`python -m tests.servers.brief worker …` is `penstock worker …` with such leases. What
happens when one runs out is the same.
"""

from jobs.worker import deliver, leases

#: of work; of a delivery, which is longer than the attempts here take
LEASE_S, DELIVERY_LEASE_S = 4.0, 5.0


def main() -> None:
    """As the product's, and with the numbers of this file wherever they are read."""
    leases.LEASE_S = LEASE_S
    leases.Lease.__init__.__defaults__ = (bool, None, LEASE_S, leases.RENEW_EVERY_S)  # type: ignore[attr-defined]
    deliver.LEASE_S = DELIVERY_LEASE_S
    from jobs.cli.main import main  # it takes the numbers as they are now

    main()


if __name__ == "__main__":
    main()
