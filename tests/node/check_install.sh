#!/bin/sh
# The package as `npm pack` makes it, installed into a fresh folder where no compiler is found: the README's program and
# the examples run as they stand. Without npm the folder that would be packed is linked.
# usage: check_install.sh PACKAGE EXAMPLES NODE
set -eu
package=$1 examples=$2 node=$3

folder=$(mktemp -d)
tools=$PATH
trap 'PATH=$tools; rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/app" "$folder/home"
cd "$folder/app"
cp "$examples"/*.mjs .
for program in git sh; do ln -s "$(command -v "$program")" "$folder/bin/$program"; done
ln -s "$node" "$folder/bin/node"

if npm=$(command -v npm); then
    (cd "$folder" && npm pack --silent --offline --cache "$folder/cache" "$package") >/dev/null
    echo '{"private": true}' >package.json
    ln -s "$(readlink -f "$npm")" "$folder/bin/npm"
    PATH=$folder/bin HOME=$folder/home npm install --silent --offline --no-audit --no-fund --cache "$folder/cache" \
        "$folder"/fluentsync-*.tgz
    test ! -e node_modules/fluentsync/built
else
    echo "check_install: no npm; the package is linked, not packed"
    mkdir node_modules
    ln -s "$package" node_modules/fluentsync
fi
PATH=$folder/bin HOME=$folder/home
export PATH HOME
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org

for name in files_automatic_commits_by_hand full_automation; do
    git init -q --bare -b main "$folder/$name.git"
    node "$name.mjs" "$folder/$name" "$folder/$name.git"
    test "$(git -C "$folder/$name.git" show main:note/hello.md)" = "# Hello"
    test -f "$folder/$name/note/hello.md"
done

node -e '
    const text = require("fs").readFileSync(process.argv[1], "utf8");
    require("fs").writeFileSync("readme.mjs", /```js\n([^]*?)```/.exec(text)[1]);
' "$package/README.md"
node readme.mjs
test "$(git -C brain show HEAD:note/hello.md)" = "# Hello"
node -e 'if (require("fluentsync").liveObjects() !== 0) process.exit(1)'
