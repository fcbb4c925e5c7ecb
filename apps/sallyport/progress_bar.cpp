// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace sallyport::cli {
namespace {

constexpr std::chrono::milliseconds patience(300);  // work that is over by then shows nothing
constexpr std::chrono::milliseconds between_draws(100);
constexpr std::size_t bar_width = 10;  // so that the longest line fits 80 columns
constexpr std::size_t columns_usual = 80;

// A dumb terminal does not go back to the beginning of a line.
bool can_redraw() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::size_t columns() {
  struct winsize size {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return columns_usual;
  return size.ws_col;
}

struct Unit {
  std::string_view name;
  double bytes;
};

Unit unit_for(std::uint64_t bytes) {
  constexpr std::array<Unit, 4> units = {{{"B", 1}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}}};
  std::size_t i = 0;
  while (i + 1 < units.size() && static_cast<double>(bytes) >= units[i + 1].bytes) ++i;
  return units[i];
}

std::string amount(std::uint64_t bytes, Unit unit) {
  return fmt::format("{:.1f}", static_cast<double>(bytes) / unit.bytes);
}

std::string time_left(std::uint64_t seconds) {
  if (seconds < 120) return fmt::format("{} s left", seconds);
  return fmt::format("{} min left", (seconds + 30) / 60);
}

}  // namespace

std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total,
                          std::uint64_t bytes_per_second) {
  if (total == 0) return std::string(what);
  const std::uint64_t shown = std::min(done, total);  // what is read twice counts twice
  const double part = static_cast<double>(shown) / static_cast<double>(total);
  const auto filled = static_cast<std::size_t>(part * bar_width);
  const auto unit = unit_for(total);
  auto line =
      fmt::format("{:<12} [{:<{}}] {:>3}%  {} of {} {}", what, std::string(filled, '#'), bar_width,
                  static_cast<unsigned>(part * 100), amount(shown, unit), amount(total, unit), unit.name);
  if (bytes_per_second == 0) return line;
  const auto rate = unit_for(bytes_per_second);
  line += fmt::format("  {} {}/s", amount(bytes_per_second, rate), rate.name);
  return line + "  " + time_left((total - shown) / bytes_per_second);
}

ProgressBar::ProgressBar()
    : shown_(can_redraw() ? Shown::on_terminal : Shown::never),
      next_draw_((Clock::now() + patience).time_since_epoch().count()) {}

ProgressBar::~ProgressBar() {
  const std::lock_guard lock(mutex_);
  show({});
}

void ProgressBar::begin(std::string_view what, std::uint64_t bytes) {
  if (shown_ == Shown::never) return;
  const std::lock_guard lock(mutex_);
  what_ = what;
  total_ = bytes;
  begun_ = Clock::now();
  done_.store(0, std::memory_order_relaxed);
  if (!line_.empty()) show(progress_line(what_, 0, total_, 0));
}

void ProgressBar::add(std::uint64_t bytes) {
  if (shown_ == Shown::never) return;
  done_.fetch_add(bytes, std::memory_order_relaxed);
  const auto now = Clock::now();
  if (now.time_since_epoch().count() < next_draw_.load(std::memory_order_relaxed)) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock.owns_lock()) draw(now);  // else another thread does
}

void ProgressBar::draw(Clock::time_point now) {
  if (now.time_since_epoch().count() < next_draw_.load(std::memory_order_relaxed)) return;
  next_draw_.store((now + between_draws).time_since_epoch().count(), std::memory_order_relaxed);
  const auto done = done_.load(std::memory_order_relaxed);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
  const auto rate =
      milliseconds < 100 ? 0.0 : static_cast<double>(done) * 1000 / static_cast<double>(milliseconds);
  show(progress_line(what_, done, total_, static_cast<std::uint64_t>(rate)));
}

// Old text is overwritten with blanks: an escape sequence would not be understood everywhere.
void ProgressBar::show(std::string line) {
  if (line.empty() && line_.empty()) return;
  line.resize(std::min(line.size(), columns() - 1));
  const std::size_t rest = line_.size() > line.size() ? line_.size() - line.size() : 0;
  const auto text = "\r" + line + std::string(rest, ' ') + (line.empty() ? "\r" : "");
  line_ = std::move(line);
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) line_.clear();  // nobody looks
}

}  // namespace sallyport::cli
