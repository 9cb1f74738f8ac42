"""What a process keeps, and what one prediction has of another."""
