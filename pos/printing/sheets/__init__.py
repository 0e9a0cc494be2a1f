"""Cards, shelf labels and price boards: drawn in millimetres, for A4 and for the thermal printer's roll."""
