// What the plug-in tells through its status parameter. The numbers are saved nowhere, but
// automation readers and the tests know them: append, never reorder.
#pragma once

#include <array>

namespace stemdesk::bridge {

enum class Status : int {
  NoStems,
  Ready,
  Armed,
  Capturing,
  Waiting,
  Separating,
  SeparationFailed,
  CaptureStopped,
  Overflow,
  DiskRefused,
  SlotBusy,
  RateMismatch,
  ChannelMismatch,
  Damaged,
  Stale,
};

inline constexpr std::array<const char*, 15> kStatusWords = {
    "No stems",
    "Stems loaded",
    "Armed: play to capture",
    "Capturing",
    "Captured: waiting for StemDesk",
    "StemDesk separates",
    "Separation failed: see StemDesk",
    "Capture stopped by a jump",
    "Capture overflow: disk too slow",
    "Capture not written: check the disk",
    "Slot in use by another Bridge",
    "Stems have another sample rate",
    "Stems have other channels",
    "Stems file damaged",
    "Stale: the track has changed",
};

}  // namespace stemdesk::bridge
