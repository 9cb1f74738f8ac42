"""Files that are sent where an input is one: sound ones of odd kinds, and damaged ones."""
