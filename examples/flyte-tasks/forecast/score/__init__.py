"""Says how good a model is."""
