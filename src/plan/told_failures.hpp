/// Which files are known to fail, and why: a cause that stays is told once, not at each further attempt.
/// Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace fluentsync::plan {

class ToldFailures {
  public:
    /// Remembers no more than `most` paths.
    explicit ToldFailures(std::size_t most) : most_(most) {}

    enum class Tell {
        nothing,
        the_failure,
        that_there_are_more,  ///< Too many for each to be told: said once, until none is left.
    };
    /// What is news about a path that failed for this cause.
    Tell failed(const std::string& path, const std::string& cause);
    /// It was written, or there is nothing to write any more.
    void over(const std::string& path);

  private:
    const std::size_t most_;
    std::map<std::string, std::string> causes_;  ///< By path.
    bool more_told_ = false;
};

}  // namespace fluentsync::plan
