"""The StemDesk Bridge plug-in's other half: captures from DAWs in, stems for it out."""
