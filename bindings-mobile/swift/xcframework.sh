#!/usr/bin/env bash
# Makes ThaliumNativeFFI.xcframework beside Package.swift: the native library for iOS, its simulator and macOS, static, with the
# header. Package.swift takes it from there.
#
#   xcframework.sh            makes it; on a machine without Xcode it says so and ends with status 3
#   xcframework.sh --check    only tells what is there and what is missing; status 3 if something is
set -euo pipefail

package=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
workspace=$(cd "$package/../.." && pwd)
framework=$package/ThaliumNativeFFI.xcframework
targets=(aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin)

missing=0
tell() {
    if [ "$1" = yes ]; then
        echo "there:   $2"
    else
        echo "missing: $2"
        missing=$((missing + 1))
    fi
}

look() {
    local name target installed=
    for name in cargo lipo xcodebuild xcrun; do
        if command -v "$name" >/dev/null; then tell yes "$name"; else tell no "$name"; fi
    done
    if command -v xcrun >/dev/null; then
        for name in iphoneos iphonesimulator macosx; do
            if xcrun --sdk "$name" --show-sdk-path >/dev/null 2>&1; then tell yes "SDK $name"; else tell no "SDK $name"; fi
        done
    else
        tell no "the SDKs, which come with Xcode"
    fi
    # Without rustup the toolchain is asked where a target's library would be.
    for target in "${targets[@]}"; do
        installed=$(rustc --print target-libdir --target "$target" 2>/dev/null || true)
        if [ -n "$installed" ] && [ -d "$installed" ]; then tell yes "Rust's $target"; else tell no "Rust's $target"; fi
    done
    for name in ThaliumNativeFFI.h module.modulemap; do
        if [ -f "$package/Sources/ThaliumNativeFFI/$name" ]; then tell yes "$name"; else tell no "$name"; fi
    done
}

case "${1:-}" in
--check)
    look
    [ "$missing" -eq 0 ] || exit 3
    exit 0
    ;;
"") ;;
*)
    echo "xcframework.sh [--check]" >&2
    exit 2
    ;;
esac

if ! command -v xcodebuild >/dev/null || ! command -v lipo >/dev/null; then
    echo "xcframework.sh: this machine has no Xcode, without which no framework can be made (--check tells more)" >&2
    exit 3
fi
if ! told=$(look); then exit 3; fi
if grep -q '^missing' <<<"$told"; then
    grep '^missing' <<<"$told" >&2
    exit 3
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/thalium-xcframework.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The oldest systems of Package.swift.
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0
for target in "${targets[@]}"; do
    echo "+ cargo build --profile mobile --package thalium-mobile --target $target"
    (cd "$workspace" && cargo build --locked --profile mobile --package thalium-mobile --target "$target" --target-dir "$work/target")
done

built() { echo "$work/target/$1/mobile/libthalium_mobile.a"; }
mkdir -p "$work/ios" "$work/simulator" "$work/macos" "$work/headers"
cp "$(built aarch64-apple-ios)" "$work/ios/libthalium_mobile.a"
lipo -create "$(built aarch64-apple-ios-sim)" "$(built x86_64-apple-ios)" -output "$work/simulator/libthalium_mobile.a"
lipo -create "$(built aarch64-apple-darwin)" "$(built x86_64-apple-darwin)" -output "$work/macos/libthalium_mobile.a"
cp "$package/Sources/ThaliumNativeFFI/ThaliumNativeFFI.h" "$package/Sources/ThaliumNativeFFI/module.modulemap" "$work/headers/"

# xcodebuild writes nothing over what is there.
rm -rf "$framework"
xcodebuild -create-xcframework \
    -library "$work/ios/libthalium_mobile.a" -headers "$work/headers" \
    -library "$work/simulator/libthalium_mobile.a" -headers "$work/headers" \
    -library "$work/macos/libthalium_mobile.a" -headers "$work/headers" \
    -output "$framework"
echo "made: $framework"
