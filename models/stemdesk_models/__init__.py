"""The networks, one file per published system, and the shipped weights."""

import stemdesk  # noqa: F401 - before torch, so that its threads wait calmly
