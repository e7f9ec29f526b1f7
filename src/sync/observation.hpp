/// The file side of one path, as it stands: looked at cheaply, read only when its stat says it changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/object_id.hpp"
#include "codec/key_path.hpp"
#include "fluentsync/error.hpp"
#include "runtime/file_system.hpp"
#include "store/ledger.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

enum class FileState {
    same,  ///< The stat signature is the ledger's: the content is the base.
    absent,
    content,  ///< Read: bytes, hash and, for an entity, metadata are filled.
    invalid,  ///< There, but no content: code and reason say why. bytes and hash are filled where it could be
              ///< read.
    unstable,  ///< Being written: look again soon.
};

struct FileObservation {
    FileState state = FileState::absent;
    runtime::FileStat stat;
    std::string bytes;
    std::optional<base::ObjectId> hash;
    std::string metadata;
    bool racy = false;
    bool blank = false;  ///< Nothing but white space or empty fences.
    /// Whether there is a whole file that is no content for the store, and could be git's.
    bool whole_but_invalid() const { return state == FileState::invalid && hash.has_value(); }
    ErrorCode code = ErrorCode::ok;
    std::string reason;
};

/// The ledger's form of a stat; all zero (not trusted) when `racy`.
store::Signature signature_of(const runtime::FileStat& stat, bool racy);

/// Looks at `path`; `row` is the ledger's, `stat` one taken just now (either may be null). Any thread.
FileObservation observe(const SyncContext& context, const std::string& path,
                        const codec::Classified& classified, const store::LedgerRow* row,
                        const runtime::FileStat* stat = nullptr);

/// Whether bytes may become an entity's content. Fills metadata, blank, code and reason of `observation`;
/// false: invalid.
bool validate_content(std::string_view bytes, FileObservation& observation);

}  // namespace fluentsync::sync
