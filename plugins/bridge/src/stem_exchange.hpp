// Hands stems files to the audio thread, and frees them when it has let go of them.
//
// Each offer has a generation. The audio thread takes an offer by exchanging a pointer and then
// acknowledges the generation: what is older is in nobody's hands and is freed by the keeper. An
// offer that was replaced before anybody took it was in nobody's hands at all. So no update is
// lost and nothing is freed too early, without a lock or a wait on the audio thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "stem_file.hpp"

namespace stemdesk::bridge {

class StemExchange {
 public:
  StemExchange() { kept_.reserve(8); }
  StemExchange(const StemExchange&) = delete;
  StemExchange& operator=(const StemExchange&) = delete;

  // Keeper: one thread at a time. Null takes the stems away.
  void offer(std::unique_ptr<const StemFile> file) { hand_over(std::move(file), false); }

  // The stems in use must not be read any more: to be taken without a fade.
  void withdraw() { hand_over(nullptr, true); }

  void collect() {
    const std::uint64_t acknowledged = acknowledged_.load(std::memory_order_acquire);
    forget([acknowledged](const Offer& kept) { return kept.generation < acknowledged; });
  }

  std::size_t kept() const noexcept { return kept_.size(); }

  // Audio thread.
  bool has_offer() const noexcept { return offer_.load(std::memory_order_relaxed) != nullptr; }

  bool is_urgent() const noexcept { return is_urgent_.load(std::memory_order_acquire); }

  void take() noexcept {
    const Offer* const taken = offer_.exchange(nullptr, std::memory_order_acq_rel);
    if (taken == nullptr) return;
    in_use_ = taken->file.get();
    acknowledged_.store(taken->generation, std::memory_order_release);
  }

  const StemFile* in_use() const noexcept { return in_use_; }

 private:
  struct Offer {
    std::uint64_t generation;
    std::unique_ptr<const StemFile> file;
  };

  void hand_over(std::unique_ptr<const StemFile> file, bool is_urgent) {
    kept_.push_back(std::make_unique<const Offer>(Offer{++generation_, std::move(file)}));
    is_urgent_.store(is_urgent, std::memory_order_release);
    const Offer* const untaken = offer_.exchange(kept_.back().get(), std::memory_order_acq_rel);
    if (untaken != nullptr) forget([untaken](const Offer& kept) { return &kept == untaken; });
  }

  template <typename Is>
  void forget(Is is) {
    for (auto place = kept_.begin(); place != kept_.end();)
      place = is(**place) ? kept_.erase(place) : place + 1;
  }

  std::vector<std::unique_ptr<const Offer>> kept_;
  std::uint64_t generation_ = 0;
  std::atomic<const Offer*> offer_{nullptr};
  std::atomic<bool> is_urgent_{false};
  std::atomic<std::uint64_t> acknowledged_{0};
  const StemFile* in_use_ = nullptr;  // audio thread only
};

}  // namespace stemdesk::bridge
