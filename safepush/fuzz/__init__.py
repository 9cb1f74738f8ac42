"""Inputs that a model may be sent and nobody tried, under one budget of predictions."""
