"""The error of a folder that holds no model that could be run."""


class BadModel(Exception):
    """The folder does not hold a model as `cog.yaml` says."""
