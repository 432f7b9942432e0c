"""Models of other people: fetched on the user's command, converted, kept with the user's own."""
