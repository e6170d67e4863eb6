"""An independent model of the ledger: the documents and TigerBeetle's semantics, in plain Python, without floats."""
