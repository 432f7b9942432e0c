// Ends the process when the audio thread does what it must not.
#pragma once

namespace guard {

// From here to leave() this thread may not allocate, lock, wait or ask the system for anything.
void enter();
void leave();

// The system itself kills the process at this thread's next call. False where it cannot.
bool seal();

}  // namespace guard
