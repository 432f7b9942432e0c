"""The timeline: ruler, lane headers, waveforms, automation, regions, markers, loop, selection."""
