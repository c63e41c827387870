"""The open tools that this project calls: where they are found, how they are run, and what is said when one is missing."""
