"""The mixer: strips, effects, automation and the graph that renders them."""
