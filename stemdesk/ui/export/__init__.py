"""Export: the dialog, and lanes that are dragged out of the window."""
