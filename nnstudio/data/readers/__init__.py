"""One file a format: each turns what lies on disk into a Dataset, or says why it cannot."""
