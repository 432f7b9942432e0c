// Where the host is, as far as the plug-in may rely on it.
#pragma once

#include <cstdint>
#include <optional>

namespace stemdesk::bridge {

struct BlockTime {
  std::optional<std::int64_t> frame;  // of the block's first frame; none while the host rests
  bool continues = false;             // it follows the block before without a gap
};

}  // namespace stemdesk::bridge
