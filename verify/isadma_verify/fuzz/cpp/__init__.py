"""The C++ side: a second golden model, the surroundings, coverage, and the loop that compares."""
