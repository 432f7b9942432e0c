// DPF's checks print to the terminal, some of them once a block where a host leaves out what it may
// leave out. In the audio thread that is a system call: they refuse without a word.
#pragma once

#include "DistrhoUtils.hpp"

#undef DISTRHO_SAFE_ASSERT_RETURN
#define DISTRHO_SAFE_ASSERT_RETURN(condition, result) \
  if (!(condition)) return result;
#undef DISTRHO_SAFE_ASSERT_CONTINUE
#define DISTRHO_SAFE_ASSERT_CONTINUE(condition) \
  if (!(condition)) continue;
