"""What several predictions have to say together."""
