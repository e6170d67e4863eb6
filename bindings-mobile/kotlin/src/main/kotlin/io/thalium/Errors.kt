package io.thalium

import io.thalium.native.InternalException
import io.thalium.native.NativeException

/**
 * What every error of this package is: misuse, the disk, a ledger that has stopped. A rejected command is none but a value.
 *
 * @property code A stable name, the same in every language.
 * @property field The field at fault, where there is one.
 */
public open class ThaliumException internal constructor(
    public val code: String,
    message: String,
    public val field: String?,
) : Exception(message)

/** A request that makes no sense. Nothing was done. */
public class InvalidException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** Another writes the ledger: close that one, wait for it, or open to read. */
public class LockedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** There is no ledger at the address, and it was not to be made. */
public class MissingException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** What was to be written to holds something else already. */
public class OccupiedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** The ledger was opened to read, or finishes what it has taken. */
public class ReadOnlyException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** The key is missing, is another, or the ledger is not encrypted. */
public class KeysException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** What is on the disk is not what was written, or is of a newer format. */
public class DamagedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/**
 * The ledger stopped after a failure: open it again. What was acknowledged is safe; whether the last requests were booked is known
 * after opening again, by their keys.
 */
public class StoppedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** A policy that is refused, with the file and the row: nothing was loaded. */
public class PolicyException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/**
 * A policy that came to no answer: rules that contradict each other, a budget used up, or an answer that is no verdict. It is no
 * permission: deny.
 */
public class UndecidedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** A chart that is refused, with all that is wrong by row, column and path: nothing was loaded. */
public class ChartException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/**
 * An event that a session of a chart cannot take: it has ended, a budget is used up, or its data would not be as its schema has it. The
 * session stands as it was. A callback that nobody has proven is refused so, too: nothing of it is told.
 */
public class RefusedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** The handle was closed. */
public class ClosedException internal constructor(code: String, message: String, field: String?) : ThaliumException(code, message, field)

/** Calls the native library, and turns its errors into this package's. */
internal inline fun <T> border(call: () -> T): T =
    try {
        call()
    } catch (failed: NativeException.Failed) {
        throw exception(failed.code, failed.detail, failed.field)
    } catch (_: CharacterCodingException) {
        throw exception("invalid", "request: half of a surrogate pair is no text", "request")
    } catch (failed: InternalException) {
        throw exception("panicked", failed.message ?: "a fault of this library", null)
    }

@PublishedApi
internal fun exception(code: String, message: String, field: String?): ThaliumException = when (code) {
    "invalid", "address", "not_that_long", "too_large", "clock" -> InvalidException(code, message, field)
    "missing" -> MissingException(code, message, field)
    "occupied" -> OccupiedException(code, message, field)
    "locked" -> LockedException(code, message, field)
    "read_only", "draining" -> ReadOnlyException(code, message, field)
    "keys" -> KeysException(code, message, field)
    "version", "damaged" -> DamagedException(code, message, field)
    "stopped", "panicked" -> StoppedException(code, message, field)
    "policy" -> PolicyException(code, message, field)
    "chart" -> ChartException(code, message, field)
    "refused" -> RefusedException(code, message, field)
    "undecided" -> UndecidedException(code, message, field)
    "closed" -> ClosedException(code, message, field)
    else -> ThaliumException(code, message, field)
}
