// GitBody: what it does about a damaged repository.
#include "git/damage.hpp"
#include "store/records.hpp"
#include "sync/git_body.hpp"
#include "sync/mend_repository.hpp"

namespace fluentsync::sync {

namespace {

/// Loose objects that a look read.
constexpr std::size_t kWorthNoting = 64;

void tell_mended(const SyncContext& context, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        Event event;
        event.kind = EventKind::warning;
        event.message = line;
        context.publish(std::move(event));
    }
}

}  // namespace

bool GitBody::may_be_damage(const Error& error) {
    return dynamic_cast<const StandsBack*>(&error) == nullptr &&
           dynamic_cast<const git::RefusedPack*>(&error) == nullptr &&
           (error.code() == ErrorCode::corrupt || error.code() == ErrorCode::repository ||
            error.code() == ErrorCode::io);
}

/// Lane. Before anything is read of it.
void GitBody::mend_at_open() {
    SyncContext& context = directory_.context();
    tell_mended(context, mend_references(context, options_));
    if (!lost_objects_wanted_ && !objects_are_whole()) {
        try {
            mend_now(RemoteAsked::no);
        } catch (const Error&) {
            if (!lost_objects_wanted_) {
                throw;
            }  // Else it is opened all the same, so that the remote can be asked.
        }
    }
}

/// Lane. Loose objects that are new since the last look are read. Where that does not count (the machine was
/// started since, verify() has found something), also whether all is there that HEAD has: what is lost of it
/// may be needed long after.
bool GitBody::objects_are_whole() {
    const std::string folder = directory_.context().folder->absolute_path();
    std::string before;
    store_.read([&](store::Connection& connection) {
        before = store::get_value(connection, kObjectsWhole).value_or("");
    });
    const git::LooseLook look = git::look_at_loose_objects(folder, before);
    if (!look.damaged.empty()) {
        return false;
    }
    // Few more are soon read once more, and where nothing else is written, nor is this.
    if (look.everything || look.read >= kWorthNoting) {
        remember(kObjectsWhole, look.whole);
    }
    if (!look.everything || !git::Repository::exists(folder)) {
        return true;
    }
    const git::Repository repository = git::Repository::open(folder);
    const auto head = repository.head().commit;
    return !head || git::lost_objects(repository, {*head}, false).empty();
}

/// Lane. True: something was mended, so what has failed is worth another try. A look that found nothing is
/// not repeated soon, whatever goes on failing.
bool GitBody::mend(RemoteAsked asked) {
    const std::int64_t now = store_.clock().steady_ms();
    const bool soon = found_whole_at_ && now - *found_whole_at_ < base::tuning::kRetryMost.count();
    if (!directory_.context().folder || (soon && asked == RemoteAsked::no)) {
        return false;
    }
    bool mended = false;
    try {
        mended = mend_now(asked);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::corrupt) {
            throw;
        }
        return false;  // What has failed says why.
    }
    found_whole_at_ = mended ? std::nullopt : std::optional(now);
    return mended;
}

bool GitBody::mend_now(RemoteAsked asked) {
    const Mended mended = mend_repository(directory_.context(), options_, asked);
    tell_mended(directory_.context(), mended.told);
    local_failed_ = true;
    lost_objects_wanted_ = mended.wants_remote;
    if (mended.wants_remote && running_) {
        post_cycle();
    }
    if (!mended.head_is_whole && !mended.lost.empty()) {
        throw Error(ErrorCode::corrupt, words_of_loss(mended.lost, !options_.remote.empty()));
    }
    if (!mended.lost.empty() && !mended.wants_remote) {  // The rest goes on.
        tell_mended(directory_.context(), {words_of_loss(mended.lost, false)});
    }
    return !mended.told.empty();
}

/// Network lane. What is damaged here, the remote may have. Returns whether it was asked.
bool GitBody::fetch_lost_objects() {
    if (!lost_objects_wanted_.exchange(false) || options_.remote.empty()) {
        return false;
    }
    const std::string folder = directory_.context().options.sync_path;
    RemoteAsked asked = RemoteAsked::yes;
    try {
        const git::Repository repository = git::Repository::open(folder);
        git::fetch_anew(folder, address(), repository.head().branch, cancellation_, progress("fetch"));
    } catch (const Error& error) {
        asked = RemoteAsked::in_vain;
        note_network_error(error.what());
    }
    network_.reset();
    directory_.lane().run([&] { mend(asked); });
    return true;
}

}  // namespace fluentsync::sync
