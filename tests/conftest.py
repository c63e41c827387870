"""What every test starts from."""

import signal

# A shell starts what it puts in the background with SIGINT ignored, `nohup` with SIGHUP, and Python leaves it so; tests
# send both.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
