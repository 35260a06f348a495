"""What asks or tells something before the work goes on, a dialog a file."""
