"""One file per outside system; no decisions are made here."""
