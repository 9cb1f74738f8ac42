"""Push a model version only if it holds; a command (`safepush`), not a library."""
