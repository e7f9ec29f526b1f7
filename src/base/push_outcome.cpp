#include "fluentsync/status.hpp"

namespace fluentsync {

const char* push_outcome_name(PushOutcome outcome) noexcept {
    switch (outcome) {
        case PushOutcome::none:
            return "none";
        case PushOutcome::pushed:
            return "pushed";
        case PushOutcome::up_to_date:
            return "up_to_date";
        case PushOutcome::rejected:
            return "rejected";
        case PushOutcome::failed:
            return "failed";
    }
    return "unknown";
}

}  // namespace fluentsync
