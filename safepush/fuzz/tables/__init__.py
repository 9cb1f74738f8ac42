"""Tables and records of the model's own: how they have to look, and odd ones that look so."""
