// The writer thread's end of a capture: frames from the ring into a file of the slot's folder.
//
// While it grows the file has a hidden name; finished, it appears under its final one in a single
// step. stemdesk/app/bridge/capture_file.py reads it and describes the format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capture_tap.hpp"
#include "file_lock.hpp"

namespace stemdesk::bridge {

class CaptureWriter {
 public:
  // `folder_of` names the folder of a slot.
  CaptureWriter(CaptureTap& tap, unsigned channels,
                std::function<std::filesystem::path(int slot)> folder_of);

  // Called often by one thread; true when a finished capture has just appeared.
  bool service();

 private:
  struct File {
    std::unique_ptr<FileLock> lock;
    std::filesystem::path partial;
    std::filesystem::path final;
    std::ofstream stream;
    std::uint64_t frames = 0;
  };

  void open();
  void append(const float* interleaved, std::uint32_t frames);
  bool finish();
  void give_up(Refusal why);

  CaptureTap& tap_;
  const unsigned channels_;
  const std::function<std::filesystem::path(int)> folder_of_;
  std::unique_ptr<File> file_;
  std::vector<float> clean_;
  bool refused_ = false;
};

}  // namespace stemdesk::bridge
