"""Files of the user's: read only where they are files, written whole or not at all."""
