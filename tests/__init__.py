"""The tests: one folder for each room, and what holds the house together in `architecture`."""
