#include "shrink.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace simulation {

namespace {

/// A promise's name, and between which sides, without the numbers of replicas.
std::string promise(const std::string& failure) {
    std::string name = failure.substr(0, failure.find(':', failure.find(':') + 1));
    name.erase(std::remove_if(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; }),
               name.end());
    return name;
}

class Shrinker {
  public:
    Shrinker(Script script, const std::string& failure, const Attempt& attempt, int tries)
        : attempt_(attempt), best_(std::move(script)), promise_(promise(failure)), left_(tries) {}

    Script run() {
        for (bool smaller = true; smaller && left_ > 0;) {
            smaller = without_steps();
            smaller = simpler_steps() || smaller;
        }
        return best_;
    }

  private:
    bool still_fails(const Script& script) {
        if (left_-- <= 0) return false;
        const std::string failure = attempt_(script);
        return !failure.empty() && promise(failure) == promise_;
    }

    bool keep_if_it_fails(Script script) {
        if (!still_fails(script)) return false;
        best_ = std::move(script);
        return true;
    }

    /// Leaves out halves, quarters ... single steps.
    bool without_steps() {
        bool smaller = false;
        for (std::size_t size = best_.steps.size() / 2 + 1; size > 0; size /= 2) {
            for (std::size_t at = 0; at < best_.steps.size();) {
                Script script = best_;
                const auto begin = script.steps.begin() + static_cast<std::ptrdiff_t>(at);
                const std::size_t count = std::min(size, script.steps.size() - at);
                script.steps.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
                if (keep_if_it_fails(std::move(script))) {
                    smaller = true;
                } else {
                    at += size;
                }
            }
        }
        return smaller;
    }

    bool simpler_steps() {
        bool simpler = false;
        for (std::size_t i = 0; i < best_.steps.size(); ++i) {
            for (const auto change :
                 {+[](Step& step) { step.during.reset(), step.after = 0; }, +[](Step& step) { step.a = 0; },
                  +[](Step& step) { step.b = 0; }, +[](Step& step) { step.after = 0; },
                  +[](Step& step) { step.replica = 0; }}) {
                Script script = best_;
                change(script.steps[i]);
                if (script.steps[i] == best_.steps[i]) continue;
                simpler = keep_if_it_fails(std::move(script)) || simpler;
            }
        }
        for (const auto change :
             {+[](Setup& setup) { setup.replicas = 1; }, +[](Setup& setup) { setup.sharded = false; },
              +[](Setup& setup) { setup.file_policy = setup.remote_policy = 0; },
              +[](Setup& setup) { setup.automatic = false; },
              +[](Setup& setup) {
                  if (setup.replicas == 1) setup.git = false;
              },
              +[](Setup& setup) { setup.debounce_ms = 1000; }}) {
            Script script = best_;
            change(script.setup);
            if (!(script.setup == best_.setup)) simpler = keep_if_it_fails(std::move(script)) || simpler;
        }
        return simpler;
    }

    const Attempt& attempt_;
    Script best_;
    const std::string promise_;
    int left_;
};

}  // namespace

Script shrink(const Script& script, const std::string& failure, const Attempt& attempt, int tries) {
    return Shrinker(script, failure, attempt, tries).run();
}

}  // namespace simulation
