#include "progress_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "output.hpp"

namespace cli {

ProgressLine::ProgressLine(std::function<void(std::string)> write)
    : write_(std::move(write)), terminal_(::isatty(STDERR_FILENO) == 1) {
    if (!write_) {
        write_ = [](const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); };
    }
}

void ProgressLine::show(const fluentsync::Event& event) {
    if (!terminal_) return;
    auto text = "\r\x1b[K" + shown(event.message) + ' ' + std::to_string(event.count);
    if (event.total > 0) text += " of " + std::to_string(event.total);
    write_(std::move(text));
    visible_ = true;
}

void ProgressLine::clear() {
    if (visible_) write_("\r\x1b[K");
    visible_ = false;
}

void ProgressObserver::on_events(const std::vector<fluentsync::Event>& batch) {
    for (const auto& event : batch) {
        if (event.kind == fluentsync::EventKind::progress) line_.show(event);
        if (event.kind == fluentsync::EventKind::warning) {
            line_.clear();
            complain(event.message);
        }
    }
}

}  // namespace cli
