// Text from a file that a host will show.
#pragma once

#include <cstddef>
#include <string>

namespace stemdesk::bridge {

// The text up to the first zero byte; empty where it is not UTF-8 or has control characters.
std::string shown_text(const char* bytes, std::size_t size);

}  // namespace stemdesk::bridge
