#include "reading.hpp"

#include <fluentsync/error.hpp>

namespace cli {
namespace {

using fluentsync::Error;
using fluentsync::ErrorCode;

/// `open` takes whether it is to be read only.
template <class Open>
auto open_as_it_may_be(const Open& open) {
    try {
        return open(false);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::cannot_open && error.code() != ErrorCode::io) throw;
    }
    return open(true);
}

}  // namespace

std::unique_ptr<const fluentsync::EntityStore> store_to_read(const Root& root) {
    auto options = root.options().store;
    return open_as_it_may_be([&options](bool read_only) {
        options.read_only = read_only;
        return std::make_unique<const fluentsync::EntityStore>(options);
    });
}

std::unique_ptr<fluentsync::Workspace> workspace_to_read(const Root& root) {
    auto options = root.checked_options();
    return open_as_it_may_be([&options](bool read_only) {
        options.store.read_only = read_only;
        return std::make_unique<fluentsync::Workspace>(options);
    });
}

}  // namespace cli
