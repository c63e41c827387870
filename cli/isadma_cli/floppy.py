"""`isadma floppy`: sectors of an image through the drive, the controllers and the driver of a simulated PC."""
