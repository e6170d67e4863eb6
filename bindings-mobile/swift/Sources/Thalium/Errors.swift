import Foundation
import ThaliumNative

/// What every error of this package is: misuse, the disk, a ledger that has stopped.
///
/// A rejected command is none: it is an ``Outcome`` whose `ok` is false.
///
/// The code is stable and the same in every language; ``Thalium/codes()`` gives all of them with their meanings:
///
/// - `invalid`: the request makes no sense; nothing was done. ``field`` names what is at fault.
/// - `address`: the address names no ledger.
/// - `missing`: there is no ledger at the address, and it was not to be made.
/// - `occupied`: what was to be written to holds something else already.
/// - `locked`: another writes the ledger.
/// - `read_only`: the ledger was opened to read.
/// - `draining`: the ledger finishes what it has taken.
/// - `not_that_long`: the log is shorter than the size at which to read it.
/// - `too_large`: the request is past a bound.
/// - `clock`: an instant is out of range or far ahead of the log's newest.
/// - `keys`: the key is missing, is another, or the ledger is not encrypted.
/// - `version`: the files are of a newer format.
/// - `damaged`: what is on the disk is not what was written.
/// - `io`: the disk or the system refused.
/// - `stopped`: the ledger stopped after a failure. Open it again, and ask by the keys what was booked.
/// - `panicked`: a fault of the library. Open the ledger again, and report it.
/// - `policy`: a policy that is refused, with the file and the row; nothing was loaded.
/// - `chart`: a chart that is refused, with all that is wrong by row, column and path; nothing was loaded.
/// - `refused`: an event that a session of a chart cannot take. The session stands as it was. Or a callback that nobody has proven.
/// - `undecided`: a policy that came to no answer. It is no permission: deny.
/// - `closed`: the handle was closed.
/// - `unsupported`: this build cannot do it. ``Money`` has this code for a number that `Decimal` cannot hold to the last digit.
public struct ThaliumError: Error, Sendable, Hashable {
    /// A stable name, the same in every language.
    public let code: String
    /// What went wrong, and what to do; for people.
    public let message: String
    /// The field at fault, where there is one.
    public let field: String?

    static func invalid(_ field: String, _ message: String) -> ThaliumError {
        ThaliumError(code: "invalid", message: "\(field): \(message)", field: field)
    }

    static func unsupported(_ field: String, _ message: String) -> ThaliumError {
        ThaliumError(code: "unsupported", message: "\(field): \(message)", field: field)
    }

    static func fault(_ message: String, _ field: String? = nil) -> ThaliumError {
        ThaliumError(code: "panicked", message: message, field: field)
    }
}

extension ThaliumError: LocalizedError, CustomStringConvertible {
    /// What went wrong, and what to do.
    public var errorDescription: String? { message }

    /// The code and what went wrong.
    public var description: String { "\(code): \(message)" }
}

/// Calls the native library, and turns its errors into this package's.
func border<Value>(_ call: () throws -> Value) throws -> Value {
    do {
        return try call()
    } catch let NativeError.Failed(code, detail, field) {
        throw ThaliumError(code: code, message: detail, field: field)
    } catch let error as ThaliumError {
        throw error
    } catch {
        throw ThaliumError.fault("a fault of this library: \(error)")
    }
}
