"""The commands by what they are about: names, options and help; the work is in the module that each loads when run."""
