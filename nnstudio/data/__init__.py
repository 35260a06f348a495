"""Images in: read from files or drawn, split, and brought to the numbers a network is trained on."""
