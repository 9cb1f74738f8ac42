"""What a model's code says of its inputs, read and never run."""
