"""A fictional village with simulated devices at the other end of real cables, to try and to show the real terminal."""
