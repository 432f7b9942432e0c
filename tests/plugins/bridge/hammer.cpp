// The plug-in's own code without a format around it, for the sanitizers.
//
//   hammer files FOLDER     opens every file and reads each of its samples; prints how many are good
//   hammer run A B          plays while the two stems files come and go in slot 1, captures go on
//                           and off and the slot changes; prints what happened
//   hammer time BLOCK       plays the stems of slot 1 as fast as it can; prints for each way of playing
//                           the mean and the 99th percentile of a block's time in microseconds
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "bridge.hpp"

namespace fs = std::filesystem;
using namespace stemdesk::bridge;

namespace {

int read_files(const fs::path& folder) {
  int good = 0;
  volatile float sink = 0.0F;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto file = StemFile::open(entry.path());
    if (file == nullptr) continue;
    ++good;
    for (unsigned stem = 0; stem < file->stems(); ++stem)
      for (unsigned channel = 0; channel < file->channels(); ++channel)
        for (std::int64_t frame = 0; frame < file->frames(); ++frame)
          sink = file->plane(stem, channel)[frame];
    for (unsigned channel = 0; channel < file->channels(); ++channel)
      for (std::int64_t block = 0; block < file->fingerprint_blocks(); ++block)
        sink = file->fingerprint(channel, block);
  }
  static_cast<void>(sink);
  std::printf("%d\n", good);
  return 0;
}

// Offers at random times against takes at random times: nothing taken may be freed.
int exchange_kept() {
  StemExchange exchange;
  std::atomic<bool> has_ended{false};
  std::thread taker([&] {
    while (!has_ended) {
      if (exchange.has_offer()) exchange.take();
      if (exchange.in_use() != nullptr) std::abort();
    }
  });
  for (int offer = 0; offer < 20'000; ++offer) {
    exchange.offer(nullptr);
    if (offer % 3 == 0) exchange.collect();
  }
  while (exchange.has_offer()) std::this_thread::yield();
  has_ended = true;
  taker.join();
  exchange.collect();
  return static_cast<int>(exchange.kept());
}

int run(const fs::path& one, const fs::path& other) {
  Bridge bridge(2, 16'000.0, 1U << 16);
  bridge.watcher().set_slot(1);
  bridge.watcher().start();
  bridge.activate();
  const fs::path slot = slots_folder() / slot_name(1, "");
  std::atomic<bool> has_ended{false};
  std::atomic<int> blocks{0};
  std::atomic<int> taken{0};

  std::thread audio([&] {
    std::array<float, 2 * 128> samples;
    std::int64_t frame = 0;
    bool had_stems = false;
    while (!has_ended) {
      samples.fill(0.25F);
      float* const planes[] = {samples.data(), samples.data() + 128};
      bridge.process(planes, planes, 128, {blocks % 700 != 0, frame});
      const bool has_stems = samples[64] != 0.25F;
      if (has_stems != had_stems) ++taken;
      had_stems = has_stems;
      frame = (frame + 128) % 12'800;
      ++blocks;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  });
  int published = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
  while (std::chrono::steady_clock::now() < end) {
    const fs::path target = slot / ("stems-00000000" + std::to_string(1 + published % 3) + ".sdstems");
    const fs::path& source = published % 2 == 0 ? one : other;
    fs::rename(source, target);
    bridge.set_level_db(static_cast<unsigned>(published % 4), published % 5 == 0 ? 0.0F : -84.0F);
    if (published % 7 == 0) bridge.watcher().look_now();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    static_cast<void>(bridge.status());
    fs::rename(target, source);
    bridge.set_capture(published % 20 < 10);
    if (published % 10 == 0) bridge.watcher().set_slot(published % 20 == 0 ? 1 : 2);
    if (published % 13 == 0) bridge.watcher().set_own_id(new_own_id());
    if (published % 7 == 3) bridge.watcher().look_now();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ++published;
  }
  has_ended = true;
  audio.join();
  bridge.deactivate();
  std::printf("%d %d %d %d\n", published, taken.load(), exchange_kept(), blocks.load());
  return 0;
}

int time_blocks(std::uint32_t frames) {
  constexpr double rate_hz = 48'000.0;
  constexpr unsigned stems = 4;
  constexpr std::int64_t kTurnFrames = 491'520;  // 10 s, whole blocks
  enum Way { kNeutral, kOneLevel, kAllLevels, kAutomation, kCapture, kWays };
  Bridge bridge(2, rate_hz);
  bridge.watcher().set_slot(1);
  bridge.watcher().start();
  bridge.activate();
  std::vector<float> samples(2 * std::size_t{frames}, 0.1F);
  float* const planes[] = {samples.data(), samples.data() + frames};
  for (int way = kNeutral; way < kWays; ++way) {
    bridge.set_capture(way == kCapture);
    for (unsigned stem = 0; stem < stems; ++stem)
      bridge.set_level_db(stem, way == kAllLevels || (way == kOneLevel && stem == 0) ? -6.0F : 0.0F);
    std::vector<double> times_us;
    // The first turn warms up; the second goes on where it ended.
    for (int turn = 0; turn < 2; ++turn) {
      times_us.clear();
      for (std::int64_t frame = turn * kTurnFrames; frame < (turn + 1) * kTurnFrames;
           frame += frames) {
        if (way == kAutomation)
          for (unsigned stem = 0; stem < stems; ++stem)
            bridge.set_level_db(stem, -static_cast<float>(times_us.size() % 40));
        const auto before = std::chrono::steady_clock::now();
        bridge.process(planes, planes, frames, {true, frame});
        const std::chrono::duration<double, std::micro> taken =
            std::chrono::steady_clock::now() - before;
        times_us.push_back(taken.count());
        std::fill(samples.begin(), samples.end(), 0.1F);
      }
    }
    const double sum_us = std::accumulate(times_us.begin(), times_us.end(), 0.0);
    const auto slow = times_us.begin() + static_cast<std::ptrdiff_t>(times_us.size() * 99 / 100);
    std::nth_element(times_us.begin(), slow, times_us.end());
    std::printf("%.3f %.3f\n", sum_us / static_cast<double>(times_us.size()), *slow);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 3 && std::strcmp(arguments[1], "files") == 0) return read_files(arguments[2]);
  if (count == 4 && std::strcmp(arguments[1], "run") == 0) return run(arguments[2], arguments[3]);
  if (count == 3 && std::strcmp(arguments[1], "time") == 0)
    return time_blocks(static_cast<std::uint32_t>(std::atoi(arguments[2])));
  return 1;
}
