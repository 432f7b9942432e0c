"""From a catalogue of mixes and instrumentals to weakly labelled triplets (Pretet 2018)."""
