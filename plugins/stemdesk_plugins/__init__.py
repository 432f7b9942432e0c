"""What StemDesk puts into hosts, and where each host wants it."""
