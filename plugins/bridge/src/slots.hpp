// Where captures and stems lie. stemdesk/app/bridge/slots.py finds the same folders.
#pragma once

#include <filesystem>
#include <string>

namespace stemdesk::bridge {

inline constexpr int kOwnSlot = 0;
inline constexpr int kMaxSlot = 99;

// StemDesk's folder of Bridge slots; $STEMDESK_HOME/data/bridge where that variable is set. Empty
// where the user has no home.
std::filesystem::path slots_folder();

// "own-<id>" for the slot that belongs to one plug-in of one session, else "slot-<number>".
std::string slot_name(int slot, const std::string& own_id);

std::string new_own_id();
bool is_own_id(const std::string& text) noexcept;  // 16 hexadecimal digits: it names a folder

// What lies in a slot.
struct SlotContents {
  std::filesystem::path newest_stems;  // empty where there are none
  bool has_capture = false;
  bool is_separating = false;
  bool has_failed = false;
};
SlotContents look_into(const std::filesystem::path& folder);

}  // namespace stemdesk::bridge
