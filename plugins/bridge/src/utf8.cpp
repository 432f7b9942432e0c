#include "utf8.hpp"

#include <cstring>

namespace stemdesk::bridge {

namespace {

// Bytes of the character that begins here (RFC 3629); 0 for what cannot begin one.
std::size_t length_of(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// The first continuation byte must not spell a shorter form, a surrogate or what Unicode lacks.
bool may_follow(unsigned char lead, unsigned char second) noexcept {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second < 0xA0;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second < 0x90;
  return true;
}

}  // namespace

std::string shown_text(const char* bytes, std::size_t size) {
  const void* const end = std::memchr(bytes, 0, size);
  if (end == nullptr) return {};
  const std::string text(bytes, static_cast<const char*>(end));
  for (std::size_t place = 0; place < text.size();) {
    const auto lead = static_cast<unsigned char>(text[place]);
    const std::size_t length = length_of(lead);
    if (length == 0 || place + length > text.size() || lead < 0x20 || lead == 0x7F) return {};
    for (std::size_t next = 1; next < length; ++next) {
      const auto byte = static_cast<unsigned char>(text[place + next]);
      if ((byte & 0xC0) != 0x80 || (next == 1 && !may_follow(lead, byte))) return {};
    }
    place += length;
  }
  return text;
}

}  // namespace stemdesk::bridge
