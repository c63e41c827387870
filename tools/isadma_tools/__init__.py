"""The open tools that this project calls: where they are found, how they are run, what is missing."""
