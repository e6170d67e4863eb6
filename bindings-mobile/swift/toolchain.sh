#!/usr/bin/env bash
# Makes a tree of Debian with a Swift toolchain, for machines whose own system has none: test.sh enters it by chroot.
#
#   toolchain.sh FOLDER       takes root, debootstrap and some 4 GB; ends with 3 where the machine has not what it takes
set -euo pipefail

# The first release of Debian that has swiftlang.
RELEASE=trixie
PACKAGES=swiftlang,libc6-dev,libstdc++-14-dev

folder=${1:?toolchain.sh FOLDER}
# Its links are good inside the tree alone.
if [ -L "$folder/usr/bin/swift" ] || [ -x "$folder/usr/bin/swift" ]; then
    echo "toolchain.sh: $folder has one"
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v debootstrap > /dev/null; then
    echo "toolchain.sh: no Swift here: it takes root and debootstrap" >&2
    exit 3
fi
mkdir -p "$folder"
# What is there in part is of no use to anyone.
debootstrap --variant=minbase --include="$PACKAGES" "$RELEASE" "$folder" > "$folder.log" 2>&1 || {
    tail -5 "$folder.log" >&2
    rm -rf "$folder"
    echo "toolchain.sh: the tree cannot be made" >&2
    exit 3
}
