"""How the derived tables of the recorded world are made from the official ones."""
