"""What an operator asks: one module each, plain values in and out. Prints nothing, and knows no engine."""
