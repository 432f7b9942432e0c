// Everything that may wait: one thread that writes captures, looks for stems, maps and frees them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "capture_tap.hpp"
#include "capture_writer.hpp"
#include "slots.hpp"
#include "stem_exchange.hpp"
#include "stem_reach.hpp"

namespace stemdesk::bridge {

// What the watcher found last, for the status; each fact stands for itself.
struct Findings {
  std::atomic<bool> has_capture{false};
  std::atomic<bool> is_separating{false};
  std::atomic<bool> has_failed{false};
  std::atomic<bool> is_damaged{false};
  std::atomic<std::uint32_t> rate_hz{0};  // 0: no stems
  std::atomic<unsigned> channels{0};
};

class Watcher {
 public:
  Watcher(CaptureTap& tap, StemExchange& exchange, unsigned channels);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  void start();

  // Host's main thread.
  std::string own_id() const;
  void set_own_id(const std::string& id);
  StemNames stem_names() const;
  void set_names_listener(std::function<void()> listener);  // called by any thread but the audio's
  void look_now() noexcept;                                 // returns when the stems are on offer

  // Any thread, without waiting.
  int slot() const noexcept { return slot_.load(std::memory_order_relaxed); }
  void set_slot(int slot) noexcept { slot_.store(slot, std::memory_order_relaxed); }
  void tell_frame(std::int64_t frame) noexcept {
    host_frame_.store(frame, std::memory_order_relaxed);
    is_moving_.store(true, std::memory_order_relaxed);
  }
  const Findings& findings() const noexcept { return findings_; }

 private:
  void run();
  void tell_names();
  std::chrono::milliseconds turn() noexcept;
  void look();
  void offer(const std::filesystem::path& path);
  void check_whole();

  CaptureTap& tap_;
  StemExchange& exchange_;
  const std::filesystem::path slots_folder_;
  std::atomic<int> slot_{kOwnSlot};
  std::atomic<std::int64_t> host_frame_{0};
  std::atomic<bool> is_moving_{false};
  Findings findings_;

  mutable std::mutex mutex_;  // never taken by the audio thread; guards what follows
  std::condition_variable wake_;
  bool is_quitting_ = false;
  std::string own_id_;
  StemNames names_;
  bool has_new_names_ = false;
  std::function<void()> names_listener_;
  CaptureWriter writer_;
  std::filesystem::path seen_path_;         // the stems file looked at last, good or bad
  const StemFile* on_offer_ = nullptr;      // the newest offer; the exchange keeps it alive
  StemReach reach_;
  int slot_seen_ = -1;
  std::chrono::steady_clock::time_point next_look_{};
  std::thread thread_;
};

}  // namespace stemdesk::bridge
