"""What every test starts from."""

import signal

# A shell starts what it puts in the background with SIGINT ignored, and Python leaves it so; tests send Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
