#include "stem_file.hpp"

#include <cstring>

#include "utf8.hpp"

namespace stemdesk::bridge {

namespace {

constexpr char kMagic[8] = {'S', 'D', 'S', 'T', 'E', 'M', 'S', '1'};
constexpr std::uint64_t kPageBytes = 4096;
constexpr std::size_t kNameBytes = 64;
constexpr std::uint32_t kMinRateHz = 8'000;
constexpr std::uint32_t kMaxRateHz = 768'000;
constexpr std::int64_t kMaxFrames = std::int64_t{1} << 40;
constexpr std::int64_t kMaxOriginFrame = std::int64_t{1} << 50;

struct Header {
  char magic[8];
  std::uint32_t header_bytes;
  std::uint32_t rate_hz;
  std::uint32_t channels;
  std::uint32_t stems;
  std::int64_t origin_frame;
  std::int64_t frames;
  std::uint64_t plane_bytes;
  std::uint64_t total_bytes;
  std::uint32_t fingerprint_frames;
  std::uint32_t reserved;
  char names[kMaxStems][kNameBytes];
};
static_assert(sizeof(Header) == 64 + kMaxStems * kNameBytes, "the layout that Python writes");

constexpr std::uint64_t whole_pages(std::uint64_t bytes) noexcept {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

}  // namespace

std::unique_ptr<const StemFile> StemFile::open(const std::filesystem::path& path) {
  std::unique_ptr<StemFile> file(new StemFile);  // the constructor is private
  file->map_ = FileMap::open(path);
  if (file->map_ == nullptr || !file->read_header()) return nullptr;
  return file;
}

bool StemFile::read_header() {
  if (map_->size_bytes() < kPageBytes) return false;
  Header header;
  std::memcpy(&header, map_->data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return false;
  if (header.header_bytes != kPageBytes || header.total_bytes != map_->size_bytes()) return false;
  if (header.rate_hz < kMinRateHz || header.rate_hz > kMaxRateHz) return false;
  if (header.channels < 1 || header.channels > kMaxChannels) return false;
  if (header.stems < 1 || header.stems > kMaxStems) return false;
  if (header.frames < 1 || header.frames > kMaxFrames) return false;
  if (header.origin_frame < -kMaxOriginFrame || header.origin_frame > kMaxOriginFrame) return false;
  if (header.fingerprint_frames != kFingerprintFrames) return false;

  // With the limits above none of these products overflows.
  const auto frames = static_cast<std::uint64_t>(header.frames);
  const std::uint64_t plane_bytes = whole_pages(frames * sizeof(float));
  const std::uint64_t fingerprint_bytes =
      whole_pages(frames / kFingerprintFrames * header.channels * sizeof(float));
  const std::uint64_t planes_at = kPageBytes + fingerprint_bytes;
  if (header.plane_bytes != plane_bytes) return false;
  if (planes_at + plane_bytes * header.stems * header.channels != header.total_bytes) return false;

  rate_hz_ = header.rate_hz;
  channels_ = header.channels;
  stems_ = header.stems;
  origin_frame_ = header.origin_frame;
  frames_ = header.frames;
  fingerprint_at_ = kPageBytes;
  planes_at_ = planes_at;
  plane_bytes_ = plane_bytes;
  for (unsigned stem = 0; stem < stems_; ++stem)
    names_[stem] = shown_text(header.names[stem], kNameBytes);
  return true;
}

}  // namespace stemdesk::bridge
