/// All tuning constants, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fluentsync::base::tuning {

/// Entities in one batch of the local lane: large enough that a transaction's fixed cost vanishes, small
/// enough that a host's write waits only some milliseconds for the writer.
inline constexpr std::size_t kBatchEntities = 1000;
/// And bytes, so that a batch of large files stays bounded. (Two may be in memory: one is read ahead.)
inline constexpr std::size_t kBatchBytes = 8u << 20;
/// From this many changed blobs a commit writes one pack instead of loose objects (measured: the crossing
/// lies between 10 and 100).
inline constexpr std::size_t kPackFromObjects = 50;
/// Loose objects of our own making that wait before they are packed (git's own gc.auto is 6700).
inline constexpr std::size_t kPackLooseAt = 2000;
/// More packs than this are joined (git's own gc.autoPackLimit).
inline constexpr std::int32_t kSmallPacks = 50;
/// A pack that is larger, and an object, is left: few are many bytes, and each would be in memory as a whole.
inline constexpr std::size_t kJoinedPackBytes = 16u << 20;
/// And so much is joined at once: a few seconds' work.
inline constexpr std::size_t kJoinBytes = 128u << 20;
/// Packs that libgit2 keeps open in this process, where the host has set no limit: enough that those in use
/// stay open, and few beside the usual 1024 descriptors of a process.
inline constexpr std::size_t kOpenPacks = 32;
/// And so much of them it keeps in memory, in pieces of this size: a pack of any size is read, and a hundred
/// megabytes of notes do not become the process's own.
inline constexpr std::size_t kPackWindow = 8u << 20;
inline constexpr std::size_t kMappedPacks = 32u << 20;
/// Up to this many files a durable batch syncs each file and its folder; beyond, the file system at once
/// (about ten times cheaper a file, but it waits for everybody's writes).
inline constexpr std::size_t kSyncEach = 8;
/// Threads beside the lane that read, hash and write files: with the lane one less than there are processors,
/// which is the host's; but one at least, for files wait on the disk. More than the most no disk repays.
inline constexpr unsigned kMostHelperThreads = 3;
/// A file's stat signature is trusted only when its change time lies this far behind the moment of the look:
/// kernels stamp files with the time of the last tick (1 to 10 ms).
inline constexpr std::int64_t kRacyNs = 20'000'000;
/// How far our threads stand behind the host's when processors are short: helpers do bulk work; a lane may
/// hold the store's writer, which a host's write then waits for, so it keeps a fair share.
inline constexpr int kHelperNice = 10;
inline constexpr int kLaneNice = 0;
/// What is blank or no content this soon behind a write is looked at again before it is held: an editor that
/// writes in place cuts the file first.
inline constexpr std::int64_t kSettleNs = 100'000'000;
/// A vanished file must be missing twice, this far apart, before it counts as deleted: an editor's rename
/// dance is over in a few milliseconds.
inline constexpr std::chrono::milliseconds kMissingRecheck{150};
/// A stable read that fails because the file is being written is tried again after this long.
inline constexpr std::chrono::milliseconds kUnstableRetry{100};
/// Slow safety rescan while events are trusted.
inline constexpr std::chrono::minutes kSafetyRescan{10};
/// Queue of events for observers; beyond it events are dropped and counted.
inline constexpr std::size_t kEventQueue = 16384;
/// Events handed to observers in one turn of the loop, and inotify bytes read in one: both keep a turn under
/// 1 ms.
inline constexpr std::size_t kEventBatch = 128;
inline constexpr std::size_t kWatchReadBytes = 16384;
/// In a burst of file events the loop sleeps this long between two looks, instead of waking for each file
/// that we or others write (10,000 a second); a burst is this many looks in a row.
inline constexpr std::chrono::milliseconds kWatchRest{5};
inline constexpr int kWatchBurst = 8;
/// Posted tasks and due timers run this long in one turn of the loop; the rest waits for the next, behind the
/// host's own callbacks.
inline constexpr std::chrono::microseconds kLoopBudget{500};
/// Paths that wait for import beyond this are dropped for one rescan.
inline constexpr std::size_t kPendingPaths = 100'000;
/// Files that fail and are remembered as told; no more of them fill the usual queue of events.
inline constexpr std::size_t kToldFailures = 4096;
/// How long a database that another process locks is waited for.
inline constexpr std::chrono::milliseconds kBusyTimeout{5000};
/// Where the system has no watch left, the store looks for writes of other processes this often: one PRAGMA,
/// some microseconds, and still soon for a person who waits.
inline constexpr std::chrono::milliseconds kForeignLook{1000};
/// First and longest pause before a failed piece of background work is tried again.
inline constexpr std::chrono::milliseconds kRetryFirst{200};
inline constexpr std::chrono::milliseconds kRetryMost{60'000};
/// Pushes that lose the race to another pusher are merged and tried again this often at once.
inline constexpr int kPushAttempts = 5;
/// What a remote may say before anything is downloaded: its branches and tags (a million of them), and what
/// it answers to a push.
inline constexpr std::uint64_t kMostAdvertisement = 64u << 20;
/// Of an object in a fetched pack that has to be in memory as a whole: a commit, a tree, a delta, what a
/// delta comes to and is made from. Those who host repositories take no larger files.
inline constexpr std::uint64_t kMostWholeObject = 256u << 20;
/// In one fetched pack.
inline constexpr std::uint64_t kMostFetchedObjects = 50'000'000;
/// Less than this in so many network timeouts of waiting is no progress. One timeout would give up a server
/// that counts a large history and only says that it lives.
inline constexpr std::uint64_t kSlowRemoteBytes = 1024;
inline constexpr int kSlowRemoteWindows = 4;
/// The index follows a commit after this pause, so that a burst of commits rewrites it once.
inline constexpr std::chrono::milliseconds kIndexDelay{300};
/// close() lets the index follow what was committed last for so long; the next start does the rest.
inline constexpr std::chrono::milliseconds kIndexAtClose{700};
/// A lock of git's that is older is hardly a living git's.
inline constexpr std::chrono::milliseconds kLivingLock{60'000};
/// Git moves HEAD right after it has replaced the index; on a loaded machine somewhat later.
inline constexpr std::chrono::milliseconds kIndexSettles{500};
/// While a living git holds the index, whether it does is looked at this often: two stats.
inline constexpr std::chrono::milliseconds kIndexLockLook{100};
/// Where the index is replaced on and on, commits wait for a quiet moment no longer.
inline constexpr std::chrono::milliseconds kGivesWay{10'000};
/// A file of git's attributes or ignore patterns above this is not read, and what it might speak of waits.
inline constexpr std::size_t kMostRuleBytes = std::size_t{1} << 20;

/// A file that came this long before another of the same content was found missing is that one, renamed.
inline constexpr std::int64_t kRenameMs = 30'000;
/// Renames are known of so many files at once; of more, the rest counts as deletions.
inline constexpr std::size_t kMostArrivals = 200'000;

}  // namespace fluentsync::base::tuning
