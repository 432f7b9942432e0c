#include "slots.hpp"

#include <algorithm>
#include <cstdio>
#include <random>
#include <system_error>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <shlobj.h>
#else
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#endif

namespace stemdesk::bridge {

namespace fs = std::filesystem;

namespace {

#ifdef _WIN32

fs::path variable(const wchar_t* name) {
  const wchar_t* const value = _wgetenv(name);
  return value != nullptr ? fs::path(value) : fs::path();
}

fs::path override_folder() { return variable(L"STEMDESK_HOME"); }

fs::path data_folder() {
  wchar_t* folder = nullptr;
  fs::path path;
  if (SHGetKnownFolderPath(FOLDERID_LocalAppData, 0, nullptr, &folder) == S_OK)
    path = fs::path(folder) / "StemDesk";
  CoTaskMemFree(folder);
  return path;
}

#else

fs::path variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? fs::path(value) : fs::path();
}

fs::path override_folder() { return variable("STEMDESK_HOME"); }

fs::path home_folder() {
  const fs::path home = variable("HOME");
  if (!home.empty()) return home;
  const passwd* const user = getpwuid(getuid());
  return user != nullptr && user->pw_dir != nullptr ? fs::path(user->pw_dir) : fs::path();
}

fs::path data_folder() {
#ifdef __APPLE__
  const fs::path home = home_folder();
  return home.empty() ? home : home / "Library" / "Application Support" / "StemDesk";
#else
  const fs::path data = variable("XDG_DATA_HOME");
  if (!data.empty()) return data / "StemDesk";
  const fs::path home = home_folder();
  return home.empty() ? home : home / ".local" / "share" / "StemDesk";
#endif
}

#endif

bool has_ending(const std::string& name, const char* ending) {
  const std::string wanted(ending);
  return name.size() > wanted.size() &&
         name.compare(name.size() - wanted.size(), wanted.size(), wanted) == 0;
}

}  // namespace

fs::path slots_folder() {
  const fs::path home = override_folder();
  const fs::path data = home.empty() ? data_folder() : home / "data";
  return data.empty() ? data : data / "bridge";
}

std::string slot_name(int slot, const std::string& own_id) {
  if (slot == kOwnSlot) return "own-" + own_id;
  char name[16];
  std::snprintf(name, sizeof name, "slot-%02d", std::clamp(slot, 1, kMaxSlot));
  return name;
}

std::string new_own_id() {
  std::random_device random;
  char text[17];
  std::snprintf(text, sizeof text, "%08x%08x", random(), random());
  return text;
}

bool is_own_id(const std::string& text) noexcept {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

SlotContents look_into(const fs::path& folder) {
  SlotContents contents;
  std::string newest;  // numbers are written with leading zeros: the last name is the newest
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().u8string();
    if (name.front() == '.') continue;
    if (has_ending(name, ".sdstems") && name > newest) {
      newest = name;
      contents.newest_stems = entry->path();
    }
    contents.has_capture |= has_ending(name, ".sdcapture");
    contents.is_separating |= has_ending(name, ".separating");
    contents.has_failed |= has_ending(name, ".failed");
  }
  return contents;
}

}  // namespace stemdesk::bridge
