/// The two bodies of ObjectWriter and what they share. For bodies of this floor only.
#pragma once

#include "git/library.hpp"
#include "git/object_writer.hpp"

namespace fluentsync::git {

std::unique_ptr<ObjectWriter> make_loose_writer(Repository& repository);
std::unique_ptr<ObjectWriter> make_pack_writer(Repository& repository, runtime::HelperPool& pool);

git_object_t type_of(ObjectWriter::Kind kind);

/// Error(corrupt): the bytes given for an object are not what its id says.
[[noreturn]] void throw_other_bytes(const base::ObjectId& id);

/// Whether the database has it as far as is known without listing its packs anew. A miss costs at worst an
/// object that is written twice.
bool has_quickly(git_odb* odb, const git_oid& oid);

/// Makes everything below .git/objects lasting. Reads and changes nothing there.
void sync_objects(Repository& repository);
void sync_objects(git_repository* repository);

}  // namespace fluentsync::git
