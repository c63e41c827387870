"""Independent pieces of work on several workers: processes of this machine, or a cluster that is there already."""
