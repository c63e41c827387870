"""A transfer from a buffer to a device: mapping, bounce buffers, the transfer itself."""
