"""The starter model's recipe and the model that came out of it."""
