"""`python -m jobs.cli`: the command line without its installed script."""

from jobs.cli import main

main(prog_name="penstock")
