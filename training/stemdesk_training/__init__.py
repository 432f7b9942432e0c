"""The trainer: corpus, recipes, training and evaluation."""

import stemdesk  # noqa: F401 - before torch, so that its threads wait calmly
