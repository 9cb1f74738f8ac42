"""One model folder behind Cog's own HTTP interface, on one machine and without a database."""
