# Runs an example in a fresh folder beside a fresh bare remote, and looks for what it promised.
# cmake -DPROGRAM=... -DFOLDER=... -P run_example.cmake
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND git init --quiet --bare --initial-branch=main "${FOLDER}/remote.git"
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${PROGRAM}" "${FOLDER}/brain" "${FOLDER}/remote.git" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND git -C "${FOLDER}/remote.git" ls-tree -r --name-only main
  OUTPUT_VARIABLE pushed COMMAND_ERROR_IS_FATAL ANY)
if(NOT pushed MATCHES "note/hello.md")
  message(FATAL_ERROR "note/hello.md did not reach the remote; it has: ${pushed}")
endif()
file(REMOVE_RECURSE "${FOLDER}")
