"""The demo song "First Light": its notes, and the program that renders them to stems and a mix."""
