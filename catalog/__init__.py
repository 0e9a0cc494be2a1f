"""What is traded: units, goods, materials, prices. Values and integer arithmetic; standard library only."""
