"""Reading what other programs and people wrote, within bounds: JSON, TOML, YAML, XML, zip files."""
