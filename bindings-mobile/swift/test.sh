#!/usr/bin/env bash
# Builds the package and runs its tests and the vectors.
#
#   test.sh LIBRARY_FOLDER       the folder of libthalium_mobile.so (cargo build --release -p thalium-mobile)
#
#   THALIUM_SWIFT_ROOT  a system tree that has Swift, entered by chroot; it takes root. Without it `swift` is the one of the path.
#   THALIUM_VECTORS     the folder of the vectors; core/vectors by default.
#   THALIUM_TEST_TIER   `full` for 100,000 random payloads.
#
# What is built stands outside the repository. A tree that is entered is left without a mount, however this ends.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -e "$1/libthalium_mobile.so" ] && [ ! -e "$1/libthalium_mobile.dylib" ]; then
    echo "test.sh LIBRARY_FOLDER: a folder with libthalium_mobile" >&2
    exit 2
fi
library=$(cd "$1" && pwd)
package=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vectors=$(cd "${THALIUM_VECTORS:-$package/../../core/vectors}" && pwd)
tier=${THALIUM_TEST_TIER:-quick}
root=${THALIUM_SWIFT_ROOT:-}

mounts=()
scratch=
finish() {
    local status=$?
    local at
    for ((at = ${#mounts[@]} - 1; at >= 0; at--)); do
        umount "${mounts[at]}" || { echo "test.sh: ${mounts[at]} is still mounted" >&2; status=1; }
    done
    # Only what is certainly no longer a view of the repository is deleted.
    if [ -n "$scratch" ] && ! grep -q " $scratch/" /proc/self/mounts 2>/dev/null; then rm -rf "$scratch"; fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Where the folders stand for who builds: in a tree they are bound below its own temporary folder.
if [ -n "$root" ]; then
    root=$(cd "$root" && pwd)
    scratch=$(mktemp -d "$root/tmp/thalium-swift.XXXXXX")
    inside=${scratch#"$root"}
    bind() {
        mkdir -p "$2"
        mount --bind "$1" "$2"
        mounts+=("$2")
    }
    # The compiler finds its own libraries by /proc.
    if ! mountpoint -q "$root/proc"; then bind /proc "$root/proc"; fi
    bind "$package" "$scratch/package"
    bind "$library" "$scratch/library"
    bind "$vectors" "$scratch/vectors"
    package=$inside/package
    library=$inside/library
    vectors=$inside/vectors
    within=(chroot "$root")
else
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/thalium-swift.XXXXXX")
    inside=$scratch
    within=()
fi

mkdir "$scratch/home" "$scratch/tmp"

run() {
    echo "+ $*"
    # What the tests and the compiler keep for themselves goes into the scratch as well, so that nothing of it is left.
    ${within[@]+"${within[@]}"} env HOME="$inside/home" TMPDIR="$inside/tmp" LD_LIBRARY_PATH="$library" DYLD_LIBRARY_PATH="$library" \
        THALIUM_VECTORS="$vectors" THALIUM_TEST_TIER="$tier" "$@"
}

options=(--package-path "$package" --scratch-path "$inside/build" --cache-path "$inside/cache" --disable-sandbox -Xlinker "-L$library")

run swift --version
run swift build "${options[@]}" --build-tests -Xswiftc -warnings-as-errors
run swift test "${options[@]}" --skip-build --disable-swift-testing -Xswiftc -warnings-as-errors

# The vectors as they would be run in an app: optimised.
run swift build "${options[@]}" --scratch-path "$inside/release" -c release --product ThaliumVectors
run "$inside/release/release/ThaliumVectors"

# What Tests/refused.swift refuses must not compile, and what is right there must.
check() {
    run swiftc -typecheck -swift-version 6 -D "$1" -I "$inside/build/debug/Modules" -I "$package/Sources/ThaliumNativeFFI" \
        "$package/Tests/refused.swift"
}
check RIGHT
cases=$(grep -o 'REFUSED_[0-9]*' "$root$package/Tests/refused.swift" | sort -u)
for name in $cases; do
    if check "$name" >/dev/null 2>&1; then
        echo "test.sh: $name of Tests/refused.swift compiles" >&2
        exit 1
    fi
done
echo "refused by the compiler: $(echo "$cases" | wc -l | tr -d ' ') ways to write what is wrong"
echo "swift: all is well"
