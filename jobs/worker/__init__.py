"""What a worker does with the work it claims."""
