"""What one output has to be, by what was sent with it."""
