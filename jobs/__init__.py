"""Batches and predictions: the only package that owns a database."""
