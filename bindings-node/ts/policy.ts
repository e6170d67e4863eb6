import type { Abortable } from './books.js'
import { ThaliumError, settle, settleSync } from './errors.js'
import { exactJson, isPlain, parseExact } from './exact.js'
import { type NativePolicy, native } from './native.js'
import { json, read } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type { PolicyTests, PolicyView, Verdict } from './types.js'

/** A key by which a bundle's signature is verified. */
export interface PolicyKey {
  /** Its id, which the signature names; left out if it serves for every signature. */
  id?: string
  /** The algorithm, such as `RS256`. */
  algorithm: string
  /** A public key or certificate (PEM), a set of public keys (JWK), or the secret of an HMAC. */
  key: string
  /** What the signature must be for, if anything. */
  scope?: string
}

/** How a policy is asked. */
export interface Asking {
  /** The instant that `time.now_ns()` answers; by default the clock's. */
  now?: Instant
  /** Whether an error of a built-in function ends the question; by default what it stands in is undefined. */
  strict?: boolean
}

/** Which tests are run. */
export interface Testing {
  /** Only those with this text in their names. */
  only?: string
  /** The instant that `time.now_ns()` answers; by default the clock's. */
  now?: Instant
}

/**
 * A bundle of Rego that decides: `const policy = await Policy.open('policies')`. It is loaded once, and then answers at once: a decision
 * takes microseconds.
 *
 * An input is what JSON can say, and its numbers are exact: a `bigint` is written as a whole number; a number that is not finite, or whole
 * and past 2^53, is an error. `Money` is written as its text (`'250.00 ZAR'`; its `amount` is the number), and a `Timestamp` or a `Date` as
 * RFC 3339. A field that is `undefined` is left out.
 *
 * Numbers of an answer are exact too. One that JavaScript cannot hold is an `UndecidedError`: let the policy answer it as text.
 */
export class Policy {
  readonly #native: NativePolicy

  private constructor(opened: NativePolicy) {
    this.#native = opened
  }

  /**
   * Opens the bundle at a path: a directory, an archive (`.tar.gz`) or one module. With keys, it must be signed by one of them; without, a
   * signature is not looked at. A bundle that is refused is a `PolicyError` with the file and the row.
   */
  static async open(path: string, { keys }: { keys?: readonly PolicyKey[] } = {}): Promise<Policy> {
    mustBeText(path, 'path', 'policies')
    return new Policy(await settle(() => native.openPolicy(json({ path, keys }))))
  }

  /**
   * A bundle of files by their names in it, at once: `Policy.of({ 'aml/aml.rego': module, 'aml/data.json': { large: 10_000 } })`. A file is
   * text, or an object that becomes JSON.
   */
  static of(files: Readonly<Record<string, string | object>>, { keys }: { keys?: readonly PolicyKey[] } = {}): Policy {
    if (!isPlain(files)) throw new TypeError("files: give an object, as { 'aml/aml.rego': module }")
    const texts = Object.entries(files).map(([name, file]) => [name, fileText(file, `files[${JSON.stringify(name)}]`)])
    return new Policy(settleSync(() => native.openPolicySync(json({ files: Object.fromEntries(texts), keys }))))
  }

  /**
   * The verdict at a path, such as `aml/verdict`; where it is undefined, a denial that says so. It is made at once, in microseconds.
   *
   * What comes to no verdict is an error, and no permission: whoever asked must deny.
   */
  decide<T = unknown>(path: string, input?: T, { now, ...how }: Asking = {}): Verdict {
    mustBeText(path, 'path', 'aml/verdict')
    try {
      // The quick way, for what is asked most.
      const told = Object.keys(how).length === 0
        ? settleSync(() => this.#native.decide(path, inputText(input), instantText(now, 'now')))
        : this.#asked('decide', { path }, input, { now, ...how })
      return read('Verdict', parseExact(told))
    } catch (error) {
      if (!(error instanceof ThaliumError)) throw error
      const kind = error.constructor as typeof ThaliumError
      throw new kind(error.code, `${error.message}; there is no verdict, and so no permission: deny`, error.field)
    }
  }

  /** What stands at a path; `undefined` where nothing does. A set is a list. */
  evaluate(path: string, input?: unknown, how: Asking = {}): unknown {
    mustBeText(path, 'path', 'aml/verdict')
    const told = parseExact(this.#asked('evaluate', { path }, input, how)) as { result?: unknown }
    return told.result
  }

  /** All ways in which a query holds, such as `some name, limit in data.aml.limits; limit > 5`, each with its variables. */
  query(text: string, input?: unknown, how: Asking = {}): Record<string, unknown>[] {
    mustBeText(text, 'query', 'data.aml.limits[level] > 5')
    const told = parseExact(this.#asked('query_policy', { query: text }, input, how)) as { ways: Record<string, unknown>[] }
    return told.ways
  }

  /** What was loaded: the revision, the digest that names this content, and the rules. */
  describe(): PolicyView {
    return read('PolicyView', JSON.parse(settleSync(() => this.#native.call('{"op":"describe_policy"}'))))
  }

  /** Runs the tests of the bundle, off the event loop. One that fails is told, and is no error. */
  async test({ now, signal, ...which }: Testing & Abortable = {}): Promise<PolicyTests> {
    const request = json({ ...which, op: 'test_policy', now: instantText(now, 'now') })
    const [told] = await settle(() => this.#native.callApart(request), signal)
    return read('PolicyTests', JSON.parse(told))
  }

  #asked(op: string, fields: object, input: unknown, { now, ...how }: { now?: Instant | undefined; strict?: boolean }): string {
    const request = json({ ...how, op, ...fields, now: instantText(now, 'now') })
    const text = inputText(input)
    // The input is text already, and not to be read again.
    const whole = text === undefined ? request : `${request.slice(0, -1)},"input":${text}}`
    return settleSync(() => this.#native.call(whole))
  }
}

function inputText(input: unknown): string | undefined {
  return input === undefined ? undefined : exactJson(input, 'input')
}

function fileText(file: unknown, name: string): string {
  if (typeof file === 'string') return file
  if (Array.isArray(file) || isPlain(file)) return exactJson(file, name)
  throw new TypeError(`${name}: give text or an object, not ${file instanceof Uint8Array ? 'bytes: read it as utf8' : `a ${typeof file}`}`)
}

function mustBeText(value: unknown, name: string, example: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name}: give text, as '${example}', not a ${typeof value}`)
}
