"""The root command."""

import click

from jobs.cli import batches, doctor, models, predictions, processes, tokens, webhooks


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="penstock")
def main() -> None:
    """Batches of predictions on your own GPUs.

    PENSTOCK_URL and PENSTOCK_TOKEN name the server; without them it is the one that
    `penstock up` starts in this folder.

    Exit codes: 0 done, 1 it failed, 2 it could not be tried, 3 a batch ended with failed
    rows, 4 a batch did not complete, 5 its results could not be written to its destination.
    """


for group in (batches.batch, tokens.token, webhooks.webhooks):
    main.add_command(group)
for command in (models.push, models.models, models.versions, models.promote, models.rollback):
    main.add_command(command)
for command in (processes.up, processes.worker, predictions.predict, doctor.doctor):
    main.add_command(command)
