#include "sync/contest.hpp"

#include <fmt/format.h>

#include "codec/front_matter.hpp"
#include "git/line_ends.hpp"
#include "git/tree.hpp"
#include "store/records.hpp"
#include "sync/key_rules.hpp"

namespace fluentsync::sync {

namespace {

plan::Preference preference_of(ConflictPolicy policy) {
    switch (policy) {
        case ConflictPolicy::prefer_store:
            return plan::Preference::ours;
        case ConflictPolicy::prefer_file:
            return plan::Preference::theirs;
        case ConflictPolicy::newest:
            return plan::Preference::newest;
        case ConflictPolicy::merge:
            break;
    }
    return plan::Preference::by_content;
}

bool is_content(std::string_view bytes) {
    FileObservation check;
    return validate_content(bytes, check) && !check.blank;
}

struct ThreeTexts {
    std::string_view base;
    std::string_view ours;
    std::string_view theirs;
};

/// `rules`: of an entity, whose merge has to be a content; null: a plain file's texts.
std::optional<MergedNote> merge_valid(const ThreeTexts& texts, const MergeRules* rules, git::MergeRule rule) {
    if (rule == git::MergeRule::undecided) {
        return std::nullopt;
    }
    std::optional<MergedNote> merged;
    if (rules && rule != git::MergeRule::both) {
        merged = merge_notes(texts.base, texts.ours, texts.theirs, *rules);
    } else {
        const auto overlap = rule == git::MergeRule::both ? git::Overlap::both : git::Overlap::no_merge;
        if (auto text = git::merge_texts(texts.base, texts.ours, texts.theirs, overlap)) {
            merged = MergedNote{std::move(*text), {}, false};
        }
    }
    if (merged && rules && !is_content(merged->text)) {
        merged.reset();
    }
    return merged;
}

}  // namespace

std::optional<std::string> base_bytes(const SyncContext& context, store::Connection& connection,
                                      const SettleItem& item) {
    if (!item.base()) {
        return std::nullopt;
    }
    if (item.is_entity()) {
        if (auto kept = store::base_content(connection, item.key());
            kept && base::hash_blob(*kept) == *item.base()) {
            return kept;
        }
    }
    const bool other_ends = item.row->git_form && item.row->here() == item.base();
    const auto blob = context.blob_of_git(other_ends ? *item.row->git_form : *item.base());
    return blob ? git::as_file(*blob, *item.base()) : std::nullopt;
}

std::optional<MergedNote> merge_for_git(const SyncContext& context, const codec::Classified& what,
                                        std::string_view base, std::string_view ours, std::string_view theirs,
                                        git::MergeRule rule) {
    const bool entity = what.kind == codec::PathKind::entity && is_content(ours) && is_content(theirs);
    return merge_valid({base, ours, theirs},
                       entity ? &rules_of_type(context.options, what.key.type) : nullptr, rule);
}

std::optional<MergedNote> merge_contents(const SyncContext& context, store::Connection& connection,
                                         const SettleItem& item, const std::string& ours,
                                         git::MergeRule rule) {
    if (context.options.conflict_policy != ConflictPolicy::merge) {
        return std::nullopt;
    }
    const auto base = base_bytes(context, connection, item);
    const MergeRules* rules = item.is_entity() ? &rules_of_type(context.options, item.key().type) : nullptr;
    return base ? merge_valid({*base, ours, item.file.bytes}, rules, rule) : std::nullopt;
}

std::vector<Conflict> key_conflicts(const MergedNote& merged, const Conflict& about,
                                    const MergeSides& sides) {
    std::vector<Conflict> records;
    for (const KeyConflict& one : merged.conflicts) {
        Conflict record = about;
        record.key = one.key;
        record.winner_side = merged.ours_won ? sides.ours : sides.theirs;
        record.loser_side = merged.ours_won ? sides.theirs : sides.ours;
        record.winner_content = merged.text;
        record.loser_content = codec::set_key(merged.text, one.key, one.loser);
        record.winner_hash = base::hash_blob(record.winner_content).hex();
        record.loser_hash = base::hash_blob(record.loser_content).hex();
        records.push_back(std::move(record));
    }
    return records;
}

plan::Side pick_local_winner(const SyncContext& context, const SettleItem& item) {
    return plan::pick_winner(preference_of(context.options.conflict_policy),
                             {item.head->hash, item.head->updated},
                             {*item.file.hash, item.file.stat.mtime_ns / 1'000'000});
}

plan::Preference preference_of(RemoteConflictPolicy policy) {
    switch (policy) {
        case RemoteConflictPolicy::prefer_local:
            return plan::Preference::ours;
        case RemoteConflictPolicy::prefer_remote:
            return plan::Preference::theirs;
        case RemoteConflictPolicy::merge:
            break;
    }
    return plan::Preference::by_content;
}

Conflict remote_conflict(const std::string& path, const EntityKey& key,
                         const std::optional<base::ObjectId>& base, const ContestVersion& local,
                         const ContestVersion& remote, plan::Side winner) {
    const bool local_wins = winner == plan::Side::ours;
    const ContestVersion& won = local_wins ? local : remote;
    const ContestVersion& lost = local_wins ? remote : local;
    Conflict conflict;
    conflict.path = path;
    conflict.type = key.type;
    conflict.id = key.id;
    conflict.winner_side = local_wins ? "local" : "remote";
    conflict.loser_side = local_wins ? "remote" : "local";
    conflict.base_hash = base ? base->hex() : "";
    conflict.winner_hash = won.hash.hex();
    conflict.loser_hash = lost.hash.hex();
    conflict.winner_content = won.content;
    conflict.loser_content = lost.content;
    return conflict;
}

void tell_conflict(const SyncContext& context, store::StoreBody::EntityWriter& writer, Conflict conflict) {
    if (store::has_open_conflict(writer.connection(), conflict.path, conflict.winner_hash,
                                 conflict.loser_hash)) {
        return;
    }
    conflict.created = context.store.clock().wall_ms();
    const std::int64_t number = store::add_conflict(writer.connection(), conflict);
    Event event = path_event(EventKind::conflict_detected, conflict.path, {conflict.type, conflict.id});
    event.number = number;
    const std::string what = conflict.key.empty() ? "version" : "value of \"" + conflict.key + "\"";
    event.message = fmt::format("the {} {} is in place, the {} one is kept as conflict {}",
                                conflict.winner_side, what, conflict.loser_side, number);
    writer.publish(std::move(event));
}

void record_local_conflict(const SyncContext& context, store::StoreBody::EntityWriter& writer,
                           const SettleItem& item, const std::string& ours, plan::Side winner) {
    const bool store_wins = winner == plan::Side::ours;
    const std::string theirs = item.file.hash.value_or(base::ObjectId()).hex();
    Conflict conflict;
    conflict.path = item.path;
    conflict.type = item.key().type;
    conflict.id = item.key().id;
    conflict.winner_side = store_wins ? "store" : "file";
    conflict.loser_side = store_wins ? "file" : "store";
    conflict.base_hash = item.base() ? item.base()->hex() : "";
    conflict.winner_hash = store_wins ? item.head->hash.hex() : theirs;
    conflict.loser_hash = store_wins ? theirs : item.head->hash.hex();
    conflict.winner_content = store_wins ? ours : item.file.bytes;
    conflict.loser_content = store_wins ? item.file.bytes : ours;
    tell_conflict(context, writer, std::move(conflict));
}

}  // namespace fluentsync::sync
