"""Models out of the program, in formats that other tools open."""
