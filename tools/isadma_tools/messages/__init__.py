"""What is told to whoever sits at the terminal."""
