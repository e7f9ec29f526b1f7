#include "progress_line.hpp"

#include <unistd.h>

#include <cstdio>

#include "output.hpp"

namespace cli {

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const fluentsync::Event& event) {
    if (!terminal_) return;
    auto text = "\r\x1b[K" + shown(event.message) + ' ' + std::to_string(event.count);
    if (event.total > 0) text += " of " + std::to_string(event.total);
    std::fwrite(text.data(), 1, text.size(), stderr);
    visible_ = true;
}

void ProgressLine::clear() {
    if (visible_) std::fputs("\r\x1b[K", stderr);
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
