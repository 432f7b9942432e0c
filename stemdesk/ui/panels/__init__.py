"""The panels beside and in place of the timeline: jobs, null, inspector, the empty state."""
