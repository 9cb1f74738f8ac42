"""The child process that holds a model; standard library only, msgspec where it is there."""
