"""What joins windows and workbench: wishes in, edits out. No painting and no state of its own."""
