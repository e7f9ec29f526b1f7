/// Progress of long work: one line on the terminal, redrawn.
#pragma once

#include <fluentsync/event.hpp>
#include <functional>
#include <string>
#include <vector>

namespace cli {

/// Shows `progress` events when standard error is a terminal, and nothing otherwise.
/// Thread: one at a time.
class ProgressLine {
  public:
    /// `write` takes what goes to standard error; by default that is done at once.
    explicit ProgressLine(std::function<void(std::string)> write = {});
    void show(const fluentsync::Event& event);
    /// Takes the line away, so that others can be written.
    void clear();

  private:
    std::function<void(std::string)> write_;
    bool terminal_ = false;
    bool visible_ = false;
};

/// For the commands that wait for work: what they say meanwhile is progress and warnings.
class ProgressObserver : public fluentsync::Observer {
  public:
    void on_events(const std::vector<fluentsync::Event>& batch) override;
    /// Once the subscription has ended.
    void clear() { line_.clear(); }

  private:
    ProgressLine line_;
};

}  // namespace cli
