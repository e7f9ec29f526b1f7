/// Replicas on the simulated clock, where every millisecond that somebody waits is counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "replica.hpp"
#include "simulated_remote.hpp"

namespace simulation {

/// Full automation with short debounces. Whatever could come in the middle of an index that is replaced does.
class RestedWorld : private fluentsync::Observer {
  public:
    explicit RestedWorld(int replicas = 1);
    RestedWorld(const RestedWorld&) = delete;
    RestedWorld& operator=(const RestedWorld&) = delete;
    ~RestedWorld() override;

    void start(int number = 0);
    void stop(int number = 0);
    void pass(std::int64_t ms);
    /// A new content for a note of the first replica.
    void put();
    void put_at(int number);
    void pull(int number = 0);
    void push(int number);
    /// From here to the first replica's next commit.
    std::int64_t ms_to_commit();
    /// The same from a put of one, which the debounces alone may delay: more is a wait that nobody asked for.
    std::int64_t ms_from_put_to_commit();
    std::int64_t debounces() const;
    /// As `git status` does, which knows the stats of files anew.
    void person_looks() const;
    /// As `git add` does.
    void person_stages() const;

  private:
    void on_events(const std::vector<fluentsync::Event>& batch) override;
    void call(int number, const std::function<void()>& work);

    const std::string place_;
    const Setup setup_;
    Scheduler scheduler_;
    Remote remote_;
    std::vector<std::unique_ptr<Replica>> replicas_;
    fluentsync::Subscription subscription_;
    bool within_ = false;
    std::int64_t committed_at_ = 0;
    int commits_ = 0;
    int texts_ = 0;
};

}  // namespace simulation
