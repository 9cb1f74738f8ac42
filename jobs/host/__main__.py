"""The entry of the child process."""

from jobs.host.serve import main

main()
