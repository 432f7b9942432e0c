"""Pro Tools, driven through the Pro Tools Scripting Library."""
