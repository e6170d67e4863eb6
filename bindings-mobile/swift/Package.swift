// swift-tools-version: 6.0
import Foundation
import PackageDescription

// The native library comes in one of two forms. `xcframework.sh` makes a framework for Apple's systems beside this file, which
// has the library in it. Where there is none the library is a shared one, whose folder is named when building: `-Xlinker -L…`.
let framework = "ThaliumNativeFFI.xcframework"
let hasFramework = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(framework)")

let native: Target = hasFramework
    ? .binaryTarget(name: "ThaliumNativeFFI", path: framework)
    : .systemLibrary(name: "ThaliumNativeFFI")

let package = Package(
    name: "Thalium",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "Thalium", targets: ["Thalium"]),
    ],
    targets: [
        native,
        // Generated: what calls the native library.
        .target(
            name: "ThaliumNative",
            dependencies: ["ThaliumNativeFFI"],
            linkerSettings: hasFramework ? [] : [.linkedLibrary("thalium_mobile")]
        ),
        .target(name: "Thalium", dependencies: ["ThaliumNative"]),
        // The sample: a customer's device on the console.
        .executableTarget(name: "ThaliumDevice", dependencies: ["Thalium"]),
        // The answers that every language has to give.
        .executableTarget(name: "ThaliumVectors", dependencies: ["Thalium"]),
        .testTarget(name: "ThaliumTests", dependencies: ["Thalium"]),
    ]
)
