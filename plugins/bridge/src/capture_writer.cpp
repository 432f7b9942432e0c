#include "capture_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <system_error>
#include <utility>

#include "slots.hpp"

namespace stemdesk::bridge {

namespace fs = std::filesystem;

namespace {

struct Header {
  char magic[8] = {'S', 'D', 'C', 'A', 'P', 'T', '0', '1'};
  std::uint32_t header_bytes = sizeof(Header);
  std::uint32_t rate_hz = 0;
  std::uint32_t channels = 0;
  std::uint32_t end = 0;
  std::int64_t origin_frame = 0;
  std::int64_t frames = 0;
  char reserved[24] = {};
};
static_assert(sizeof(Header) == 64, "the layout that Python reads");

// What a host that crashed left behind; the lock says that nobody else writes here.
void remove_leftovers(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().u8string();
    if (name.rfind(".capture-", 0) == 0 && entry->path().extension() == ".partial")
      leftovers.push_back(entry->path());
  }
  for (const fs::path& leftover : leftovers) fs::remove(leftover, error);
}

}  // namespace

CaptureWriter::CaptureWriter(CaptureTap& tap, unsigned channels,
                             std::function<fs::path(int)> folder_of)
    : tap_(tap), channels_(channels), folder_of_(std::move(folder_of)) {}

bool CaptureWriter::service() {
  const TakeStage stage = tap_.stage();
  if (stage == TakeStage::Idle) return false;
  if (file_ == nullptr && !refused_) open();
  tap_.ring().drain([this](const float* interleaved, std::uint32_t frames) {
    if (file_ != nullptr) append(interleaved, frames);
  });
  // Read before the ring was drained: nothing comes after the end.
  if (stage != TakeStage::Ended) return false;
  const bool has_appeared = file_ != nullptr && finish();
  file_.reset();
  refused_ = false;
  tap_.release();
  return has_appeared;
}

void CaptureWriter::open() {
  auto file = std::make_unique<File>();
  const fs::path folder = folder_of_(tap_.facts().slot);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return give_up(Refusal::Disk);
  FileLock::Outcome outcome;
  file->lock = FileLock::take(folder / ".capture.lock", outcome);
  if (outcome == FileLock::Outcome::HeldByAnother) return give_up(Refusal::SlotBusy);
  if (outcome == FileLock::Outcome::NotWritable) return give_up(Refusal::Disk);
  remove_leftovers(folder);
  const std::string name = "capture-" + new_own_id();
  file->partial = folder / ("." + name + ".partial");
  file->final = folder / (name + ".sdcapture");
  file_ = std::move(file);
  file_->stream.open(file_->partial, std::ios::binary | std::ios::trunc);
  const Header unfinished;
  file_->stream.write(reinterpret_cast<const char*>(&unfinished), sizeof unfinished);
  if (!file_->stream.good()) give_up(Refusal::Disk);
}

void CaptureWriter::append(const float* interleaved, std::uint32_t frames) {
  // What is no number would stop the separation; the host hears it anyway, unchanged.
  clean_.assign(interleaved, interleaved + std::size_t{frames} * channels_);
  std::replace_if(clean_.begin(), clean_.end(), [](float x) { return !std::isfinite(x); }, 0.0F);
  file_->stream.write(reinterpret_cast<const char*>(clean_.data()),
                      static_cast<std::streamsize>(clean_.size() * sizeof(float)));
  if (!file_->stream.good()) return give_up(Refusal::Disk);
  file_->frames += frames;
}

bool CaptureWriter::finish() {
  const TakeFacts& facts = tap_.facts();
  std::error_code error;
  if (!CaptureTap::is_worth_keeping(file_->frames, facts.rate_hz)) {
    file_->stream.close();
    fs::remove(file_->partial, error);
    return false;
  }
  Header header;
  header.rate_hz = facts.rate_hz;
  header.channels = channels_;
  header.end = static_cast<std::uint32_t>(facts.end);
  header.origin_frame = facts.origin_frame;
  header.frames = static_cast<std::int64_t>(file_->frames);
  file_->stream.seekp(0);
  file_->stream.write(reinterpret_cast<const char*>(&header), sizeof header);
  file_->stream.close();
  if (file_->stream.fail()) {
    give_up(Refusal::Disk);
    return false;
  }
  fs::rename(file_->partial, file_->final, error);
  if (error) give_up(Refusal::Disk);
  return !error;
}

void CaptureWriter::give_up(Refusal why) {
  refused_ = true;
  tap_.refuse(why);
  if (file_ == nullptr) return;
  std::error_code error;
  file_->stream.close();
  fs::remove(file_->partial, error);
  file_.reset();
}

}  // namespace stemdesk::bridge
