#include "watcher.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace stemdesk::bridge {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto kLookEvery = 250ms;
constexpr auto kIdleTurn = 50ms;
constexpr auto kMovingTurn = 10ms;
constexpr auto kCaptureTurn = 2ms;

}  // namespace

Watcher::Watcher(CaptureTap& tap, StemExchange& exchange, unsigned channels)
    : tap_(tap),
      exchange_(exchange),
      slots_folder_(slots_folder()),
      own_id_(new_own_id()),
      writer_(tap, channels,
              [this](int slot) { return slots_folder_ / slot_name(slot, own_id_); }) {}

void Watcher::start() {
  look_now();
  thread_ = std::thread([this] { run(); });
}

Watcher::~Watcher() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_quitting_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::string Watcher::own_id() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return own_id_;
}

void Watcher::set_own_id(const std::string& id) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!is_own_id(id) || id == own_id_) return;
    own_id_ = id;
  }
  look_now();
}

StemNames Watcher::stem_names() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return names_;
}

void Watcher::set_names_listener(std::function<void()> listener) {
  const std::lock_guard<std::mutex> lock(mutex_);
  names_listener_ = std::move(listener);
}

void Watcher::look_now() noexcept {
  try {
    const std::lock_guard<std::mutex> lock(mutex_);
    look();
  } catch (const std::exception&) {
    // No memory, or a name that cannot be read: the host goes on as without stems.
    findings_.is_damaged = true;
  }
  tell_names();
}

void Watcher::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!is_quitting_) {
    const auto rest = turn();
    lock.unlock();
    tell_names();
    lock.lock();
    wake_.wait_for(lock, rest, [this] { return is_quitting_; });
  }
  static_cast<void>(turn());  // a take that ended with the host
}

// Without the lock: whoever listens may ask back at once.
void Watcher::tell_names() {
  std::function<void()> listener;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!has_new_names_) return;
    has_new_names_ = false;
    listener = names_listener_;
  }
  if (listener) listener();
}

std::chrono::milliseconds Watcher::turn() noexcept {
  try {
    const bool has_appeared = writer_.service();
    const auto now = std::chrono::steady_clock::now();
    if (has_appeared || slot_seen_ != slot() || now >= next_look_) look();
    exchange_.collect();
    const bool is_moving = is_moving_.exchange(false, std::memory_order_relaxed);
    if (is_moving && on_offer_ != nullptr)
      reach_.follow(*on_offer_, host_frame_.load(std::memory_order_relaxed));
    if (tap_.stage() != TakeStage::Idle || tap_.state() == CaptureState::Armed) return kCaptureTurn;
    return is_moving ? kMovingTurn : kIdleTurn;
  } catch (const std::exception&) {
    findings_.is_damaged = true;
    return kIdleTurn;
  }
}

void Watcher::look() {
  next_look_ = std::chrono::steady_clock::now() + kLookEvery;
  slot_seen_ = slot();
  if (slots_folder_.empty()) return;
  const SlotContents contents = look_into(slots_folder_ / slot_name(slot_seen_, own_id_));
  findings_.has_capture = contents.has_capture;
  findings_.is_separating = contents.is_separating;
  findings_.has_failed = contents.has_failed;
  if (contents.newest_stems != seen_path_)
    offer(contents.newest_stems);
  else
    check_whole();
}

void Watcher::offer(const fs::path& path) {
  const bool same_slot = path.parent_path() == seen_path_.parent_path();
  seen_path_ = path;
  std::unique_ptr<const StemFile> file = path.empty() ? nullptr : StemFile::open(path);
  findings_.is_damaged = !path.empty() && file == nullptr;
  // A damaged file does not take away good stems of the same slot.
  if (findings_.is_damaged && same_slot && on_offer_ != nullptr) return;
  const std::uint32_t rate_hz = file != nullptr ? file->rate_hz() : 0;
  const unsigned channels = file != nullptr ? file->channels() : 0;
  StemNames names = file != nullptr ? file->names() : StemNames{};
  on_offer_ = file.get();
  reach_.reset();
  if (on_offer_ != nullptr)
    reach_.follow(*on_offer_, host_frame_.load(std::memory_order_relaxed));
  exchange_.offer(std::move(file));
  // Told only now: who plays as soon as the status says so hears the stems from the first block.
  findings_.rate_hz = rate_hz;
  findings_.channels = channels;
  if (names == names_) return;
  names_ = std::move(names);
  has_new_names_ = true;
}

void Watcher::check_whole() {
  if (on_offer_ == nullptr || on_offer_->is_whole()) return;
  findings_.is_damaged = true;
  findings_.rate_hz = 0;
  findings_.channels = 0;
  on_offer_ = nullptr;
  exchange_.withdraw();
}

}  // namespace stemdesk::bridge
