"""What is read out of the books for people: reports, public notices, registers, the donor board. Writes nothing."""
