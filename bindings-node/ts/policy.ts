import type { Abortable } from './books.js'
import { noPermission, settle, settleSync } from './errors.js'
import { exactJson, isPlain, parseExact, withExact } from './exact.js'
import { type NativePolicy, native } from './native.js'
import { json, read } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type { PolicyDiff, PolicyExplanation, PolicyFinding, PolicyTests, PolicyView, RowFilter, Verdict } from './types.js'

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
  /** Whether it is told which rows of the modules they ran. */
  coverage?: boolean
}

/** What is told of why an answer is what it is. */
export interface Explaining extends Asking {
  /** How many steps at most, up to 10,000; by default 1,000. */
  steps?: number
  /** Leaves values out: then nothing of the input stands in the explanation, and nothing that is printed. */
  withoutValues?: boolean
}

/** A column of a table. */
export interface RowColumn {
  /**
   * What it holds: `text` (or `varchar`), `number` (`numeric` or whole numbers; no floats), `boolean`, or `texts` (`text[]`).
   */
  type: 'text' | 'number' | 'boolean' | 'texts'
  /** Its name in SQL, without quotes; by default the row's key. */
  sql?: string
  /** Whether it may be NULL, which is the row's `null`; by default it may not. */
  nullable?: boolean
}

/** A table whose rows are asked for. */
export interface Filtering extends Pick<Asking, 'now'> {
  /** The columns, by the row's keys. */
  columns: Readonly<Record<string, RowColumn>>
  /** Where a row stands in the input; by default `input.row`. */
  row?: string
  /** The table's name or alias in the query, if its columns are to be told by it. */
  alias?: string
  /** The number of the first parameter; by default 1. Those before it are the caller's. */
  firstParameter?: number
}

/** A bundle of Rego: where it is, as `Policy.open` has it, or its files, as `Policy.of` has them. */
export type PolicyBundle = string | Readonly<Record<string, string | object>>

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
    return new Policy(await settle(() => native.openPolicy(json(bundleOf(path, keys)))))
  }

  /**
   * A bundle of files by their names in it, at once: `Policy.of({ 'aml/aml.rego': module, 'aml/data.json': { large: 10_000 } })`. A file is
   * text, or an object that becomes JSON.
   */
  static of(files: Readonly<Record<string, string | object>>, { keys }: { keys?: readonly PolicyKey[] } = {}): Policy {
    if (!isPlain(files)) throw new TypeError("files: give an object, as { 'aml/aml.rego': module }")
    const bundle = bundleOf(files, keys)
    return new Policy(settleSync(() => native.openPolicySync(json(bundle))))
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
      throw noPermission(error)
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

  /**
   * What stands at a path, as `evaluate` tells it, and why: the rules and expressions that were run, each with its file and row, whether
   * it held, and its values. `text` is all of it to read, `said` what `print` said, `result` the answer as JSON text:
   * `console.log(policy.explain('aml/verdict', input).text)`.
   *
   * Where the policy comes to no end, that is told as its `error`. A path that leads nowhere, or an input that is no JSON, is an
   * `InvalidError`.
   */
  explain(path: string, input?: unknown, { withoutValues, ...how }: Explaining = {}): PolicyExplanation {
    mustBeText(path, 'path', 'aml/verdict')
    return read('PolicyExplanation', JSON.parse(this.#asked('explain', { path, without_values: withoutValues }, input, how)))
  }

  /**
   * Which rows of a table a rule is true for, as a condition in PostgreSQL's SQL: of each row it says what the policy would decide on it.
   *
   *     const { sql, parameters } = policy.filter('accounts/visible', { user }, {
   *       columns: { owner: { type: 'text', sql: 'owner_id' }, branch: { type: 'text', nullable: true } },
   *       firstParameter: 2,
   *     })
   *     await client.query(`select * from accounts where tenant = $1 and ${sql}`, [tenant, ...parameters.map(({ text, texts }) => text ?? texts)])
   *
   * A rule without an exact condition is a `ThaliumError` with the code `unsupported` and the rule's place; a table that is none is an
   * `InvalidError`, a policy that comes to no answer an `UndecidedError`. An error shows nothing: ask for no rows then.
   */
  filter(path: string, input: unknown, { firstParameter, ...table }: Filtering): RowFilter {
    mustBeText(path, 'path', 'accounts/visible')
    return read('RowFilter', JSON.parse(this.#asked('filter_rows', { path, first_parameter: firstParameter }, input, table)))
  }

  /** What is probably wrong in the modules, although they load: each with its file and row, and how to mend it. */
  lint(): readonly PolicyFinding[] {
    const told = JSON.parse(settleSync(() => this.#native.call('{"op":"lint_policy"}'))) as unknown[]
    return Object.freeze(told.map((found) => read<PolicyFinding>('PolicyFinding', found)))
  }

  /**
   * What changes from this version to another, which is given as `Policy.open` or `Policy.of` has it: files, packages, rules, documents and
   * typed rules, each with how. It is read off the event loop: `(await policy.diff('policies/next')).same` is true where nothing means
   * something else. Another that is refused is a `PolicyError`.
   */
  async diff(to: PolicyBundle, { keys, signal, ...how }: { keys?: readonly PolicyKey[] } & Abortable = {}): Promise<PolicyDiff> {
    const request = json({ ...how, op: 'diff_policy', to: bundleOf(to, keys) })
    const [told] = await settle(() => this.#native.callApart(request), signal)
    return read('PolicyDiff', JSON.parse(told))
  }

  /** What was loaded: the revision, the digest that names this content, the rules, and the programs of typed rules. */
  describe(): PolicyView {
    return read('PolicyView', JSON.parse(settleSync(() => this.#native.call('{"op":"describe_policy"}'))))
  }

  /**
   * Runs the tests of the bundle, off the event loop. One that fails is told, and is no error. With `coverage` it is told which rows of
   * the modules they ran: `(await policy.test({ coverage: true })).coverage?.basisPoints` is 10,000 where it was all of them.
   */
  async test({ now, signal, ...which }: Testing & Abortable = {}): Promise<PolicyTests> {
    const request = json({ ...which, op: 'test_policy', now: instantText(now, 'now') })
    const [told] = await settle(() => this.#native.callApart(request), signal)
    return read('PolicyTests', JSON.parse(told))
  }

  #asked(op: string, fields: object, input: unknown, { now, ...how }: { now?: Instant | undefined }): string {
    const request = withExact(json({ ...how, op, ...fields, now: instantText(now, 'now') }), 'input', input)
    return settleSync(() => this.#native.call(request))
  }
}

function inputText(input: unknown): string | undefined {
  return input === undefined ? undefined : exactJson(input, 'input')
}

/** A bundle as the wire has it. @internal */
export function bundleOf(bundle: PolicyBundle, keys: readonly PolicyKey[] | undefined): Record<string, unknown> {
  if (typeof bundle === 'string') return { path: bundle, keys }
  if (!isPlain(bundle)) throw new TypeError("bundle: give a path, or an object of files, as { 'aml/aml.rego': module }")
  const texts = Object.entries(bundle).map(([name, file]) => [name, fileText(file, `files[${JSON.stringify(name)}]`)])
  return { files: Object.fromEntries(texts), keys }
}

function fileText(file: unknown, name: string): string {
  if (typeof file === 'string') return file
  if (Array.isArray(file) || isPlain(file)) return exactJson(file, name)
  throw new TypeError(`${name}: give text or an object, not ${file instanceof Uint8Array ? 'bytes: read it as utf8' : `a ${typeof file}`}`)
}

/** @internal */
export function mustBeText(value: unknown, name: string, example: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name}: give text, as '${example}', not a ${typeof value}`)
}
