"""What is plugged in: bytes to readings and documents to bytes. Knows grams, and nothing else of the shop."""
