"""What is tried: ideas for the inputs of one prediction, from the schema and the code."""
