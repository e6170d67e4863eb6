/** The code of a failure: a stable name, the same in every language. */
export type Code =
  | 'invalid' | 'address' | 'missing' | 'occupied' | 'locked' | 'read_only' | 'draining' | 'not_that_long' | 'too_large'
  | 'clock' | 'keys' | 'version' | 'damaged' | 'io' | 'stopped' | 'panicked' | 'closed' | 'unsupported'
  | 'policy' | 'undecided' | 'chart' | 'refused'

/**
 * What every error of this package is: misuse, the disk, a ledger that has stopped. A rejected command is none but a value.
 */
export class ThaliumError extends Error {
  /** A stable name. */
  readonly code: Code
  /** The field at fault, where there is one. */
  readonly field: string | undefined

  constructor(code: Code, message: string, field?: string) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.field = field
  }
}

/** A request that makes no sense. Nothing was done. */
export class InvalidError extends ThaliumError {}
/** Another writes the ledger: close that one, wait for it (`wait`), or open to read. */
export class LockedError extends ThaliumError {}
/** There is no ledger at the address, and it was not to be made. */
export class MissingError extends ThaliumError {}
/** What was to be written to holds something else already. */
export class OccupiedError extends ThaliumError {}
/** The ledger was opened to read, or finishes what it has taken. */
export class ReadOnlyError extends ThaliumError {}
/** The key is missing, is another, or the ledger is not encrypted. */
export class KeysError extends ThaliumError {}
/** What is on the disk is not what was written, or is of a newer format. */
export class DamagedError extends ThaliumError {}
/**
 * The ledger stopped after a failure: open it again. What was acknowledged is safe; whether the last requests were booked is
 * known after opening again, by their keys.
 */
export class StoppedError extends ThaliumError {}
/** The handle was closed. */
export class ClosedError extends ThaliumError {}
/** A policy that is refused, with the file and the row: nothing was loaded. */
export class PolicyError extends ThaliumError {}
/**
 * A policy that came to no answer: rules that contradict each other, a budget used up, an answer that is no verdict, or a number that
 * JavaScript cannot hold. It is no permission: deny.
 */
export class UndecidedError extends ThaliumError {}
/** A chart that is refused, with all that is wrong by row, column and path: nothing was loaded. */
export class ChartError extends ThaliumError {}
/**
 * An event that a session cannot take: it has ended, a budget is used up, or its data would not be as its schema has it. The session stands
 * as it was.
 */
export class RefusedError extends ThaliumError {}

const CLASSES: Record<string, typeof ThaliumError> = {
  invalid: InvalidError, address: InvalidError, not_that_long: InvalidError, too_large: InvalidError, clock: InvalidError,
  missing: MissingError, occupied: OccupiedError, locked: LockedError, read_only: ReadOnlyError, draining: ReadOnlyError,
  keys: KeysError, version: DamagedError, damaged: DamagedError, stopped: StoppedError, panicked: StoppedError,
  closed: ClosedError, policy: PolicyError, undecided: UndecidedError, chart: ChartError, refused: RefusedError,
}

/** The error for what the native module threw: its message is a failure as JSON. @internal */
export function failure(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  let told: { code?: Code; message?: string; field?: string }
  try {
    told = JSON.parse(thrown.message)
  } catch {
    return thrown
  }
  if (typeof told?.code !== 'string') return thrown
  const kind = CLASSES[told.code] ?? ThaliumError
  return new kind(told.code, told.message ?? '', told.field)
}

/** An error of who asks whether something is permitted: it says that nothing is. @internal */
export function noPermission(error: unknown): unknown {
  if (!(error instanceof ThaliumError)) return error
  const kind = error.constructor as typeof ThaliumError
  return new kind(error.code, `${error.message}; there is no verdict, and so no permission: deny`, error.field)
}

/** Waits for the native module, and turns what it throws into this package's errors. @internal */
export async function settle<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted()
  try {
    const told = call()
    if (!signal) return await told
    return await new Promise<T>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', abort, { once: true })
      told.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })
  } catch (thrown) {
    throw failure(thrown)
  }
}

/** As `settle`, for what is told at once. @internal */
export function settleSync<T>(call: () => T): T {
  try {
    return call()
  } catch (thrown) {
    throw failure(thrown)
  }
}
