"""The evidence: what the texts state, held against lives that were simulated.

A *target* is a statement that lives can meet or miss. A row of the evidence
says what was expected, what was found, how surely, and whether finding it says
anything for the model: only rows that *emerge* do.
"""
