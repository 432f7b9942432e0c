"""Control surfaces, recorded rides and synchronisation: MIDI in, the mix and its transport out.

Everything here runs on one thread, the one that calls
:meth:`stemdesk.control.hub.MidiControl.pump`. Messages that arrive on MIDI's own threads are only
stamped with their time and queued. Nothing here touches the sound's thread.

`midi` opens ports and sees them come and go, `mapping` binds single controls to parameters,
`mackie` drives whole desks, `sync` follows and gives time.
"""
