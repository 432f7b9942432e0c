"""Changes to stems while training, after which they still sum to their mixture."""
