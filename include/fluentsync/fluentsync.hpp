/// All of FluentSync's C++ API.
#ifndef FLUENTSYNC_FLUENTSYNC_HPP
#define FLUENTSYNC_FLUENTSYNC_HPP

#include "fluentsync/directory_sync.hpp"
#include "fluentsync/entity.hpp"
#include "fluentsync/entity_store.hpp"
#include "fluentsync/error.hpp"
#include "fluentsync/event.hpp"
#include "fluentsync/event_loop.hpp"
#include "fluentsync/git_sync.hpp"
#include "fluentsync/note_merge.hpp"
#include "fluentsync/options.hpp"
#include "fluentsync/printable.hpp"
#include "fluentsync/state_folder.hpp"
#include "fluentsync/status.hpp"
#include "fluentsync/version.hpp"
#include "fluentsync/workspace.hpp"

#endif
