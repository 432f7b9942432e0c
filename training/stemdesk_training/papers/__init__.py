"""The five papers' systems, trained at one budget on one set of data, scored and compared."""
