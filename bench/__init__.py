"""What the program is worth, measured: accuracy against labels and truth, and speed against references."""
