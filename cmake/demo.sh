#!/bin/sh
# Builds the fluentsync program and plays its main job on real content: two workspaces, A and B, and a bare
# remote between them. Works on copies in a fresh temporary folder, which is removed at the end.
# usage: demo.sh [FOLDER-OR-GIT-URL]     without an argument: the notes in examples/notes
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
[ $# -le 1 ] || {
    echo "usage: demo.sh [FOLDER-OR-GIT-URL]" >&2
    exit 2
}
content=${1:-$top/examples/notes}
[ ! -e "$content" ] || content=$(cd "$(dirname "$content")" && pwd)/$(basename "$content")

debounce=200        # ms: a change waits this long for more, in the folder ...
commit_debounce=300 # ... and before the commit
interval=1          # s: how often each side asks the remote
commit_wait=$((debounce + commit_debounce))
pull_wait=$((commit_wait + interval * 1000))
limit=30            # s: no arrival takes longer, or the demo fails

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') green=$(printf '\033[32m') blue=$(printf '\033[36m') plain=$(printf '\033[0m')
else
    bold='' green='' blue='' plain=''
fi

heading() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
say() { printf '   %s\n' "$1"; }
show() { printf '   %s$ %s%s\n' "$blue" "$*" "$plain"; }
now() { date +%s%3N; }

pid_A='' pid_B=''
work=''
finish() {
    code=$?
    trap - EXIT INT TERM
    for pid in $pid_A $pid_B; do
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    if [ "$code" -ne 0 ] && [ -n "$work" ]; then
        printf '\n%s\n' "The demo failed (exit code $code). The last lines of its logs:" >&2
        tail -n 8 "$work"/*.log >&2 2>/dev/null || true
    fi
    [ -z "$work" ] || rm -rf "$work"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Prints the command as a person would type it, and runs it.
fluentsync() {
    show fluentsync "$@"
    "$program" "$@"
}

# measure WHAT WAITS COMMAND...: polls until COMMAND succeeds, and prints how long after $t0 that was, and how
# much of it was more than the WAITS in ms that the options ask for (debounces, the interval between pulls).
measure() {
    what=$1 waits=$2
    shift 2
    until "$@"; do
        [ $(($(now) - t0)) -le $((limit * 1000)) ] || {
            echo "not arrived within $limit s: $what" >&2
            exit 1
        }
        sleep 0.02
    done
    took=$(($(now) - t0))
    if [ "$took" -ge "$waits" ]; then
        late="$((took - waits)) ms after the wait of $waits ms"
    else
        late="within the wait of up to $waits ms"
    fi
    printf '   %s%-46s %5s ms%s  %s\n' "$green" "$what" "$took" "$plain" "$late"
}

in_file() { grep -qsF -- "$2" "$1"; }
in_store() { "$program" get "$1" note demo/hello 2>/dev/null | grep -qF -- "$2"; }
head_of() { git -C "$1" rev-parse -q --verify "refs/heads/$branch" || true; }
head_moved() { [ "$(head_of "$1")" != "$before" ]; }
conflict_number() { "$program" conflicts "$1" --json | sed -n 's/.*"number": *\([0-9][0-9]*\).*/\1/p' | head -n 1; }
has_conflict() { [ -n "$(conflict_number "$1")" ]; }
file_moved() { [ "$(git hash-object "$1")" != "$winner" ]; }

configure() {
    cat >"$1/.fluentsync/config.json" <<JSON
{"store": {"path": "store.db"},
 "directory": {"syncPath": "..", "syncDebounce": $debounce},
 "git": {"autoSync": true, "autoPush": true, "syncInterval": $interval, "commitDebounce": $commit_debounce,
         "remote": "$work/remote.git"}}
JSON
}
start_run() {
    show "fluentsync run $1 --json >$1.log &"
    "$program" run "$1" --json >>"$1.log" 2>&1 &
    eval "pid_$1=$!"
}
stop_run() {
    eval "pid=\$pid_$1"
    kill -TERM "$pid"
    wait "$pid" || {
        echo "fluentsync run $1 ended with exit code $?" >&2
        exit 1
    }
    eval "pid_$1=''"
}

heading "Build"
sh "$top/cmake/install_dependencies.sh" build
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
(cd "$top" && cmake --preset release -DFLUENTSYNC_BUILD_BENCHMARKS=OFF >/dev/null &&
    cmake --build --preset release --target fluentsync_cli)
program=$top/build/release/examples/fluentsync

work=$(mktemp -d)
cd "$work"

heading "Content: $content"
branch=main
if [ -d "$content" ] && [ "$(git -C "$content" rev-parse --is-bare-repository 2>/dev/null)" != true ]; then
    mkdir A
    tar -C "$content" --exclude=.git --exclude=.fluentsync -cf - . | tar -C A -xf -
else
    git clone -q -- "$content" A
    rm -rf A/.fluentsync # What a repository has there is not ours.
    git -C A remote remove origin
    branch=$(git -C A symbolic-ref --short HEAD)
fi
git init -q --bare --initial-branch="$branch" remote.git
say "$(find A -name .git -prune -o -type f -print | wc -l) files in A; remote.git is empty"

heading "Workspace A takes the folder in: store, files, repository, remote"
fluentsync init A --remote "$work/remote.git" --branch "$branch"
fluentsync sync A
say "$("$program" list A | wc -l) entities in A's store; remote.git is at $(head_of remote.git | cut -c1-10)"

heading "Workspace B is born from the remote"
fluentsync init B --remote "$work/remote.git" --branch "$branch"
fluentsync sync B
say "$("$program" list B | wc -l) entities in B's store"

heading "Both run by themselves from here on"
configure A
configure B
say "a change waits $debounce ms, a commit $commit_debounce ms; each side asks the remote every $interval s"
start_run A
start_run B
printf 'Both run.\n' | "$program" put A note demo/ready -
t0=$(now)
measure "started; a first note went from A to B" "$pull_wait" in_file B/note/demo/ready.md 'Both run.'

heading "1. A write to A's store"
printf -- '---\ntitle: Hello\n---\n\nFirst line.\n\nSecond line.\n\nThird line.\n' >hello.md
before=$(head_of A)
fluentsync put A note demo/hello hello.md
t0=$(now)
measure "file in A's folder" "$debounce" in_file A/note/demo/hello.md 'First line.'
measure "commit in A" "$commit_wait" head_moved A
measure "pushed to remote.git" "$commit_wait" head_moved remote.git
measure "file in B's folder (B asks every $interval s)" "$pull_wait" in_file B/note/demo/hello.md 'First line.'
measure "entity in B's store" "$pull_wait" in_store B 'First line.'

heading "2. An edit of the file in B, by a plain shell"
show "sed -i 's/Second line/Second line, edited in B/' B/note/demo/hello.md"
before=$(head_of B)
sed -i 's/Second line/Second line, edited in B/' B/note/demo/hello.md
t0=$(now)
measure "entity in B's store" "$debounce" in_store B 'edited in B'
measure "commit in B" "$commit_wait" head_moved B
measure "pushed to remote.git" "$commit_wait" head_moved remote.git
measure "entity in A's store (A asks every $interval s)" "$pull_wait" in_store A 'edited in B'
measure "file in A's folder" "$pull_wait" in_file A/note/demo/hello.md 'edited in B'

heading "3. A push from the other side: a third person, with git alone"
git clone -q remote.git C
sed -i 's/Third line/Third line, pushed with git/' C/note/demo/hello.md
git -C C -c user.name=Third -c user.email=third@example.org commit -qam 'Third line'
show "git -C C push"
git -C C push -q
t0=$(now)
measure "entity in A's store (asks every $interval s)" $((interval * 1000)) in_store A 'pushed with git'
measure "file in A's folder" $((interval * 1000)) in_file A/note/demo/hello.md 'pushed with git'
measure "entity in B's store (asks every $interval s)" $((interval * 1000)) in_store B 'pushed with git'
measure "file in B's folder" $((interval * 1000)) in_file B/note/demo/hello.md 'pushed with git'

heading "4. A conflict: the same line, edited on both sides while neither runs"
stop_run A
stop_run B
sed 's/First line/First line, as A wants it/' A/note/demo/hello.md >hello.md
fluentsync put A note demo/hello hello.md
show "sed -i 's/First line/First line, as B wants it/' B/note/demo/hello.md"
sed -i 's/First line/First line, as B wants it/' B/note/demo/hello.md
before=$(head_of remote.git)
start_run A
t0=$(now)
measure "A's version pushed to remote.git" "$commit_wait" head_moved remote.git
start_run B
t0=$(now)
measure "conflict noticed and recorded in B" "$commit_wait" has_conflict B
fluentsync conflicts B
say "in place: $(grep 'First line' B/note/demo/hello.md)"
winner=$(git hash-object B/note/demo/hello.md)
fluentsync resolve B "$(conflict_number B)" --take loser
t0=$(now)
measure "the other version in B's folder" "$debounce" file_moved B/note/demo/hello.md
measure "and in A's (A asks every $interval s)" "$pull_wait" cmp -s A/note/demo/hello.md B/note/demo/hello.md
say "in place: $(grep 'First line' A/note/demo/hello.md)"
has_conflict B && {
    echo "the conflict is still listed" >&2
    exit 1
}

heading "5. At rest: everything agrees"
stop_run A
stop_run B
fluentsync sync A
fluentsync sync B
fluentsync sync A
fluentsync verify A
fluentsync verify B
tree_A=$(git -C A rev-parse "$branch^{tree}") tree_B=$(git -C B rev-parse "$branch^{tree}")
tree_remote=$(git -C remote.git rev-parse "$branch^{tree}")
if [ "$tree_A" != "$tree_B" ] || [ "$tree_A" != "$tree_remote" ]; then
    echo "A, B and remote.git have different trees" >&2
    exit 1
fi
say "A, B and remote.git share the tree $tree_A"
printf '\n%sThe demo passed.%s\n' "$green$bold" "$plain"
